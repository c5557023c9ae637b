// Who judged what, whether they might, and whether the ranking follows.

import { base64Of, bytesOf, bytesOfBase64, hexOf, sameBytes, textOf } from './bytes.mjs';
import { digestOf, sealOf } from './check-whole.mjs';
import { numberOf } from './contracts.mjs';
import { placesOf } from './log.mjs';
import { commitmentOf } from './seal.mjs';
import { sha256 } from './sha256.mjs';
import { derivation, pitchDerivation, rulesOf, tally, totalOf } from './tally.mjs';
import { say } from './words.mjs';
import { at, derivedId, idBytes, printTime, World } from './world.mjs';

export function declarations(finding, { log }) {
  World.walk(log, (event, world) => {
    const { name, service, id, data } = event;
    if (name === 'DeclarationConfirmed' && service === 'panels') {
      const judge = world.judgeOf(id);
      const lines = judge.answers.map((answer) => `${answer.data.pitch} ${numberOf('panels.v1.Connection', answer.data.connection)}`);
      if (digestOf(lines) !== data.digest || lines.length !== data.pitches) finding.fails('digest', event);
      if (event.member === null || event.member !== judge.member) finding.fails('person', event);
    }
    if (name === 'ScorecardSealed' || name === 'ScorecardAbstained') {
      if (!world.judges.get(world.cards.get(id)?.judge)?.confirmed) finding.fails('missing', event);
    }
  });
  const confirmed = log.named('DeclarationConfirmed');
  const answers = (connection) => log.named('InterestDeclared').filter(({ data }) => data.connection === connection).length;
  if (confirmed.length === 0) finding.notReached(log.isOver);
  else finding.holds('first', { judges: confirmed.length, known: answers('CONNECTION_KNOWN'), aside: answers('CONNECTION_STAND_ASIDE') }, placesOf(confirmed));
}

// ---- who was given what ----

export function assignments(finding, { log }) {
  const state = { made: [], loads: new Map() };
  const world = World.walk(log, (event, before) => {
    const { name, id, data } = event;
    if (name === 'AssignmentMade') {
      give(finding, before, event);
      state.made.push(event);
    }
    if (name === 'AssignmentWithdrawn' && !before.judgeOf(id).has.has(data.pitch)) finding.fails('twice', event);
    if (name === 'AssignmentsCompleted') complete(finding, before, state, event);
    if (name === 'RoundUnsealed') countedAside(finding, before, event);
  });
  const completed = log.named('AssignmentsCompleted');
  if (completed.length === 0) {
    finding.notReached(log.isOver);
    return;
  }
  const loads = [...state.loads.values()];
  const n = [...world.judges.values()].reduce((sum, judge) => sum + judge.has.size, 0);
  const [least, most] = loads.length > 0 ? [Math.min(...loads), Math.max(...loads)] : [0, 0];
  finding.holds('fair', { n, judges: loads.length, least, most, moved: log.named('AssignmentWithdrawn').length }, placesOf(completed));
}

function give(finding, world, event) {
  const { id, data } = event;
  const judge = world.judgeOf(id);
  if (!judge.sits || judge.member !== data.member || judge.panel !== data.panel) finding.fails('seat', event);
  else if (!judge.confirmed) finding.fails('undeclared', event);
  else if (world.isInTeam(data.member, data.pitch)) finding.fails('team', event);
  else if (world.isBarred(judge, data.pitch)) finding.fails('aside', event);
  else if (judge.has.has(data.pitch)) finding.fails('twice', event);
  else if (judge.cap > 0 && judge.has.size >= judge.cap) finding.fails('cap', event);
}

function complete(finding, world, state, event) {
  const { id, data, command } = event;
  const made = state.made.filter((one) => one.command === command && one.data.panel === id);
  const given = new Map();
  const loads = new Map(world.benchOf(id).map((judge) => [judge.id, 0]));
  for (const one of made) {
    at(given, one.data.pitch, () => []).push(one.id);
    loads.set(one.id, (loads.get(one.id) ?? 0) + 1);
  }
  const digest = digestOf(made.map((one) => `${one.data.pitch} ${one.id}`));
  const judges = new Set(made.map((one) => one.id)).size;
  const isTold = digest === data.digest && made.length === data.assignments && given.size === data.pitches && judges === data.judges;
  if (!isTold) finding.fails('digest', event);
  const screened = hexOf(bytesOfBase64(world.screening?.data.digest ?? ''));
  if (base64Of(sha256(bytesOf(`plaudit/lot/v1\nassignment\n${screened}`))) !== data.seed) finding.fails('seed', event);
  const round = (world.rulebook?.data.rounds ?? []).find((one) => derivedId('round', idBytes(event.programme), bytesOf(one.id)) === id);
  if (round?.judgesPerPitch !== data.judgesPerPitch) finding.fails('rules', event);
  isSpread(finding, world, event, { given, loads });
  for (const [judge, load] of loads) state.loads.set(judge, (state.loads.get(judge) ?? 0) + load);
}

