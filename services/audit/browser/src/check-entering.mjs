// The rules, the pitches that came in, and the first look at them.

import { base64Of, bytesOf, bytesOfBase64 } from './bytes.mjs';
import { digestOf } from './check-whole.mjs';
import { sameJson } from './log.mjs';
import { sha256 } from './sha256.mjs';
import { notReached, printTime, secondsOf } from './story.mjs';

export function rules(finding, { log, story }) {
  const state = { force: null, opening: null, amended: 0, hashes: new Set() };
  for (const event of log.of('submissions')) followRules(finding, state, event);
  for (const event of log.named('RoundOpened')) followRound(finding, state, event);
  for (const event of log.named('ResultDeclared')) {
    if (!state.hashes.has(event.data.rulebookHash)) finding.fails('opened', { at: event.at, published: state.force?.at ?? '–' }, [event.at]);
  }
  if (!state.opening || !state.force) {
    notReached(finding, story);
    return;
  }
  const { force, opening, amended } = state;
  finding.holds('stood', { published: force.said, at: force.at, opened: opening.said, opening: opening.at, amended }, [force.at, opening.at]);
}

function hashOf(text, prose) {
  return base64Of(sha256(bytesOf(text), bytesOfBase64(prose) ?? new Uint8Array()));
}

function followRules(finding, state, event) {
  const { at, name, data, raw } = event;
  const { force, opening } = state;
  if (name === 'RulebookPublished') {
    if (opening) finding.fails('after', { at }, [opening.at, at]);
    if (hashOf(event.rulebookText, data.prose) !== data.hash) finding.fails('hash', { at }, [at]);
    state.force = { at, said: event.said, hash: data.hash, text: event.rulebookText, data: data.rulebook ?? {}, raw: raw.rulebook ?? {} };
    state.hashes.add(data.hash);
  } else if (name === 'RulebookAmended' && force) {
    if (hashOf(force.text, data.prose) !== data.hash) finding.fails('hash', { at }, [at]);
    state.force = { ...force, hash: data.hash };
    state.hashes.add(data.hash);
    state.amended += 1;
  } else if (name === 'CallOpened') {
    state.opening = event;
    if (!force) finding.fails('unpublished', { at }, [at]);
    else if (data.rulebookHash !== force.hash) finding.fails('opened', { at, published: force.at }, [force.at, at]);
    else if (data.deadline !== force.data.deadline || data.graceSeconds !== force.data.graceSeconds) finding.fails('terms', { at }, [force.at, at]);
  } else if (name === 'PitchSubmitted' && force && data.rulebookHash !== force.hash) {
    finding.fails('entered', { at }, [force.at, at]);
  }
}

function followRound(finding, { force, hashes }, { at, data, raw }) {
  if (!force) return;
  const round = (force.raw.rounds ?? []).find(({ id }) => id === data.round);
  const marks = force.data.marks === data.marks;
  if (!hashes.has(data.rulebookHash)) finding.fails('opened', { at, published: force.at }, [force.at, at]);
  else if (!round) finding.fails('unknown', { at }, [force.at, at]);
  else if (!sameJson(round.tally, raw.tally) || (round.end ?? '') !== (raw.end ?? '') || !marks) finding.fails('tally', { at }, [force.at, at]);
}

export function entries(finding, { log, story }) {
  const state = { call: null, last: 0n, deadline: 0n, grace: 0, closed: null, pitches: new Map(), reopened: new Map(), again: new Set(), inTime: [], invited: new Map() };
  for (const event of log.of('submissions')) followEntry(finding, state, story, event);
  if (!state.call) {
    notReached(finding, story);
    return;
  }
  const lines = [...story.pitches.values()].map(({ at }) => at);
  finding.holds('in_time', { pitches: state.pitches.size, last: printTime(state.last), reopened: state.again.size }, lines);
}

