// Who may never see what, by a rulebook; whatever any table says.

import { PHASES } from "./play.mjs";

const after = (phase, other) => PHASES.indexOf(phase) >= PHASES.indexOf(other);

// What is of the pitch, and what of the other.
const OF = {
  pitch: ["title", "team", "file", "answers", "question", "answer", "total"],
  other: ["other_title", "other_team", "other_answers", "other_total"],
};
// Whose a mark or a comment is; the second judge is none of those who look.
const AUTHORS = {
  mark: "judge",
  comment_to_panel: "judge",
  comment_to_entrant: "judge",
  second_mark: "second",
  second_comment_to_panel: "second",
  second_comment_to_entrant: "second",
  other_mark: "aside",
  other_comment_to_entrant: "aside",
};
for (const name of Object.keys(AUTHORS)) OF[name.startsWith("other") ? "other" : "pitch"].push(name);
const MARKS = Object.keys(AUTHORS).filter((name) => name.endsWith("mark"));

// What says whose a pitch is; its title does not, once it is to be marked.
const WHOSE = ["team", "author", "file", "other_team", "other_author"];
const JUDGES = { judge: "title", aside: "other_title" };

// What is for these alone, whenever. Who runs the programme knows who is in it.
const RUN = ["amy", "conflicted", "approver"];
const PAYMENT = ["entrant", "amy", "approver"];
const FOR = {
  author: ["entrant", ...RUN],
  other_author: ["rival", ...RUN],
  draft: ["entrant"],
  interests: ["judge", "amy", "conflicted"],
  nature_of_the_conflict: ["conflicted"],
  nature_of_the_aside: ["aside", "amy"],
  payees_name: PAYMENT,
  account: PAYMENT,
  agreement: PAYMENT,
  reference: PAYMENT,
};

export class Secrecy {
  constructor({ marks, rounds: [round] }) {
    Object.assign(this, { marksArePublic: marks === "public", onStage: round.kind === "den", anonymous: round.anonymous });
  }

  // From the announcement: who has won, and with what; the others' totals are
  // part of the result, without a name unless they stood on a stage.
  isPublic(phase, name) {
    if (!after(phase, "announced")) return false;
    if (this.onStage && ["other_title", "other_team"].includes(name)) return true;
    return ["title", "team", "total", "other_total"].includes(name) || (this.marksArePublic && MARKS.includes(name));
  }

  // Why somebody may not see what is not public; nothing, if they may.
  forbids(phase, name, role) {
    return this.toThem(phase, name, role) ?? this.toJudges(phase, name, role) ?? this.notYet(phase, name, role);
  }

  toThem(phase, name, role) {
    const declares = role === "aside" && phase === "screened" && ["title", "team"].includes(name);
    if (role === "stranger") return "a stranger sees what everybody sees";
    if (FOR[name] && !FOR[name].includes(role)) return "it is for others";
    if (["aside", "conflicted"].includes(role) && OF.pitch.includes(name) && !declares) return "it is behind a wall";
    if (role === "entrant" && OF.other.includes(name)) return "it is of another's pitch";
    if (role === "rival" && OF.pitch.includes(name)) return "it is of another's pitch";
    if (["entrant", "rival", "auditor"].includes(role) && name.endsWith("comment_to_panel")) return "it is for the panel";
    const passesOn = ["entrant", "rival", "amy", "conflicted"].includes(role);
    if (name.endsWith("comment_to_entrant") && AUTHORS[name] !== role && !passesOn) return "it is for the entrant";
    return null;
  }

  toJudges(phase, name, role) {
    if (!(role in JUDGES)) return null;
    if (!this.marksArePublic && MARKS.includes(name) && AUTHORS[name] !== role) return "marks are each entrant's own";
    if (!this.anonymous) return null;
    if (WHOSE.includes(name)) return "the round is anonymous";
    const marks = JUDGES[role] === name && after(phase, "judging");
    return name.endsWith("title") && !marks ? "the round is anonymous" : null;
  }

  notYet(phase, name, role) {
    if (!(name in AUTHORS) && !name.endsWith("total")) return null;
    if (AUTHORS[name] !== role && !after(phase, "declared")) return "the marks are not open";
    if (["entrant", "rival"].includes(role) && !after(phase, "announced")) return "nothing is announced";
    return null;
  }
}
