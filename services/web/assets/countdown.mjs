// Keeps counting down what the page said when it was made.

const UNITS = [["day", 86_400, 172_800], ["hour", 3_600, 7_200], ["minute", 60, 120], ["second", 1, 0]];

export function left(seconds) {
  const [unit, length] = UNITS.find(([, , from]) => seconds >= from) ?? UNITS[3];
  const number = Math.max(0, Math.floor(seconds / length));
  const rest = unit === "day" ? Math.floor((seconds % length) / 3_600) : unit === "hour" ? Math.floor((seconds % length) / 60) : 0;
  const and = rest > 0 ? ` and ${rest} ${unit === "day" ? "hour" : "minute"}${rest === 1 ? "" : "s"}` : "";
  return `${number} ${unit}${number === 1 ? "" : "s"}${and} left`;
}

function count(mark, drift) {
  const seconds = (new Date(mark.dataset.countdown) - (Date.now() + drift)) / 1_000;
  if (seconds <= 0) {
    mark.textContent = "The deadline has passed";
    return;
  }
  mark.textContent = left(seconds);
  setTimeout(() => count(mark, drift), seconds < 120 ? 1_000 : 15_000);
}

if (globalThis.document) {
  for (const mark of document.querySelectorAll("[data-countdown]")) {
    // The server's clock counts, not this device's.
    const now = Date.parse(mark.dataset.now);
    count(mark, Number.isNaN(now) ? 0 : now - Date.now());
  }
}
