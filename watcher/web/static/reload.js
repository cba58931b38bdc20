// A page that is looked at stays new: it is loaded again each minute, but not under somebody who is busy in it.
const SECONDS = 60;

function isBusy() {
  const { activeElement: at } = document;
  return document.hidden || /^(input|textarea|select)$/i.test(at?.tagName ?? "") || document.querySelector("dialog[open]");
}

setInterval(() => { if (!isBusy()) location.reload(); }, SECONDS * 1000);
