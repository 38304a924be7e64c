// Copy and print buttons: hidden until this runs, so nobody meets a button that does nothing.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  const words = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return window.prompt(words, button.dataset.copy);
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 4000);
  });
}
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
