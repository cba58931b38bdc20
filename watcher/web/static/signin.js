// Shows a code to scan, and goes on as soon as a phone said yes. The server draws what has become of it.
const ASK_AT_MOST = 12; // a code lives for 2 minutes, and an answer takes 20 s at most

const section = () => document.querySelector("[data-scan]");

async function draw(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-scan]");
  if (fresh) section().replaceWith(fresh);
}

async function make() {
  const form = section().querySelector("form[data-make]");
  if (!form) return;
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer.ok) await draw(answer);
}

async function wait() {
  for (let asked = 0; asked < ASK_AT_MOST && section().dataset.scan === "open"; asked += 1) {
    const answer = await fetch("/console/code/state");
    if (!answer.ok) return; // too often, or broken: the button goes on
    const { state } = await answer.json();
    if (state === "approved") return section().querySelector("form").requestSubmit();
    if (state !== "open") await draw(await fetch(location.href));
    if (state === "open" && asked > 1) await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

// One that is made without being asked for is made once, when the page is looked at.
const ready = section().dataset.scan === "none" && section().hasAttribute("data-at-once") ? make() : Promise.resolve();
ready.then(wait).catch(() => {}); // the network is away: the buttons work as before
