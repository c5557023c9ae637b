// Programmes made through the public API, for tests that begin in the middle:
// at an open call, or at a score sheet. Everybody is signed in as they would
// be by a code; only the pages are left out.

import { randomUUID } from "node:crypto";
import { Person } from "./people.mjs";

export const ROUND = "final";
export const CRITERIA = ["innovation", "plan", "people"];
const PATIENCE = 30_000;

const PROSE = `# The Den

Two thousand pounds and three days of business support for one young co-operative that builds technology.

co-operative: Is it, or will it be, a co-operative that its users or workers own?

pitch: Your pitch

money: What would you do with the prize?

innovation: How new it is

plan: How sound the plan is

people: Who they are`;

function rulebook(deadline, differences) {
  const round = {
    id: ROUND, kind: "den", end: "marks_only", judges_per_pitch: 0, anonymous: false, quorum: 1, independent_judge_needed: false,
    tally: {
      scale: { min: "0", max: "10", step: "1" }, criteria: CRITERIA.map((id, at) => ({ id, weight: at === 0 ? "2" : "1" })),
      aggregation: "mean", trim: 0, normalisation: "none", round_criterion: null, round_weighted: null, ties: [], least_marks: 1,
    },
  };
  const amount = { minor: 200_000, currency: "GBP" };
  const form = [["pitch", 2_500], ["money", 800]].map(([id, most]) => ({ id, required: true, most_characters: most }));
  return {
    call: "invited", deadline: new Date(deadline).toISOString(), grace_seconds: 0, time_zone: "Europe/London", languages: ["en-GB"],
    gate: [{ id: "co-operative" }], form, rounds: [round], prizes: [{ id: "first-prize", rank: 1, amount, support: true }], pot: amount,
    marks: "own_entrant", days_to_accept: 14, may_give_no_award: false, days_kept: 365, ...differences,
  };
}

export const entry = (title) => ({
  title, team_name: `${title} Co-op`, gate: { "co-operative": true }, accept_rules: true,
  answers: { pitch: `${title} belongs to those who work in it.`, money: "A van for a year." },
});

/** One house, one browser, and whoever comes. */
export class Stage {
  constructor(house, browser) {
    Object.assign(this, { house, browser, positions: new Map() });
  }

  // Somebody who is signed in, with a browser of their own.
  async person(name, options) {
    const email = `${name.toLowerCase().replaceAll(" ", ".")}@people.example`;
    const person = await Person.of(this.browser, this.house, email, name, options);
    person.told = this.positions;
    await this.admit(person);
    return person;
  }

  // Signs them in, here and in their browser.
  async admit(person) {
    const since = Date.now() - 1000;
    const { challenge } = await this.ask(null, "POST", "accounts/sign-in", { email: person.email });
    const code = await this.house.code(person.email, since);
    person.token = (await this.ask(null, "POST", `accounts/sign-in/${challenge}`, { code })).session_token;
    await this.ask(person, "PUT", "accounts/me", { name: person.name });
    await person.enters(person.token);
  }

  // Ends their session from elsewhere, as somebody does who signs a lost phone out.
  async endSession(person) {
    const { items } = await this.ask(person, "GET", "accounts/me/sessions");
    await this.ask(person, "DELETE", `accounts/me/sessions/${items.find((session) => session.current).id}`);
  }

  // Asks the API, again while it is not ready; every answer has read what was written before.
  async ask(person, method, path, body, seen) {
    const headers = { accept: "application/json" };
    if (seen !== undefined) headers["if-match"] = `"${seen}"`;
    if (person) headers.authorization = `Bearer ${person.token}`;
    if (this.positions.size) headers["plaudit-position"] = [...this.positions].map(([service, at]) => `${service}/${at}`).join(", ");
    if (method !== "GET") Object.assign(headers, { "idempotency-key": randomUUID(), "content-type": "application/json" });
    const until = Date.now() + PATIENCE;
    for (;;) {
      const answer = await fetch(`${this.house.url}/api/${path}`, { method, headers, body: method === "GET" ? undefined : JSON.stringify(body ?? {}) });
      this.note(answer.headers.get("plaudit-position"));
      const text = await answer.text();
      if (answer.ok) return text ? JSON.parse(text) : null;
      if (![429, 502, 503].includes(answer.status) || Date.now() > until) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      await new Promise((done) => setTimeout(done, 200));
    }
  }

