// Marks by keyboard and by slider. `changed` is told of every mark.

import { decimal, equal } from "asset:sums.mjs";

/** Digits choose a mark, Backspace takes it away; arrows are the browser's own. */
export function byKeyboard(form, changed) {
  let typed = "", forget;
  form.addEventListener("keydown", (event) => {
    const radio = event.target;
    if (radio.type !== "radio" || event.ctrlKey || event.metaKey || event.altKey) return;
    const group = [...form.elements].filter((field) => field.name === radio.name);
    if (event.key === "Backspace" || event.key === "Delete") {
      for (const field of group) field.checked = false;
      changed();
      event.preventDefault();
      return;
    }
    if (!/^[\d.,]$/.test(event.key)) return;
    event.preventDefault();
    clearTimeout(forget);
    forget = setTimeout(() => { typed = ""; }, 900);
    typed += event.key;
    const hit = (text) => group.find((field) => equal(field.value, text));
    const found = hit(typed) ?? hit((typed = event.key));
    if (!found) return;
    found.checked = true;
    found.focus();
    changed();
  });
}

/** Beside each number of a long scale, a slider. */
export function bySlider(form) {
  for (const number of form.querySelectorAll("input[data-min]")) {
    const slider = document.createElement("input");
    slider.type = "range";
    for (const bound of ["min", "max", "step"]) slider[bound] = number.dataset[bound];
    slider.setAttribute("aria-label", `${number.getAttribute("aria-label")}, slider`);
    slider.follow = () => { slider.value = decimal(number.value) === null ? number.dataset.min : number.value.replace(",", "."); };
    slider.follow();
    slider.addEventListener("input", () => { number.value = slider.value; });
    number.addEventListener("input", slider.follow);
    number.after(slider);
  }
}
