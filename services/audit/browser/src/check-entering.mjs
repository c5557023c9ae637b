// The rules, the pitches that came in, and the first look at them.

import { base64Of, bytesOf, bytesOfBase64 } from './bytes.mjs';
import { digestOf } from './check-whole.mjs';
import { itemTexts, memberText } from './file.mjs';
import { placesOf } from './log.mjs';
import { sha256 } from './sha256.mjs';
import { printTime, secondsOf, World } from './world.mjs';

function hashOf(json, prose) {
  return base64Of(sha256(bytesOf(json), bytesOfBase64(prose)));
}

const RULES = {
  RulebookPublished(finding, { opening }, event) {
    const { json, data } = event;
    if (opening) finding.fails('after', event);
    if (hashOf(memberText(json, 'rulebook'), data.prose) !== data.hash) finding.fails('hash', event);
  },
  RulebookAmended(finding, { rulebook }, event) {
    if (hashOf(rulebook?.json ?? '', event.data.prose) !== event.data.hash) finding.fails('hash', event);
  },
  CallOpeningProposed(finding, { rulebook }, event) {
    goesByIt(finding, rulebook, event);
  },
  CallOpened(finding, { rulebook }, event) {
    const { data } = event;
    if (!rulebook) {
      finding.fails('unpublished', event);
      return;
    }
    goesByIt(finding, rulebook, event);
    if (data.deadline !== rulebook.data.deadline || data.graceSeconds !== rulebook.data.graceSeconds) finding.fails('terms', event);
  },
  PitchSubmitted(finding, { rulebook }, event) {
    if (event.data.rulebookHash !== (rulebook?.hash ?? '')) finding.fails('entered', event);
  },
  RoundOpened(finding, { rulebook }, event) {
    const { json, data } = event;
    const rounds = rulebook ? itemTexts(memberText(rulebook.json, 'rounds')) : [];
    const index = (rulebook?.data.rounds ?? []).findIndex(({ id }) => id === data.round);
    if (index < 0) finding.fails('unknown', event);
    goesByIt(finding, rulebook, event);
    if (index < 0) return;
    const same = memberText(rounds[index], 'tally') === memberText(json, 'tally');
    if (!same || rulebook.data.rounds[index].end !== data.end || rulebook.data.marks !== data.marks) finding.fails('tally', event);
  },
  ResultDeclared(finding, { rulebook }, event) {
    goesByIt(finding, rulebook, event);
  },
};

function goesByIt(finding, rulebook, event) {
  if (event.data.rulebookHash !== rulebook?.published) finding.fails('opened', event, { published: rulebook?.event.at ?? '-' });
}

export function rules(finding, { log }) {
  const { rulebook, opening } = World.walk(log, (event, world) => RULES[event.name]?.(finding, world, event));
  if (!opening || !rulebook) {
    finding.notReached(log.isOver);
    return;
  }
  const published = rulebook.event;
  finding.holds(
    'stood',
    { published: printTime(published.time), at: published.at, opened: printTime(opening.time), opening: opening.at, amended: log.named('RulebookAmended').length },
    placesOf([published, opening, ...log.named('RoundOpened')]),
  );
}

// ---- what came in ----

function lastMomentOf({ deadline, graceSeconds }) {
  return (deadline ?? 0n) + secondsOf(graceSeconds ?? 0);
}

