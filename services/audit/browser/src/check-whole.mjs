// That nothing was left out: order, histories, times, facts, counts, seals.

import { base64Of, bytesOf, bytesOfBase64, compareText, hexOf, sameBytes } from './bytes.mjs';
import { sealsOf } from './contracts.mjs';
import { sameJson, SERVICES } from './log.mjs';
import { commitmentOf } from './seal.mjs';
import { sha256 } from './sha256.mjs';

const LEEWAY = 5_000_000_000n;
const MILESTONES = {
  CallClosed: 'MILESTONE_CALL_CLOSED',
  RoundLocked: 'MILESTONE_ROUND_LOCKED',
  ResultDeclared: 'MILESTONE_RESULT_DECLARED',
  WinnersAnnounced: 'MILESTONE_ANNOUNCED',
};

/** SHA-256 over these lines, sorted, each with its newline; in base64, as events write it. */
export function digestOf(lines) {
  return base64Of(sha256(bytesOf([...lines].sort(compareText).map((line) => `${line}\n`).join(''))));
}

export function order(finding, { log }) {
  const last = new Map();
  const known = new Map();
  for (const event of log.events) {
    const before = last.get(event.service);
    if (before && before.position >= event.position) {
      finding.fails('position', { at: event.at, before: before.at }, [before.at, event.at]);
    } else last.set(event.service, event);
    const cause = event.cause && log.places.get(event.cause);
    if (event.cause && !(cause?.index < event.index)) {
      finding.fails('cause', { at: event.at, cause: event.cause }, [event.at, ...(cause ? [cause.at] : [])]);
    }
    const knower = known.get(event.service);
    if (knower && knower.position >= event.position) {
      finding.fails('basis', { at: event.at, before: knower.by.at }, [knower.by.at, event.at]);
    }
    for (const place of event.basis.split(',').filter(Boolean)) {
      const [service, digits] = place.split('/');
      const position = Number(digits);
      if (service !== event.service && !(known.get(service)?.position >= position)) known.set(service, { position, by: event });
    }
  }
  finding.holds('order', { n: log.events.length }, []);
}

export function streams(finding, { log }) {
  for (const events of log.streams.values()) {
    events.forEach(({ at, version, stream }, index) => {
      if (version !== index + 1) finding.fails('version', { at, version, stream, expected: index + 1 }, [at]);
    });
  }
  finding.problems.sort((a, b) => log.places.get(a.lines[0]).index - log.places.get(b.lines[0]).index);
  finding.holds('dense', { n: log.events.length, streams: log.streams.size }, []);
}

export function times(finding, { log }) {
  const latest = new Map();
  for (const event of log.events) {
    const earlier = latest.get(event.service);
    if (earlier && event.time < earlier.time - LEEWAY) {
      finding.fails('back', { at: event.at, time: event.said, earlier: earlier.at }, [earlier.at, event.at]);
    }
    if (!earlier || event.time > earlier.time) latest.set(event.service, event);
    if (event.data.receivedAt && event.data.receivedAt > event.time + LEEWAY) {
      finding.fails('arrival', { at: event.at, time: event.said, arrived: event.raw.receivedAt }, [event.at]);
    }
  }
  const sorted = [...log.events].sort((a, b) => (a.time < b.time ? -1 : 1));
  if (sorted.length > 0) finding.holds('forward', { from: sorted[0].said, to: sorted.at(-1).said }, [sorted[0].at, sorted.at(-1).at]);
  else finding.answers('hidden', 'early');
}

export function facts(finding, { log }) {
  const taken = log.named('FactTaken');
  for (const { at, service, stream, cause, told } of taken) {
    const said = log.places.get(cause);
    const lines = [...(said ? [said.at] : []), at];
    if (!said || said.service === service || said.name === 'FactTaken' || said.name !== told.name || said.stream !== stream) {
      finding.fails('cause', { at, cause }, lines);
    } else if (!sameJson(said.raw, told.raw)) finding.fails('words', { at, cause }, lines);
    else if (said.member !== told.member) finding.fails('actor', { at, cause }, lines);
  }
  finding.holds('same', { n: taken.length }, taken.map(({ at }) => at));
}

export function counts(finding, { log, sentences }) {
  const counted = log.named('HoldingsCounted');
  for (const event of counted) recount(finding, log, event);
  const passed = log.named(...Object.keys(MILESTONES));
  for (const milestone of passed) {
    const name = sentences.milestones[MILESTONES[milestone.name]];
    const without = SERVICES.filter((service) => !counted.some((event) => event.service === service && event.cause === milestone.at));
    const waiting = without.filter((service) => {
      const later = counted.find((event) => event.service === service && log.places.get(event.cause)?.index > milestone.index);
      if (later) finding.fails('missing', { service, milestone: name }, [milestone.at, later.at]);
      return !later;
    });
    if (waiting.length > 0) finding.hides('waiting', { services: waiting.join(', '), milestone: name }, [milestone.at]);
  }
  if (passed.length === 0) {
    finding.answers('hidden', 'early');
    return;
  }
  const names = passed.map((milestone) => sentences.milestones[MILESTONES[milestone.name]]);
  finding.holds('counted', { milestones: names.join(', '), n: counted.length }, counted.map(({ at }) => at));
}

