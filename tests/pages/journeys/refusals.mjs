// A form that was refused: its summary leads to each field that it names, and
// the field says the same.

import assert from "node:assert/strict";

// What the summary says, where each of its links leads, and what is said there.
export function wrongs(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll(".govuk-error-summary__list li")].map((item) => {
      const link = item.querySelector("a");
      link?.click();
      const at = document.activeElement;
      const isField = link && at.matches("input, select, textarea") && at.checkVisibility();
      // What describes a group is said at each of its fields.
      const by = isField ? [at, ...["fieldset", "[role=group]"].map((group) => at.closest(group))] : [];
      const ids = by.flatMap((one) => (one?.getAttribute("aria-describedby") ?? "").split(" ")).filter(Boolean);
      return {
        says: item.textContent.trim(),
        leads: link?.getAttribute("href"),
        id: isField ? at.id : "",
        field: isField ? at.name : "",
        describes: ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" "),
      };
    }),
  );
}

// What is wrong with what the summary says, if anything.
export function misleads({ says, leads, field, describes }) {
  if (!leads) return `“${says}” leads nowhere`;
  if (!field) return `“${says}” leads to ${leads}, which is no field in sight`;
  return describes.includes(says) ? "" : `“${says}” is not said at ${field}, but “${describes}”`;
}

// The summary has this sentence; answers the field that it leads to.
export async function refused(person, says) {
  const told = await wrongs(person.page);
  const found = told.find((one) => (says instanceof RegExp ? says.test(one.says) : says === one.says));
  assert.ok(found, `${says} is not among ${told.map((one) => one.says).join("; ")}: ${await person.text()}`);
  assert.equal(misleads(found), "");
  assert.match(await person.page.title(), /^Error: /);
  await person.look();
  return person.page.locator(`[id="${found.id}"]`);
}
