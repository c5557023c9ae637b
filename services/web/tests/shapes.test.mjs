// Whatever the pages read from the API is there, under the name by which they
// read it. serde makes nothing of a field that is not: nobody would notice.
//
// node --test services/web/tests/

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Answers } from "./shapes/answers.mjs";
import { Comparing } from "./shapes/comparing.mjs";
import { files, shapes, sources } from "./shapes/rust.mjs";

const SOURCES = fileURLToPath(new URL("../src", import.meta.url));
const GOLDEN = fileURLToPath(new URL("../../../tests/golden", import.meta.url));

// What is read for itself; what lies in it follows from its fields.
const READ = {
  "account::home::Listing": "submissions ProgrammeItem",
  "account::home::Place": "accounts Place",
  "account::Challenge": "accounts Challenge",
  "account::Me": "accounts MyAccount",
  "account::SignedIn": "accounts SignedIn",
  "account::own::Session": "accounts MySession",
  "account::passkeys::Passkey": "accounts Passkey",
  "account::provider::Departure": "accounts Departure",
  "account::second_key::Confirmed": "accounts Confirmed",
  "account::sign_in::Ways": "accounts WaysIn",
  "account::tokens::NewToken": "accounts NewToken",
  "account::tokens::Token": "accounts Token",
  "api::Done": ["submissions Accepted", "panels Accepted", "scoring Accepted", "awards Accepted"],
  "api::Listed": ["submissions Listed_PitchShown", "awards Listed_AwardView", "notify Listed_Logged", "panels Listed_SeatShown"],
  "api::payout::Payout": "awards PayoutView",
  "api::programme::Member": "accounts Listing",
  "api::programme::Pitch": "submissions PitchShown",
  "api::programme::Programme": "submissions ProgrammeShown",
  "awarding::award::list::Placed": "awards PlaceView",
  "awarding::certificate::Log": "audit LogView",
  "awarding::letters::Letter": "notify Logged",
  "awarding::letters::Preview": "notify Preview",
  "awarding::support::Support": "awards SupportView",
  "awarding::trail::page::Log": "audit LogView",
  "entrant::award::Award": "awards AwardView",
  "entrant::begin::Begun": "submissions DraftSaved",
  "entrant::draft::Draft": "submissions DraftShown",
  "entrant::attachments::Files": "submissions AttachmentsShown",
  "entrant::feedback::Cards": "scoring ScorecardsOfPitch",
  "entrant::saving::Done": "submissions DraftSaved",
  "entrant::support::Support": "awards SupportView",
  "entrant::team::Code": "submissions Code",
  "entrant::team::Invitation": "submissions InvitationShown",
  "entrant::team::Joined": "submissions Joined",
  "failure::Problem": ["submissions Problem", "panels Problem", "scoring Problem", "awards Problem", "accounts Problem", "notify Problem", "audit Problem"],
  "judging::seen::Begun": "scoring DraftBegun",
  "judging::seen::Draft": "scoring ScorecardDraft",
  "judging::seen::Panel": "panels PanelShown",
  "judging::seen::Reading": "submissions PitchShown",
  "judging::seen::RoundStands": "scoring RoundShown",
  "judging::seen::Saved": "scoring ScorecardDraftSaved",
  "judging::seen::Scorecard": "scoring ScorecardShown",
  "judging::seen::OfPitch": "scoring ScorecardsOfPitch",
  "organise::comments::Card": "scoring ScorecardShown",
  "organise::known::Invited": "accounts Invited",
  "organise::late::Late": "submissions LateShown",
  "organise::new::Everything": "accounts Everything",
  "organise::seen::Award": "awards AwardView",
  "organise::seen::Matrix": "panels MatrixShown",
  "organise::seen::Panel": "panels PanelShown",
  "organise::seen::Place": "awards PlaceView",
  "organise::seen::Round": "scoring RoundShown",
  "organise::seen::Seat": "panels SeatShown",
  "organise::setup::draft::Shown": "submissions RulebookDraftShown",
  "public::Award": "awards AwardView",
  "public::Named": "submissions Named",
  "public::letters::Choices": "notify Choices",
  "results::names::Entry": ["submissions PitchShown", "submissions Named"],
  "results::shapes::Announcement": "awards AnnouncementView",
  "results::shapes::Award": "awards AwardView",
  "results::shapes::Otherwise": "scoring OtherRanking",
  "results::shapes::Place": "scoring PlaceShown",
  "results::shapes::Robustness": "scoring RobustnessShown",
  "results::shapes::RoundState": "scoring RoundShown",
  "results::shapes::Sheets": "scoring ScorecardsOfPitch",
};

// What is no answer that the API describes, by what it is instead.
const under = (area, names) => names.split(" ").map((name) => `${area}::${name}`);
const NOT_READ = {
  "queries and forms of the pages' own": [
    ...under("account", "Next provider::Back sign_in::Brought"),
    ...under("entrant", "begin::Along pitch::Made team::Sent uploading::Part"),
    ...under("organise", "comments::Asked panel::Asked pitches::Asked"),
  ],
  "a line of the log, which has a format of its own": ["awarding::trail::entries::Event"],
  "the derivation, which the tally specifies": under(
    "results::shapes",
    "Derivation Rules PitchDerivation Standing Ranked Unranked Applied TieBreak Compared CriterionDerivation CountedMark Steps",
  ),
  "the pages' own plan, which the API keeps as a text": [
    "organise::setup::Step",
    ...under("organise::setup::plan", "Plan PrizePlan GatePlan QuestionPlan CriterionPlan Tie RoundPlan"),
  ],
};

// What the API could say by its description, and never does.
const NEVER_SAID = {
  "judging::seen::CardStatus: scoring Standing also says unknown": "nobody is shown a scorecard before its first event",
};

const modules = sources(SOURCES);
const found = shapes(modules);
const answers = new Answers(GOLDEN);

function compared() {
  const comparing = new Comparing(modules, found, answers);
  for (const [name, of] of Object.entries(READ)) for (const one of [of].flat()) comparing.shape(name, answers.named(one));
  return comparing;
}

test("every field that the pages read is in what the API answers", () => {
  assert.deepEqual([...compared().faults].filter((fault) => !(fault in NEVER_SAID)), []);
});

test("every shape is compared with an answer, or is said to be none", () => {
  const { seen } = compared();
  const said = [...seen.keys(), ...Object.values(NOT_READ).flat()];
  assert.deepEqual(said.sort(), [...found.keys()].sort());
});

test("every column of every file is in what the API lists", () => {
  const wanted = { Amount: "object", Quarters: "integer", Member: "string", Title: "string", Team: "string" };
  const property = (of, name) => of && answers.property(of, name);
  const lost = files(modules.get("awarding::files::kinds")).flatMap(({ list, columns }) => {
    const entry = answers.entry(list);
    return columns.flatMap(([how, pointer, each]) => {
      const there = pointer.split("/").slice(1).reduce(property, entry);
      const cell = there && each ? answers.property(answers.items(there), each) : there;
      if (!cell) return [`${list} has no ${pointer} ${each ?? ""}`];
      return !wanted[how] || cell.schema.type === wanted[how] ? [] : [`${list}: ${pointer} is no ${wanted[how]}`];
    });
  });
  assert.deepEqual(lost, []);
});