const ENTERING = {
  DeadlineMoved(finding, state, world, event) {
    const from = state.lastMoment(world);
    const to = lastMomentOf(event.data);
    if (to <= from) finding.fails('deadline', event, { from: printTime(from), to: printTime(to) });
    state.moved = to;
  },
  EntrantInvited(_, { invited }, __, { data }) {
    invited.add(data.member);
  },
  EntrantDeclined(_, { invited }, __, event) {
    invited.delete(event.member);
  },
  CallClosed(finding, state, world, event) {
    const { data, time } = event;
    const isNamed = data.proposedBy !== '' || data.confirmedBy !== '';
    const last = state.lastMoment(world);
    const from = isNamed ? time : last;
    if (data.at !== from) finding.fails('moment', event, { from: printTime(from), to: printTime(data.at ?? 0n) });
    if (isNamed ? world.rulebook?.data.call !== 'CALL_KIND_INVITED' : time < last) finding.fails('sooner', event);
    if (isNamed && isAwaited(state, world)) finding.fails('waiting', event);
    state.closed = event;
  },
  PitchSubmitted(finding, state, world, event) {
    const { id, data } = event;
    const pitch = world.pitches.get(id);
    const arrived = data.receivedAt ?? 0n;
    const wasReopened = pitch?.until !== null && pitch?.until !== undefined;
    if (wasReopened) state.again.push(event);
    const last = state.lastMoment(world);
    const isAllowed = wasReopened && !world.screening && arrived <= pitch.until;
    if (!isAllowed) {
      if (!world.opening) finding.fails('early', event);
      else if (state.closed) finding.fails('closed', event, { closed: state.closed.at });
      else if (arrived > last) finding.fails('late', event, { arrived: printTime(arrived), last: printTime(last) });
    }
    const expected = (pitch?.submission ?? 0) + 1;
    if (data.submission !== expected) finding.fails('number', event, { submission: data.submission, expected });
  },
};

/** Whether somebody who was invited has neither entered nor declined. */
function isAwaited({ invited }, world) {
  const running = [...world.pitches.values()].filter(({ standing }) => !['withdrawn', 'disqualified'].includes(standing));
  const entered = new Set(running.map(({ team }) => team[0]));
  return [...invited].some((member) => !entered.has(member));
}

export function entries(finding, { log }) {
  const state = {
    invited: new Set(),
    again: [],
    closed: null,
    moved: null,
    lastMoment(world) {
      return this.moved ?? lastMomentOf(world.rulebook?.data ?? {});
    },
  };
  const world = World.walk(log, (event, before) => {
    if (event.service === 'submissions') ENTERING[event.name]?.(finding, state, before, event);
  });
  if (!world.opening) {
    finding.notReached(log.isOver);
    return;
  }
  const lines = [...log.named('CallOpened', 'DeadlineMoved', 'CallClosed'), ...state.again].sort((a, b) => a.index - b.index);
  const reopened = new Set(state.again.map(({ id }) => id)).size;
  finding.holds('in_time', { pitches: world.inOrder().length, last: printTime(state.lastMoment(world)), reopened }, placesOf(lines));
}

// ---- the first look ----

export function screening(finding, { log }) {
  let counted = null;
  const world = World.walk(log, (event, before) => {
    const { name, service, data } = event;
    if (name === 'PitchScreened' && service === 'submissions' && !isLookedAtRightly(before.pitches.get(event.id), data)) finding.fails('again', event);
    if (name === 'AssignmentMade' && !before.pitches.get(data.pitch)?.wasEligible) finding.fails('forward', event);
    if (name === 'ScreeningCompleted') counted = compareScreening(finding, before, event);
  });
  if (log.named('AssignmentsCompleted').length > 0) {
    for (const { id, first, standing } of world.forward ?? []) {
      const { judged } = world.pitches.get(id);
      if (!judged && !['withdrawn', 'disqualified'].includes(standing)) finding.failsAt('left_out', [first.at], { pitch: first.at });
    }
  }
  if (!world.screening) finding.notReached(log.isOver);
  else finding.holds('decided', counted, [world.screening.at]);
}

function isLookedAtRightly(pitch, { again, by }) {
  if (pitch?.standing === 'undecided') return !again;
  return pitch?.standing === 'ineligible' && again && !pitch.screened.again && pitch.screened.by !== by;
}

function compareScreening(finding, world, event) {
  const { data } = event;
  const standing = (...wanted) => world.inOrder().filter((pitch) => wanted.includes(pitch.standing));
  for (const pitch of standing('undecided')) finding.fails('undecided', event, { pitch: pitch.first.at });
  const eligible = standing('eligible');
  const refused = standing('ineligible', 'disqualified').length;
  if (eligible.length !== data.eligible || refused !== data.refused) {
    finding.fails('counts', event, { said: data.eligible, refused: data.refused, eligible: eligible.length, found: refused });
  }
  if (digestOf(eligible.map(({ id }) => id)) !== data.digest) finding.fails('digest', event);
  return { eligible: eligible.length, refused, left: standing('withdrawn').length };
}
