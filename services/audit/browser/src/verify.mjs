// The whole: reads a file, runs every check, and says what it found.

import { against } from './against.mjs';
import { base64Of, hexOf, textOf } from './bytes.mjs';
import { file as checkFile, growth, signature, tree, witnesses } from './check-trail.mjs';
import { announcement, awards, money, payment, people, support } from './check-awarding.mjs';
import { entries, rules, screening } from './check-entering.mjs';
import { assignments, declarations, result, scorecards, unsealing } from './check-judging.mjs';
import { counts, facts, forgotten, openings, order, sealOf, sealsIn, streams, times } from './check-whole.mjs';
import { FileReader } from './file.mjs';
import { Finding } from './finding.mjs';
import { Log } from './log.mjs';
import { canVerify, readPolicy } from './note.mjs';
import { say } from './words.mjs';
import { printTime } from './world.mjs';

const SLICE = 1 << 20;
const CHECKS = {
  file: checkFile,
  signature,
  tree,
  growth,
  witnesses,
  order,
  streams,
  times,
  facts,
  counts,
  openings,
  rules,
  entries,
  screening,
  declarations,
  assignments,
  scorecards,
  unsealing,
  result,
  awards,
  money,
  announcement,
  payment,
  support,
  people,
  forgotten,
};
// A receipt holds one event: what needs the others is not a question there.
const OF_A_RECEIPT = ['file', 'signature', 'tree', 'witnesses', 'openings'];
const UNSIGNED = 'This browser cannot check signatures (Ed25519). A newer one can, and so can the command plaudit verify.';

/** Reads a Blob slice by slice. */
export async function readFile(blob, progress = () => {}) {
  const reader = new FileReader();
  for (let at = 0; at < blob.size && !reader.broken; at += SLICE) {
    reader.feed(new Uint8Array(await blob.slice(at, at + SLICE).arrayBuffer()));
    progress(Math.min(1, (at + SLICE) / blob.size));
  }
  return reader.finish();
}

/**
 * Verifies a file: `{ report, about, copies, locate }`. `policy` replaces the file's own,
 * `other` is a second file to compare with.
 */
export async function verify({ file: blob, other = null, policy = null, sentences, canSign = null, progress = () => {} }) {
  const file = await readFile(blob, (done) => progress((other ? 0.4 : 0.7) * done, 'Reading and hashing…'));
  const second = other && (await readFile(other, (done) => progress(0.4 + 0.3 * done, 'Reading the other file…')));
  const given = policy ? policyOf(policy) : file.policy;
  if (policy && !given) return { policyProblem: true };
  const context = {
    file,
    sentences,
    policy: given,
    canSign: canSign ?? (await canVerify()),
    unsigned: (finding) => (finding.unshown ??= { template: UNSIGNED, parameters: {}, lines: [] }),
  };
  const readable = file.broken === null;
  if (readable) {
    context.log = new Log(file);
    context.leaves = file.events.map((event) => event.leaf);
    context.seals = sealsIn(context.log);
  }
  const report = [];
  for (const { check } of sentences.checks) {
    if (file.kind === 'receipt' && !OF_A_RECEIPT.includes(check)) continue;
    const finding = new Finding(sentences, check);
    if (check === 'file' || readable) await CHECKS[check](finding, context);
    else finding.answers('hidden', 'unread');
    report.push(finding.report());
    progress(0.7 + (0.3 * report.length) / sentences.checks.length, finding.about.title);
  }
  if (second) report.push(compared(context, second, other.name));
  return { report, about: aboutOf(file), copies: readable ? copiesOf(context, report) : [], locate: (lines) => (readable ? placesOf(context.log, lines) : {}) };
}

function compared({ file, sentences }, other, name = 'the other file') {
  if (!file.broken && !other.broken) return against(file, other, name, sentences);
  const title = say(sentences.against.title, { other: name });
  return { check: 'against', title, outcome: 'hidden', sentence: sentences.common.unread, lines: [] };
}

function policyOf(text) {
  try {
    return readPolicy(text);
  } catch (problem) {
    if (problem instanceof RangeError) return null;
    throw problem;
  }
}

function aboutOf(file) {
  const rows = [];
  const kinds = { bundle: file.audience === 'auditors' ? 'A bundle for auditors' : 'A public bundle', receipt: 'A receipt' };
  if (file.kind) rows.push(['This is', kinds[file.kind]]);
  if (file.programme) rows.push(['Programme', file.programme]);
  if (file.made) rows.push(['Made', file.made]);
  const last = file.checkpoints.at(-1);
  if (last) rows.push(['Log', last.origin], ['Root', `${base64Of(last.root)} of ${last.size} ${last.size === 1 ? 'event' : 'events'}`]);
  return rows;
}

/** What a receipt's owner handed in, in their own words. */
function copiesOf({ file, seals }, report) {
  const proven = report.some(({ check, outcome }) => check === 'openings' && outcome === 'holds');
  if (file.kind !== 'receipt' || !proven) return [];
  return file.openings.map((opening) => {
    const { field } = sealOf(seals, opening).seal;
    return { field, text: textOf(opening.content) ?? hexOf(opening.content) };
  });
}

/** Where in the file these lines lie, for those that name an event. */
function placesOf(log, lines) {
  const places = {};
  for (const line of lines) {
    const event = log.places.get(line);
    if (event) places[line] = { from: event.from, length: event.length, title: `${event.told.name || event.name}, ${printTime(event.time)}` };
  }
  return places;
}
