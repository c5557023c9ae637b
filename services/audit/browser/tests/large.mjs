// A whole invented programme of any size, event by event, to measure with. Its
// result is worked out by the page's own tally: it shows speed, not agreement.

import { createHash, createHmac } from 'node:crypto';

import { derivedId, idBytes } from '../src/world.mjs';
import { derivation, pitchDerivation, rulesOf, tally, totalOf } from '../src/tally.mjs';

const SERVICES = ['accounts', 'awards', 'panels', 'scoring', 'submissions'];
const OF_INTAKE = ['FactTaken', 'HoldingsCounted', 'OpeningForgotten', 'OpeningsForgotten'];
const CONNECTIONS = { CONNECTION_NONE: 1 };
const sha256 = (...pieces) => pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest();
const digestOf = (lines) => sha256(lines.sort().map((line) => `${line}\n`).join('')).toString('base64');
const camel = (name) => name[0].toLowerCase() + name.slice(1);

class Programme {
  constructor() {
    this.lines = [];
    this.heads = new Map(SERVICES.map((service) => [service, 0]));
    this.versions = new Map();
    this.counter = 0;
    this.clock = Date.parse('2026-11-02T09:00:00Z');
    this.id = this.uuid('programme');
  }

  bytes(purpose) {
    this.counter += 1;
    return sha256(`${purpose} ${this.counter}`);
  }

  seal(purpose) {
    return this.bytes(purpose).toString('base64');
  }

