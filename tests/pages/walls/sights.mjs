// What each finds on all pages together, and what nobody may.

import { TEXTS } from "./play.mjs";
import { Table } from "./table.mjs";

// Whoever runs a programme reads on its trail who did something, as long as it
// is among the newest entries: in no table, where only order would change it.
const SCROLLS = ["author", "other_author"];

export class Sights {
  // Of texts by their names, in phases, by a `Secrecy`.
  constructor(roles, phases, secrecy, names = Object.keys(TEXTS)) {
    Object.assign(this, { roles, phases, secrecy, names });
    // Where a role found a text, by phase: `phase text role` to pages.
    this.found = new Map();
  }

  // The name of a file is in no page, but beside it.
  look(phase, role, page, { headers, text: body }) {
    const text = `${headers.get("content-disposition") ?? ""} ${body}`;
    const plain = words(text);
    for (const name of this.names) {
      const sought = TEXTS[name];
      if (!(isNumber(sought) ? has(plain, sought) : text.includes(sought) || plain.includes(sought))) continue;
      const key = `${phase} ${name} ${role}`;
      this.found.set(key, [...(this.found.get(key) ?? []), page]);
    }
  }

  sees(phase, name, role) {
    return this.found.get(`${phase} ${name} ${role}`);
  }

  // What nobody found anywhere.
  unseen() {
    const isSeen = (name) => this.phases.some((phase) => this.roles.some((role) => this.sees(phase, name, role)));
    return this.names.filter((name) => !isSeen(name));
  }

  table() {
    const table = new Table(this.roles);
    for (const name of this.names.filter((name) => !SCROLLS.includes(name)))
      for (const phase of this.phases)
        for (const role of this.roles) table.add(name, role, this.sees(phase, name, role) ? "Y" : ".");
    return table;
  }

  // Whatever the table says.
  breaches() {
    return this.phases.flatMap((phase) => this.names.flatMap((name) => this.breachesOf(phase, name)));
  }

  breachesOf(phase, name) {
    const open = this.sees(phase, name, "nobody");
    if (open) return this.secrecy.isPublic(phase, name) ? [] : [`${phase}: everybody sees ${name} on ${open.join(", ")}`];
    return this.roles.flatMap((role) => {
      const pages = this.sees(phase, name, role);
      const why = pages && this.secrecy.forbids(phase, name, role);
      return why ? [`${phase}: ${role} sees ${name} on ${pages.join(", ")}: ${why}`] : [];
    });
  }
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
