// The formats of transparency logs, against published examples.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { canVerify, isQuorum, isSignedBy, readCheckpoint, readNote, readPolicy, readProof, signedBytes, verifierKey } from '../src/note.mjs';
import { checkpointOf, keyOf, witnessOf } from './log.mjs';

// The example of the Go module golang.org/x/mod/sumdb/note.
const NEUMANN = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PROVERB =
  'If you think cryptography is the answer to your problem,\n' +
  'then you don’t know what your problem is.\n\n'.replace('’', "'") +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

test('this runtime can check Ed25519, by the first test of RFC 8032', async () => {
  assert.equal(await canVerify(), true);
});

test('a published signed note is read and its signature holds', async () => {
  const key = verifierKey(NEUMANN);
  const note = readNote(PROVERB);
  const [line] = note.signatures;
  assert.deepEqual([line.name, line.id], [key.name, key.id]);
  assert.equal(await isSignedBy(key.key, signedBytes(note, key, line)), true);
  const other = { ...note, text: note.text.replace('answer', 'Answer') };
  assert.equal(await isSignedBy(key.key, signedBytes(other, key, line)), false);
});

test('published keys are read, and others are none', () => {
  assert.equal(verifierKey('sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8').type, 1);
  for (const wrong of [NEUMANN.replace('c74f', 'c74e'), NEUMANN.replace('Peter', 'Petra'), `${NEUMANN}A`, NEUMANN.replace('+c7', ' +c7'), '', 'a+b+c']) {
    assert.equal(verifierKey(wrong), null, wrong);
  }
});

test('a note that is none is refused', () => {
  for (const wrong of ['', 'text\n', 'text\n\n', 'text\n\n— a\n', 'text\n\n- a AAAAAAA=\n', 'te\u0001xt\n\n— a AAAAAAA=\n', 'text\n\n— a AAAAAAA=', 'text\n\n— a b AAAAAAA=\n', 'text\n\n— a AAAA\n']) {
    assert.equal(readNote(wrong), null, JSON.stringify(wrong));
  }
});

test('a checkpoint has an origin, a size, a root, and nothing ambiguous', () => {
  const made = checkpointOf({ origin: 'prizes.example.org/log/1', leaves: [], key: keyOf('prizes.example.org/log/1') });
  assert.equal(readCheckpoint(made).size, 0);
  for (const [from, to] of [['\n0\n', '\n00\n'], ['\n0\n', '\n-1\n'], ['47DEQ', '47DE'], ['\n0\n', '\n\n0\n'], ['\n0\n', '\n1e3\n']]) {
    assert.equal(readCheckpoint(made.replace(from, to)), null, to);
  }
});

test('a policy says who is enough', () => {
  const [log, x1, x2, x3, y1, y2] = [keyOf('log.example'), ...['x1', 'x2', 'x3', 'y1', 'y2'].map((name) => witnessOf(`${name}.example`))].map((key) => key.vkey);
  const text = [`log ${log}`, `witness X1 ${x1}`, `witness X2\t${x2} https://w.example`, `witness X3 ${x3}`, 'group X 2 X1 X2 X3', '', '# and others', `witness Y1 ${y1}`, `  witness Y2 ${y2}`, 'group Y any Y1 Y2', 'group both all X Y', 'quorum both', ''].join('\n');
  const policy = readPolicy(text);
  const enough = (...names) => isQuorum(policy, new Set(names));
  assert.ok(enough('X1', 'X3', 'Y2'));
  assert.ok(!enough('X1', 'Y1', 'Y2'));
  assert.ok(!enough('X1', 'X2', 'X3'));
  assert.ok(isQuorum(readPolicy('quorum none\n'), new Set()));
  const wrong = ['', `log ${log}`, 'quorum X', 'quorum none\nquorum none', `log ${x1}\nquorum none`, `witness X ${log}\nquorum X`, `witness none ${x1}\nquorum none`, `log ${log}\nlog ${log}\nquorum none`, `witness X ${x1}\nwitness Y ${x1}\nquorum X`, `witness X ${x1}\ngroup G 2 X\nquorum G`, `witness X ${x1}\ngroup G any X\ngroup H any X\nquorum G`, `witness X ${x1}\ngroup G 0 X\nquorum G`, `group G any X\nwitness X ${x1}\nquorum G`, 'anything else\nquorum none'];
  for (const one of wrong) assert.throws(() => readPolicy(one), RangeError, one);
});

test('a proof is read to the letter', () => {
  const checkpoint = checkpointOf({ origin: 'a.example/log', leaves: [Buffer.alloc(32, 1), Buffer.alloc(32, 2)], key: keyOf('a.example/log') });
  const hash = Buffer.alloc(32, 1).toString('base64');
  const proof = `c2sp.org/tlog-proof@v1\nindex 1\n${hash}\n\n${checkpoint}`;
  assert.equal(readProof(proof).index, 1);
  assert.equal(readProof(proof.replace('index', 'extra AAAA\nindex')).path.length, 1);
  for (const [from, to] of [['@v1', '@v2'], ['index 1', 'index 01'], ['index 1\n', ''], [hash, 'AAAA'], ['\n\na.', '\na.'], ['index 1', 'extra ?\nindex 1']]) {
    assert.equal(readProof(proof.replace(from, to)), null, to);
  }
});