  uuid(purpose) {
    const hex = this.bytes(purpose).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  get now() {
    return new Date(this.clock).toISOString();
  }

  /** Appends an event; answers with its place. `basis` is all that is there. */
  add(service, message, stream, actor, data, { cause, command = this.uuid('command') } = {}) {
    const position = this.heads.get(service) + 1;
    const basis = SERVICES.filter((other) => other !== service && other !== 'accounts').map((other) => `${other}/${this.heads.get(other)}`);
    this.heads.set(service, position);
    const key = `${service} ${stream}`;
    this.versions.set(key, (this.versions.get(key) ?? 0) + 1);
    const type = `plaudit.${OF_INTAKE.includes(message) ? 'intake' : service}.v1.${message}`;
    const event = {
      specversion: '1.0',
      id: this.uuid('event'),
      source: service,
      type,
      subject: stream,
      time: this.now,
      version: this.versions.get(key),
      programme: this.id,
      actor: actor.includes('/') ? actor : `member/${actor}`,
      command,
      ...(cause ? { cause } : {}),
      basis: basis.join(','),
      nonce: this.bytes('nonce').subarray(0, 16).toString('base64').replaceAll('=', ''),
      data,
    };
    const at = `${service}/${position}`;
    this.lines.push({ at, service, position, event, bytes: JSON.stringify(event) });
    this.clock += 1;
    return at;
  }

  /** The same, and every other service that cares takes it in. */
  told(others, service, message, stream, actor, data, options) {
    const cause = this.add(service, message, stream, actor, data, options);
    for (const other of others) {
      this.add(other, 'FactTaken', stream, 'process/take_facts', { actor: actor.includes('/') ? undefined : actor, [camel(message)]: data }, { cause });
    }
    return cause;
  }

  count(milestone, cause) {
    for (const service of SERVICES) {
      const held = [...this.versions].filter(([key]) => key.startsWith(`${service} `)).map(([key, version]) => `${key.slice(service.length + 1)} ${version}`);
      const data = { milestone, asOf: String(this.heads.get(service)), streams: held.length, digest: digestOf(held) };
      this.add(service, 'HoldingsCounted', `holdings/${this.id}`, 'process/count', data, { cause });
    }
  }

  conclude(member) {
    this.count('MILESTONE_CONCLUDED', this.add('submissions', 'ProgrammeConcluded', `programme/${this.id}`, member, {}));
  }
}

const TALLY = {
  scale: { min: '0', max: '10', step: '0.5' },
  criteria: [{ id: 'people', weight: '2' }, { id: 'plan', weight: '2.5' }],
  aggregation: 'AGGREGATION_MEAN',
  normalisation: 'NORMALISATION_NONE',
  roundCriterion: 2,
  roundWeighted: 2,
  ties: [{ criterion: 'plan' }, { higherMedian: true }],
  leastMarks: 1,
};

/**
 * A programme with so many pitches and judges, each pitch with `each` of them: its
 * log, and the openings that an auditor is shown where marks are not published.
 * `late`: a pitch came late; `changed`: a score sheet was handed in again; `further`
 * adds what comes after the result.
 */
export function largeProgramme({ pitches: pitchCount, judges: judgeCount, each, published = true, late = false, changed = false, further = () => {} }) {
  const it = new Programme();
  Object.assign(it, { published, changed });
  it.openings = [];
  const [ada, bo] = [it.uuid('member'), it.uuid('member')];
  const stream = `programme/${it.id}`;
  const everywhere = ['accounts', 'awards', 'panels', 'scoring'];
  it.told(everywhere, 'submissions', 'ProgrammeDrafted', stream, ada, { title: it.seal('title') });
  for (const member of [ada, bo]) it.told(everywhere, 'submissions', 'RoleGranted', stream, ada, { member, role: 'ROLE_ORGANISER' });
  const deadline = new Date(it.clock + 600_000).toISOString();
  const rulebook = {
    call: 'CALL_KIND_OPEN',
    deadline,
    graceSeconds: 60,
    timeZone: 'Europe/London',
    rounds: [{ id: 'desk', kind: 'ROUND_KIND_DESK', end: 'ROUND_END_MARKS_ONLY', tally: TALLY, judgesPerPitch: each }],
    prizes: [{ id: 'first', rank: 1, amount: { minor: '500000', currency: 'GBP' } }],
    pot: { minor: '500000', currency: 'GBP' },
    marks: visibility(it),
    daysToAccept: 14,
  };
  const prose = it.seal('prose');
  const rulebookHash = sha256(JSON.stringify(rulebook), Buffer.from(prose, 'base64')).toString('base64');
  it.told(everywhere, 'submissions', 'RulebookPublished', stream, ada, { rulebook, hash: rulebookHash, prose });
  it.add('submissions', 'CallOpeningProposed', stream, ada, { rulebookHash, by: ada });
  it.told(everywhere, 'submissions', 'CallOpened', stream, bo, { proposedBy: ada, confirmedBy: bo, rulebookHash, deadline, graceSeconds: 60 });
  const pitches = Array.from({ length: pitchCount }, () => it.uuid('pitch'));
  for (const pitch of pitches) {
    const member = it.uuid('member');
    const data = { submission: 1, team: [member], title: it.seal('title'), teamName: it.seal('team'), answers: it.seal('answers'), rulebookHash, receivedAt: it.now };
    it.told(['awards', 'panels', 'scoring'], 'submissions', 'PitchSubmitted', `pitch/${pitch}`, member, data);
  }
  it.clock = Date.parse(deadline) + 60_000;
  const last = it.now;
  if (late) {
    it.clock += 10_000;
    const pitch = it.uuid('pitch');
    const data = { submission: 1, team: [it.uuid('member')], title: it.seal('title'), rulebookHash, receivedAt: it.now };
    it.told(['awards', 'panels', 'scoring'], 'submissions', 'PitchSubmitted', `pitch/${pitch}`, data.team[0], data);
    pitches.push(pitch);
  }
  it.clock += 30_000;
  const closed = it.told(everywhere, 'submissions', 'CallClosed', stream, 'process/deadline', { at: last });
  it.count('MILESTONE_CALL_CLOSED', closed);
  for (const pitch of pitches) {
    it.told(['awards', 'panels', 'scoring'], 'submissions', 'PitchScreened', `pitch/${pitch}`, ada, { outcome: 'SCREENING_ELIGIBLE', by: ada });
  }
  const screened = digestOf([...pitches]);
  it.told(everywhere, 'submissions', 'ScreeningCompleted', stream, ada, { eligible: pitches.length, digest: screened });
  further(it, { ada, bo, pitches, ...judge(it, { ada, bo, pitches, judgeCount, each, rulebookHash, screened }) });
  return { log: it.lines, openings: it.openings };
}

function visibility({ published }) {
  return published ? 'MARKS_VISIBILITY_PUBLIC' : 'MARKS_VISIBILITY_OWN_ENTRANT';
}

/** Seals content; an auditor is shown it. */
function sealed(it, stream, field, content) {
  const salt = it.bytes('salt');
  const hash = createHmac('sha256', salt).update('plaudit/seal/v1');
  for (const part of [stream, field, content]) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(part.length));
    hash.update(length).update(part);
  }
  const commitment = hash.digest();
  const opening = { commitment: commitment.toString('base64'), salt: salt.toString('base64'), content: Buffer.from(content).toString('base64') };
  if (!it.published) it.openings.push(opening);
  return opening;
}

