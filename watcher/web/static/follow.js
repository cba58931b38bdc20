import "./once.js";

// While WeChat makes no code there is none to speak of.
for (const block of document.querySelectorAll("[data-code]")) {
  const picture = block.querySelector("img");
  const hide = () => { block.hidden = true; };
  if (picture.complete && picture.naturalWidth === 0) hide();
  else picture.addEventListener("error", hide);
}
