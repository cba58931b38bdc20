// Opened from an iPhone's home screen for the first time: whoever put the icon there wants this inbox, so no second tap.
// Elsewhere an installed app opens links that anybody sent, and the person is asked.
const form = document.querySelector("form[data-claim]");
if (navigator.standalone === true && form?.dataset.claim === "new") form.requestSubmit();
