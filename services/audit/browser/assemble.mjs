// Puts src/ and the sentences into one file: node assemble.mjs writes verify.html,
// which is committed; a test compares the two.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SOURCE = new URL('src/', import.meta.url);
const SENTENCES = new URL('../verifier/sentences.json', import.meta.url);

const read = (name) => readFileSync(new URL(name, SOURCE), 'utf8');

/** A module and all that it imports, each once and before whoever needs it. */
function modules(name, found = new Map()) {
  if (found.has(name)) return found;
  const source = read(name);
  for (const [, needed] of source.matchAll(/^import [^;]* from '\.\/([\w-]+\.mjs)';$/gm)) modules(needed, found);
  return found.set(name, source);
}

/** As one script: each module in a scope of its own, which gives what it exports. */
function bundled(entry) {
  const variable = (name) => `_${name.replace('.mjs', '').replaceAll('-', '_')}`;
  const scopes = [...modules(entry)].map(([name, source]) => {
    const exported = [...source.matchAll(/^export (?:async )?(?:function\*?|class|const) (\w+)/gm)].map(([, it]) => it);
    const body = source
      .replaceAll(/^import (\{[^}]*\}) from '\.\/([\w-]+\.mjs)';$/gm, (_, names, needed) => `const ${names.replaceAll(' as ', ': ')} = ${variable(needed)};`)
      .replaceAll(/^export /gm, '');
    return `// ---- ${name} ----\nconst ${variable(name)} = (() => {\n${body}\nreturn { ${exported.join(', ')} };\n})();\n`;
  });
  return `'use strict';\n${scopes.join('\n')}`;
}

const inScript = (text) => text.replaceAll('</', '<\\/').replaceAll('<!--', '<\\!--');
const hashed = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export function assemble() {
  const style = `\n${read('page.css')}`;
  const page = `\n${bundled('page.mjs')}`;
  const core = `\n${bundled('worker.mjs')}`;
  for (const script of [page, core]) {
    if (/<\/|<!--/.test(script)) throw new Error('a script would end, or begin a comment, inside the page');
  }
  const sentences = inScript(JSON.stringify(JSON.parse(readFileSync(SENTENCES, 'utf8')), null, 1));
  const parts = {
    policy: [
      "default-src 'none'",
      `script-src ${hashed(page)}`,
      `style-src ${hashed(style)}`,
      'worker-src blob:',
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
    style,
    page,
    core,
    sentences,
  };
  return read('page.html').replaceAll(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('verify.html', import.meta.url), assemble());
}