function isSpread(finding, world, event, { given, loads }) {
  const wanted = event.data.judgesPerPitch;
  const bench = world.benchOf(event.id);
  const pitches = (world.forward ?? []).map(({ id }) => world.pitches.get(id)).filter(({ standing }) => !['withdrawn', 'disqualified'].includes(standing));
  for (const { id, first } of pitches) {
    const found = given.get(id)?.length ?? 0;
    const least = wanted > 0 ? wanted : Math.max(1, bench.filter((judge) => judge.cap === 0 && !world.isBarred(judge, id)).length);
    if (wanted > 0 ? found !== wanted : found < least) finding.fails('judges', event, { pitch: first.at, found, wanted: least });
  }
  const isFree = bench.every((judge) => judge.cap === 0 && !pitches.some(({ id }) => world.isBarred(judge, id)));
  const [least, most] = [Math.min(...loads.values()), Math.max(...loads.values())];
  if (wanted > 0 && isFree && most - least > 1) finding.fails('uneven', event, { least, most });
}

/** No score sheet may count whose judge stood aside, as far as the unsealing could know. */
function countedAside(finding, world, event) {
  const [, digits] = /(?:^|,)panels\/([0-9]+)/.exec(event.basis) ?? [, '0'];
  for (const card of world.countedOf(event.id)) {
    const since = world.judges.get(card.judge)?.aside.get(card.pitch)?.position;
    if (since !== undefined && since <= Number(digits)) finding.fails('counted', event, { sheet: card.id });
  }
}

// ---- score sheets ----

const IN_HAND = ['expected', 'sealed', 'abstained'];
const CLOSED = ['locked', 'opened'];

export function scorecards(finding, { log, sentences }) {
  const wordsOf = (counts) => say(sentences.common.counts, counts);
  const sums = { sealed: 0, abstained: 0, set_aside: 0, missing: 0 };
  let changed = new Map();
  World.walk(log, (event, world) => {
    if (event.service !== 'scoring') return;
    const { id, name, data } = event;
    if ([...changed.values()].some((one) => one.event.command !== event.command)) {
      for (const [, one] of [...changed].sort(([a], [b]) => (a < b ? -1 : 1))) finding.fails('changed', one.event, lockOf(one.round));
      changed = new Map();
    }
    const card = world.cards.get(id);
    if (name === 'ScorecardSetAside' || name === 'ScorecardReleased') {
      const round = world.rounds.get(card?.round);
      if (CLOSED.includes(round?.phase)) changed.set(id, { event, round });
    }
    if (name === 'LateFactAnswered') changed.delete(data.scorecard);
    if (name === 'ScorecardExpected') checkExpected(finding, world, event);
    if (name === 'ScorecardSealed' || name === 'ScorecardAbstained') checkHandIn(finding, world, card, event);
    if (event.noun === 'round') checkRound(finding, world, event, { wordsOf, sums });
  });
  const opened = log.named('RoundUnsealed');
  if (opened.length === 0) finding.notReached(log.isOver);
  else finding.holds('right', sums, placesOf(log.named('RoundOpened', 'RoundLocked', 'RoundUnsealed')));
}

function lockOf(round) {
  return { locked: round.lock ? printTime(round.lock.time) : '-', lock: round.lock?.at ?? '-' };
}

function checkExpected(finding, world, event) {
  const { id, data } = event;
  const seat = world.judges.get(data.judge);
  const isSheet = derivedId('scorecard', idBytes(data.judge), idBytes(data.pitch)) === id;
  const isSeat = Boolean(seat?.member) && derivedId('judge', idBytes(data.round), idBytes(seat.member)) === data.judge;
  if (!isSheet || !isSeat) finding.fails('name', event);
  const round = world.rounds.get(data.round);
  if (CLOSED.includes(round?.phase)) finding.fails('changed', event, lockOf(round));
}

function checkHandIn(finding, world, card, event) {
  const { name, data, member, time } = event;
  const isSealed = name === 'ScorecardSealed';
  const seat = world.judges.get(card?.judge);
  const round = world.rounds.get(card?.round);
  const isAside = seat?.asideForScoring.has(card.pitch) || world.isWalled('scoring', member, card?.pitch);
  if (!IN_HAND.includes(card?.standing)) finding.fails('unexpected', event);
  else if (isSealed && data.round !== card.round) finding.fails('round', event);
  else if (member === null || member !== seat?.member) finding.fails('person', event);
  else if (isAside) finding.fails('unexpected', event);
  else if (round?.phase !== 'open' && round?.lock) {
    finding.fails('after_lock', event, { arrived: printTime(isSealed ? (data.receivedAt ?? 0n) : time), ...lockOf(round) });
  } else if (round?.phase !== 'open') finding.fails('not_open', event);
  else if (isSealed && data.sealing !== card.sealing + 1) finding.fails('number', event, { sealing: data.sealing, expected: card.sealing + 1 });
}

