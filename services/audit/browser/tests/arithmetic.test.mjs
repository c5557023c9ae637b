// Hashes, trees, seals and the tally, against other people's vectors.

import assert from 'node:assert/strict';
import { createHmac, webcrypto } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { base64Of, bytesOf, bytesOfBase64, bytesOfHex, hexOf, timeOf } from '../src/bytes.mjs';
import { decimalOf, print, roundHalfUp } from '../src/exact.mjs';
import { commitmentOf } from '../src/seal.mjs';
import { hmacSha256, Sha256, sha256 } from '../src/sha256.mjs';
import { derivation, pitchDerivation, tally } from '../src/tally.mjs';
import { isIncluded, leafHash, nodeHash, rootsAt, Tree } from '../src/tree.mjs';

const REPOSITORY = new URL('../../../../', import.meta.url);

test('SHA-256 is what WebCrypto says, at every length around a block', async () => {
  for (let length = 0; length < 260; length += 1) {
    const bytes = webcrypto.getRandomValues(new Uint8Array(length));
    const expected = new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes));
    assert.equal(hexOf(sha256(bytes)), hexOf(expected), `of ${length} bytes`);
  }
  const large = webcrypto.getRandomValues(new Uint8Array(60_000));
  const expected = hexOf(new Uint8Array(await webcrypto.subtle.digest('SHA-256', large)));
  for (const piece of [1, 63, 64, 65, 1000]) {
    const hash = new Sha256();
    for (let at = 0; at < large.length; at += piece) hash.update(large.subarray(at, at + piece));
    assert.equal(hexOf(hash.digest()), expected, `in pieces of ${piece}`);
  }
});

test('HMAC-SHA-256 is what OpenSSL says', () => {
  for (const length of [0, 1, 32, 63, 64, 65, 200]) {
    const key = webcrypto.getRandomValues(new Uint8Array(length));
    const text = webcrypto.getRandomValues(new Uint8Array(3 * length));
    assert.equal(hexOf(hmacSha256(key, text)), createHmac('sha256', key).update(text).digest('hex'));
  }
});

test('base64 reads one spelling of each bytes', () => {
  for (let length = 0; length < 70; length += 1) {
    const bytes = webcrypto.getRandomValues(new Uint8Array(length));
    const text = Buffer.from(bytes).toString('base64');
    assert.equal(base64Of(bytes), text);
    assert.deepEqual(bytesOfBase64(text), bytes);
  }
  for (const wrong of ['A', 'AA', 'AAA', 'AB==', 'AAB=', 'A===', 'AA=A', 'AA==AAAA', 'AA-_', 'AA =', 'é===']) {
    assert.equal(bytesOfBase64(wrong), null, wrong);
  }
});

test('times are read to the nanosecond, and no time that there isn’t', () => {
  assert.equal(timeOf('1970-01-01T00:00:01.5Z'), 1_500_000_000n);
  assert.equal(timeOf('2026-11-23T08:03:36.352+00:00'), timeOf('2026-11-23T08:03:36.352000000Z'));
  assert.equal(timeOf('0001-01-01T00:00:00Z'), -62_135_596_800_000_000_000n);
  for (const wrong of ['2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01 00:00:00Z', '2026-01-01T00:00:00', '2026-01-01T00:00:00+02:00', 7]) {
    assert.equal(timeOf(wrong), null, String(wrong));
  }
});

// The reference leaves and roots of RFC 6962 implementations.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

test('tree roots are those of the RFC 6962 reference', () => {
  const leaves = LEAVES.map((leaf) => leafHash(bytesOfHex(leaf)));
  assert.deepEqual(rootsAt(leaves, [0, 1, 2, 3, 4, 5, 6, 7, 8]).map(hexOf), ROOTS);
  assert.deepEqual(rootsAt(leaves, [3, 9]).map((root) => root && hexOf(root)), [ROOTS[3], null]);
});

function rootOf(leaves) {
  if (leaves.length === 1) return leaves[0];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return nodeHash(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

function pathOf(index, leaves) {
  if (leaves.length === 1) return [];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half ? [...pathOf(index, left), rootOf(right)] : [...pathOf(index - half, right), rootOf(left)];
}

test('every leaf is proven, and nothing else', () => {
  const leaves = Array.from({ length: 70 }, (_, index) => leafHash(bytesOf(`leaf ${index}`)));
  const tree = new Tree();
  for (let size = 1; size <= leaves.length; size += 1) {
    tree.push(leaves[size - 1]);
    const root = tree.root();
    assert.equal(hexOf(root), hexOf(rootOf(leaves.slice(0, size))));
    for (let index = 0; index < size; index += 1) {
      const path = pathOf(index, leaves.slice(0, size));
      const proof = { leaf: leaves[index], index, size, path, root };
      assert.ok(isIncluded(proof), `${index} of ${size}`);
      assert.ok(!isIncluded({ ...proof, leaf: leafHash(bytesOf('another')) }));
      assert.ok(!isIncluded({ ...proof, path: [...path, root] }));
      assert.ok(size === 1 || !isIncluded({ ...proof, path: path.slice(1) }));
      assert.ok(size === 1 || !isIncluded({ ...proof, index: (index + 1) % size }));
    }
  }
});

test('a seal is HMAC over length-prefixed stream, field and content', () => {
  const [salt, content] = [webcrypto.getRandomValues(new Uint8Array(32)), bytesOf('difference=8\nplan=9\n')];
  const hash = createHmac('sha256', salt).update('plaudit/seal/v1');
  for (const part of [bytesOf('scorecard/1'), bytesOf('ScorecardSealed.marks'), content]) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(part.length));
    hash.update(length).update(part);
  }
  const opened = commitmentOf({ salt, stream: 'scorecard/1', field: 'ScorecardSealed.marks', content });
  assert.equal(hexOf(opened), hash.digest('hex'));
});

