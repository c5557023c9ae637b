// Awards that don't go straight: withdrawn by two and given to the reserve;
// refused, and given against the ranking.

import assert from "node:assert/strict";
import { Person } from "../people.mjs";
import { Play, TEXTS } from "../walls/play.mjs";
import { Device } from "./device.mjs";
import { signInBy } from "./provider.mjs";
import { refused } from "./refusals.mjs";
import { addPasskey, proveByPasskey } from "./signing.mjs";

// Until there is a result, and its first award is proposed.
const BEFORE = ["drafted", "published", "open", "closed", "screened", "judging", "locked", "declared"];
const WINNER = TEXTS.team;
const SECOND = TEXTS.other_team;

class Awards {
  constructor(stage, play) {
    Object.assign(this, { stage, play, people: [] });
  }

  static async declared(stage) {
    const play = new Play(stage.house);
    await play.signIn();
    for (const phase of BEFORE) await play.reach(phase);
    return new Awards(stage, play);
  }

  path(rest) {
    return `/programmes/${this.play.ids.programme}${rest}`;
  }

  // Somebody of the play, in a browser of their own.
  async comes(role) {
    const { email, name, session } = this.play.people[role];
    const person = await Person.of(this.stage.browser, this.stage.house, email, name);
    await person.enters(session);
    this.people.push(person);
    return person;
  }

  // To a page, with what everybody did so far.
  async go(person, path) {
    await person.hears(this.play.client.positions, ...(await Promise.all(this.people.map((one) => one.written()))));
    return person.go(this.path(path));
  }

  // By the pages of awards: what one presses, and what is then said.
  async does(person, path, button, says) {
    await this.go(person, path);
    await person.press(button);
    assert.match(await person.text(), says);
  }

  // What everybody reads on the page of results, who need not be signed in.
  async results(wanted) {
    const anybody = await Person.of(this.stage.browser, this.stage.house, "nobody@awards.example", "Nobody");
    const until = Date.now() + 20_000;
    let text;
    do {
      await anybody.go(this.path("/results"));
      text = await anybody.page.locator("body").innerText();
    } while (!wanted.test(text) && Date.now() < until);
    assert.match(text, wanted);
  await anybody.look();
    assert.deepEqual(anybody.complaints, []);
    await anybody.context.close();
    return text;
  }

  award(person, team) {
    return person.page.locator(".plaudit-award").filter({ has: person.page.getByText(team, { exact: true }) });
  }
}

async function withdrawn(stage) {
  const awards = await Awards.declared(stage);
  const [amy, ben, entrant, rival] = await Promise.all(["amy", "ben", "entrant", "rival"].map((role) => awards.comes(role)));
  await approvedByPasskey(awards, ben);
  await awards.go(amy, "/organise/announcement");
  await amy.press("Announce the winners now");
  await awards.results(new RegExp(`The winner\\s+${WINNER}`));

  const award = `/organise/awards/${awards.play.ids.award}`;
  await awards.go(amy, award);
  await amy.page.getByText("Withdraw this award").click();
  await amy.press("Propose to withdraw it");
  const why = await refused(amy, "Choose a reason");
  await why.selectOption({ label: "The winner may not win" });
  await amy.press("Propose to withdraw it");
  assert.match(await amy.text(), /Proposed\. Now somebody else must confirm that it is withdrawn/);
  await amy.look();
  assert.equal(await amy.page.getByRole("button", { name: "Withdraw the award" }).count(), 0, "nobody confirms their own proposal");
  // Whose award it is knows of it, and why, while they can still reply.
  await awards.go(entrant, `/awards/${awards.play.ids.award}`);
  await entrant.look();
  assert.match(await entrant.text(), /May be taken back\s+The winner may not win\. Somebody proposes to take it back/);
  await awards.results(new RegExp(`The winner\\s+${WINNER}`));
  await awards.does(ben, award, "Withdraw the award", /The award is withdrawn/);
  assert.equal((await awards.results(/No prize was given/)).includes("The winner\n"), false);
  await awards.go(entrant, `/awards/${awards.play.ids.award}`);
  assert.equal(await entrant.page.getByRole("button", { name: "Accept the award" }).count(), 0);
  await entrant.look();
  assert.match(await entrant.text(), /Taken back\s+The winner may not win$/m);

  await awards.go(amy, "/organise/awards");
  assert.match(await amy.text(), new RegExp(`The prize falls to ${SECOND}, rank 2: £2,000`));
  await amy.look();
  await amy.press(`Propose ${SECOND} instead`);
  assert.match(await amy.text(), /Proposed\. Now somebody else must approve it/);
  await awards.does(ben, "/organise/awards", `Approve the award to ${SECOND}`, /Approved/);
  await awards.go(amy, "/organise/announcement");
  await amy.press("Announce the winners now");
  await awards.results(new RegExp(`The winner\\s+${SECOND}`));
  await awards.go(rival, "/pitches");
  await rival.page.goto(await rival.page.locator("a[href*='/awards/']").first().getAttribute("href"));
  await rival.press("Accept the award");
  await awards.go(amy, "/organise/awards");
  assert.match(await awards.award(amy, WINNER).innerText(), /Withdrawn/);
  assert.match(await awards.award(amy, SECOND).innerText(), /Accepted/);
  await amy.look();
  await spotless([amy, entrant, rival]);
  assert.deepEqual(ben.complaints.filter((said) => !said.includes(stage.provider.issuer)), []);
}