function checkRound(finding, world, event, { wordsOf, sums }) {
  const { id, name, data } = event;
  const { phase } = world.roundOf(id);
  if (name === 'RoundOpened') {
    if (phase !== 'ready') finding.fails('phase', event);
    const found = world.countsOf(id).missing;
    if (found !== data.scorecards) finding.fails('expected', event, { said: data.scorecards, found });
  }
  if (name === 'RoundLocked' && phase !== 'open') finding.fails('phase', event);
  if (name !== 'RoundUnsealed') return;
  const found = world.countsOf(id);
  const [said, counted] = [{ sealed: data.sealed, abstained: data.abstained, set_aside: data.setAside, missing: data.missing }, found].map(wordsOf);
  if (said !== counted) finding.fails('counts', event, { said, found: counted });
  const digest = digestOf(world.countedOf(id).map((card) => `${card.id} ${hexOf(bytesOfBase64(card.sealed.data.marks))}`));
  if (digest !== data.digest) finding.fails('digest', event);
  for (const key of Object.keys(sums)) sums[key] += found[key];
}

// ---- opening the marks ----

export function unsealing(finding, { log }) {
  let pending = null;
  const lines = [];
  const world = World.walk(log, (event, before) => {
    if (event.service !== 'scoring') return;
    const { id, name, command } = event;
    const round = name.startsWith('Scorecard') ? before.cards.get(id)?.round : id;
    if (pending && (command !== pending.command || round !== pending.round)) {
      finding.fails('alone', pending.event);
      pending = null;
    }
    if (name === 'ScorecardUnsealed') {
      if (before.rounds.get(round)?.phase !== 'locked') finding.fails('before', event);
      pending ??= { event, command, round };
    }
    if (name === 'RoundUnsealed') {
      checkUnsealing(finding, before, event, pending !== null);
      lines.push(...unsealingLines(before.roundOf(id), event));
      pending = null;
    }
  });
  const last = log.named('RoundUnsealed').at(-1);
  if (!last) {
    finding.notReached(log.isOver);
    return;
  }
  const round = world.roundOf(last.id);
  const proposal = proposalOf(round, last);
  finding.holds('after', { time: printTime(last.time), at: last.at, locked: round.lock ? printTime(round.lock.time) : '-', proposed: proposal?.at ?? '-' }, lines);
}

function proposalOf({ proposals }, { data, index }) {
  return proposals.findLast((one) => one.index < index && one.data.by === data.proposedBy && one.member === data.proposedBy);
}

function unsealingLines(round, event) {
  return placesOf([round.lock, proposalOf(round, event), event].filter(Boolean));
}

function checkUnsealing(finding, world, event, reveals) {
  const { id, data } = event;
  const round = world.roundOf(id);
  const isPublic = round.opened?.data.marks === 'MARKS_VISIBILITY_PUBLIC';
  if (round.phase !== 'locked') finding.fails('before', event);
  if (data.proposedBy === data.confirmedBy) finding.fails('same', event);
  if (!proposalOf(round, event) || event.member !== data.confirmedBy) finding.fails('proposal', event);
  if (reveals && !isPublic) finding.fails('hidden', event);
  if (!isPublic) return;
  for (const card of world.countedOf(id)) if (!card.revealed) finding.fails('left', event, { sheet: card.id });
}

// ---- the result ----

export function result(finding, { log, file, seals }) {
  const opened = new Map();
  for (const opening of file.openings) if (sealOf(seals, opening).opens) opened.set(opening.key, opening);
  const world = World.walk(log);
  const declared = log.named('ResultDeclared');
  const closed = [];
  const sums = { sheets: 0, n: 0 };
  for (const round of roundsOf(world, declared)) {
    const event = declared.find(({ id }) => id === round.id);
    if (event) recompute(finding, { log, world, opened, closed, sums }, round, event);
    else if (round.unsealed && round.phase !== 'void' && log.named('ProgrammeConcluded').length > 0) finding.fails('missing', round.unsealed);
  }
  const lines = placesOf(declared);
  if (declared.length === 0) {
    finding.notReached(log.isOver);
    return;
  }
  const by = forgettingOf(log, closed);
  const hidden = { n: closed.length, at: declared[0].at };
  if (by) finding.hides('forgotten', { ...hidden, forgotten: by.at }, lines);
  else if (closed.length > 0) finding.hides('unpublished', hidden, lines);
  finding.holds('follows', { ...sums, at: declared[0].at }, lines);
}

