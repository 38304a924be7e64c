// Keeps what staff are writing in this tab: only boxes that ask for it with data-keep-draft="key". Sending alone ends
// no draft, for a send may meet an ended session or a server that is away; a page that says so with data-sent does.
for (const sent of document.querySelectorAll("[data-sent]")) {
  sessionStorage.removeItem(`draft:${sent.dataset.sent}`);
}
for (const box of document.querySelectorAll("textarea[data-keep-draft]")) {
  const key = `draft:${box.dataset.keepDraft}`;
  if (!box.value) box.value = sessionStorage.getItem(key) ?? "";
  box.addEventListener("input", () => {
    if (box.value) sessionStorage.setItem(key, box.value);
    else sessionStorage.removeItem(key);
  });
}
