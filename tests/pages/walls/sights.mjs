// What each finds on all pages together, and what nobody may.

import { PHASES, TEXTS } from "./play.mjs";
import { Table } from "./table.mjs";

const after = (phase, other) => PHASES.indexOf(phase) >= PHASES.indexOf(other);

// What is of the pitch, and what of the other.
const OF = {
  pitch: ["title", "team", "answers", "question", "answer", "total"],
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

// From the announcement: who has won, and with what; the others' totals are
// part of the result, without a name.
const PUBLIC = ["title", "team", "total", "other_total"];
// What is for these alone, whenever.
const PAYMENT = ["entrant", "amy", "approver"];
const FOR = {
  draft: ["entrant"],
  interests: ["judge", "amy", "conflicted"],
  nature_of_the_conflict: ["conflicted"],
  nature_of_the_aside: ["aside", "amy"],
  payees_name: PAYMENT,
  account: PAYMENT,
  agreement: PAYMENT,
  reference: PAYMENT,
};

export class Sights {
  constructor(roles) {
    this.roles = roles;
    // Where a role found a text, by phase: `phase text role` to pages.
    this.found = new Map();
  }

  look(phase, role, page, text) {
    const plain = words(text);
    for (const [name, sought] of Object.entries(TEXTS)) {
      if (!(isNumber(sought) ? has(plain, sought) : text.includes(sought) || plain.includes(sought))) continue;
      const key = `${phase} ${name} ${role}`;
      this.found.set(key, [...(this.found.get(key) ?? []), page]);
    }
  }

  sees(phase, name, role) {
    return this.found.get(`${phase} ${name} ${role}`);
  }

  isSeen(name) {
    return PHASES.some((phase) => this.roles.some((role) => this.sees(phase, name, role)));
  }

  table() {
    const table = new Table(this.roles);
    for (const name of Object.keys(TEXTS))
      for (const phase of PHASES)
        for (const role of this.roles) table.add(name, role, this.sees(phase, name, role) ? "Y" : ".");
    return table;
  }

  // Whatever the table says.
  breaches() {
    const breaches = [];
    for (const phase of PHASES)
      for (const name of Object.keys(TEXTS))
        for (const role of this.roles) {
          const pages = this.sees(phase, name, role);
          const why = pages && !this.sees(phase, name, "nobody") && forbidden(phase, name, role);
          if (why) breaches.push(`${phase}: ${role} sees ${name} on ${pages.join(", ")}: ${why}`);
        }
    for (const phase of PHASES)
      for (const name of Object.keys(TEXTS)) {
        const pages = this.sees(phase, name, "nobody");
        const open = after(phase, "announced") && PUBLIC.includes(name);
        if (pages && !open) breaches.push(`${phase}: everybody sees ${name} on ${pages.join(", ")}`);
      }
    return breaches;
  }
}

// Why somebody may not see what is not public.
function forbidden(phase, name, role) {
  const declares = role === "aside" && phase === "screened" && ["title", "team"].includes(name);
  const result = name in AUTHORS || name.endsWith("total");
  if (role === "stranger") return "a stranger sees what everybody sees";
  if (FOR[name] && !FOR[name].includes(role)) return "it is for others";
  if (["aside", "conflicted"].includes(role) && OF.pitch.includes(name) && !declares) return "it is behind a wall";
  if (role === "entrant" && OF.other.includes(name)) return "it is of another's pitch";
  if (role === "rival" && OF.pitch.includes(name)) return "it is of another's pitch";
  if (["entrant", "rival", "auditor"].includes(role) && name.endsWith("comment_to_panel")) return "it is for the panel";
  const passesOn = ["entrant", "rival", "amy", "conflicted"].includes(role);
  if (name.endsWith("comment_to_entrant") && AUTHORS[name] !== role && !passesOn) return "it is for the entrant";
  if (result && AUTHORS[name] !== role && !after(phase, "declared")) return "the marks are not open";
  if (result && ["entrant", "rival"].includes(role) && !after(phase, "announced")) return "nothing is announced";
  return null;
}

const isNumber = (sought) => /^[\d.]+$/.test(sought) && sought.includes(".");

// A number that stands by itself: a place in a chart is none.
function has(plain, number) {
  const [whole, part] = number.split(".");
  return new RegExp(`(?<![\\d.])${whole}\\.${part}0*(?!\\d)`).test(plain);
}

// What a person reads, names of things among it.
function words(text) {
  const named = [...text.matchAll(/\s(?:aria-label|title|alt|value|content)="([^"]*)"/g)].map(([, value]) => value);
  const shown = text.replace(/<[^>]*>/g, " ");
  return `${shown} ${named.join(" ")}`.replace(/&#39;|&#x27;/g, "'").replace(/&amp;/g, "&");
}
