// Opened from the home screen for the first time: whoever put the icon there wants this inbox, so no second tap.
const form = document.querySelector("form[data-claim]");
const isInstalled = navigator.standalone === true || matchMedia("(display-mode: standalone)").matches;
if (isInstalled && form?.dataset.claim === "new") form.requestSubmit();
