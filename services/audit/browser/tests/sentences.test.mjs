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

/** Every reason that src/ gives, with the kind of outcome. */
function reasonsGiven() {
  const given = new Set();
  for (const file of readdirSync(SOURCE).filter((name) => name.startsWith('check-'))) {
    const source = readFileSync(new URL(file, SOURCE), 'utf8');
    for (const [, kind, reason] of source.matchAll(/finding\.(fails|hides|holds)(?:At)?\(\s*'(\w+)'/g)) given.add(`${kind} ${reason}`);
    for (const [, one, other] of source.matchAll(/finding\.holds\([^,']*\? '(\w+)' : '(\w+)'/g)) given.add(`holds ${one}`).add(`holds ${other}`);
  }
  // What the steps of a payment answer.
  for (const reason of ['step', 'checked', 'same', 'early']) given.add(`fails ${reason}`);
  return given;
}

test('every reason that is given is one that there is a sentence for', () => {
  const known = new Set(SENTENCES.checks.flatMap((check) => reasonsOf(check)));
  const given = [...reasonsGiven()];
  assert.ok(given.length > 120, `${given.length}`);
  assert.deepEqual(given.filter((reason) => !known.has(reason)), []);
});

function reasonsOf(check) {
  return [['fails', 'fails'], ['hides', 'hidden'], ['holds', 'holds']].flatMap(([kind, key]) => Object.keys(check[key]).map((reason) => `${kind} ${reason}`));
}

test('there is no sentence that is never said', () => {
  const given = reasonsGiven();
  // What the reader of files finds.
  for (const reason of ['cut', 'line', 'after', 'event', 'programme', 'end']) given.add(`fails ${reason}`);
  for (const check of SENTENCES.checks) assert.deepEqual(reasonsOf(check).filter((reason) => !given.has(reason)), [], check.check);
});
