// The shapes that the pages read, taken off their sources: enough of Rust to
// understand a struct or an enum that derives `Deserialize`.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// Every file's text by its module (`results::shapes`), without comments and tests.
export function sources(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".rs") && !/(^|\/)tests\b/.test(file));
  return new Map(
    files.map((file) => {
      const module = file.replace(/(^|\/)(mod|lib)\.rs$/, "").replace(/\.rs$/, "").split("/").join("::");
      const text = readFileSync(join(folder, file), "utf8").replace(/^\s*\/\/.*$/gm, "");
      return [module, text.replace(/#\[cfg\(test\)\]\s*(#\[allow[^\n]*\]\s*)?mod \w+ \{[\s\S]*$/, "")];
    }),
  );
}

// By their names (`results::shapes::Award`):
// `{ module, name, serde, fields: [{ name, type, serde }] }`, or `variants`
// with `holds`, which is nothing, a type, or fields.
export function shapes(modules) {
  const found = new Map();
  for (const [module, source] of modules)
    for (const match of source.matchAll(/((?:#\[[^\n]*\]\s*)+)(?:pub(?:\([^)]*\))?\s+)?(struct|enum) (\w+)/g)) {
      const [whole, attributes, kind, name] = match;
      if (!/derive\([^)]*\bDeserialize\b/.test(attributes)) continue;
      const opens = source.indexOf("{", match.index + whole.length);
      const inside = bracketed(source, opens).slice(1, -1);
      const shape = { module, name, kind, serde: serde(attributes) };
      if (kind === "struct") shape.fields = parts(inside).map(field);
      else shape.variants = parts(inside).map(variant);
      const full = [module, name].filter(Boolean).join("::");
      if (found.has(full)) throw new Error(`two shapes are called ${full}`);
      found.set(full, shape);
    }
  return found;
}

// Which shape a file means by a type's last word; none, if it is another type.
export function meant(found, modules, module, path) {
  const name = path.split("::").at(-1);
  const own = [module, name].filter(Boolean).join("::");
  if (found.has(own) && !path.includes("::")) return own;
  const candidates = [...found].filter(([, shape]) => shape.name === name).map(([full]) => full);
  const used = path.includes("::") ? path : imported(modules.get(module), name);
  if (!used) return null;
  const under = from(module, used);
  const area = under.split("::").slice(0, -1).join("::");
  // What is exported again lies deeper than its path says.
  const fitting = candidates.filter((full) => full === under || full.startsWith(`${area}::`));
  if (fitting.length > 1) throw new Error(`${module} says ${path}: is it ${fitting.join(" or ")}?`);
  return fitting[0] ?? null;
}

// A path without `crate` and `super`.
function from(module, path) {
  let [base, rest] = [module.split("::"), path];
  if (rest.startsWith("crate::")) return rest.slice("crate::".length);
  while (rest.startsWith("super::")) [base, rest] = [base.slice(0, -1), rest.slice("super::".length)];
  return [...base, rest].join("::");
}

// `crate::api::Money`, from `use crate::api::{Money, Phase};`.
function imported(source, name) {
  for (const [, path, braces, last] of source.matchAll(/\buse ([\w:]+?)::(?:\{([^}]*)\}|(\w+));/g)) {
    const names = braces ? braces.split(",").map((one) => one.trim()) : [last];
    if (names.includes(name)) return `${path}::${name}`;
  }
  return null;
}

// The files that organisers take with them: `[{ list, columns }]`, a column
// being `[how, pointer]`, or `["Each", pointer, field]`.
export function files(source) {
  const all = [...source.matchAll(/list: "([^"]+)",\s*columns: &(\[)/g)];
  const [, many] = /: \[Kind; (\d+)\]/.exec(source);
  if (all.length !== Number(many)) throw new Error(`of ${many} files ${all.length} are understood`);
  return all.map(({ 0: whole, 1: list, index }) => {
    const columns = parts(bracketed(source, index + whole.length - 1).slice(1, -1));
    return { list, columns: columns.map(column).filter(([how]) => how !== "Round") };
  });
}

function column(text) {
  const [, how, at, field] = /^\("[^"]*", (\w+)(?:\("([^"]*)"(?:, "([^"]*)")?\))?\)$/.exec(text) ?? [];
  if (!how) throw new Error(`the column ${text} is not understood`);
  return [how, at, field];
}

function field(text) {
  const [, attributes, name, type] = /^((?:#\[[^\n]*\]\s*)*)(?:pub(?:\([^)]*\))?\s+)?(\w+)\s*:\s*([\s\S]+)$/.exec(text) ?? [];
  if (!name) throw new Error(`no field is understood in: ${text}`);
  return { name, type: type.replace(/\s+/g, ""), serde: serde(attributes) };
}

function variant(text) {
  const [, attributes, name, rest] = /^((?:#\[[^\n]*\]\s*)*)(\w+)\s*([\s\S]*)$/.exec(text);
  const inside = rest.slice(1, -1);
  if (rest.startsWith("(")) return { name, serde: serde(attributes), holds: { type: inside.trim() } };
  if (rest.startsWith("{")) return { name, serde: serde(attributes), holds: { fields: parts(inside).map(field) } };
  return { name, serde: serde(attributes), holds: null };
}

// `{ default: true, rename: "type" }`.
function serde(attributes) {
  const said = [...attributes.matchAll(/#\[serde\(([^\n]*)\)\]/g)].flatMap(([, inside]) => parts(inside));
  return Object.fromEntries(
    said.map((part) => {
      const [, key, value] = /^(\w+)(?:\s*=\s*"([^"]*)")?$/.exec(part) ?? [];
      if (!key) throw new Error(`serde(${part}) is not understood`);
      return [key, value ?? true];
    }),
  );
}

// From an opening bracket to the one that closes it.
export function bracketed(source, from) {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '"') at = source.indexOf('"', at + 1);
    else if ("({[".includes(source[at])) depth += 1;
    else if (")}]".includes(source[at])) depth -= 1;
    if (depth === 0) return source.slice(from, at + 1);
  }
  throw new Error(`a bracket is not closed: ${source.slice(from, from + 80)}`);
}

// What stands between commas; those in brackets and texts belong to a part.
export function parts(inside) {
  let depth = 0;
  let quoted = false;
  const found = [""];
  for (const letter of inside) {
    if (letter === '"') quoted = !quoted;
    if (!quoted && "({[<".includes(letter)) depth += 1;
    if (!quoted && ")}]>".includes(letter)) depth -= 1;
    if (letter === "," && depth === 0 && !quoted) found.push("");
    else found[found.length - 1] += letter;
  }
  return found.map((part) => part.trim()).filter(Boolean);
}
