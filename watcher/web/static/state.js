// What became of a message, while its page is open: asked for now and then, and drawn by the server when it is new.
import { localise } from "./time.js";

const live = document.querySelector("[data-live]");
// The first look comes soon, each next one later: ten pages that stay open must cost next to nothing.
const FIRST_MS = Number(live.dataset.wait);
const LONGEST_MS = 60_000;
const GROWTH = 1.5;

let wait = FIRST_MS;
let timer;

function plan() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, wait);
  wait = Math.min(wait * GROWTH, LONGEST_MS);
}

async function look() {
  try {
    const answer = await fetch(live.dataset.live, { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 404) return location.reload(); // signed out, or deleted: a page says so
    if (answer.ok && (await answer.json()).version !== live.dataset.version) await draw();
  } catch {
    // The server is away for a while: the next look may find it.
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
}

document.addEventListener("visibilitychange", () => {
  wait = FIRST_MS;
  plan();
});
plan();
