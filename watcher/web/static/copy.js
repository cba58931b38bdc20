// Copy buttons. Plain http has no clipboard API, so there the old way through a selection.
async function copy(text) {
  if (navigator.clipboard && isSecureContext) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  const words = button.closest("[data-copied]").dataset;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(button.dataset.copy).catch(() => false);
    button.textContent = done ? words.copied : words.failed;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
