// A shape of the pages against what the API says that it answers: every field
// must be there, be of the same kind, and be always there unless the pages can
// do without it.

import { meant } from "./rust.mjs";

const WHOLE = /^(u8|u16|u32|u64|usize|i32|i64)$/;
const TEXTS = ["String", "Uuid", "Timestamp", "jiff::Timestamp"];

export class Comparing {
  constructor(modules, found, answers) {
    Object.assign(this, { modules, found, answers });
    this.faults = new Set();
    // Shapes that were compared, and with what.
    this.seen = new Map();
  }

  // A shape by its name.
  shape(name, of) {
    const shape = this.found.get(name);
    if (!shape) throw new Error(`there is no shape ${name}`);
    const as = of.name ?? JSON.stringify(of.schema);
    if (this.seen.get(name)?.has(as)) return;
    this.seen.set(name, (this.seen.get(name) ?? new Set()).add(as));
    if (shape.serde.from) return this.shape(this.meant(shape, shape.serde.from), of);
    if (shape.kind === "enum") this.enum(name, shape, of);
    else for (const field of shape.fields) this.field(name, shape, field, of);
  }

  field(name, shape, { name: own, type, serde }, of) {
    const at = `${name}.${own}`;
    if (serde.skip) return;
    if (serde.flatten) {
      const flat = this.meant(shape, type);
      if (flat) this.shape(flat, of);
      return;
    }
    const called = [serde.rename ?? own, serde.alias].filter(Boolean);
    const property = called.map((one) => this.answers.property(of, one)).find(Boolean);
    if (!property) return this.faults.add(`${at}: ${of.name ?? "what is answered"} has no ${called.join(" or ")}`);
    const optional = /^Option<(.*)>$/.exec(type);
    const absent = optional || serde.default || shape.serde.default;
    if (!property.required && !("default" in property.schema) && !absent) this.faults.add(`${at}: ${of.name} has it not always`);
    if (property.nullable && !optional) this.faults.add(`${at}: ${of.name} has it as null, too`);
    this.type(at, shape, optional ? optional[1] : type, property);
  }

  type(at, shape, type, of) {
    const many = /^(?:Vec|BTreeSet)<(.*)>$/.exec(type);
    const map = /^BTreeMap<\w+,(.*)>$/.exec(type);
    const other = this.meant(shape, type);
    if (many) this.kind(at, type, of, "array") && this.type(at, shape, inner(many[1]), this.answers.items(of));
    else if (map) this.kind(at, type, of, "object") && this.type(at, shape, map[1], this.answers.values(of));
    else if (other) this.shape(other, of);
    else if (TEXTS.includes(type)) this.kind(at, type, of, "string");
    else if (WHOLE.test(type)) this.kind(at, type, of, "integer");
    else if (type === "bool") this.kind(at, type, of, "boolean");
    else if (!["T", "Value", "serde_json::Value"].includes(type)) throw new Error(`${at}: ${type} is not understood`);
  }

  kind(at, type, of, wanted) {
    const words = !of.schema.type && [...this.answers.words(of).values()].every((held) => held === null);
    const is = of.schema.type ?? (words ? "string" : "something else");
    if (is !== wanted) this.faults.add(`${at}: a ${type} is read where ${JSON.stringify(of.schema)} is answered`);
    return is === wanted;
  }

  // Both must know the same words: one that the pages don't know breaks them.
  enum(name, shape, of) {
    const said = this.answers.words(of);
    const words = new Map(shape.variants.map((variant) => [word(shape, variant), variant]));
    for (const [one, held] of said) {
      const variant = words.get(one);
      if (!variant) this.faults.add(`${name}: ${of.name} also says ${one}`);
      else if (variant.holds?.type && held) this.type(`${name}::${variant.name}`, shape, variant.holds.type, held);
      else if (Boolean(variant.holds) !== Boolean(held)) this.faults.add(`${name}: ${one} holds something in one place only`);
    }
    for (const one of words.keys()) if (!said.has(one)) this.faults.add(`${name}: ${of.name ?? "the API"} never says ${one}`);
  }

  meant(shape, type) {
    if (!/^[\w:]+$/.test(type) || TEXTS.includes(type)) return null;
    return meant(this.found, this.modules, shape.module, type);
  }
}

const inner = (type) => /^Option<(.*)>$/.exec(type)?.[1] ?? type;

function word(shape, variant) {
  if (variant.serde.rename) return variant.serde.rename;
  if (shape.serde.rename_all !== "snake_case") throw new Error(`how are words of ${shape.name} written?`);
  return variant.name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