test('numbers round half up, also below zero, and print as they are', () => {
  const cases = [['2.5', 0, '3'], ['-2.5', 0, '-2'], ['-2.51', 0, '-3'], ['0.005', 2, '0.01'], ['7.125', 2, '7.13'], ['-0.4', 0, '0']];
  for (const [number, places, expected] of cases) {
    assert.equal(print(roundHalfUp(decimalOf(number), places)), expected, number);
  }
  assert.equal(print(decimalOf('47.1'), 2), '47.10');
  assert.equal(print({ over: 20n, under: 3n }, 2), '20/3');
  assert.equal(print({ over: -1n, under: 8n }), '-0.125');
  for (const wrong of ['-0', '01', '.5', '5.', '1e3', '+1', '1234567890123456789', '', ' 1', 1]) {
    assert.equal(decimalOf(wrong), null, String(wrong));
  }
});

test('the tally comes to the bytes and digests of the published vectors', () => {
  const folder = new URL('services/scoring/tally/tests/tally/vectors/', REPOSITORY);
  const files = readdirSync(folder);
  assert.ok(files.length >= 3);
  for (const file of files) {
    const vector = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    const cards = vector.scorecards.map((card) => ({ ...card, marks: new Map(Object.entries(card.marks)) }));
    const ranking = tally(vector.rules, vector.pitches, cards);
    assert.equal(derivation(ranking), vector.derivation, vector.about);
    assert.equal(hexOf(sha256(bytesOf(derivation(ranking)))), vector.digest, vector.about);
    const digests = ranking.pitches.map((sheet) => [sheet.pitch, hexOf(sha256(bytesOf(pitchDerivation(sheet))))]);
    assert.deepEqual(digests, vector.pitch_digests, vector.about);
  }
});

function rowsOf(folder, file) {
  const [head, ...lines] = readFileSync(new URL(file, folder), 'utf8').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell])));
}

/** Enough of TOML for a panel's rules. */
function rulesOfToml(folder) {
  const rules = { criteria: [], prizes: [] };
  let into = rules;
  for (const line of readFileSync(new URL('programme.toml', folder), 'utf8').split('\n')) {
    const list = /^\[\[(\w+)\]\]/.exec(line);
    const table = /^\[(\w+)\]/.exec(line);
    const pair = /^(\w+) = (.*)$/.exec(line);
    if (list) rules[list[1]].push((into = {}));
    else if (table) into = rules[table[1]] = {};
    else if (pair) into[pair[1]] = JSON.parse(pair[2]);
  }
  const { method, trim, round_criterion, round_weighted, round_total } = rules.aggregation;
  return {
    scale: rules.scale,
    criteria: rules.criteria.map(({ id, weight }) => ({ id, weight })),
    aggregation: method.startsWith('trimmed') ? { trimmed_mean: { trim } } : method,
    normalisation: 'none',
    round_criterion: round_criterion ?? null,
    round_weighted: round_weighted ?? null,
    round_total: round_total ?? null,
    ties: [],
    least_marks: 1,
  };
}

test('the tally agrees with panels that were worked out by hand', () => {
  for (const name of ['panels/median', 'panels/shared-first', 'panels/trimmed', 'the-den']) {
    const folder = new URL(`examples/${name}/`, REPOSITORY);
    const cards = new Map();
    for (const { pitch, judge, criterion, mark } of rowsOf(folder, 'marks.csv')) {
      const key = `${pitch}\n${judge}`;
      if (!cards.has(key)) cards.set(key, { pitch, judge, marks: new Map() });
      cards.get(key).marks.set(criterion, mark);
    }
    const pitches = readFileSync(new URL('pitches.csv', folder), 'utf8').trim().split('\n').slice(1);
    const ranking = tally(rulesOfToml(folder), pitches.map((line) => line.split(',')[0]), [...cards.values()]);
    const expected = new Map(rowsOf(folder, 'expected.csv').map((row) => [row.pitch, row]));
    assert.equal(ranking.pitches.length, expected.size);
    for (const sheet of ranking.pitches) {
      const { total, rank } = expected.get(sheet.pitch);
      assert.equal(String(sheet.rank), rank, `${name}: ${sheet.pitch}`);
      assert.equal(print(roundHalfUp(sheet.total.value, 6)), print(decimalOf(total)), `${name}: ${sheet.pitch}`);
    }
  }
});
