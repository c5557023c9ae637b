// The whole prize through pages alone, with JavaScript and without; and every
// page that it passes is looked at.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Den } from "./den.mjs";
import { House } from "./house.mjs";
import { faultsOf } from "./html.mjs";
import { Inspector } from "./inspect.mjs";
import { launch } from "./people.mjs";

let house, browser;

before(async () => {
  house = await House.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

test("seven people play a whole prize, and every page is accessible, narrow and valid", async () => {
  const inspector = new Inspector();
  await new Den(house, browser, inspector, { javaScriptEnabled: true }).play();
  assert.ok(inspector.seen.size > 60, `only ${inspector.seen.size} pages were looked at`);
  assert.deepEqual([...inspector.faults, ...faultsOf(inspector.seen)], []);
});

test("the same without JavaScript", async () => {
  await new Den(house, browser, null, { javaScriptEnabled: false }).play();
});