  note(position) {
    for (const place of (position ?? "").split(",").filter(Boolean)) {
      const [service, at] = place.trim().split("/");
      this.positions.set(service, Math.max(this.positions.get(service) ?? 0, Number(at)));
    }
  }

  // An open call, run by two; who may enter is invited. `differences` are the rulebook's from the usual one.
  async call(entrants, deadline = Date.now() + 86_400_000, differences = {}) {
    this.rhiannon ??= await this.person("Rhiannon Pugh");
    this.kofi ??= await this.person("Kofi Asante");
    const { id } = await this.ask(this.rhiannon, "POST", "submissions/programmes", { title: "The Den" });
    const programme = new Programme(this, id);
    await programme.of(this.rhiannon, "roles", { member: await programme.invite(this.kofi), role: "organiser" });
    await this.ask(this.rhiannon, "PUT", `submissions/programmes/${id}/rulebook`, { rulebook: rulebook(deadline, differences), prose: PROSE });
    await programme.byTwo("call/opening");
    for (const entrant of entrants) await programme.of(this.rhiannon, "call/invitees", { member: await programme.invite(entrant) });
    return programme;
  }
}

class Programme {
  constructor(stage, id) {
    Object.assign(this, { stage, id });
  }

  path(rest = "") {
    return `/programmes/${this.id}${rest}`;
  }

  of(person, rest, body) {
    return this.stage.ask(person, "POST", `submissions/programmes/${this.id}/${rest}`, body);
  }

  async byTwo(rest) {
    await this.of(this.stage.rhiannon, rest);
    await this.of(this.stage.kofi, `${rest}/confirmation`);
  }

  async invite({ email, name }) {
    const invited = await this.stage.ask(this.stage.rhiannon, "POST", `accounts/programmes/${this.id}/invitations`, { email, name });
    return invited.member;
  }

  // Begins a draft, and answers where its pages are.
  async draft(person) {
    const { id } = await this.of(person, "drafts");
    return this.path(`/drafts/${id}`);
  }

  saved(person, draft) {
    return this.stage.ask(person, "GET", `submissions${draft}`);
  }

  save(person, draft, content, seen) {
    return this.stage.ask(person, "PUT", `submissions${draft}`, { enter_at_deadline: true, ...content }, seen);
  }

  submit(person, title) {
    return this.of(person, "pitches", entry(title));
  }

  // From the last pitch to the first score sheet.
  async judging(judge, pitches) {
    const { rhiannon } = this.stage;
    const panel = (who, rest, body) => this.stage.ask(who, "POST", `panels/programmes/${this.id}/rounds/${ROUND}/panel${rest}`, body);
    await this.byTwo("call/closing");
    for (const pitch of pitches) await this.of(rhiannon, `pitches/${pitch}/screening`, { outcome: "eligible" });
    await this.of(rhiannon, "screening/completion");
    await panel(rhiannon, "");
    await panel(rhiannon, "/judges", { member: await this.invite(judge), office: "chair", independent: false });
    await panel(judge, "/acceptance", { confidentiality: true });
    await panel(judge, "/declaration", { connections: [], none_for_the_rest: true });
    await panel(rhiannon, "/assignments");
    await panel(rhiannon, "/readiness");
    await this.stage.ask(rhiannon, "POST", `scoring/programmes/${this.id}/rounds/${ROUND}/opening`);
  }

  sheet(pitch) {
    return this.path(`/judging/${ROUND}/${pitch}`);
  }

  // What the server has of a score sheet that is being written.
  written(judge, pitch) {
    return this.stage.ask(judge, "GET", `scoring/programmes/${this.id}/rounds/${ROUND}/scorecards/${pitch}/draft`);
  }
}
