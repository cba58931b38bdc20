// How this device can be told with its screen locked: found by asking it, best first, and said in one sentence.
const reach = document.querySelector("[data-reach]");
const { key } = reach.dataset;
const isKnown = reach.dataset.reach === "known";
const WANTED = "watcher.notify"; // in localStorage, once a person asked for notifications here
const HOME = "watcher.home"; // in sessionStorage: the manifest whose icon opens this inbox
const SUBSCRIBE_MS = 10_000; // where Google's push service cannot be reached, subscribe() never answers
const ASK_MS = 20_000; // some browsers ask so quietly that nobody answers

class Late extends Error {}

function within(ms, promise) {
  const late = new Promise((_, reject) => { setTimeout(() => reject(new Late()), ms); });
  return Promise.race([promise, late]);
}

function offer(name) {
  for (const part of reach.querySelectorAll("[data-offer]")) part.hidden = part.dataset.offer !== name;
}

const has = (name) => reach.querySelector(`[data-offer="${name}"]`) !== null;

function best() {
  const agent = navigator.userAgent;
  const isApple = /iPhone|iPad|iPod/.test(agent) || (agent.includes("Macintosh") && navigator.maxTouchPoints > 1);
  const isInstalled = navigator.standalone === true || matchMedia("(display-mode: standalone)").matches;
  if (!isSecureContext) return "http";
  if (/MicroMessenger/i.test(agent) && has("wechat")) return "wechat";
  if (!key) return "open";
  if (isApple && !isInstalled) return "home";
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return "none";
  if (Notification.permission === "denied") return "denied";
  return "ask";
}

const post = (path, body) => fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body });

// A subscription is bound to the key that it was made with; with another one of ours nobody is reached.
function isOurs(subscription) {
  const bound = subscription.options?.applicationServerKey;
  if (!bound) return true; // an old browser does not say
  const text = btoa(String.fromCharCode(...new Uint8Array(bound)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") === key;
}

async function subscribe() {
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  if (known && isOurs(known)) return known;
  offer("wait");
  await known?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function turnOn() {
  try {
    const subscription = await within(SUBSCRIBE_MS, subscribe());
    const answer = await within(SUBSCRIBE_MS, post("/push", JSON.stringify(subscription)));
    if (!answer.ok) throw new Error(`POST /push: ${answer.status}`);
    offer("on");
    markRow((await answer.json()).id);
  } catch (error) {
    offer(error instanceof Late ? "late" : "failed");
  }
}

// In the list of addresses, the one of this browser: removed there, it does not come back by itself.
function markRow(id) {
  const row = document.querySelector(`[data-address="${id}"]`);
  if (!row) return;
  row.querySelector("[data-here]").hidden = false;
  row.querySelector("form").addEventListener("submit", () => localStorage.removeItem(WANTED));
}

async function ask() {
  localStorage.setItem(WANTED, "yes");
  const answered = Notification.requestPermission(); // first of all, while this is still the person's tap
  offer("wait");
  switch (await answered) {
    case "granted": return turnOn();
    case "denied": return offer("denied");
    default: return offer("ask"); // closed without an answer
  }
}

// The one button does both: it subscribes at once, and meanwhile the browser asks whether it may notify.
async function followAndAsk(form) {
  localStorage.setItem(WANTED, "yes");
  const answered = Notification.requestPermission();
  offer("asking");
  const answer = await fetch(form.action, { method: "POST" }).catch(() => null);
  if (!answer?.ok) return form.submit(); // the browser shows what is wrong
  await within(ASK_MS, answered).catch(() => {});
  location.assign(answer.url);
}

// On the home screen an iPhone's page has cookies of its own: its icon carries a claim.
async function prepareHomeScreen() {
  try {
    const kept = sessionStorage.getItem(HOME);
    const manifest = kept ?? (await (await post("/devices/home", "{}")).json()).manifest;
    sessionStorage.setItem(HOME, manifest);
    document.querySelector('link[rel="manifest"]').href = manifest;
  } catch {
    // Without it the icon leads to the start page, which says how to begin.
  }
}

const form = document.querySelector("form[data-follow]");
form?.addEventListener("submit", (event) => {
  if (best() !== "ask") return;
  if (Notification.permission === "granted") return localStorage.setItem(WANTED, "yes");
  event.preventDefault();
  followAndAsk(form);
});
reach.querySelector("[data-ask]")?.addEventListener("click", ask);
reach.querySelector("[data-again]")?.addEventListener("click", turnOn);

if (isKnown && isSecureContext && "serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
}
const first = best();
if (isKnown && first === "home") prepareHomeScreen();
const isOn = first === "ask" && Notification.permission === "granted" && localStorage.getItem(WANTED);
if (isOn && isKnown) turnOn(); // a push service or a browser may have lost it
else offer(isOn ? "on" : first);
