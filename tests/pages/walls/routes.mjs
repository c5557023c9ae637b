// Every page that there is, read off the sources: whoever adds one without
// saying who may see it is told.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { bracketed, parts } from "../../../services/web/tests/shapes/rust.mjs";

const SOURCES = fileURLToPath(new URL("../../../services/web/src", import.meta.url));

// `[{ method, path }]`, each once, in order of their paths.
export function routes() {
  const modules = read();
  const seen = new Set();
  const found = new Map();
  walk(modules, "", "router", "", seen, found);
  const written = [...modules.values()].reduce((sum, { source }) => sum + [...source.matchAll(/\.route\(/g)].length, 0);
  if (seen.size !== written) throw new Error(`of ${written} routes in the sources, ${seen.size} are understood`);
  return [...found.values()].sort((one, other) => (name(one) < name(other) ? -1 : 1));
}

export const name = ({ method, path }) => `${path} ${method}`;

// Modules by name (`organise::screening`), without comments and tests.
function read() {
  const files = readdirSync(SOURCES, { recursive: true }).filter((file) => file.endsWith(".rs"));
  return new Map(
    files.map((file) => {
      const parts = relative(".", file).replace(/\.rs$/, "").split("/");
      if (["mod", "lib"].includes(parts.at(-1))) parts.pop();
      const text = readFileSync(join(SOURCES, file), "utf8").replace(/^\s*\/\/.*$/gm, "");
      const source = text.replace(/#\[cfg\(test\)\]\s*(#\[allow[^\n]*\]\s*)?mod \w+ \{[\s\S]*$/, "");
      return [parts.join("::"), { source, strings: constants(source) }];
    }),
  );
}

function constants(source) {
  return Object.fromEntries([...source.matchAll(/const (\w+): &str = "([^"]*)"/g)].map(([, key, value]) => [key, value]));
}

// Follows `merge` and `nest` from a function that makes a router.
function walk(modules, at, function_, prefix, seen, found) {
  const module = modules.get(at);
  const begins = module?.source.search(new RegExp(`fn ${function_}\\([^)]*\\) -> Router\\b`)) ?? -1;
  if (begins < 0) throw new Error(`no function ${at}::${function_} makes a router`);
  let body = bracketed(module.source, module.source.indexOf("{", begins));
  // Routers with names of their own inside it wait until they are nested.
  const named = new Map();
  for (const [whole, variable] of body.matchAll(/let (\w+) = Router::new\(\)[\s\S]*?;\n/g)) {
    named.set(variable, whole);
    body = body.replace(whole, "");
  }
  const follow = (calls, under) => {
    for (const call of calls.matchAll(/\.(route|merge|nest)\(/g)) {
      const [first, second] = parts(bracketed(calls, call.index + call[0].length - 1).slice(1, -1));
      const path = call[1] === "merge" ? under : under + text(module, body, first);
      if (call[1] === "route") {
        seen.add(`${at} ${function_} ${first}`);
        take(path, second, found);
        continue;
      }
      const inner = call[1] === "merge" ? first : second;
      const [, of, made] = /^(?:(\w+)::)?(\w+)\(/.exec(inner) ?? [];
      if (made) walk(modules, [at, of].filter(Boolean).join("::"), made, path, seen, found);
      else if (named.has(inner)) follow(named.get(inner), path);
      else throw new Error(`${at}::${function_} nests ${inner}, which is not understood`);
    }
  };
  follow(body, prefix);
}

// `get(show).post(send)` at a path.
function take(path, methods, found) {
  const tidy = path.length > 1 ? path.replace(/\/$/, "") : path;
  for (const [, method] of methods.matchAll(/\b(get|post|put|patch|delete)\(/g)) {
    const route = { method: method.toUpperCase(), path: tidy };
    found.set(name(route), route);
  }
}

// What a path is in the end: a text, a constant, or a format of them.
function text(module, body, written) {
  const plain = /^&?"([^"]*)"$/.exec(written);
  if (plain) return plain[1];
  const constant = /^&?(\w+)$/.exec(written);
  if (constant && constant[1] in module.strings) return module.strings[constant[1]];
  const format = /^&?format!\("([^"]*)"\)$/.exec(written);
  if (format) return filled(module.strings, format[1]);
  const closure = /^&(\w+)\("([^"]*)"\)$/.exec(written);
  const rule = closure && new RegExp(`let ${closure[1]} = \\|(\\w+): &str\\| format!\\("([^"]*)"\\)`).exec(body);
  if (rule) return filled({ ...module.strings, [rule[1]]: closure[2] }, rule[2]);
  throw new Error(`the path ${written} is not understood`);
}

function filled(strings, format) {
  return format.replace(/\{\{|\}\}|\{(\w+)\}/g, (whole, key) => (key ? strings[key] : whole[0]));
}