const ENTERING = {
  CallOpened(_, state, __, event) {
    state.call = event;
    state.deadline = event.data.deadline ?? 0n;
    state.grace = event.data.graceSeconds;
    state.last = state.deadline + secondsOf(state.grace);
  },
  EntrantInvited(_, state, __, event) {
    state.invited.set(event.data.member, false);
  },
  EntrantDeclined(_, state, __, event) {
    state.invited.set(event.data.member, true);
  },
  DeadlineMoved(finding, state, _, { at, data }) {
    const to = data.deadline ?? 0n;
    if (state.call && to <= state.deadline) finding.fails('deadline', { at, from: printTime(state.deadline), to: printTime(to) }, [at]);
    state.deadline = to;
    state.grace = data.graceSeconds || state.grace;
    state.last = state.deadline + secondsOf(state.grace);
  },
  CallClosed(finding, state, story, event) {
    const { at, data } = event;
    const early = data.proposedBy !== '';
    const moment = data.at ?? 0n;
    if (!early && moment !== state.last) {
      finding.fails('moment', { at, from: printTime(state.last), to: printTime(moment) }, [at]);
    }
    if (early && moment < state.last) {
      if (story.rulebook?.call !== 'CALL_KIND_INVITED') finding.fails('sooner', { at }, [at]);
      else if (isAwaited(state)) finding.fails('waiting', { at }, [at]);
      state.last = moment;
    }
    // What had been let in before the closing must have arrived before it as well.
    for (const pitch of state.inTime) {
      if (pitch.data.receivedAt > moment) {
        finding.fails('late', { at: pitch.at, arrived: pitch.raw.receivedAt, last: printTime(moment) }, [pitch.at, at]);
      }
    }
    state.closed = event;
  },
  PitchReopened(_, state, __, { id, data }) {
    state.reopened.set(id, data.until);
  },
  PitchSubmitted(finding, state, _, event) {
    const { at, id, data, raw } = event;
    const until = state.reopened.get(id);
    const allowed = until !== undefined && data.receivedAt <= until;
    const expected = (state.pitches.get(id)?.count ?? 0) + 1;
    if (!state.call) finding.fails('early', { at }, [at]);
    else if (data.receivedAt > state.last && !allowed) finding.fails('late', { at, arrived: raw.receivedAt, last: printTime(state.last) }, [at]);
    else if (state.closed && !allowed) finding.fails('closed', { at, closed: state.closed.at }, [state.closed.at, at]);
    if (data.submission !== expected) finding.fails('number', { at, submission: data.submission, expected }, [at]);
    if (allowed) state.again.add(id);
    else if (!state.closed) state.inTime.push(event);
    state.pitches.set(id, { count: expected, team: data.team });
  },
};

/** Whether somebody who was invited has neither entered nor declined. */
function isAwaited({ invited, pitches }) {
  const entered = new Set([...pitches.values()].flatMap(({ team }) => team));
  return [...invited].some(([member, declined]) => !declined && !entered.has(member));
}

function followEntry(finding, state, story, event) {
  ENTERING[event.name]?.(finding, state, story, event);
}

export function screening(finding, { log, story }) {
  const completed = log.named('ScreeningCompleted')[0];
  const looked = lookedAt(finding, log, completed);
  if (!completed) {
    notReached(finding, story);
    return;
  }
  const { at, data } = completed;
  const by = (standing) => [...looked].filter(([, pitch]) => pitch.standing === standing).map(([id]) => id);
  for (const id of by('in')) finding.fails('undecided', { at, pitch: story.nameOf(id) }, [story.nameOf(id), at]);
  const [eligible, refused] = [by('SCREENING_ELIGIBLE'), by('SCREENING_INELIGIBLE')];
  if (eligible.length !== data.eligible || refused.length !== data.refused) {
    finding.fails('counts', { at, said: data.eligible, refused: data.refused, eligible: eligible.length, found: refused.length }, [at]);
  } else if (digestOf(eligible) !== data.digest) finding.fails('digest', { at }, [at]);
  const forward = new Set(eligible);
  const given = log.named('AssignmentMade');
  for (const made of given) if (!forward.has(made.data.pitch)) finding.fails('forward', { at: made.at }, [at, made.at]);
  const judged = new Set(given.map((made) => made.data.pitch));
  const assigned = log.named('AssignmentsCompleted')[0];
  for (const id of eligible) {
    if (assigned && !judged.has(id) && !story.hasLeft(id, assigned)) finding.fails('left_out', { pitch: story.nameOf(id) }, [story.nameOf(id)]);
  }
  finding.holds('decided', { eligible: eligible.length, refused: refused.length, left: by('left').length }, [at]);
}

/** How each pitch stood when the screening was completed. */
function lookedAt(finding, log, completed) {
  const pitches = new Map();
  for (const { at, index, id, noun, name, data } of log.of('submissions')) {
    if (noun !== 'pitch' || (completed && index > completed.index)) continue;
    const pitch = pitches.get(id) ?? { standing: 'in', first: null };
    pitches.set(id, pitch);
    if (name === 'PitchWithdrawn' || name === 'PitchDisqualified') pitch.standing = 'left';
    if (name === 'PitchSubmitted' && pitch.standing === 'left') pitch.standing = 'in';
    if (name !== 'PitchScreened') continue;
    if (data.again && (!pitch.first || pitch.again || pitch.first.by === data.by)) {
      finding.fails('again', { at }, [...(pitch.first ? [pitch.first.at] : []), at]);
    }
    pitch.again ||= data.again;
    pitch.first ??= { at, by: data.by };
    pitch.standing = data.outcome;
  }
  return pitches;
}
