// Forms that are sent with something wrong, in every phase of a programme: the
// summary leads to each field that is wrong, the field says the same, and
// whatever was typed is still there.

import assert from "node:assert/strict";
import { Person } from "../people.mjs";
import { Play } from "../walls/play.mjs";
import { misleads, wrongs } from "./refusals.mjs";

class Forms {
  constructor(stage) {
    Object.assign(this, { stage, play: new Play(stage.house), people: {}, faults: [] });
  }

  path(rest) {
    return rest.startsWith("/account") || rest === "/sign-in" ? rest : `/programmes/${this.play.ids.programme}${rest}`;
  }

  async person(role) {
    if (this.people[role]) return this.people[role];
    const { email, name, session } = this.play.people[role];
    const person = await Person.of(this.stage.browser, this.stage.house, email, name);
    await person.enters(session);
    return (this.people[role] = person);
  }

  // Sends a form, by its page and its button, with what is typed into it; its
  // summary must then name these fields.
  async wrongly(role, path, button, typed, wanted) {
    const person = await this.person(role);
    const { page } = person;
    const fault = (says) => this.faults.push(`${path}, ${button}: ${says}`);
    await person.hears(this.play.client.positions);
    await person.go(this.path(path));
    const form = page.locator("form").filter({ has: page.getByRole("button", { name: button, exact: true, includeHidden: true }) }).first();
    if (!(await form.count())) return fault(`is not there: ${(await person.text()).slice(0, 300)}`);
    // As somebody does who wants what is folded away.
    await form.evaluate((one) => { for (let at = one.closest("details"); at; at = at.parentElement.closest("details")) at.open = true; });
    await fill(form, typed);
    await person.arrive(() => form.getByRole("button", { name: button, exact: true }).click());
    await person.look();
    const told = await wrongs(page);
    if (!told.length) return fault(`nothing is wrong: ${(await person.text()).slice(0, 200)}`);
    for (const one of told) if (misleads(one)) fault(misleads(one));
    const named = told.map(({ field }) => field);
    if (String(named) !== String(wanted)) fault(`the summary names ${named} (${told.map(({ says }) => says).join("; ")}), not ${wanted}`);
    for (const [name, value] of Object.entries(await filled(form, typed)))
      if (value !== typed[name]) fault(`${name} was “${typed[name]}” and is now “${value}”`);
  }

  // Between its steps, which are taken by the API.
  async payment(own) {
    const payout = `awards/awards/${this.play.ids.award}/payout`;
    const does = (role, step, body) => this.play.does(role, `${payout}/${step}`, body);
    await does("entrant", "payee", { name: "Marsh Trading", account: "73920184", sort_code: "00-00-00" });
    await does("ben", "payee/check");
    await this.wrongly("amy", own, "Record the agreement", {}, ["agreement"]);
    await does("amy", "agreement", { agreement: "It is spent on gauges." });
    await does("amy", "request");
    await does("ben", "authorisation");
    await this.wrongly("ben", own, "The money is sent", {}, ["reference"]);
    await this.wrongly("amy", own, "Note that it failed", {}, ["reason"]);
  }

  over() {
    assert.equal(this.faults.join("\n"), "");
    for (const { name, complaints } of Object.values(this.people)) assert.deepEqual(complaints, [], name);
  }
}

async function fill(form, typed) {
  for (const [name, value] of Object.entries(typed)) {
    const field = form.locator(`[name="${name}"]`);
    const kind = await field.first().evaluate((one) => (one.tagName === "SELECT" ? "select" : one.type));
    if (kind === "select") await field.selectOption(value);
    else if (/radio|checkbox/.test(kind)) await form.locator(`[name="${name}"][value="${value}"]`).check({ force: true });
    else await field.first().fill(value);
  }
}

const filled = (form, typed) =>
  form.evaluate((one, names) => {
    const said = new FormData(one);
    return Object.fromEntries(names.map((name) => [name, said.get(name)]));
  }, Object.keys(typed));

const SETUP = [
  ["prize", { about: "For one who begins.", "prizes.1.name": "", "prizes.1.amount": "two pounds", "prizes.1.support": "A desk" }, ["prizes.1.name", "prizes.1.amount"]],
  ["who", { time_zone: "Fenbank time", "deadline.day": "31", "deadline.month": "2", "deadline.year": "2030", deadline_time: "late", grace_seconds: "5000" }, ["time_zone", "deadline.day", "deadline_time", "grace_seconds"]],
  ["questions", { "form.1.says": "", "form.1.explained": "In a few words.", "form.1.most_characters": "many" }, ["form.1.says", "form.1.most_characters"]],
  ["judging", { "criteria.1.name": "How new it is", "criteria.1.weight": "heavy", min: "10", max: "5", step: "0", quorum: "none" }, ["criteria.1.weight", "quorum", "max", "step"]],
  ["rules", { days_to_accept: "soon", days_kept: "0" }, ["days_to_accept", "days_kept"]],
];

