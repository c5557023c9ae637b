// A form that was refused: its summary leads to each field that it names, and
// the field says the same.

import assert from "node:assert/strict";

// The summary has this sentence; answers the field that it leads to.
export async function refused(person, says) {
  const { page } = person;
  const summary = page.locator(".govuk-error-summary");
  assert.equal(await summary.count(), 1, `no summary of errors: ${await person.text()}`);
  const link = summary.getByRole("link", { name: says }).first();
  assert.equal(await link.count(), 1, `${says}: ${await summary.innerText()}`);
  await link.click();
  const field = await page.evaluate(() => {
    const at = document.activeElement;
    const described = (at.getAttribute("aria-describedby") ?? at.closest("fieldset")?.getAttribute("aria-describedby") ?? "").split(" ");
    return { id: at.id, name: at.name, says: described.map((id) => document.getElementById(id)?.textContent ?? "").join(" ") };
  });
  assert.ok(field.name, `${says}: the link leads to no field`);
  assert.ok(says instanceof RegExp ? says.test(field.says) : field.says.includes(says), `${field.name} says: ${field.says}`);
  assert.match(await page.title(), /^Error: /);
  return page.locator(`[id="${field.id}"]`);
}
