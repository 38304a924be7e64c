// Shows new texts without being asked: looks once a second while the page is in sight.
const shown = document.querySelector("[data-refresh]");

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.pathname + location.search, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-refresh]");
  if (fresh && fresh.querySelectorAll("li").length !== shown.querySelectorAll("li").length) {
    shown.replaceChildren(...fresh.childNodes);
    document.getElementById("newest")?.scrollIntoView({ block: "nearest" });
  }
}

if (shown) setInterval(() => look().catch(() => {}), 1000);
