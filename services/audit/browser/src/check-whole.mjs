// That nothing was left out: order, histories, times, facts, counts, seals.

import { base64Of, bytesOf, bytesOfBase64, compareText, sameBytes } from './bytes.mjs';
import { sealsOf } from './contracts.mjs';
import { placesOf, SERVICES } from './log.mjs';
import { commitmentOf } from './seal.mjs';
import { sha256 } from './sha256.mjs';
import { printTime, World } from './world.mjs';

const LEEWAY = 5_000_000_000n;
const MILESTONES = {
  'plaudit.submissions.v1.CallClosed': 'MILESTONE_CALL_CLOSED',
  'plaudit.scoring.v1.RoundLocked': 'MILESTONE_ROUND_LOCKED',
  'plaudit.scoring.v1.ResultDeclared': 'MILESTONE_RESULT_DECLARED',
  'plaudit.awards.v1.WinnersAnnounced': 'MILESTONE_ANNOUNCED',
  'plaudit.submissions.v1.ProgrammeConcluded': 'MILESTONE_CONCLUDED',
  'plaudit.submissions.v1.ProgrammeCancelled': 'MILESTONE_CANCELLED',
};

/** SHA-256 over these lines, sorted by their bytes, each ended by a newline; in base64. */
export function digestOf(lines) {
  return base64Of(sha256(bytesOf([...lines].sort(compareText).map((line) => `${line}\n`).join(''))));
}

export function order(finding, { log }) {
  const last = new Map();
  const known = new Map();
  for (const event of log.events) {
    const before = last.get(event.service);
    if (before && event.position <= before.position) finding.fails('position', event, { before: before.at });
    last.set(event.service, event);
    const cause = event.cause && log.places.get(event.cause);
    if (event.cause && !(cause?.index < event.index)) finding.fails('cause', event, { cause: event.cause });
    const knower = known.get(event.service);
    if (knower?.position >= event.position) finding.fails('basis', event, { before: knower.by.at });
    for (const place of event.basis.split(',')) {
      const [service, digits] = place.split('/');
      if (!(known.get(service)?.position >= Number(digits))) known.set(service, { position: Number(digits), by: event });
    }
  }
  finding.holds('order', { n: log.events.length });
}

export function streams(finding, { log }) {
  const versions = new Map();
  for (const event of log.events) {
    const history = `${event.service} ${event.stream}`;
    const expected = (versions.get(history) ?? 0) + 1;
    if (event.version !== expected) finding.fails('version', event, { version: event.version, stream: event.stream, expected });
    versions.set(history, event.version);
  }
  finding.holds('dense', { n: log.events.length, streams: versions.size });
}

export function times(finding, { log }) {
  const latest = new Map();
  let [from, to] = [null, null];
  for (const event of log.events) {
    const { service, time, name, data } = event;
    const earlier = latest.get(service);
    if (earlier !== undefined && time + LEEWAY < earlier) finding.fails('back', event, { time: printTime(time), earlier: printTime(earlier) });
    if (['PitchSubmitted', 'ScorecardSealed'].includes(name) && data.receivedAt > time + LEEWAY) {
      finding.fails('arrival', event, { time: printTime(time), arrived: printTime(data.receivedAt) });
    }
    if (earlier === undefined || time > earlier) latest.set(service, time);
    if (from === null || time < from) from = time;
    if (to === null || time > to) to = time;
  }
  finding.holds('forward', { from: printTime(from ?? 0n), to: printTime(to ?? 0n) });
}

// ---- what services took over from each other ----

const FACTS = {
  submissions:
    'ProgrammeDrafted RoleGranted RoleRevoked OrganiserConflictDeclared RulebookPublished CallOpened CallClosed ' +
    'ScreeningCompleted ProgrammeCancelled AuditorAdmitted AuditorDismissed ' +
    'PitchSubmitted PitchWithdrawn PitchScreened PitchDisqualified',
  panels:
    'JudgeInvited JudgeAccepted JudgeStoodDown InterestDeclared KnownConnectionAllowed DeclarationConfirmed ' +
    'JudgeRecused AssignmentMade AssignmentWithdrawn',
  awards: 'WinnersAnnounced',
};
const SOURCES = new Map(Object.entries(FACTS).flatMap(([service, names]) => names.split(' ').map((name) => [name, `plaudit.${service}.v1.${name}`])));
const TAKEN = new Set([...SOURCES.values(), 'plaudit.panels.v1.PanelReady', 'plaudit.scoring.v1.PitchRanked', 'plaudit.scoring.v1.ResultDeclared']);

