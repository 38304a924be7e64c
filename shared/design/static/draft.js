// Keeps what staff are writing in this tab until it is sent: only boxes that ask for it with data-keep-draft="key".
for (const box of document.querySelectorAll("textarea[data-keep-draft]")) {
  const key = `draft:${box.dataset.keepDraft}`;
  if (!box.value) box.value = sessionStorage.getItem(key) ?? "";
  box.addEventListener("input", () => {
    if (box.value) sessionStorage.setItem(key, box.value);
    else sessionStorage.removeItem(key);
  });
  // The server shows the text again when it refuses it, so a sent draft is never needed twice.
  box.form?.addEventListener("submit", () => sessionStorage.removeItem(key));
}
