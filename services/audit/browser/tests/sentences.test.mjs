// The sentences are the Rust verifier's: nothing here says anything else.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { assemble } from '../assemble.mjs';
import { say } from '../src/words.mjs';
import { SENTENCES } from './verifying.mjs';

const SOURCE = new URL('../src/', import.meta.url);
const page = readFileSync(new URL('../verify.html', import.meta.url), 'utf8');

test('verify.html is what assemble.mjs makes of src/ and the sentences', () => {
  assert.equal(page, assemble(), 'run: node services/audit/browser/assemble.mjs');
});

test('the sentences in the page are those of the other verifier', () => {
  const embedded = /<script type="application\/json" id="sentences">([\s\S]*?)<\/script>/.exec(page)[1];
  assert.deepEqual(JSON.parse(embedded), SENTENCES);
});

test('the page asks for nothing from anywhere', () => {
  const outside = page.match(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}[^\s"']*/gi) ?? [];
  assert.deepEqual(outside, []);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)[1];
  assert.match(policy, /^default-src 'none'; script-src 'sha256-/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  for (const forbidden of ['fetch(', 'XMLHttpRequest', 'WebSocket', 'sendBeacon', 'EventSource', 'importScripts', 'eval(', 'innerHTML', 'document.write']) {
    assert.ok(!page.includes(forbidden), forbidden);
  }
});

test('a sentence puts in its parameters, and one or many', () => {
  assert.equal(say('{n|event|events} at {at}', { n: 1, at: 'scoring/7' }), '1 event at scoring/7');
  assert.equal(say('{n|event|events}.', { n: 0 }), '0 events.');
  assert.throws(() => say('{n}', {}));
});

/** Every place in src/ that gives a reason, with the names of its parameters. */
function reasonsGiven() {
  const given = [];
  for (const file of readdirSync(SOURCE).filter((name) => name.startsWith('check-'))) {
    const source = readFileSync(new URL(file, SOURCE), 'utf8');
    for (const [, section, body] of source.matchAll(/finding\.(fails|hides|holds)\(\s*'(\w+)',\s*(\{[^;]*?\}|[\w.]+)(?=,|\))/g)) given.push([section, body]);
  }
  return given;
}

test('every reason that is given is one that there is a sentence for', () => {
  const given = reasonsGiven();
  assert.ok(given.length > 120, `${given.length}`);
  const known = (section) => new Set(SENTENCES.checks.flatMap((check) => Object.keys(check[section === 'hides' ? 'hidden' : section])));
  for (const [section, reason] of given) assert.ok(known(section).has(reason), `${section} ${reason}`);
});

test('there is no sentence that is never said', () => {
  const given = new Set(reasonsGiven().map(([section, reason]) => `${section} ${reason}`));
  // What the reader of files gives, and what the page says of a receipt.
  const elsewhere = ['cut', 'line', 'after', 'event', 'programme', 'end'];
  for (const check of SENTENCES.checks) {
    for (const [section, key] of [['fails', 'fails'], ['hides', 'hidden'], ['holds', 'holds']]) {
      for (const reason of Object.keys(check[key])) {
        assert.ok(given.has(`${section} ${reason}`) || (check.check === 'file' && elsewhere.includes(reason)), `${check.check}: ${section} ${reason}`);
      }
    }
  }
});
