// Two implementations, one answer: the other verifier's report on the same events.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { bundleOf, fixture, logOf, merged, withheldOf, witnessOf } from './log.mjs';
import { reportOf, SENTENCES } from './verifying.mjs';

const REPORT = new URL('../../verifier/tests/data/the-den.report', import.meta.url);

/** A printed report: `✓ title: outcome`, a sentence, and the lines where there are any. */
function readReport() {
  const outcomes = Object.fromEntries(Object.entries(SENTENCES.outcomes).map(([outcome, words]) => [words, outcome]));
  const found = readFileSync(REPORT, 'utf8').matchAll(/^\S (.*): ([^:\n]*)\n {2}(.*)\n(?: {2}\[(.*)\]\n)?/gm);
  return [...found].map(([, title, outcome, sentence, lines]) => ({ title, outcome: outcomes[outcome], sentence, lines: lines?.split(', ') ?? [] }));
}

test('both verifiers say the same about the sample, to the letter', async () => {
  const log = merged(fixture('the-den.events'));
  const made = logOf(log, { sizes: [10, 100], witnesses: [witnessOf('witness.example/one')] });
  const mine = await reportOf(bundleOf(made, { withheld: withheldOf(log) }));
  const other = readReport();
  assert.equal(other.length, SENTENCES.checks.length);
  // Logs of one programme may differ in how services' events are interleaved.
  const plain = ({ title, outcome, sentence, lines }) => ({ title, outcome, sentence, lines: [...lines].sort() });
  assert.deepEqual(mine.map(plain), other.map(plain));
});
