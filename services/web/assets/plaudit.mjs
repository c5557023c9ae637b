// Comfort for every page. Everything works without it.

document.body.classList.add("js-enabled", "govuk-frontend-supported");

// The design system's own behaviour, loaded only where something asks for it.
// Radios and checkboxes reveal what belongs to them by style alone.
const wanted = ["button", "character-count", "error-summary", "file-upload", "notification-banner", "accordion", "tabs"];
if (document.querySelector(wanted.map((name) => `[data-module="govuk-${name}"]`).join()))
  import("asset:govuk.mjs").then(({ createAll, Accordion, Button, CharacterCount, ErrorSummary, FileUpload, NotificationBanner, Tabs }) => {
    for (const one of [Accordion, Button, CharacterCount, ErrorSummary, FileUpload, NotificationBanner, Tabs]) createAll(one);
  });

// Beside the programme's time, the reader's own, where it is another.
for (const time of document.querySelectorAll("time[data-zone]")) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!own || own === time.dataset.zone) continue;
  const at = new Date(time.dateTime);
  const shown = (timeZone) =>
    at.toLocaleString("en-GB", { timeZone, weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });
  if (shown(own) === shown(time.dataset.zone)) continue;
  const note = document.createElement("span");
  note.className = "plaudit-own-time";
  note.textContent = ` – ${shown(own)} where you are`;
  time.after(note);
}

// What is left until a deadline, to the second in its last hour.
for (const left of document.querySelectorAll("[data-countdown]")) {
  const until = Date.parse(left.dataset.countdown);
  const say = (number, unit) => `${number} ${unit}${number === 1 ? "" : "s"}`;
  const tell = () => {
    const seconds = Math.max(0, Math.floor((until - Date.now()) / 1000));
    const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
    left.textContent =
      days > 1 ? `${say(days, "day")} and ${say(hours, "hour")} left`
      : seconds >= 3600 ? `${say(days * 24 + hours, "hour")} and ${say(minutes, "minute")} left`
      : seconds > 0 ? `${say(minutes, "minute")} and ${say(seconds % 60, "second")} left`
      : "The deadline is over";
    if (seconds > 0) setTimeout(tell, seconds >= 3600 ? 20_000 : 1000);
  };
  tell();
}
