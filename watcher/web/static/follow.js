// A double tap subscribes once; and a page that is no secure context says what that means, whatever its address says.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", () => { form.querySelector("button").disabled = true; });
}
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-once] button")) button.disabled = false;
});
const reach = document.querySelector("[data-reach]");
if (reach && !isSecureContext) reach.querySelector("span").textContent = reach.dataset.http;
