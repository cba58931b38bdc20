// Times in the reader's own clock: "just now" and "2 min. ago" for today's, the date for older ones.
const { lang: language, dataset: words } = document.documentElement;
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const clock = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

// Digits stand apart from Chinese characters, as in all other texts: "5 分钟前".
function spaced(words) {
  return words.replace(/\d(?=\p{Script=Han})|\p{Script=Han}(?=\d)/gu, "$& ");
}

function past(at) {
  const seconds = Math.round((Date.now() - at) / 1000);
  if (seconds < 45) return words.justNow;
  if (seconds < 3600) return spaced(relative.format(-Math.round(seconds / 60), "minute"));
  if (seconds < 43200) return spaced(relative.format(-Math.round(seconds / 3600), "hour"));
  return clock.format(at);
}

// What is ahead is said by words of its own, with the time in their blank.
function ahead(at, { ahead: sentence, soon }) {
  const seconds = Math.round((at - Date.now()) / 1000);
  if (seconds < 45) return soon;
  const time = seconds < 3600 ? spaced(relative.format(Math.round(seconds / 60), "minute")) : clock.format(at);
  return sentence.replace("{time}", () => time);
}

export function localise(root) {
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    if ("clock" in time.dataset) time.textContent = clock.format(at);
    else time.textContent = "ahead" in time.dataset ? ahead(at, time.dataset) : past(at);
    time.title = clock.format(at);
  }
}

localise(document);
setInterval(() => localise(document), 30_000);

// A form that asks for days means those of the reader's clock, and says so.
for (const field of document.querySelectorAll("[data-zone]")) {
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  for (const name of field.form.querySelectorAll("[data-zone-name]")) name.textContent = field.value || "UTC";
}
