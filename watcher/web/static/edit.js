// Looks at YAML while it is typed: once per pause, never two at a time, and the newest answer counts.
import "./when.js";
const area = document.querySelector("[data-check]");
const said = document.querySelector("[data-said]");
const PAUSE_MS = 500;

let timer;
let asking;

async function check() {
  asking?.abort();
  asking = new AbortController();
  const body = new URLSearchParams({ watch: area.dataset.watch, written: area.value });
  try {
    const answer = await fetch(area.dataset.check, { method: "POST", body, signal: asking.signal });
    if (answer.ok && !answer.redirected) show((await answer.json()).lines);
  } catch {
    // Typed on, or the server is away: the next pause asks again, and so does the button.
  }
}

function show(lines) {
  if (lines.length) area.setAttribute("aria-invalid", "true");
  else area.removeAttribute("aria-invalid");
  if (!lines.length) {
    const good = document.createElement("p");
    good.className = "note";
    good.textContent = said.dataset.good;
    return said.replaceChildren(good);
  }
  const list = document.createElement("ul");
  list.append(...lines.map(({ line, text }) => {
    const item = document.createElement("li");
    item.textContent = line ? `${said.dataset.line.replace("{number}", line)} ${text}` : text;
    return item;
  }));
  said.replaceChildren(list);
}

area?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE_MS);
});

// What is read decides which fields there are: the server draws them.
for (const choice of document.querySelectorAll("input[name=reads]")) {
  choice.addEventListener("change", () => {
    choice.form.requestSubmit(choice.form.querySelector("button[value=fields]"));
  });
}

// Pointing needs scripts: where there are some, the page that is looked at is pointed at; the form is for the others.
for (const button of document.querySelectorAll("[data-point]")) button.value = "point";

// A sign of life while the page is fetched, which is gone when one comes back.
const fetching = document.querySelector("form[data-fetching]");
const words = fetching?.querySelector("[data-fetching-words]");
fetching?.addEventListener("submit", () => { words.textContent = words.dataset.fetchingWords; });
addEventListener("pageshow", () => { if (words) words.textContent = ""; });