async function everyPhase(stage) {
  const forms = new Forms(stage);
  const { play } = forms;
  await play.signIn();
  await play.reach("drafted");
  const amy = (...what) => forms.wrongly("amy", ...what);
  for (const [step, typed, wanted] of SETUP) await amy(`/organise/setup/${step}`, "Save and go on", typed, wanted);
  await amy("/organise/setup/people", "Invite", { name: "Dora", email: "dora" }, ["email", "role"]);
  await amy("/account/tokens", "Make the token", { name: "" }, ["name"]);
  await amy("/account/name", "Continue", { name: "" }, ["name"]);
  await amy("/sign-in", "Send me a code", { email: "amy" }, ["email"]);
  await amy("/account/leave", "Delete my account", {}, ["sure"]);

  await play.reach("published");
  await play.reach("open");
  await forms.wrongly("rival", "/enter", "Begin your pitch", {}, ["gate.co-operative"]);
  await amy("/organise/call", "Invite to enter", { name: "", email: "nobody" }, ["email", "name"]);
  await amy("/organise/call", "Move the deadline", { "deadline.day": "40", "deadline.month": "1", "deadline.year": "2099", deadline_time: "late" }, ["deadline.day", "deadline_time", "reason"]);
  await amy("/organise/call", "Change the words", { prose: "Other words." }, ["amend_reason"]);
  await amy("/organise/people", "Invite", { name: "", email: "dora@people.example" }, ["name", "role"]);
  await amy("/organise/people", "Stand aside from this pitch", { nature: "A cousin." }, ["pitch"]);

  await play.reach("closed");
  const pitch = play.ids.pitch;
  await amy(`/organise/screening/${pitch}`, "It may not go forward", { words: "Not this time." }, ["reason"]);
  await amy(`/organise/screening/${pitch}`, "Ask the team", { question: "" }, ["question"]);
  await amy(`/organise/screening/${pitch}`, "Propose to put it out", {}, ["out_reason"]);
  await amy(`/organise/screening/${pitch}/reopening`, "Propose to reopen it", { "until.day": "1", "until.month": "13", "until.year": "2099", until_time: "soon" }, ["until.day", "until_time", "reason"]);
  await amy("/organise/panel/final", "Ask them onto the panel", { name: "", email: "judge", cap: "few" }, ["name", "email", "cap"]);

  await play.reach("screened");
  await play.assigned();
  await forms.wrongly("judge", `/judging/final/${pitch}`, "Hand in", { "marks.merit": "123", comment_to_panel: "Ask about the costs." }, ["marks.merit"]);
  await play.seals("judge", "pitch", "80");
  await play.seals("aside", "other", "70");
  await play.seals("second", "pitch", "80");
  await play.reach("locked");
  await play.reach("declared");
  await amy("/organise/announcement", "Set this moment", { "date.day": "30", "date.month": "2", "date.year": "2099", time: "evening", zone: "Nowhere/Land" }, ["date.day", "time", "zone"]);
  await amy("/organise/letters/result", "Keep this wording", { subject: "", text: "You have won." }, ["subject"]);

  await play.reach("announced");
  const own = `/organise/awards/${play.ids.award}`;
  await forms.wrongly("entrant", `/awards/${play.ids.award}/payee`, "Name this account", { name: "Marsh Trading", sort_code: "", account: "" }, ["sort_code", "account"]);
  await forms.wrongly("entrant", `/awards/${play.ids.award}/payee`, "Name this account", { name: "Marsh Trading", sort_code: "12-34-56", account: "one" }, ["account"]);
  await forms.payment(own);
  await forms.wrongly("supporter", "/pledge", "Pledge it", { what: "", amount: "much" }, ["what", "amount"]);
  await play.does("amy", `awards/support/${play.ids.support}/acceptance`);
  await amy(`/organise/support/${play.ids.support}`, "Note the delivery", { amount: "a lot", evidence: "Notes." }, ["amount"]);
  await amy(`/organise/support/${play.ids.support}`, "Note the day", { planned: "x", "date.day": "1", "date.month": "1", "date.year": "x", time: "9" }, ["planned", "date.day", "time"]);
  forms.over();
}

export const journeys = {
  "a form that is refused leads to what is wrong, and keeps what was typed": everyPhase,
};