const SAME_WORDS = {
  FactTaken: ({ told, stream }, said) => said.type === SOURCES.get(told.name) && said.stream === stream && said.json === told.json,
  PanelTaken: ({ id, data }, said) => said.name === 'PanelReady' && said.id === id && said.data.judges === data.judges && said.data.assignments === data.assignments,
  PlaceTaken: ({ id, data }, said) =>
    said.name === 'PitchRanked' && said.id === id && said.data.pitch === data.pitch && said.data.rank === data.rank && said.data.sharedBy === data.sharedBy,
  RankingTaken: ({ id, data }, said) => said.name === 'ResultDeclared' && said.id === id && said.data.round === data.round && said.data.pitches === data.places,
  ScorecardExpected: ({ data }, said, world) =>
    said.name === 'AssignmentMade' &&
    said.stream === `judge/${data.judge}` &&
    said.data.pitch === data.pitch &&
    said.data.panel === data.round &&
    said.data.member === world.judgeOf(data.judge).member,
};

export function facts(finding, { log }) {
  let n = 0;
  World.walk(log, (event, world) => {
    const isSame = SAME_WORDS[event.name];
    if (!isSame) return;
    n += 1;
    const cause = event.cause ?? '-';
    const said = log.places.get(cause);
    if (!said || said.service === event.service || said.index >= event.index || !TAKEN.has(said.type)) {
      finding.fails('cause', event, { cause });
      return;
    }
    if (!isSame(event, said, world)) finding.fails('words', event, { cause });
    if (event.name === 'FactTaken' && event.data.actor !== (said.member ?? '')) finding.fails('actor', event, { cause });
  });
  finding.holds('same', { n });
}

// ---- the counts at the milestones ----

export function counts(finding, { log, sentences }) {
  const counted = log.named('HoldingsCounted');
  for (const event of counted) recount(finding, log, event);
  const milestones = log.events.filter((event) => MILESTONES[event.type]);
  const nameOf = (milestone) => sentences.milestones[MILESTONES[milestone.type]];
  const causes = new Map(SERVICES.map((service) => [service, new Set()]));
  const latest = new Map();
  const follows = (service, milestone) => `${service} ${milestone.service}`;
  for (const { service, cause } of counted) {
    const milestone = log.places.get(cause);
    if (!causes.has(service) || !milestone) continue;
    causes.get(service).add(cause);
    const key = follows(service, milestone);
    if (MILESTONES[milestone.type]) latest.set(key, Math.max(latest.get(key) ?? -1, milestone.index));
  }
  const lines = placesOf(counted);
  for (const milestone of milestones) {
    const without = SERVICES.filter((service) => !causes.get(service).has(milestone.at));
    const waiting = without.filter((service) => (latest.get(follows(service, milestone)) ?? -1) <= milestone.index);
    for (const service of without) if (!waiting.includes(service)) finding.failsAt('missing', [milestone.at], { service, milestone: nameOf(milestone) });
    if (waiting.length > 0) finding.hides('waiting', { services: waiting.join(', '), milestone: nameOf(milestone) }, lines);
  }
  if (milestones.length === 0) finding.notReached(log.isOver);
  else finding.holds('counted', { milestones: milestones.map(nameOf).join(', '), n: counted.length }, lines);
}

function recount(finding, log, event) {
  const { service, position, cause, data } = event;
  const milestone = log.places.get(cause);
  const upTo = Number(data.asOf);
  const isMilestone = milestone?.index < event.index && MILESTONES[milestone.type] === data.milestone;
  if (!isMilestone) finding.fails('milestone', event, { cause: cause ?? '-' });
  if (upTo >= position || (milestone?.service === service && upTo < milestone.position)) finding.fails('position', event, { as_of: upTo });
  const held = new Map();
  for (const one of log.of(service)) if (one.position <= upTo) held.set(one.stream, one.version);
  if (held.size !== data.streams) finding.fails('streams', event, { service, said: data.streams, found: held.size });
  const digest = digestOf([...held].map(([stream, version]) => `${stream} ${version}`));
  if (digest !== data.digest) finding.fails('digest', event, { service });
}

