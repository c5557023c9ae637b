// What each finds on all pages together, and what nobody may.

import { PHASES, TEXTS } from "./play.mjs";
import { Table } from "./table.mjs";

const after = (phase, other) => PHASES.indexOf(phase) >= PHASES.indexOf(other);
const OF_THE_PITCH = ["title", "team", "answers", "question", "answer", "total"];
const OF_THE_OTHER = ["other_title", "other_team", "other_answers", "other_total"];
// Whose a mark or a comment is.
const AUTHORS = {
  mark: "judge",
  comment_to_panel: "judge",
  comment_to_entrant: "judge",
  second_mark: null,
  second_comment_to_panel: null,
  second_comment_to_entrant: null,
  other_mark: "aside",
  other_comment_to_entrant: "aside",
};
const WALLED = ["title", "team", "answers", "question", "answer", "total"].concat(
  Object.keys(AUTHORS).filter((text) => !text.startsWith("other")),
);

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
        const winner = after(phase, "announced") && ["title", "team"].includes(name);
        if (pages && !winner) breaches.push(`${phase}: everybody sees ${name} on ${pages.join(", ")}`);
      }
    return breaches;
  }
}

// Why somebody may not see what is not public.
function forbidden(phase, name, role) {
  const declares = role === "aside" && phase === "screened" && ["title", "team"].includes(name);
  if (["aside", "conflicted"].includes(role) && WALLED.includes(name) && !declares) return "it is behind a wall";
  if (role === "entrant" && OF_THE_OTHER.includes(name)) return "it is another's pitch";
  if (role === "rival" && OF_THE_PITCH.includes(name)) return "it is another's pitch";
  if (["entrant", "rival"].includes(role) && name.endsWith("comment_to_panel")) return "it is for the panel alone";
  if (role === "stranger") return "a stranger sees what everybody sees";
  if (name in AUTHORS && AUTHORS[name] !== role && !after(phase, "declared")) return "the marks are not open";
  if (name.endsWith("total") && !after(phase, "declared")) return "the marks are not open";
  if (["entrant", "rival"].includes(role) && (name in AUTHORS || name.endsWith("total")) && !after(phase, "announced"))
    return "the winners are not announced";
  if (name.startsWith("nature_of") && !["amy", role === name.slice(10) && role].includes(role) && !own(name, role))
    return "it is for the organisers";
  return null;
}

const own = (name, role) => (name.endsWith("aside") && role === "aside") || (name.endsWith("conflict") && role === "conflicted");

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
