// What became of a message, while its page is open: asked for now and then, and drawn by the server when it is new.
import { localise } from "./time.js";

const live = document.querySelector("[data-live]");
const FIRST_MS = 3_000; // while something happens; then half as often each time, up to a minute
const LONGEST_MS = 60_000;
const GROWTH = 1.5;

let wait = FIRST_MS;
let timer;

function plan() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, wait);
}

async function look() {
  try {
    const answer = await fetch(live.dataset.live, { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 404) return location.reload(); // signed out, or deleted: a page says so
    if (answer.ok && (await answer.json()).version !== live.dataset.version) await draw();
    else wait = Math.min(wait * GROWTH, LONGEST_MS);
  } catch {
    wait = Math.min(wait * GROWTH, LONGEST_MS);
  }
  plan();
}

// Not while somebody types in it.
async function draw() {
  if (live.contains(document.activeElement)) return;
  const page = await (await fetch(location.href)).text();
  const fresh = new DOMParser().parseFromString(page, "text/html").querySelector("[data-live]");
  if (!fresh) return;
  localise(fresh);
  live.replaceChildren(...fresh.childNodes);
  live.dataset.version = fresh.dataset.version;
  wait = FIRST_MS;
}

document.addEventListener("visibilitychange", () => {
  wait = FIRST_MS;
  plan();
});
plan();
