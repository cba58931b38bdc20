// A double tap subscribes once.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => { form.querySelector("button").disabled = true; });
}
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-once] button")) button.disabled = false;
});

// While WeChat makes no code there is none to speak of.
for (const block of document.querySelectorAll("[data-code]")) {
  const picture = block.querySelector("img");
  const hide = () => { block.hidden = true; };
  if (picture.complete && picture.naturalWidth === 0) hide();
  else picture.addEventListener("error", hide);
}