function judge(it, { ada, bo, pitches, judgeCount, each, rulebookHash, screened }) {
  const round = derivedId('round', idBytes(it.id), Buffer.from('desk'));
  it.add('panels', 'PanelConvened', `panel/${round}`, ada, { round: 'desk' });
  const judges = Array.from({ length: judgeCount }, () => ({ member: it.uuid('member') }));
  for (const one of judges) {
    one.id = derivedId('judge', idBytes(round), idBytes(one.member));
    one.stream = `judge/${one.id}`;
    it.told(['scoring', 'submissions'], 'panels', 'JudgeInvited', one.stream, ada, { panel: round, member: one.member, office: 'OFFICE_JUDGE' });
    it.told(['scoring', 'submissions'], 'panels', 'JudgeAccepted', one.stream, one.member, {});
    const command = it.uuid('command');
    for (const pitch of pitches) it.add('panels', 'InterestDeclared', one.stream, one.member, { pitch, connection: 'CONNECTION_NONE' }, { command });
    const digest = digestOf(pitches.map((pitch) => `${pitch} ${CONNECTIONS.CONNECTION_NONE}`));
    it.told(['scoring', 'submissions'], 'panels', 'DeclarationConfirmed', one.stream, one.member, { pitches: pitches.length, digest }, { command });
  }
  const command = it.uuid('command');
  const given = pitches.flatMap((pitch, index) => Array.from({ length: each }, (_, nth) => ({ pitch, judge: judges[(index * each + nth) % judgeCount] })));
  const seed = sha256(`plaudit/lot/v1\nassignment\n${Buffer.from(screened, 'base64').toString('hex')}`).toString('base64');
  for (const one of given) {
    one.data = { pitch: one.pitch, panel: round, member: one.judge.member };
    one.cause = it.add('panels', 'AssignmentMade', one.judge.stream, ada, one.data, { command });
  }
  const digest = digestOf(given.map((one) => `${one.pitch} ${one.judge.id}`));
  const sums = { assignments: given.length, pitches: pitches.length, judges: judgeCount };
  it.add('panels', 'AssignmentsCompleted', `panel/${round}`, ada, { ...sums, judgesPerPitch: each, digest, seed }, { command });
  for (const { judge: { stream }, data, cause } of given) {
    for (const service of ['scoring', 'submissions']) it.add(service, 'FactTaken', stream, 'process/take_facts', { actor: ada, assignmentMade: data }, { cause });
  }
  const ready = it.add('panels', 'PanelReady', `panel/${round}`, ada, { judges: judgeCount, assignments: given.length });
  it.add('scoring', 'PanelTaken', `round/${round}`, 'process/take', { judges: judgeCount, assignments: given.length }, { cause: ready });
  score(it, { ada, bo, round, given, pitches, rulebookHash });
  return { round, given };
}

