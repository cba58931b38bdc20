// A double tap sends a form once. Its buttons stay as they are until it is sent: a disabled one's name is left out.
const sent = new WeakSet();
const forms = document.querySelectorAll("form[data-once]");
for (const form of forms) {
  form.addEventListener("submit", (event) => {
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
    setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
  });
}
// Back on the page, the forms are as before.
addEventListener("pageshow", () => {
  for (const form of forms) {
    sent.delete(form);
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  }
});
