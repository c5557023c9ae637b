// Ways in other than a code: a passkey, and another provider's word.

import assert from "node:assert/strict";
import { Person } from "../people.mjs";
import { Device } from "./device.mjs";
import { signInBy } from "./provider.mjs";
import { refused } from "./refusals.mjs";

const at = (person) => new URL(person.page.url()).pathname;

async function comes(stage, name, options) {
  return Person.of(stage.browser, stage.house, `${name.toLowerCase()}@signing.example`, name, options);
}

// The provider's own pages are the one foreign place that a browser is sent to.
const complaints = (stage, person) => person.complaints.filter((said) => !said.includes(stage.provider.issuer));

// Adds a passkey of the device that is at hand.
export async function addPasskey(person, name) {
  await person.go("/account/passkeys");
  await person.fill("What to call a new one", name);
  await person.press("Add a passkey");
  assert.match(await person.text(), /The passkey is added/);
}

// In a tab of its own, as the page that asks for it says.
export async function proveByPasskey(person, device) {
  const opened = person.context.waitForEvent("page");
  await person.page.getByRole("link", { name: "Show that it is you, in a new tab" }).click();
  const { page } = person;
  person.page = await opened;
  await person.page.waitForLoadState();
  await device.at(person.page);
  await person.press("Use a passkey");
  assert.match(await person.text(), /we know that it is you/);
  await device.at(page);
  await person.page.close();
  person.page = page;
}

async function signOut(person) {
  await person.go("/account");
  await person.press("Sign out");
  assert.match(await person.text(), /You are signed out/);
}

async function passkeys(stage) {
  const ines = await comes(stage, "Ines");
  const device = new Device();
  await device.at(ines.page);
  await ines.signIn("/account");
  await ines.follow("Passkeys");
  assert.match(await ines.text(), /You have none yet/);
  await ines.press("Add a passkey");
  await refused(ines, "Enter a name for it, such as Phone");
  assert.deepEqual(await device.holds(), [], "a passkey without a name is not made on the device either");

  await ines.fill("What to call a new one", "Phone");
  await device.unlocks(false);
  await ines.page.getByRole("button", { name: "Add a passkey" }).click();
  await ines.page.getByRole("alert").filter({ hasText: "The passkey was not used" }).waitFor();
  await ines.look();
  assert.equal(await ines.page.getByLabel("What to call a new one").inputValue(), "Phone");
  await device.unlocks(true);
  await ines.press("Add a passkey");
  assert.match(await ines.text(), /Phone\s+Added on/);
  await ines.look();
  assert.equal((await device.holds()).length, 1);

  // The same device again is told so, and nothing is added.
  await ines.fill("What to call a new one", "Phone, again");
  await ines.page.getByRole("button", { name: "Add a passkey" }).click();
  await ines.page.getByRole("alert").filter({ hasText: "This device has a passkey for you already" }).waitFor();

  await signOut(ines);
  await ines.go("/sign-in?next=/account/passkeys");
  await ines.press("Use a passkey");
  assert.equal(at(ines), "/account/passkeys");
  await ines.go("/account");
  assert.match(await ines.text(), /ines@signing\.example/);

  // A deleted one opens nothing any more.
  await ines.go("/account/passkeys");
  await ines.press("Delete Phone");
  assert.match(await ines.text(), /You have none yet/);
  await signOut(ines);
  await ines.go("/sign-in");
  await ines.press("Use a passkey");
  assert.equal(await ines.page.locator(".govuk-error-summary").count(), 1);
  await ines.look();
  await ines.go("/account");
  assert.equal(at(ines), "/sign-in");
  assert.deepEqual(ines.complaints, []);
}

async function withoutAScript(stage) {
  const wren = await comes(stage, "Wren", { javaScriptEnabled: false });
  await wren.go("/sign-in");
  assert.equal(await wren.page.getByRole("button", { name: "Use a passkey" }).count(), 0);
  await wren.signIn("/account/passkeys");
  assert.match(await wren.text(), /needs JavaScript/);
  assert.equal(await wren.page.getByRole("button", { name: "Add a passkey" }).isVisible(), false);
}

async function secondKey(stage) {
  const tom = await comes(stage, "Tom");
  const device = new Device();
  await device.at(tom.page);
  await tom.signIn("/account/passkeys");
  await addPasskey(tom, "Blue key");
  await signOut(tom);
  // The provider's word is no fresh proof, a passkey is.
  await signInBy(tom, "/account/passkeys");
  assert.equal(at(tom), "/account/passkeys");
  await tom.fill("What to call a new one", "Another");
  await tom.page.getByRole("button", { name: "Add a passkey" }).click();
  await tom.page.getByRole("alert").filter({ hasText: "This needs a fresh proof that it is you" }).waitFor();
  await tom.look();
  await proveByPasskey(tom, device);
  assert.equal(await tom.page.getByLabel("What to call a new one").inputValue(), "Another");
  await tom.press("Delete Blue key");
  assert.match(await tom.text(), /You have none yet/);
  assert.deepEqual(complaints(stage, tom), []);
}

async function provider(stage) {
  const samir = await comes(stage, "Samir");
  await signInBy(samir, "/account", "Cancel");
  assert.match(await samir.text(), /The provider did not sign you in/);
  await samir.look();
  await samir.follow("Sign in with Fenbank");
  await samir.fill("Address", samir.email);
  await samir.press("Sign in, unproven");
  assert.match(await samir.page.locator(".govuk-error-summary").innerText(), /address/);
  await samir.follow("Sign in with Fenbank");
  await samir.fill("Address", samir.email);
  await samir.press("Sign in");
  assert.equal(at(samir), "/account/name", "somebody new is asked for their name");
  await samir.fill("Your name", "Samir Haddad");
  await samir.press("Continue");
  assert.equal(at(samir), "/account", "and is then where they were going");
  assert.match(await samir.text(), /Samir Haddad/);
  await provenByCode(samir, "/account/passkeys");
  await signOut(samir);
  // By a code they are the same person.
  await samir.signIn("/account");
  assert.match(await samir.text(), /Samir Haddad/);
  assert.deepEqual(complaints(stage, samir), []);
}

// The second key by a code, typed as people read it.
async function provenByCode(person, next) {
  const since = Date.now() - 100;
  await person.go(`/second-key?next=${encodeURIComponent(next)}`);
  await person.look();
  await person.press(`Send a code to ${person.email}`);
  await person.look();
  const code = await person.house.code(person.email, since);
  await person.fill("The code", `${code.slice(0, 3)} ${code.slice(3)}`);
  await person.press("Continue");
  assert.equal(at(person), next);
  assert.match(await person.text(), /we know that it is you/);
}

export const journeys = {
  "a passkey is added, signs its owner in, and opens nothing once it is deleted": passkeys,
  "without JavaScript nobody is offered a passkey": withoutAScript,
  "a passkey is the fresh proof after a provider's sign-in": secondKey,
  "a provider signs somebody in, and is believed only as far as it goes": provider,
};
