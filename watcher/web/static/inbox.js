// The live inbox: each event is one message, drawn by the server; what a person has seen is acknowledged.
import { localise } from "./time.js";

const list = document.querySelector("[data-inbox]");
const status = document.querySelector("[data-status]");
const empty = document.querySelector("[data-empty]");
const announcer = document.querySelector("[data-announce]");
const title = document.title;
const RETRY_MS = 5_000; // after each refusal in a row twice as long, up to a minute, and never all pages at once
const LONGEST_RETRY_MS = 60_000;
const STALE_MS = 60_000; // a phone that slept longer may hold a dead connection without knowing it

const isLive = !("still" in list.dataset); // what a search found stays as it is
let after = Number(list.dataset.after);
let source;
let retry;
let refusals = 0;
let hiddenAt = null;
let unseen = 0;
const unacknowledged = new Set([...list.querySelectorAll(".unread")].map((item) => Number(item.dataset.id)));

function show(state) {
  status.dataset.status = state;
  status.firstElementChild.textContent = status.dataset[state];
}

function connect() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource(`/inbox/events?after=${after}`);
  source.onopen = () => {
    refusals = 0;
    show("live");
  };
  source.onmessage = (event) => add(JSON.parse(event.data));
  source.onerror = () => {
    show("reconnecting");
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, patience());
  };
  source.addEventListener("over", () => location.reload()); // signed out: the server says what is shown in its place
  source.addEventListener("crowded", () => {
    source.close();
    show("crowded");
  });
}

function patience() {
  const longest = Math.min(RETRY_MS * 2 ** refusals, LONGEST_RETRY_MS);
  refusals += 1;
  return longest * (0.75 + Math.random() / 4);
}

function add({ id, html }) {
  if (id <= after) return;
  after = id;
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const item = holder.content.firstElementChild;
  localise(item);
  item.classList.add("fresh");
  list.prepend(item);
  empty.hidden = true;
  announcer.textContent = announcer.dataset.announce.replace("{summary}", () => item.querySelector(".summary").textContent);
  unacknowledged.add(id);
  if (document.hidden) unseen += 1;
  document.title = unseen ? `(${unseen}) ${title}` : title;
  acknowledge();
}

function post(path, ids) {
  const headers = { "Content-Type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify({ ids }), keepalive: true });
}

async function acknowledge() {
  if (document.hidden) return;
  tellWorker();
  if (!unacknowledged.size) return;
  const ids = [...unacknowledged];
  unacknowledged.clear();
  const putBack = () => ids.forEach((id) => unacknowledged.add(id));
  try {
    const answer = await post("/inbox/shown", ids);
    if (answer.status >= 500) putBack();
  } catch {
    putBack();
  }
}

if (isLive) document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    hiddenAt = Date.now();
    return;
  }
  unseen = 0;
  document.title = title;
  acknowledge();
  if (status.dataset.status === "crowded" || Date.now() - hiddenAt > STALE_MS) connect();
});
function stayLive() {
  addEventListener("online", connect);
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  if (location.search) history.replaceState(null, "", location.pathname); // what was just done is said once
  connect();
}

// What a person opens; the page that it leads to cannot know which item of whose inbox it was.
list.addEventListener("click", (event) => {
  const item = event.target.closest("a")?.closest("[data-id]");
  if (item) post("/inbox/opened", [Number(item.dataset.id)]).catch(() => {});
});

// The service worker takes back the notifications of what is on the screen.
async function tellWorker() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (after) registration?.active?.postMessage({ seen: after });
}

if (isLive) stayLive();
acknowledge();