function score(it, { ada, bo, round, given, pitches, rulebookHash }) {
  for (const one of given) {
    one.card = derivedId('scorecard', idBytes(one.judge.id), idBytes(one.pitch));
    it.add('scoring', 'ScorecardExpected', `scorecard/${one.card}`, 'process/take', { round, pitch: one.pitch, judge: one.judge.id }, { cause: one.cause });
  }
  const opened = { rulebookHash, round: 'desk', tally: TALLY, end: 'ROUND_END_MARKS_ONLY', marks: visibility(it), scorecards: given.length };
  it.add('scoring', 'RoundOpened', `round/${round}`, ada, opened);
  for (const one of given) handIn(it, one, { round, sealing: 1 });
  if (it.changed) {
    const [one] = given;
    const { commitment } = one.opening;
    handIn(it, one, { round, sealing: 2 });
    it.add('scoring', 'OpeningForgotten', `scorecard/${one.card}`, one.judge.member, { commitment, because: 'FORGOTTEN_BECAUSE_NOT_NEEDED' });
    it.openings = it.openings.filter((opening) => opening.commitment !== commitment);
  }
  it.count('MILESTONE_ROUND_LOCKED', it.add('scoring', 'RoundLocked', `round/${round}`, ada, {}));
  it.add('scoring', 'UnsealingProposed', `round/${round}`, ada, { by: ada });
  const command = it.uuid('command');
  for (const { card, opening: { commitment, salt }, marks } of it.published ? given : []) {
    it.add('scoring', 'ScorecardUnsealed', `scorecard/${card}`, bo, { commitment, salt, marks }, { command });
  }
  const digest = digestOf(given.map((one) => `${one.card} ${Buffer.from(one.opening.commitment, 'base64').toString('hex')}`));
  it.add('scoring', 'RoundUnsealed', `round/${round}`, bo, { proposedBy: ada, confirmedBy: bo, sealed: given.length, digest }, { command });
  declare(it, { round, given, pitches, rulebookHash });
}

function handIn(it, one, { round, sealing }) {
  const byte = it.bytes('marks');
  one.marks = [{ criterion: 'people', mark: String((byte[0] % 21) / 2) }, { criterion: 'plan', mark: String((byte[1] % 21) / 2) }];
  const content = one.marks.map(({ criterion, mark }) => `${criterion}=${mark}\n`).join('');
  one.opening = sealed(it, `scorecard/${one.card}`, 'ScorecardSealed.marks', content);
  it.add('scoring', 'ScorecardSealed', `scorecard/${one.card}`, one.judge.member, { sealing, marks: one.opening.commitment, round, receivedAt: it.now });
}

function declare(it, { round, given, pitches, rulebookHash }) {
  const cards = given.map((one) => ({ pitch: one.pitch, judge: one.judge.id, marks: new Map(one.marks.map(({ criterion, mark }) => [criterion, mark])) }));
  const ranking = tally(rulesOf(TALLY), pitches, cards);
  const digested = (message, text) => {
    const digest = sha256(text);
    if (it.published) return { derivation: digest.toString('base64') };
    return { sealedDerivation: sealed(it, `result/${round}`, `${message}.sealed_derivation`, digest).commitment };
  };
  const command = it.uuid('command');
  for (const sheet of [...ranking.pitches].sort((a, b) => a.order - b.order)) {
    const sharedBy = ranking.pitches.filter((other) => other.rank === sheet.rank).length;
    const data = { pitch: sheet.pitch, total: totalOf(sheet), rank: sheet.rank, sharedBy, scorecards: sheet.cards.length, ...digested('PitchRanked', pitchDerivation(sheet)) };
    it.add('scoring', 'PitchRanked', `result/${round}`, 'process/consequences', data, { command });
  }
  const data = { pitches: pitches.length, ranked: pitches.length, ...digested('ResultDeclared', derivation(ranking)), rulebookHash, round: 'desk' };
  it.count('MILESTONE_RESULT_DECLARED', it.add('scoring', 'ResultDeclared', `result/${round}`, 'process/consequences', data, { command }));
}
