// What the checks of the story share: who had which role, who stood behind which
// wall, which pitches there are, and the ids that follow from others.

import { bytesOf, bytesOfHex, hexOf } from './bytes.mjs';
import { Sha256 } from './sha256.mjs';

const SECOND = 1_000_000_000n;

/** A time as events print it, from nanoseconds. */
export function printTime(nanoseconds) {
  const seconds = nanoseconds / SECOND - (nanoseconds % SECOND < 0n ? 1n : 0n);
  const rest = nanoseconds - seconds * SECOND;
  const decimals = rest.toString().padStart(9, '0').replace(/0+$/, '');
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${decimals ? `.${decimals}` : ''}Z`;
}

export function printMoney({ minor, currency }) {
  const digits = minor.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)} ${currency}`;
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
  return bytesOfHex(id.replaceAll('-', ''));
}

/** What services had been told, and when: each answer is as of an event. */
export class Story {
  constructor(log) {
    this.log = log;
    this.told = new Map();
    for (const event of log.events) {
      const key = `${event.service} ${event.told.name}`;
      if (!this.told.has(key)) this.told.set(key, []);
      this.told.get(key).push(event);
    }
    this.rulebook = log.named('RulebookPublished').at(-1)?.data.rulebook ?? null;
    this.rulebookRaw = log.named('RulebookPublished').at(-1)?.raw.rulebook ?? null;
    this.ended = log.named('ProgrammeCancelled', 'ProgrammeConcluded')[0] ?? null;
    this.pitches = pitchesOf(log);
  }

  /** What a service had been told of this name before an event. */
  before(event, name, service = event.service) {
    return (this.told.get(`${service} ${name}`) ?? []).filter((earlier) => earlier.index < event.index);
  }

  hasRole(member, roles, event) {
    return roles.some((role) => {
      const changes = [...this.before(event, 'RoleGranted'), ...this.before(event, 'RoleRevoked')];
      const last = changes
        .filter(({ told }) => told.data.member === member && told.data.role === role)
        .sort((a, b) => a.index - b.index)
        .at(-1);
      return last?.told.name === 'RoleGranted';
    });
  }

  /** Whether this member had declared an interest in the pitch, or is in its team. */
  hasInterest(member, pitch, event) {
    const declared = this.before(event, 'OrganiserConflictDeclared').some(({ told }) => told.data.member === member && told.data.pitch === pitch);
    return declared || this.teamOf(pitch, event).includes(member);
  }

  teamOf(pitch, event) {
    return this.submissionsOf(pitch, event).at(-1)?.told.data.team ?? [];
  }

  submissionsOf(pitch, event) {
    const events = this.log.stream(event.service, `pitch/${pitch}`);
    return events.filter((earlier) => earlier.index < event.index && earlier.told.name === 'PitchSubmitted');
  }

  /** The pitch's team as it last came in before this moment. */
  teamAt(pitch, { index }) {
    const events = this.log.stream('submissions', `pitch/${pitch}`);
    return events.findLast((event) => event.name === 'PitchSubmitted' && event.index < index)?.data.team ?? [];
  }

  /** Whether the pitch had left, as far as this event's service knew. */
  hasLeft(pitch, event) {
    const events = this.log.stream(event.service, `pitch/${pitch}`);
    return events.some((left) => left.index < event.index && ['PitchWithdrawn', 'PitchDisqualified'].includes(left.told.name));
  }

  /** A pitch as sentences name it: the event in which it first came in. */
  nameOf(pitch) {
    return this.pitches.get(pitch)?.at ?? pitch;
  }

  /** Pitches in running order: as they first came in. */
  inOrder(pitches) {
    const place = (pitch) => this.pitches.get(pitch)?.position ?? Number.MAX_SAFE_INTEGER;
    return [...pitches].sort((a, b) => place(a) - place(b));
  }
}

function pitchesOf(log) {
  const pitches = new Map();
  for (const event of log.named('PitchSubmitted')) if (!pitches.has(event.id)) pitches.set(event.id, event);
  return pitches;
}

/** A check of something that the programme has not reached, or never will. */
export function notReached(finding, story) {
  if (story.ended) finding.answers('holds', 'none');
  else finding.answers('hidden', 'early');
}
