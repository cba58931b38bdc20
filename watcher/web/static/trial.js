// A trial's page asks until the message was shown or the code has expired; the server draws what has become of it.
const ASK_MS = 1_500;
const ASK_AT_MOST = 1_300; // about as long as a code lives
const OVER = new Set(["shown", "refused", "expired"]);

const holder = document.querySelector("[data-trial]");
let asked = 0;

async function ask() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (answer.status !== 200 && answer.status !== 404) return; // too often, or broken: later again
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-trial]");
  if (!fresh || fresh.dataset.trial === holder.dataset.trial) return;
  holder.dataset.trial = fresh.dataset.trial;
  holder.replaceChildren(...fresh.childNodes);
}

async function wait() {
  if (!document.hidden) {
    asked += 1;
    await ask().catch(() => {}); // the network is away
  }
  if (!OVER.has(holder.dataset.trial) && asked < ASK_AT_MOST) setTimeout(wait, ASK_MS);
}

setTimeout(wait, ASK_MS);
