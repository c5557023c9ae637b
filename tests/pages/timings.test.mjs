// Nobody learns from how long an answer takes, nor from anything else of it,
// what a wall or a seal hides: what is hidden answers as what is not there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House } from "./house.mjs";
import { ask } from "./walls/pages.mjs";
import { Play } from "./walls/play.mjs";
import { look, measured, quantile, tells } from "./walls/timing.mjs";

const UNTIL_JUDGING = ["drafted", "published", "open", "closed", "screened", "begun"];
const AT_ONCE_WHERE_ALL_WAIT = 15;
let house, play, twin;

before(async () => {
  house = await House.start();
  play = new Play(house);
  await play.signIn();
  twin = play.again();
  await Promise.all([play, twin].map(async (one) => {
    for (const step of UNTIL_JUDGING) await one.reach(step);
  }));
});

after(async () => {
  await house?.stop();
});

// A page, or what the API says to a question or, after `POST`, to a command;
// never again if it is late: that would show.
function asks(role, asked) {
  if (asked.startsWith("/programmes/")) return () => ask(play, role, "GET", asked);
  const [path, method = "GET"] = asked.split(" ").reverse();
  const headers = { accept: "application/json" };
  if (role !== "nobody") headers.authorization = `Bearer ${play.people[role].session}`;
  return async () => {
    const command = method === "POST" && { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
    const body = command ? "{}" : undefined;
    const answer = await fetch(house.url + path, { method, headers: { ...headers, ...command }, body });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
}

// What somebody could learn from two addresses that must tell them the same.
async function learns(role, one, other, atOnce) {
  const [here, there] = [asks(role, one), asks(role, other)];
  const [seen, unseen] = [look(await here()), look(await there())];
  if (seen !== unseen) return [`${role}: ${one}\nanswers\n${seen}\nand ${other}\n${unseen}`];
  const told = await tells(here, there, atOnce);
  return told ? [`${role}: ${one} takes ${told}`] : [];
}

async function nothingIsLearnt(role, addresses, atOnce) {
  const learnt = [];
  for (const [one, other] of addresses) learnt.push(...(await learns(role, one, other, atOnce)));
  assert.equal(learnt.join("\n"), "");
}

const nothing = () => crypto.randomUUID();
// The same addresses of a thing and of nothing.
const against = (thing, ...paths) => {
  const none = nothing();
  return paths.map((path) => [path(thing), path(none)]);
};

test("a difference that is there would be noticed", async () => {
  const plain = asks("judge", `/programmes/${play.ids.programme}`);
  assert.equal(await tells(plain, plain), null);
  // By twice as much as the middle half of the answers are apart, and a moment.
  const [took] = await measured(plain, plain);
  const longer = 2 * (quantile(took, 0.75) - quantile(took, 0.25) + 2);
  const slow = async () => {
    await new Promise((done) => setTimeout(done, longer));
    return plain();
  };
  assert.match(await tells(plain, slow), /deviations apart/);
});

// Where a score sheet that comes in could show.
const LOOKED_AT = {
  judge: ({ programme, pitch }) => [
    `/programmes/${programme}/judging`,
    `/programmes/${programme}/judging/final`,
    `/api/scoring/programmes/${programme}/rounds/final`,
    `/api/scoring/programmes/${programme}/rounds/final/scorecards`,
    `/api/scoring/programmes/${programme}/rounds/final/scorecards/${pitch}`,
  ],
  entrant: ({ programme, pitch }) => [
    `/api/scoring/programmes/${programme}/rounds/final`,
    `/api/scoring/programmes/${programme}/rounds/final/scorecards/${pitch}`,
  ],
};

test("neither a judge’s queue nor an entrant’s pitch tells that another judge has handed in", async () => {
  await play.seals("second", "pitch", "91.43", { comment_to_panel: "Let us look at the costs together." });
  for (const [role, of] of Object.entries(LOOKED_AT)) {
    const [there, here] = [of(play.ids), of(twin.ids)];
    await nothingIsLearnt(role, there.map((path, at) => [path, here[at]]));
  }
});

test("a pitch behind a judge’s wall is as one that is not there", async () => {
  const { programme, pitch } = play.ids;
  await nothingIsLearnt("aside", against(
    pitch,
    (id) => `/programmes/${programme}/judging/final/${id}`,
    (id) => `/api/submissions/programmes/${programme}/pitches/${id}`,
    (id) => `/api/scoring/programmes/${programme}/rounds/final/scorecards/${id}`,
  ));
});

test("a pitch that is not a stranger’s is as one that is not there", async () => {
  const { programme, pitch } = play.ids;
  await nothingIsLearnt("rival", against(
    pitch,
    (id) => `/programmes/${programme}/pitches/${id}`,
    (id) => `/programmes/${programme}/organise/screening/${id}`,
    (id) => `/api/submissions/programmes/${programme}/pitches/${id}`,
  ));
});

test("what is not published yet is as what is not there", async () => {
  const drafted = await play.client.ask("POST", "submissions/programmes", play.people.amy.token, { title: "The lock prize" });
  await nothingIsLearnt("nobody", against(
    drafted.id,
    (id) => `/programmes/${id}`,
    (id) => `/programmes/${id}/trail`,
    (id) => `/api/submissions/programmes/${id}`,
    (id) => `/api/submissions/programmes/${id}/names`,
    (id) => `/api/scoring/programmes/${id}/rounds/final`,
    (id) => `/api/awards/programmes/${id}/awards`,
    (id) => `/api/audit/programmes/${id}/log`,
  ));
  // Whoever is signed in waits for news of it, be it there or not.
  await nothingIsLearnt("stranger", against(
    drafted.id,
    (id) => `/programmes/${id}/organise`,
    (id) => `/api/panels/programmes/${id}/rounds/final/panel`,
  ), AT_ONCE_WHERE_ALL_WAIT);
});

test("an award that was only proposed is as one that is not there, to its team as to an organiser with a wall", async () => {
  for (const step of ["locked", "declared"]) await play.reach(step);
  const { programme, award, pitch } = play.ids;
  // Whoever knows a pitch's id can work out the award's.
  const awards = against(
    award,
    (id) => `/programmes/${programme}/organise/awards/${id}`,
    (id) => `/api/awards/programmes/${programme}/awards/${id}`,
    (id) => `/api/awards/programmes/${programme}/awards/${id}/payout`,
    (id) => `POST /api/awards/programmes/${programme}/awards/${id}/acceptance`,
  );
  await nothingIsLearnt("entrant", awards);
  await nothingIsLearnt("conflicted", awards);
  await nothingIsLearnt("conflicted", against(
    pitch,
    (id) => `/programmes/${programme}/results/final/${id}`,
    (id) => `/api/scoring/programmes/${programme}/rounds/final/scorecards/${id}`,
  ));
});
