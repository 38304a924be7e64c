// Tells, without moving anything, that the list on the page is no longer what the server would show.
const SECONDS = 4;
const AWAY_AFTER_S = 1200; // nobody touched anything: stop asking, so that an idle session can end
const box = document.querySelector("[data-news]");
const shown = JSON.parse(box?.dataset.shown ?? "{}");
let etag = "";
let touched = Date.now();

for (const sign of ["pointerdown", "keydown", "scroll"]) {
  addEventListener(sign, () => { touched = Date.now(); }, { capture: true, passive: true });
}

async function look() {
  const answer = await fetch(box.dataset.news, { headers: etag ? { "If-None-Match": etag } : {}, redirect: "error" });
  if (answer.status === 304) return;
  if (!answer.ok) throw new Error(answer.status);
  etag = answer.headers.get("ETag") ?? "";
  const now = await answer.json();
  count(now.boxes);
  tell(Object.entries(now.cases));
}

function count(numbers) {
  document.querySelectorAll(".boxes .count").forEach((place, index) => {
    if (index in numbers) place.textContent = numbers[index];
  });
}

function tell(cases) {
  const fresh = cases.filter(([id]) => !(id in shown)).length;
  const changed = cases.some(([id, sequence]) => id in shown && shown[id] !== sequence);
  const words = fresh > 1 ? box.dataset.many.replace("{n}", fresh) : fresh ? box.dataset.one : changed ? box.dataset.changed : "";
  if ((box.textContent ?? "") === words) return;
  box.replaceChildren();
  if (!words) return;
  const link = document.createElement("a");
  link.href = box.dataset.here;
  link.textContent = words;
  box.append(link);
}

async function keepLooking() {
  let wait = SECONDS;
  for (;;) {
    await new Promise((wake) => setTimeout(wake, wait * 1000));
    if (document.hidden || Date.now() - touched > AWAY_AFTER_S * 1000) continue;
    // An answer that is none (signed out, server away) slows the asking down; it never alarms the reader.
    wait = await look().then(() => SECONDS, () => Math.min(wait * 2, 60));
  }
}

if (box?.dataset.news) keepLooking();