function recount(finding, log, { at, service, position, cause, data }) {
  const milestone = log.places.get(cause);
  const lines = [...(milestone ? [milestone.at] : []), at];
  if (MILESTONES[milestone?.name] !== data.milestone) {
    finding.fails('milestone', { at, cause }, lines);
    return;
  }
  const upTo = Number(data.asOf);
  if (upTo >= position) {
    finding.fails('position', { at, as_of: upTo }, lines);
    return;
  }
  const held = new Map();
  for (const event of log.of(service)) if (event.position <= upTo) held.set(event.stream, event.version);
  const digest = digestOf([...held].map(([stream, version]) => `${stream} ${version}`));
  if (held.size !== data.streams) finding.fails('streams', { at, service, said: data.streams, found: held.size }, lines);
  else if (digest !== data.digest) finding.fails('digest', { at, service }, lines);
}

/** Every seal that an event made, by its commitment. */
export function sealsIn(log) {
  const seals = new Map();
  for (const event of log.events) {
    if (event.name === 'FactTaken') continue;
    for (const { field, commitment } of sealsOf(event.type, event.data)) seals.set(commitment, { event, field });
  }
  return seals;
}

/** The marks as they are sealed: "criterion=mark" lines, sorted. */
function contentOf(marks) {
  return bytesOf(marks.map(({ criterion, mark }) => `${criterion}=${mark}`).sort(compareText).map((line) => `${line}\n`).join(''));
}

export function openings(finding, { log, file, seals }) {
  const lines = [];
  for (const { key, commitment, salt, content } of file.openings) {
    const seal = seals.get(key);
    if (!seal) finding.fails('unknown', { commitment: hexOf(commitment) }, []);
    else if (!sameBytes(commitmentOf({ salt, stream: seal.event.stream, field: seal.field, content }), commitment)) {
      finding.fails('wrong', { field: seal.field, at: seal.event.at }, [seal.event.at]);
    } else lines.push(seal.event.at);
  }
  if (file.kind === 'receipt') {
    finding.holds('receipt', { shown: file.openings.length }, lines);
    return;
  }
  const revealed = revealedIn(finding, log);
  const open = new Set([...revealed, ...file.openings.map((opening) => opening.key)]);
  const withheld = compareWithheld(finding, seals, open, file.withheld);
  finding.holds('opened', { revealed: revealed.size, shown: file.openings.length, withheld }, lines);
}

function revealedIn(finding, log) {
  const revealed = new Set();
  for (const { at, index, stream, data } of log.named('ScorecardUnsealed')) {
    const sealed = log.stream('scoring', stream).findLast((event) => event.name === 'ScorecardSealed' && event.index < index);
    const content = contentOf(data.marks);
    const salt = bytesOfBase64(data.salt);
    const opened = base64Of(commitmentOf({ salt, stream, field: 'ScorecardSealed.marks', content }));
    if (sealed?.data.marks !== data.commitment || opened !== data.commitment) {
      finding.fails('revealed', { at }, [...(sealed ? [sealed.at] : []), at]);
    }
    revealed.add(data.commitment);
  }
  return revealed;
}

function compareWithheld(finding, seals, open, withheld) {
  const found = new Map();
  for (const [commitment, { field }] of seals) if (!open.has(commitment)) found.set(field, (found.get(field) ?? 0) + 1);
  const said = new Map(withheld.map(({ field, count }) => [field, count]));
  for (const field of [...new Set([...found.keys(), ...said.keys()])].sort(compareText)) {
    const [a, b] = [said.get(field) ?? 0, found.get(field) ?? 0];
    if (a !== b) finding.fails('withheld', { said: a, field, found: b }, []);
  }
  return [...found.values()].reduce((sum, count) => sum + count, 0);
}

export function forgotten(finding, { log, file, seals }) {
  const events = log.named('OpeningsForgotten', 'OpeningForgotten', 'OpeningsLost');
  for (const { key } of file.openings) {
    const by = log.named('OpeningForgotten').find((event) => event.data.commitment === key);
    const seal = seals.get(key);
    if (by && seal) finding.fails('kept', { field: seal.field, at: seal.event.at, forgotten: by.at }, [seal.event.at, by.at]);
  }
  if (events.length === 0) {
    finding.holds('nothing', {}, []);
    return;
  }
  const sum = (name) => log.named(name).reduce((total, event) => total + event.data.openings, 0);
  finding.holds(
    'said',
    {
      n: events.length,
      from: events[0].said,
      to: events.at(-1).said,
      openings: sum('OpeningsForgotten') + log.named('OpeningForgotten').length,
      lost: sum('OpeningsLost'),
    },
    events.map(({ at }) => at),
  );
}
