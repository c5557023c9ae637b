// What people do on the way that the whole prize doesn't pass: passkeys and a
// provider, files, team mates, awards that don't go straight, and the keyboard
// alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House } from "./house.mjs";
import * as awards from "./journeys/awards.mjs";
import * as files from "./journeys/files.mjs";
import * as forms from "./journeys/forms.mjs";
import * as keyboard from "./journeys/keyboard.mjs";
import { Provider } from "./journeys/provider.mjs";
import * as signing from "./journeys/signing.mjs";
import * as team from "./journeys/team.mjs";
import { launch } from "./people.mjs";
import { Stage } from "./stage.mjs";

let provider, house, browser, stage;

before(async () => {
  provider = await Provider.start();
  [house, browser] = await Promise.all([House.start(provider.environment), launch()]);
  stage = new Stage(house, browser);
  stage.provider = provider;
});

after(async () => {
  await browser?.close();
  await house?.stop();
  await provider?.stop();
});

for (const journeys of [signing, files, team, forms, awards, keyboard])
  for (const [name, play] of Object.entries(journeys.journeys)) test(name, () => play(stage));
