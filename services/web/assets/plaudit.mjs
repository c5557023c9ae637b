// Comfort for every page. Everything works without it.

document.body.classList.add("js-enabled", "govuk-frontend-supported");

// The design system's own behaviour, loaded only where something asks for it.
const wanted = document.querySelector("[data-module^='govuk-']:not([data-module='govuk-skip-link'])");
if (wanted) import("asset:govuk.mjs").then(({ initAll }) => initAll());

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