/** The first event that says of these score sheets, or of their rounds, that what was sealed was forgotten. */
function forgettingOf(log, cards) {
  const rounds = new Set(cards.map((card) => card.round));
  const marks = new Set(cards.map((card) => card.sealed.data.marks));
  return log.named('OpeningForgotten', 'OpeningsForgotten').find(({ name, service, data }) => {
    if (name === 'OpeningForgotten') return marks.has(data.commitment);
    return service === 'scoring' && data.subject === 'SUBJECT_ROUND' && rounds.has(data.id);
  });
}

/** Rounds in the order of their unsealing; those without one first. */
function roundsOf(world, declared) {
  for (const { id } of declared) world.roundOf(id);
  return [...world.rounds.values()].sort((a, b) => (a.unsealed?.index ?? -1) - (b.unsealed?.index ?? -1));
}

/** A score sheet's marks, revealed in the log or shown in the file; null if neither. */
function marksOf({ revealed, sealed }, opened) {
  if (revealed) return revealed.data.marks.map(({ criterion, mark }) => [criterion, mark]);
  const shown = opened.get(sealed.data.marks);
  const text = shown && textOf(shown.content);
  return text ? text.trimEnd().split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)) : null;
}

function recompute(finding, { log, world, opened, closed, sums }, round, declared) {
  if (!round.unsealed || round.unsealed.index > declared.index) finding.fails('unopened', declared);
  const ranked = log.named('PitchRanked').filter((event) => event.id === round.id && event.index < declared.index);
  const cards = world.cardsOf(round.id);
  const left = new Set(cards.filter((card) => card.pitchLeft).map((card) => card.pitch));
  const judged = new Set(cards.map((card) => card.pitch));
  const pitches = world.inOrder().map(({ id }) => id).filter((id) => judged.has(id) && !left.has(id));
  if (ranked.map(({ data }) => data.pitch).join() !== pitches.join()) finding.fails('pitches', declared);
  const counted = world.countedOf(round.id).map((card) => ({ ...card, marks: marksOf(card, opened) }));
  const unshown = counted.filter((card) => !card.marks);
  if (unshown.length > 0) {
    closed.push(...unshown);
    return;
  }
  const ranking = tallied(round.opened?.raw.tally, pitches, counted);
  if (!ranking) {
    finding.fails('marks', declared);
    return;
  }
  sums.sheets += counted.length;
  sums.n += ranked.length;
  for (const event of ranked) compareRanked(finding, world, opened, ranking, event);
  const isTold = declared.data.pitches === pitches.length && declared.data.ranked === ranking.pitches.filter((sheet) => sheet.rank).length;
  if (!isTold) finding.fails('pitches', declared);
  if (!isDerivation(opened, declared, 'ResultDeclared', derivation(ranking))) finding.fails('derivation', declared);
}

/** The ranking, or null if the tally refuses the rules or the marks. */
function tallied(contract, pitches, cards) {
  try {
    const counted = cards.map((card) => ({ ...card, marks: new Map(card.marks) }));
    if (counted.some((card, index) => card.marks.size !== cards[index].marks.length)) return null;
    return tally(rulesOf(contract), pitches, counted);
  } catch {
    return null;
  }
}

function compareRanked(finding, world, opened, ranking, event) {
  const { data } = event;
  const sheet = ranking.pitches.find((one) => one.pitch === data.pitch);
  if (!sheet) return;
  const pitch = world.nameOf(data.pitch);
  const rank = sheet.rank ?? 0;
  const sharedBy = rank > 0 ? ranking.pitches.filter((other) => other.rank === rank).length : 0;
  if (data.total !== totalOf(sheet)) finding.fails('total', event, { pitch, said: data.total || '-', found: totalOf(sheet) || '-' });
  else if (data.rank !== rank) finding.fails('rank', event, { pitch, said: data.rank, found: rank });
  else if (data.sharedBy !== sharedBy || data.scorecards !== sheet.cards.length) finding.fails('place', event, { pitch });
  if (!isDerivation(opened, event, 'PitchRanked', pitchDerivation(sheet))) finding.fails('derivation', event);
}

/** Whether a digest, in the event or sealed and shown, is that of this derivation. */
function isDerivation(opened, { stream, data }, message, text) {
  const digest = sha256(bytesOf(text));
  if ((data.derivation === '') === (data.sealedDerivation === '')) return false;
  if (data.derivation !== '') return data.derivation === base64Of(digest);
  const shown = opened.get(data.sealedDerivation);
  if (!shown) return true;
  const made = commitmentOf({ salt: shown.salt, stream, field: `${message}.sealed_derivation`, content: digest });
  return sameBytes(made, shown.commitment);
}
