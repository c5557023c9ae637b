// One programme, played from its draft to its end by the API, with texts in it
// that can be found again.

import { Client, Person } from "./client.mjs";

export const PHASES = [
  "drafted",
  "published",
  "open",
  "closed",
  "screened",
  "judging",
  "locked",
  "declared",
  "announced",
  "requested",
  "concluded",
];

// Whom the table speaks of, but nobody.
export const PEOPLE = {
  // With a session, and no part in anything.
  stranger: "Petra Aubrey",
  // Whose pitch it is, and whose the other is.
  entrant: "Imogen Thackeray",
  rival: "Lorcan Whitlock",
  // Marks the pitch.
  judge: "Anselm Corrigan",
  // Stands aside from the pitch, and marks the other.
  aside: "Beatrix Holloway",
  // Proposes everything.
  amy: "Amy Lindqvist",
  // An organiser with a conflict with the pitch, since the call opened.
  conflicted: "Cedric Farnham",
  approver: "Dorothea Pym",
  auditor: "Edmund Grieve",
};
// Who are needed besides.
const OTHERS = { ben: "Ben Okafor", second: "Saskia Drummond", third: "Theo Marchetti", supporter: "Una Pemberton" };

// What can be found again: each in one place of the play.
export const TEXTS = {
  title: "Tidewatch for small harbours",
  team: "Saltmarsh Makers",
  answers: "A gauge on every quay, read each minute.",
  author: PEOPLE.entrant,
  file: "Quayside-survey.txt",
  question: "Who will own the gauges?",
  answer: "Those who moor there, in equal shares.",
  draft: "Something with kelp, one day.",
  other_title: "Bread by bicycle",
  other_team: "Crumb and Spoke",
  other_answers: "Loaves ride up to the hill villages.",
  other_author: PEOPLE.rival,
  nature_of_the_conflict: "My sister keeps their books.",
  interests: "I sit on the board of a ferry company.",
  nature_of_the_aside: "They owe me money.",
  // The judge's own marks and comments.
  mark: "83.17",
  comment_to_panel: "I doubt that salt spares the gauges.",
  comment_to_entrant: "Try one gauge through a winter.",
  // Another judge's on the same pitch.
  second_mark: "91.43",
  second_comment_to_panel: "Let us look at the costs together.",
  second_comment_to_entrant: "Bring the gauge along next time.",
  // The mean of the two.
  total: "87.3",
  // On the other pitch, of the judge who stands aside from this one.
  other_mark: "71.29",
  other_comment_to_entrant: "The hill is steeper than you say.",
  // With a third judge's 66.85.
  other_total: "69.07",
  payees_name: "Marsh Trading Limited",
  account: "73920184",
  agreement: "The money is spent on gauges.",
  reference: "GAUGE 1 OF 1",
  support: "Twelve hours in our workshop.",
};

const money = (minor) => ({ minor, currency: "GBP" });

// A desk round, and marks for each entrant alone: who did not win is never public.
export const DESK = {
  call: "invited",
  deadline: "2099-01-01T12:00:00Z",
  time_zone: "Europe/London",
  languages: ["en-GB"],
  gate: [{ id: "co-operative" }],
  form: [{ id: "pitch", required: true, most_characters: 2000 }],
  rounds: [
    {
      id: "final",
      kind: "desk",
      end: "marks_only",
      tally: {
        scale: { min: "0", max: "100", step: "0.01" },
        criteria: [{ id: "merit", weight: "1" }],
        aggregation: "mean",
        least_marks: 1,
      },
      judges_per_pitch: 2,
      anonymous: false,
      quorum: 4,
    },
  ],
  prizes: [{ id: "first", rank: 1, amount: money(200_000) }],
  pot: money(200_000),
  marks: "own_entrant",
  days_to_accept: 14,
  days_kept: 365,
  most_attachments: 5,
};

const [round] = DESK.rounds;
// The same, but that judges read without knowing whose a pitch is.
export const ANONYMOUS = { ...DESK, rounds: [{ ...round, anonymous: true }] };
// One evening, at which every judge marks every pitch, and all marks are public.
export const DEN = { ...DESK, rounds: [{ ...round, kind: "den", judges_per_pitch: 0 }], marks: "public" };

const entry = (title, team_name, pitch) => ({
  title,
  team_name,
  gate: { "co-operative": true },
  answers: { pitch },
  accept_rules: true,
});

export class Play {
  // People of another mailbox are others, though they are called the same.
  constructor(house, rulebook = DESK, mailbox = "walls.example") {
    Object.assign(this, { house, rulebook, mailbox });
    this.client = new Client(house.url);
    this.people = {};
    const unknown = () => crypto.randomUUID();
    // Ids: of nothing, until it is there.
    this.ids = Object.fromEntries(
      ["programme", "pitch", "other", "draft", "attachment", "file", "award", "support"].map((thing) => [thing, unknown()]),
    );
    this.ids.position = "1";
    this.ids.nothing = unknown();
  }

