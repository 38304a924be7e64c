// Leave at once: the page goes blank and "back" does not return to it. Without this the link still works.
for (const link of document.querySelectorAll("a[data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.title = "\u00a0";
    document.body.replaceChildren();
    window.location.replace(link.href);
  });
}