// Of somebody whom another provider signed in, which is no fresh proof.
async function approvedByPasskey(awards, ben) {
  const device = new Device();
  await device.at(ben.page);
  await addPasskey(ben, "Phone");
  await ben.go("/account");
  await ben.press("Sign out");
  await signInBy(ben, awards.path("/organise/awards"));
  await ben.press(`Approve the award to ${WINNER}`);
  assert.equal(await ben.heading(), "First show that it is you");
  await ben.look();
  await proveByPasskey(ben, device);
  await ben.press("Send it again");
  assert.match(await ben.text(), /Approved\. It can be announced/);
}

async function againstTheRanking(stage) {
  const awards = await Awards.declared(stage);
  const [amy, ben] = await Promise.all(["amy", "ben"].map((role) => awards.comes(role)));
  await awards.go(ben, `/organise/awards/${awards.play.ids.award}`);
  await ben.page.getByText("Refuse it", { exact: true }).click();
  await ben.press("Refuse the award");
  await (await refused(ben, "Choose a reason")).selectOption({ label: "A condition was not met" });
  await ben.press("Refuse the award");
  assert.match(await ben.text(), /Refused\. Another proposal can be made/);

  await awards.go(amy, "/organise/awards");
  await amy.page.locator("summary").filter({ hasText: "to somebody else" }).click();
  await amy.press("Propose against the ranking");
  await refused(amy, "Choose why");
  const who = await refused(amy, "Choose who gets it");
  await who.selectOption({ label: `${SECOND} (rank 2)` });
  await amy.press("Propose against the ranking");
  const why = await refused(amy, "Choose why");
  assert.equal(await amy.page.getByLabel("Who gets it").inputValue(), awards.play.ids.other, "what was chosen stays chosen");
  await why.selectOption({ label: "The panel decided otherwise" });
  await amy.press("Propose against the ranking");
  assert.match(await amy.text(), /Proposed\. Now somebody else must approve it/);
  await awards.does(ben, "/organise/awards", `Approve the award to ${SECOND}`, /Approved/);
  await awards.does(amy, "/organise/announcement", "Announce the winners now", /./);
  const everybody = await awards.results(new RegExp(`The winner\\s+${SECOND}`));
  assert.match(everybody, /departs from the ranking: The panel decided otherwise/);
  await awards.go(amy, "/trail");
  assert.match(await amy.text(), /departs from the ranking/);
  await amy.look();
  await spotless([amy, ben]);
}

async function spotless(people) {
  for (const { name, complaints } of people) assert.deepEqual(complaints, [], name);
}

export const journeys = {
  "an award is withdrawn by two, and the reserve gets it": withdrawn,
  "an award that departs from the ranking says so, and why": againstTheRanking,
};