  // Another programme of the same people.
  again() {
    const play = new Play(this.house, this.rulebook, this.mailbox);
    play.client = this.client;
    for (const [role, person] of Object.entries(this.people)) play.people[role] = Object.assign(Object.create(Person.prototype), person);
    return play;
  }

  async signIn() {
    const everybody = Object.entries({ ...PEOPLE, ...OTHERS });
    await Promise.all(
      everybody.map(async ([role, name]) => {
        this.people[role] = new Person(this.house, this.client, `${role}@${this.mailbox}`, name);
        await this.people[role].signIn();
      }),
    );
  }

  // Somebody does something in the programme, which must succeed.
  async does(role, path, body, { method = "POST", ...headers } = {}) {
    const [service, ...rest] = path.split("/");
    const whole = `${service}/programmes/${this.ids.programme}/${rest.join("/")}`;
    try {
      return await this.client.ask(method, whole, this.people[role].token, body, headers);
    } catch (error) {
      throw new Error(`${role}: ${error.message}`);
    }
  }

  async reads(role, path) {
    return this.does(role, path, undefined, { method: "GET" });
  }

  async reach(phase) {
    await this[phase]();
  }

  async drafted() {
    const drafted = await this.client.ask("POST", "submissions/programmes", this.people.amy.token, { title: "The harbour prize" });
    this.ids.programme = drafted.id;
    this.people.amy.member = (await this.reads("amy", "accounts/me")).member;
    for (const [role, kind] of [["ben", "organiser"], ["conflicted", "organiser"], ["approver", "approver"]]) {
      await this.invites(role);
      await this.does("amy", "submissions/roles", { member: this.people[role].member, role: kind });
    }
    await this.does("amy", "submissions/rulebook/draft", { content: "{}" }, { method: "PUT", "if-match": "0" });
  }

  // A place in the programme, which they take.
  async invites(role) {
    const person = this.people[role];
    person.member = (await this.does("amy", "accounts/invitations", { email: person.email })).member;
    await this.reads(role, "accounts/me");
  }

  async published() {
    await this.does("amy", "submissions/rulebook", { rulebook: this.rulebook, prose: "The rules in words." }, { method: "PUT" });
    for (const role of ["entrant", "rival", "judge", "aside", "second", "third", "auditor"]) await this.invites(role);
    await this.reads("supporter", "accounts/me");
    for (const role of ["entrant", "rival"])
      await this.does("amy", "submissions/call/invitees", { member: this.people[role].member });
    await this.aDraftThatStaysOne();
    await this.does("amy", "submissions/call/opening");
  }

  async aDraftThatStaysOne() {
    this.ids.draft = (await this.does("entrant", "submissions/drafts")).id;
    const content = { ...entry("Another idea", "A team", TEXTS.draft), enter_at_deadline: false };
    await this.does("entrant", `submissions/drafts/${this.ids.draft}`, content, { method: "PUT", "if-match": "1" });
    const files = `submissions/drafts/${this.ids.draft}/attachments`;
    this.ids.attachment = (await this.does("entrant", `${files}?name=Plan.txt`, {}, { method: "PUT" })).id;
  }

  async open() {
    await this.does("ben", "submissions/call/opening/confirmation");
    this.ids.pitch = (await this.does("entrant", "submissions/drafts")).id;
    const draft = `submissions/drafts/${this.ids.pitch}`;
    const pitch = entry(TEXTS.title, TEXTS.team, TEXTS.answers);
    await this.does("entrant", draft, pitch, { method: "PUT", "if-match": "1" });
    this.ids.file = (await this.does("entrant", `${draft}/attachments?name=${TEXTS.file}`, {}, { method: "PUT" })).id;
    const submitted = await this.does("entrant", `${draft}/submission`);
    this.ids.position = String(submitted.position);
    const other = entry(TEXTS.other_title, TEXTS.other_team, TEXTS.other_answers);
    this.ids.other = (await this.does("rival", "submissions/pitches", other)).id;
    await this.does("conflicted", "submissions/conflicts", { pitch: this.ids.pitch, nature: TEXTS.nature_of_the_conflict });
    await this.does("amy", "submissions/auditors", { member: this.people.auditor.member });
    await this.does("ben", "submissions/auditors/confirmation", { member: this.people.auditor.member });
    await this.does("amy", "submissions/call/closing");
  }

  async closed() {
    await this.does("ben", "submissions/call/closing/confirmation");
    await this.does("amy", `submissions/pitches/${this.ids.other}/query`, { question: "How far is the furthest village?" });
    const panel = "panels/rounds/final/panel";
    await this.does("amy", panel);
    for (const role of ["judge", "aside", "second", "third"]) {
      await this.does("amy", `${panel}/judges`, { member: this.people[role].member });
      await this.does(role, `${panel}/acceptance`, { confidentiality: true });
    }
  }

