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