// ---- seals ----

/** Every seal that an event made, and those of each commitment. */
export function sealsIn(log) {
  const seals = log.events.filter((event) => event.name !== 'FactTaken').flatMap((event) => sealsOf(event).map((seal) => ({ ...seal, event })));
  const byCommitment = new Map();
  for (const seal of seals) byCommitment.set(seal.commitment, [...(byCommitment.get(seal.commitment) ?? []), seal]);
  return { seals, byCommitment };
}

/** Which seal an opening opens; where it opens none, the first it might have been. */
export function sealOf({ byCommitment }, { key, commitment, salt, content }) {
  const might = byCommitment.get(key) ?? [];
  const opened = might.find(({ event, field }) => sameBytes(commitmentOf({ salt, stream: event.stream, field, content }), commitment));
  const [first] = [...might].sort((a, b) => compareText(a.event.service, b.event.service) || a.event.position - b.event.position);
  return { seal: opened ?? first ?? null, opens: Boolean(opened) };
}

/** Whether these marks are what their score sheet had sealed last. */
function isRevealedRightly({ stream, data }, card) {
  const content = bytesOf(data.marks.map(({ criterion, mark }) => `${criterion}=${mark}`).sort(compareText).map((line) => `${line}\n`).join(''));
  const salt = bytesOfBase64(data.salt);
  const opened = base64Of(commitmentOf({ salt, stream, field: 'ScorecardSealed.marks', content }));
  return card?.standing === 'sealed' && card.sealed.data.marks === data.commitment && opened === data.commitment;
}

export function openings(finding, { log, file, seals }) {
  const open = new Set();
  World.walk(log, (event, world) => {
    if (event.name !== 'ScorecardUnsealed') return;
    if (isRevealedRightly(event, world.cards.get(event.id))) open.add(event.data.commitment);
    else finding.fails('revealed', event);
  });
  for (const opening of file.openings) {
    const { seal, opens } = sealOf(seals, opening);
    if (!seal) finding.failsAt('unknown', [], { commitment: opening.key });
    else if (!opens) finding.fails('wrong', seal.event, { field: seal.field });
    if (opens) open.add(opening.key);
  }
  if (file.kind === 'receipt') {
    finding.holds('receipt', { shown: file.openings.length });
    return;
  }
  const found = new Map();
  for (const { commitment, field } of seals.seals) if (!open.has(commitment)) found.set(field, (found.get(field) ?? 0) + 1);
  const said = new Map(file.withheld.map(({ field, count }) => [field, count]));
  for (const field of [...new Set([...found.keys(), ...said.keys()])].sort(compareText)) {
    const [told, counted] = [said.get(field) ?? 0, found.get(field) ?? 0];
    if (told !== counted) finding.failsAt('withheld', [], { said: told, field, found: counted });
  }
  const withheld = [...found.values()].reduce((sum, count) => sum + count, 0);
  finding.holds('opened', { revealed: log.named('ScorecardUnsealed').length, shown: file.openings.length, withheld });
}

export function forgotten(finding, { log, file, seals }) {
  for (const opening of file.openings) {
    const { seal } = sealOf(seals, opening);
    const { event, subject, id } = seal ?? {};
    const by =
      log.named('OpeningForgotten').find((one) => seal && one.data.commitment === seal.commitment) ??
      log.named('OpeningsForgotten').find((one) => seal && one.service === event.service && one.index > event.index && one.data.subject === subject && one.data.id === id);
    if (by) finding.fails('kept', event, { field: seal.field, forgotten: by.at });
  }
  const events = log.named('OpeningForgotten', 'OpeningsForgotten', 'OpeningsLost');
  if (events.length === 0) {
    finding.holds('nothing', {});
    return;
  }
  const sumOf = (name) => log.named(name).reduce((sum, event) => sum + event.data.openings, 0);
  const sorted = events.map(({ time }) => time).sort((a, b) => (a < b ? -1 : 1));
  const [from, to] = [sorted[0], sorted.at(-1)].map(printTime);
  const openings = log.named('OpeningForgotten').length + sumOf('OpeningsForgotten');
  finding.holds('said', { n: events.length, from, to, openings, lost: sumOf('OpeningsLost') }, placesOf(events));
}