  async screened() {
    const of = (pitch) => `submissions/pitches/${this.ids[pitch]}`;
    await this.does("rival", `${of("other")}/answer`, { answer: "Nine miles, uphill." });
    await this.does("amy", `${of("pitch")}/query`, { question: TEXTS.question });
    await this.does("entrant", `${of("pitch")}/answer`, { answer: TEXTS.answer });
    await this.does("ben", `${of("pitch")}/screening`, { outcome: "eligible" });
    await this.does("amy", `${of("other")}/screening`, { outcome: "eligible" });
    await this.does("amy", "submissions/screening/completion");
  }

  // The pitch goes to the two judges without a connection, and so the other to
  // the two with one, to whom nothing else can go.
  async assigned() {
    const declaration = "panels/rounds/final/panel/declaration";
    const aside = (nature) => ({
      connections: [{ pitch: this.ids.pitch, connection: "stand_aside", nature }],
      none_for_the_rest: true,
    });
    await this.does("judge", declaration, { interests: TEXTS.interests, none_for_the_rest: true });
    await this.does("second", declaration, { none_for_the_rest: true });
    await this.does("aside", declaration, aside(TEXTS.nature_of_the_aside));
    await this.does("third", declaration, aside("They are my cousins."));
    await this.does("amy", "panels/rounds/final/panel/assignments");
    await this.does("amy", "panels/rounds/final/panel/readiness");
    await this.does("amy", "scoring/rounds/final/opening");
  }

  async seals(role, pitch, mark, comments = {}) {
    await this.does(role, `scoring/rounds/final/scorecards/${this.ids[pitch]}/seal`, { marks: { merit: mark }, ...comments });
  }

  async begun() {
    await this.assigned();
    await this.seals("judge", "pitch", TEXTS.mark, {
      comment_to_panel: TEXTS.comment_to_panel,
      comment_to_entrant: TEXTS.comment_to_entrant,
    });
    await this.seals("aside", "other", TEXTS.other_mark, { comment_to_entrant: TEXTS.other_comment_to_entrant });
  }

  // The second judge has sealed the pitch, and the third has not yet sealed
  // the other; whoever wants to know what that changes looks in between.
  async judging(looks = async () => {}) {
    await this.begun();
    await looks("before");
    await this.seals("second", "pitch", TEXTS.second_mark, {
      comment_to_panel: TEXTS.second_comment_to_panel,
      comment_to_entrant: TEXTS.second_comment_to_entrant,
    });
    await looks("after");
  }

  async locked() {
    await this.seals("third", "other", "66.85");
    // Where each marks each, these two change nothing about the mean.
    if (!this.rulebook.rounds[0].judges_per_pitch) {
      await this.seals("judge", "other", "68.57");
      await this.seals("second", "other", "69.57");
    }
    await this.does("amy", "scoring/rounds/final/lock");
    await this.does("amy", "scoring/rounds/final/unsealing");
  }

  async declared() {
    await this.does("ben", "scoring/rounds/final/unsealing/confirmation");
    await this.until("scoring/rounds/final/result");
    await this.until("awards/rounds/final/ranking");
    const award = await this.does("amy", "awards/awards", { round: "final", prize: "first", pitch: this.ids.pitch });
    this.ids.award = award.id;
  }

  // What follows by itself is there.
  async until(path) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.reads("ben", path);
      } catch (error) {
        if (tries > 150) throw error;
        await new Promise((done) => setTimeout(done, 200));
      }
    }
  }

  async announced() {
    const award = `awards/awards/${this.ids.award}`;
    await this.does("ben", `${award}/approval`);
    await this.does("amy", "awards/announcement");
    await this.does("entrant", `${award}/acceptance`);
    const pledge = { what: TEXTS.support, quarters: 12, unit: "hour", award: this.ids.award };
    this.ids.support = (await this.does("supporter", "awards/support", pledge)).id;
  }

  async requested() {
    const payout = `awards/awards/${this.ids.award}/payout`;
    const support = `awards/support/${this.ids.support}`;
    await this.does("entrant", `${payout}/payee`, { name: TEXTS.payees_name, account: TEXTS.account, sort_code: "00-00-00" });
    await this.does("ben", `${payout}/payee/check`);
    await this.does("amy", `${payout}/agreement`, { agreement: TEXTS.agreement });
    await this.does("amy", `${payout}/request`);
    await this.does("entrant", `${support}/acceptance`);
    await this.does("supporter", `${support}/deliveries`, { quarters: 4 });
  }

  async concluded() {
    const payout = `awards/awards/${this.ids.award}/payout`;
    await this.does("ben", `${payout}/authorisation`);
    await this.does("ben", `${payout}/sending`, { reference: TEXTS.reference });
    await this.does("entrant", `${payout}/confirmation`);
    await this.does("entrant", `awards/support/${this.ids.support}/deliveries/1/confirmation`);
    await this.does("ben", "submissions/conclusion");
  }
}
