// Tables that are compared cell by cell with what is written:
//
//     /programmes/{programme}/judging GET       a row
//         judge aside             ....YYYYYYY   these roles, a sign a phase
//         others                  .             all that are not named
//         > /home                               where > leads

import { existsSync, readFileSync, writeFileSync } from "node:fs";

export class Table {
  constructor(roles) {
    this.roles = roles;
    this.rows = new Map();
  }

  // The next sign of a role in a row.
  add(row, role, sign, to) {
    if (!this.rows.has(row)) this.rows.set(row, { signs: new Map(), to: new Set() });
    const { signs, to: leads } = this.rows.get(row);
    signs.set(role, (signs.get(role) ?? "") + sign);
    if (to) leads.add(to);
  }

  // As it is written: rows that say the same stand above each other, and the
  // signs that most roles have belong to `others`.
  toString() {
    const said = [...this.rows].map(([row, { signs, to }]) => [row, `${this.lines(signs)}${leads(to)}`]);
    const lines = said.map(([row, says], at) => (said[at + 1]?.[1] === says ? `${row}\n` : `${row}\n${says}\n`));
    return lines.join("");
  }

  lines(signs) {
    const groups = grouped(this.roles, signs);
    const [others] = [...groups].sort((one, other) => other[1].length - one[1].length)[0];
    const named = [...groups].filter(([written]) => written !== others).map(([written, roles]) => [written, roles.join(" ")]);
    return [...named, [others, "others"]].map(([written, roles]) => `    ${roles.padEnd(48)} ${short(written)}\n`).join("");
  }
}

function grouped(roles, signs) {
  const groups = new Map();
  for (const role of roles) groups.set(signs.get(role), [...(groups.get(signs.get(role)) ?? []), role]);
  return groups;
}

const short = (signs) => (new Set(signs).size === 1 ? signs[0] : signs);
const leads = (to) => [...to].sort().map((path) => `    > ${path}\n`).join("");

// `[heading, text]` of each part of a file; headings begin with `== `.
function written(file) {
  if (!existsSync(file)) return new Map();
  const parts = readFileSync(file, "utf8").split(/^== (.*)\n/m);
  return new Map(parts.slice(1).flatMap((_, at, all) => (at % 2 ? [] : [[all[at], all[at + 1].trim()]])));
}

// What differs in a part from what is written; or writes it.
export function differences(file, heading, table) {
  const parts = written(file);
  if (process.env.PLAUDIT_WRITE_TABLE) {
    const preface = readFileSync(file, "utf8").split(/^== /m)[0];
    parts.set(heading, String(table).trim());
    const body = [...parts].map(([name, text]) => `== ${name}\n${text}\n`).join("\n");
    writeFileSync(file, `${preface}${body}`);
    return [];
  }
  const [expected, found] = [rows(parts.get(heading) ?? ""), rows(String(table))];
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names].flatMap((row) => {
    if (!expected.has(row)) return [`no row for ${row} in ${heading}; it would be:\n${found.get(row)}`];
    if (!found.has(row)) return [`a row for ${row} in ${heading}, but there is no such thing`];
    if (expected.get(row) === found.get(row)) return [];
    return [`${row}\nis\n${found.get(row)}\ninstead of\n${expected.get(row)}`];
  });
}

// What is said of each row; blank lines and comments say nothing.
function rows(text) {
  const found = new Map();
  let named = [];
  let says = "";
  for (const line of text.split("\n").filter((line) => line.trim() && !line.startsWith("#"))) {
    if (line.startsWith(" ")) {
      says += `${line}\n`;
      for (const row of named) found.set(row, says);
      continue;
    }
    if (says) [named, says] = [[], ""];
    named.push(line);
    found.set(line, "");
  }
  return found;
}
