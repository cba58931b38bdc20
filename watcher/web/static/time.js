// Times in the reader's own clock: "2 min. ago" for today's, the date for older ones.
const language = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const clock = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

function words(at, isAhead) {
  const seconds = Math.round((at - Date.now()) / 1000);
  if (isAhead && seconds >= 45) return seconds < 3600 ? relative.format(Math.round(seconds / 60), "minute") : clock.format(at);
  if (seconds > -45) return relative.format(0, "second");
  if (seconds > -3600) return relative.format(Math.round(seconds / 60), "minute");
  if (seconds > -43200) return relative.format(Math.round(seconds / 3600), "hour");
  return clock.format(at);
}

export function localise(root) {
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    time.textContent = words(at, "ahead" in time.dataset);
    time.title = clock.format(at);
  }
}

localise(document);
setInterval(() => localise(document), 30_000);
