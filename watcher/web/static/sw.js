// The service worker: shows what is pushed, says so to the server, and keeps the inbox readable without a network.
// In front of this file the server puts SERVER: {version, key, files}.
const STATIC = `static-${SERVER.version}`;
const PRIVATE = "private"; // the last copy of the inbox: gone as soon as it may be somebody else's
const STATE = "state"; // `/last`: the id of the newest item that this device knows of
const INBOX = "/inbox";
const MOST_MISSED = 3;
const PATIENCE_MS = 10_000;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("push", (event) => event.waitUntil(receive(event.data)));
addEventListener("notificationclick", (event) => event.waitUntil(open(event.notification)));
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(resubscribe()));
addEventListener("message", (event) => event.waitUntil(noteSeen(event.data.seen)));

async function install() {
  await (await caches.open(STATIC)).addAll(SERVER.files);
  await skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("static-") && name !== STATIC) await caches.delete(name);
  }
  await clients.claim();
  await refreshCopy();
}

// Notifications

async function receive(data) {
  const { notification, d } = read(data);
  for (const old of await registration.getNotifications()) {
    if (old.data?.id === d.id) old.close(); // it was missed, shown, and came after all
  }
  await show(notification, d.id, d.ts);
  const missed = await takeMissed(d.id).catch(() => []); // the network is away
  for (const item of missed) await show(asNotification(item), item.id, item.createTime);
  await tell("/inbox/shown", { ids: [...(d.id ? [d.id] : []), ...missed.map((item) => item.id)] });
  await refreshCopy();
}

// Something is always shown: a browser takes the right to push from whoever pushes in silence.
function read(data) {
  try {
    const { notification, d } = data.json();
    return { notification: { title: "watcher", ...notification }, d: d ?? {} };
  } catch {
    return { notification: { title: "watcher", navigate: INBOX }, d: {} };
  }
}

async function show({ title, body = "", navigate = INBOX, lang, dir, tag = "" }, id, timestamp) {
  const { pathname } = new URL(navigate, location.origin);
  await registration.showNotification(title, {
    ...{ body, lang, dir, tag, timestamp, renotify: tag !== "", data: { id, path: pathname } },
    ...{ icon: "/static/icon-192.png", badge: "/static/badge.png" },
  });
  await countBadge();
}

const asNotification = (item) =>
  ({ title: item.topic ?? item.app, body: item.summary, navigate: item.page, tag: `item-${item.id}` });

// What was never shown since the last item that we know of, oldest first: a push service may drop what it was given.
async function takeMissed(id = 0) {
  const last = await lastKnown();
  if (!last) {
    await noteLast(id);
    return [];
  }
  const answer = await fetch(`/api/v1/inbox?since=${last}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  const items = (await answer.json()).data ?? [];
  await noteLast(Math.max(last, id, ...items.map((item) => item.id)));
  return items.filter((item) => item.state === "sent" && item.id !== id).slice(-MOST_MISSED);
}

async function open(notification) {
  const { id, path } = notification.data;
  notification.close();
  const told = id ? tell("/inbox/opened", { ids: [id] }) : null;
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((window) => new URL(window.url).pathname === path);
  const opened = there ? there.focus() : clients.openWindow(path);
  await Promise.allSettled([opened, told, countBadge()]);
}

// A page showed a person everything up to this item.
async function noteSeen(id) {
  await noteLast(Math.max(id, await lastKnown()));
  for (const notification of await registration.getNotifications()) {
    // One without an id says that there is something, and not what: it may be newer than what the page showed.
    if (notification.data?.id <= id) notification.close();
  }
  await countBadge();
}

async function countBadge() {
  const count = (await registration.getNotifications()).length;
  await navigator.setAppBadge?.(count).catch(() => {});
}

async function resubscribe() {
  const { pushManager } = registration;
  const key = { userVisibleOnly: true, applicationServerKey: SERVER.key };
  await tell("/push", (await pushManager.getSubscription()) ?? (await pushManager.subscribe(key)));
}

// What is not told now is mended at the next push, or when the inbox is opened.
function tell(path, body) {
  const headers = { "Content-Type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) };
  return fetch(path, request).catch(() => {});
}

async function lastKnown() {
  const answer = await caches.match("/last", { cacheName: STATE });
  return answer ? Number(await answer.text()) : 0;
}

async function noteLast(id) {
  await (await caches.open(STATE)).put("/last", new Response(String(id)));
}

// Without a network

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(openPage(event, pathname));
    else event.waitUntil(caches.delete(PRIVATE)); // it may change what is in the inbox, or whose it is
  } else if (pathname.startsWith("/static/") && request.method === "GET") {
    event.respondWith(openFile(request));
  }
});

async function openPage(event, pathname) {
  const live = await fetch(event.request).catch(() => null);
  const isInbox = pathname === INBOX;
  if (isInbox && live && live.status < 500) event.waitUntil(keep(live.clone()));
  if (live && (live.status < 500 || !isInbox)) return live;
  const copy = await caches.match(INBOX, { cacheName: PRIVATE });
  if (!copy) return live ?? Response.error();
  return isInbox ? copy : Response.redirect(INBOX);
}

async function openFile(request) {
  const cache = await caches.open(STATIC);
  const copy = await cache.match(request);
  if (copy && new URL(request.url).searchParams.has("v")) return copy; // its address names its content
  const live = await fetch(request).catch(() => null);
  if (live?.ok) await cache.put(request, live.clone());
  return live ?? copy ?? Response.error();
}

// An answer that is no inbox, like the way to the start page, says that this device is nobody's any more.
async function keep(answer) {
  if (answer.ok) await (await caches.open(PRIVATE)).put(INBOX, answer);
  else await caches.delete(PRIVATE);
}

async function refreshCopy() {
  const answer = await fetch(INBOX, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
  if (answer && answer.status < 500) await keep(answer);
}
