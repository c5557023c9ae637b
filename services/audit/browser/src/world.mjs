// How things stood at each moment of a programme: applied event by event, so that a
// check can look at the world as it was just before the event that it judges.

import { bytesOf, bytesOfHex, hexOf } from './bytes.mjs';
import { memberText } from './file.mjs';
import { Sha256 } from './sha256.mjs';

const SECOND = 1_000_000_000n;

/** A time as sentences print it, from nanoseconds. */
export function printTime(nanoseconds) {
  const milliseconds = (nanoseconds - (((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n;
  const text = new Date(Number(milliseconds)).toISOString();
  const decimals = text.slice(19, 23) === '.000' ? '' : text.slice(19, 23);
  return `${text.slice(0, 10)} ${text.slice(11, 19)}${decimals} UTC`;
}

export function printMoney(amount) {
  if (!amount) return '-';
  const digits = amount.minor.toString().padStart(3, '0');
  return `${amount.currency} ${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function sameMoney(a, b) {
  return (a?.minor ?? 0n) === (b?.minor ?? 0n) && (a?.currency ?? '') === (b?.currency ?? '');
}

export function secondsOf(count) {
  return BigInt(count) * SECOND;
}

/** An id that follows from a purpose and parts: UUID version 8, cut from SHA-256. */
export function derivedId(purpose, ...parts) {
  const hash = new Sha256();
  for (const part of [bytesOf(purpose), ...parts]) {
    const length = new Uint8Array(8);
    new DataView(length.buffer).setUint32(4, part.length);
    hash.update(length).update(part);
  }
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function idBytes(id) {
  return bytesOfHex((id ?? '').replaceAll('-', ''));
}

/** Gives the value of a key, made where it is not there yet. */
export function at(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}

export class World {
  constructor() {
    this.rulebook = null;
    this.opening = null;
    this.pitches = new Map();
    this.roles = new Map();
    this.conflicts = new Set();
    this.judges = new Map();
    this.cards = new Map();
    this.rounds = new Map();
    this.rankings = new Map();
    this.awards = new Map();
    this.left = new Set();
    this.known = new Set();
  }

  /** Looks at each event before it counts. */
  static walk(log, visit = () => {}) {
    const world = new World();
    for (const event of log.events) {
      visit(event, world);
      world.apply(event);
    }
    return world;
  }

  apply(event) {
    const { service, noun, name, told } = event;
    this.applyRoles(service, told);
    if (service === 'submissions' && noun === 'programme') this.applyProgramme(event);
    if (service === 'submissions' && noun === 'pitch') this.applyPitch(event);
    if (service === 'awards' && noun === 'pitch') this.applyRunning(event);
    if (noun === 'judge') this.applyJudge(event);
    if (service === 'scoring' && noun === 'scorecard') this.applyCard(event);
    if (service === 'scoring' && noun === 'round') this.applyRound(event);
    if (service === 'awards' && noun === 'ranking') this.applyRanking(event);
    if (service === 'awards' && noun === 'award') this.applyAward(event);
    if (name === 'AmountReserved') this.awardOf(event.data.award).wasReserved = true;
  }

  // ---- who may do what ----

  applyRoles(service, { name, data }) {
    if (name === 'RoleGranted') at(this.roles, `${service} ${data.member}`, () => new Set()).add(data.role);
    if (name === 'RoleRevoked') this.roles.get(`${service} ${data.member}`)?.delete(data.role);
    if (name === 'OrganiserConflictDeclared') this.conflicts.add(`${service} ${data.member} ${data.pitch}`);
  }

  isOrganiser(service, member) {
    return this.roles.get(`${service} ${member}`)?.has('ROLE_ORGANISER') ?? false;
  }

  mayConfirm(service, member) {
    return this.isOrganiser(service, member) || (this.roles.get(`${service} ${member}`)?.has('ROLE_APPROVER') ?? false);
  }

  isInTeam(member, pitch) {
    return this.pitches.get(pitch)?.team.includes(member) ?? false;
  }

  isWalled(service, member, pitch) {
    return this.isInTeam(member, pitch) || this.conflicts.has(`${service} ${member} ${pitch}`);
  }

  // ---- the rules, and what came in ----

  applyProgramme(event) {
    const { name, data, json } = event;
    if (name === 'RulebookPublished') {
      this.rulebook = { event, hash: data.hash, published: data.hash, data: data.rulebook ?? {}, json: memberText(json, 'rulebook') };
    }
    if (name === 'RulebookAmended' && this.rulebook) this.rulebook.hash = data.hash;
    if (name === 'CallOpened') this.opening = event;
    if (name === 'ScreeningCompleted') {
      this.screening = event;
      this.forward = this.inOrder().filter((pitch) => pitch.standing === 'eligible');
    }
  }

  applyPitch(event) {
    const { name, data } = event;
    const pitch = at(this.pitches, event.id, () => ({ id: event.id, first: null, team: [], submission: 0, standing: null, screened: null, until: null, judged: false }));
    if (name === 'PitchSubmitted') {
      pitch.first ??= event;
      Object.assign(pitch, { team: data.team, submission: data.submission, standing: 'undecided' });
    }
    if (name === 'PitchQueried' || name === 'QueryAnswered') pitch.standing = 'undecided';
    if (name === 'PitchWithdrawn') pitch.standing = 'withdrawn';
    if (name === 'PitchDisqualified') pitch.standing = 'disqualified';
    if (name === 'PitchReopened') pitch.until = data.until ?? 0n;
    if (name === 'PitchScreened') {
      pitch.standing = data.outcome === 'SCREENING_ELIGIBLE' ? 'eligible' : 'ineligible';
      pitch.wasEligible ||= pitch.standing === 'eligible';
      pitch.screened = data;
    }
  }

  /** Pitches in running order: as they first came in. */
  inOrder() {
    return [...this.pitches.values()].filter((pitch) => pitch.first).sort((a, b) => a.first.position - b.first.position);
  }

  /** A pitch as sentences name it: the place where it first came in. */
  nameOf(pitch) {
    return this.pitches.get(pitch)?.first?.at ?? '-';
  }

  applyRunning({ id, told: { name } }) {
    if (name === 'PitchSubmitted') this.known.add(id);
    if (name === 'PitchWithdrawn' || name === 'PitchDisqualified') this.left.add(id);
  }

  // ---- judges ----

  judgeOf(id) {
    return at(this.judges, id, () => ({ id, member: null, panel: null, cap: 0, sits: false, confirmed: null, answers: [], aside: new Map(), asideForScoring: new Set(), has: new Set() }));
  }

  applyJudge(event) {
    const { service, name, told, id, position } = event;
    const judge = this.judgeOf(id);
    const { data } = told;
    const isAside = told.name === 'JudgeRecused' || (told.name === 'InterestDeclared' && ['CONNECTION_STAND_ASIDE', 'CONNECTION_KNOWN'].includes(data.connection));
    if (service === 'scoring') {
      if (isAside) judge.asideForScoring.add(data.pitch);
      if (told.name === 'KnownConnectionAllowed' && judge.knownForScoring?.has(data.pitch)) judge.asideForScoring.delete(data.pitch);
      if (told.name === 'InterestDeclared' && data.connection === 'CONNECTION_KNOWN') (judge.knownForScoring ??= new Set()).add(data.pitch);
      else if (isAside) judge.knownForScoring?.delete(data.pitch);
    }
    if (service !== 'panels') return;
    if (name === 'JudgeInvited') Object.assign(judge, { member: data.member, panel: data.panel, cap: data.cap });
    if (name === 'JudgeAccepted') judge.sits = true;
    if (name === 'JudgeDeclined' || name === 'JudgeStoodDown') judge.sits = false;
    if (name === 'InterestDeclared') judge.answers.push(event);
    if (isAside && !judge.aside.has(data.pitch)) judge.aside.set(data.pitch, { position, known: true });
    if (isAside && data.connection !== 'CONNECTION_KNOWN') judge.aside.get(data.pitch).known = false;
    if (name === 'KnownConnectionAllowed' && judge.aside.get(data.pitch)?.known) judge.aside.delete(data.pitch);
    if (name === 'DeclarationConfirmed') judge.confirmed = event;
    if (name === 'AssignmentMade') judge.has.add(data.pitch);
    if (name === 'AssignmentMade' && this.pitches.has(data.pitch)) this.pitches.get(data.pitch).judged = true;
    if (name === 'AssignmentWithdrawn') judge.has.delete(data.pitch);
  }

  /** Whether a judge may not be given a pitch, as far as panels knows. */
  isBarred(judge, pitch) {
    return judge.aside.has(pitch) || this.isWalled('panels', judge.member, pitch);
  }

  /** Who sits on a panel and has declared. */
  benchOf(panel) {
    return [...this.judges.values()].filter((judge) => judge.panel === panel && judge.sits && judge.confirmed);
  }

  // ---- score sheets and rounds ----

  cardOf(id) {
    return at(this.cards, id, () => ({ id, round: null, pitch: null, judge: null, standing: null, sealing: 0, sealed: null, revealed: null, pitchLeft: false }));
  }

  applyCard(event) {
    const { id, name, data } = event;
    const card = this.cardOf(id);
    if (name === 'ScorecardExpected') Object.assign(card, { round: data.round, pitch: data.pitch, judge: data.judge, standing: 'expected' });
    if (name === 'ScorecardSealed') Object.assign(card, { sealing: data.sealing, sealed: event, standing: 'sealed' });
    if (name === 'ScorecardAbstained') card.standing = 'abstained';
    if (name === 'ScorecardReleased') card.standing = 'released';
    if (name === 'ScorecardSetAside') card.standing = 'set_aside';
    if (name === 'ScorecardSetAside' && data.reason === 'REASON_PITCH_LEFT') card.pitchLeft = true;
    if (name === 'ScorecardUnsealed') card.revealed = event;
  }

  roundOf(id) {
    return at(this.rounds, id, () => ({ id, phase: null, opened: null, lock: null, unsealed: null, proposals: [] }));
  }

  applyRound(event) {
    const round = this.roundOf(event.id);
    const phases = { PanelTaken: 'ready', RoundOpened: 'open', RoundLocked: 'locked', RoundUnsealed: 'opened', RoundVoided: 'void' };
    round.phase = phases[event.name] ?? round.phase;
    if (event.name === 'RoundOpened') round.opened = event;
    if (event.name === 'RoundLocked') round.lock = event;
    if (event.name === 'RoundUnsealed') round.unsealed = event;
    if (event.name === 'UnsealingProposed') round.proposals.push(event);
  }

  /** A round's score sheets, sorted by id. */
  cardsOf(round) {
    return [...this.cards.values()].filter((card) => card.round === round).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  countedOf(round) {
    return this.cardsOf(round).filter((card) => card.standing === 'sealed');
  }

  countsOf(round) {
    const counts = { sealed: 0, abstained: 0, set_aside: 0, missing: 0 };
    for (const { standing } of this.cardsOf(round)) {
      const counted = standing === 'expected' ? 'missing' : standing;
      if (counted in counts) counts[counted] += 1;
    }
    return counts;
  }

  // ---- awards ----

  applyRanking({ id, name, data }) {
    const ranking = at(this.rankings, id, () => ({ places: [], isClosed: false }));
    if (name === 'PlaceTaken') {
      if (ranking.isClosed) Object.assign(ranking, { places: [], isClosed: false });
      ranking.places.push(data);
    }
    if (name === 'RankingTaken') ranking.isClosed = true;
  }

  awardOf(id) {
    return at(this.awards, id, () => ({ id, phase: null, terms: null, proposed: null, announced: null, wasReserved: false }));
  }

  applyAward(event) {
    const award = this.awardOf(event.id);
    const phases = {
      AwardProposed: 'proposed',
      AwardApproved: 'approved',
      AwardRefused: 'refused',
      AwardAnnounced: 'announced',
      AwardAccepted: 'accepted',
      AwardDeclined: 'declined',
      AwardLapsed: 'lapsed',
      AwardWithdrawn: 'withdrawn',
    };
    award.phase = phases[event.name] ?? award.phase;
    if (event.name === 'AwardProposed') Object.assign(award, { terms: event.data, proposed: event, announced: null, wasReserved: false });
    if (event.name === 'AwardAnnounced') award.announced = event;
  }
}
