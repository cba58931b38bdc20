// In the frame of a page that is pointed at: outlines, and the number of what is pointed at, which is all that it says.
const NUMBER = "data-n";
const MARK = "data-mark";
const ASIDE = "data-aside";
const body = document.body;
let here = null;
let labels = [];

const find = (number) => document.querySelector(`[${NUMBER}="${Number(number)}"]`);
const numbered = (element) => element?.closest?.(`body [${NUMBER}]`);

function mark(element, name, isOn) {
  const marks = new Set((element.getAttribute(MARK) ?? "").split(" ").filter(Boolean));
  marks[isOn ? "add" : "delete"](name);
  if (marks.size) element.setAttribute(MARK, [...marks].join(" "));
  else element.removeAttribute(MARK);
}

function remark(name, elements) {
  for (const old of document.querySelectorAll(`[${MARK}~="${name}"]`)) mark(old, name, false);
  for (const element of elements) if (element) mark(element, name, true);
}

// A text in no element but the page itself cannot be pointed at: the picker says what to do.
const hasText = (element) => [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim());

function say(element) {
  if (element) parent.postMessage(Number(element.getAttribute(NUMBER)), "*");
}

// A label stands at the first element of its candidate, above all that the page shows.
function label(text, element) {
  const made = document.createElement("watcher-label");
  made.textContent = text;
  made.style.cssText = "all:initial;position:absolute;z-index:2147483647;padding:0 6px;border-radius:4px;" +
    "background:#0f766e;color:#fff;font:600 12px/18px system-ui;pointer-events:none;white-space:nowrap";
  document.documentElement.append(made);
  labels.push([made, element]);
}

function place() {
  for (const [made, element] of labels) {
    const box = element.getBoundingClientRect();
    made.style.left = `${Math.max(0, box.left + scrollX)}px`;
    made.style.top = `${Math.max(0, box.top + scrollY - 18)}px`;
  }
}

function step(key) {
  if (!here) return body.querySelector(`h1[${NUMBER}]`) ?? body.querySelector(`[${NUMBER}]`);
  const next = (from, way) => {
    let at = from[way];
    while (at && !at.hasAttribute(NUMBER)) at = at[way];
    return at;
  };
  if (key === "ArrowUp") return numbered(here.parentElement);
  if (key === "ArrowDown") return here.querySelector(`[${NUMBER}]`);
  return next(here, key === "ArrowLeft" ? "previousElementSibling" : "nextElementSibling");
}

function go(element) {
  if (!element) return;
  element.closest(`[${ASIDE}]`)?.removeAttribute(ASIDE);
  here = element;
  remark("here", [here]);
  here.scrollIntoView({ block: "nearest" });
}

// What is fixed over the page with less text than the rest of it, such as a request for cookies, is laid aside.
function layAside() {
  for (const height of [1, 1, 1, 2, 2, 2, 3, 3, 3]) {
    let at = document.elementFromPoint(innerWidth / 2, (innerHeight * height) / 4);
    while (at && getComputedStyle(at).position !== "fixed") at = at.parentElement;
    if (at && numbered(at) && 2 * at.innerText.length < body.innerText.length) at.setAttribute(ASIDE, "");
  }
}

for (const kind of ["click", "auxclick", "dblclick", "submit", "dragstart", "contextmenu"]) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (kind !== "click") return;
    go(numbered(event.target));
    say(numbered(event.target) ?? (event.target === body && hasText(body) ? document.documentElement : null));
  }, true);
}
addEventListener("mouseover", (event) => remark("near", [numbered(event.target)]), true);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    go(step(event.key));
  } else if (event.key === "Enter") {
    event.preventDefault();
    say(here);
  }
}, true);
addEventListener("message", (event) => {
  if (event.source !== parent) return;
  const { found, names, chosen, left } = event.data;
  if (found) {
    for (const [made] of labels) made.remove();
    labels = [];
    remark("found", found.flat().map(find));
    found.forEach(([first], rank) => { if (find(first)) label(names[rank], find(first)); });
  }
  if (left) remark("left", left.map(find));
  if (chosen) {
    go(find(chosen[0]));
    remark("here", chosen.map(find));
  }
  place();
});
addEventListener("resize", place);
addEventListener("load", layAside);
addEventListener("load", place);
body.tabIndex = 0;
