// Keys: "/" leads to the search of a page, "?" shows all keys, "g" and a letter lead to a page.
const WAIT_MS = 1500; // between "g" and its letter
const help = document.querySelector("dialog[data-keys]");
const pages = new Map([...document.querySelectorAll("a[data-go]")].map((link) => [link.dataset.go, link]));
let goneAt = -Infinity;

// Where somebody writes, a letter is a letter.
const isWriting = ({ target }) => target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);

function search(event) {
  const field = document.querySelector("input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}

function show() {
  if (help && !help.open) help.showModal();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isWriting(event) || help?.open) return;
  const isSecond = event.timeStamp - goneAt < WAIT_MS;
  goneAt = -Infinity;
  if (isSecond && pages.has(event.key)) pages.get(event.key).click();
  else if (event.key === "g") goneAt = event.timeStamp;
  else if (event.key === "/") search(event);
  else if (event.key === "?") show();
});

for (const button of document.querySelectorAll("button[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", show);
}
