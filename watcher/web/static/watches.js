// The table of watches: what is chosen narrows it at once; rows that change are drawn anew by the server, and what is
// ticked stays ticked.
import { localise } from "./time.js";

const form = document.querySelector("form[data-watches]");
const filter = document.querySelector("form[data-filter]");
const all = form?.querySelector("[data-all]");
const chosen = form?.querySelector("[data-chosen]");
const here = form?.querySelector("[data-all-here]");
const RETRY_MS = 30_000; // after a refusal; a connection that broke is made again by the browser itself
let source;
let retry;

const rows = () => [...form.querySelectorAll("tr[data-watch]")];
const boxes = () => [...form.querySelectorAll("input[name=watch]")];

// Which are listed

const selects = () => [...filter.querySelectorAll("select")];

// The fragment leaves the focus on what was chosen, for whoever goes through the choices by keyboard.
function narrow({ target }) {
  if (!selects().includes(target)) return;
  filter.action = `${filter.action.split("#")[0]}#${target.id}`;
  filter.requestSubmit();
}

// An act on all that match means what the filter shows, even before the narrowed page has come.
function meanWhatIsShown({ formData }) {
  for (const select of selects()) formData.set(select.name, select.value);
}

// Which are ticked

function count() {
  const number = boxes().filter((box) => box.checked).length;
  here.firstElementChild.checked = number > 0 && number === boxes().length;
  here.firstElementChild.indeterminate = number > 0 && number < boxes().length;
  for (const box of [...boxes(), here.firstElementChild]) box.disabled = all.checked;
  chosen.textContent = number && !all.checked ? chosen.dataset.chosen.replace("{count}", () => number) : "";
}

function choosePage() {
  for (const box of boxes()) box.checked = here.firstElementChild.checked;
}

// Rows that change

function draw({ id, html }) {
  const old = rows().find((row) => row.dataset.watch === id);
  if (!old) return;
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.firstElementChild;
  const reached = (row) => [...row.querySelectorAll("a, input")];
  const focused = reached(old).indexOf(document.activeElement);
  fresh.querySelector("input").checked = old.querySelector("input").checked;
  localise(fresh);
  old.replaceWith(fresh);
  reached(fresh)[focused]?.focus();
  count();
}

// A page that nobody sees needs no news, and a browser keeps six connections to a server, for all its windows.
function connect() {
  clearTimeout(retry);
  source?.close();
  if (document.hidden) return;
  source = new EventSource(form.dataset.live);
  source.addEventListener("row", (event) => draw(JSON.parse(event.data)));
  source.addEventListener("over", () => location.reload()); // signed out: a page says so
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS);
  };
}

if (filter) {
  filter.addEventListener("change", narrow);
  addEventListener("pageshow", () => filter.reset()); // back on the page, the filter shows what is listed
}

if (form) {
  form.addEventListener("formdata", meanWhatIsShown);
  here.hidden = false;
  here.addEventListener("change", choosePage);
  form.addEventListener("change", count);
  addEventListener("pageshow", count); // back on the page, what was ticked is so again
  count();
  document.addEventListener("visibilitychange", connect);
  connect();
}
