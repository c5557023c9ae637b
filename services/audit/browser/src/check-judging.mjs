// Who judged what, whether they might, and whether the ranking follows.

import { base64Of, bytesOf, bytesOfBase64, hexOf, textOf } from './bytes.mjs';
import { digestOf } from './check-whole.mjs';
import { numberOf } from './contracts.mjs';
import { sha256 } from './sha256.mjs';
import { derivedId, idBytes, notReached } from './story.mjs';
import { derivation, pitchDerivation, rulesOf, tally, totalOf } from './tally.mjs';
import { say } from './words.mjs';

function judgeOf(judges, id) {
  if (!judges.has(id)) judges.set(id, { id, member: null, answers: [], confirmed: null, walls: new Set(), has: new Set(), seated: false, cap: 0 });
  return judges.get(id);
}

export function declarations(finding, { log, story }) {
  const judges = new Map();
  const cards = new Map();
  const seen = { known: 0, aside: 0 };
  for (const event of log.named('JudgeInvited', 'InterestDeclared', 'DeclarationConfirmed', 'JudgeRecused', 'ScorecardExpected', 'ScorecardSealed')) {
    const { at, name, id, data } = event;
    const judge = judgeOf(judges, name.startsWith('Scorecard') ? cards.get(id) : id);
    if (name === 'JudgeInvited') judge.member = data.member;
    if (name === 'JudgeRecused') seen.aside += 1;
    if (name === 'ScorecardExpected') cards.set(id, data.judge);
    if (name === 'InterestDeclared' || name === 'DeclarationConfirmed') {
      if ((event.onbehalf ?? event.member) !== judge.member) finding.fails('person', { at }, [at]);
    }
    if (name === 'InterestDeclared') {
      judge.answers.push(event);
      if (data.connection === 'CONNECTION_KNOWN') seen.known += 1;
      if (data.connection === 'CONNECTION_STAND_ASIDE') seen.aside += 1;
    }
    if (name === 'DeclarationConfirmed') {
      const lines = judge.answers.map((answer) => `${answer.data.pitch} ${numberOf('panels.v1.Connection', answer.data.connection)}`);
      if (lines.length !== data.pitches || digestOf(lines) !== data.digest) finding.fails('digest', { at }, [...judge.answers.map((answer) => answer.at), at]);
      judge.answers = [];
      judge.confirmed = event;
    }
    if (name === 'ScorecardSealed' && !judge.confirmed) finding.fails('missing', { at }, [at]);
  }
  const confirmed = [...judges.values()].filter((judge) => judge.confirmed);
  if (confirmed.length === 0) notReached(finding, story);
  else finding.holds('first', { judges: confirmed.length, ...seen }, confirmed.map((judge) => judge.confirmed.at));
}

const SEATING = {
  JudgeInvited(judge, { data }) {
    Object.assign(judge, { member: data.member, panel: data.panel, cap: data.cap });
  },
  JudgeAccepted(judge) {
    judge.seated = true;
  },
  JudgeDeclined(judge) {
    judge.seated = false;
  },
  JudgeStoodDown(judge) {
    judge.seated = false;
  },
  InterestDeclared(judge, { data }) {
    if (data.connection === 'CONNECTION_STAND_ASIDE') judge.walls.add(data.pitch);
  },
  DeclarationConfirmed(judge, event) {
    judge.confirmed = event;
  },
  JudgeRecused(judge, { data }) {
    judge.walls.add(data.pitch);
  },
};

export function assignments(finding, { log, story }) {
  const state = { judges: new Map(), made: [], last: null, moved: 0 };
  for (const event of log.of('panels')) {
    const { at, name, id, data, command } = event;
    if (SEATING[name]) SEATING[name](judgeOf(state.judges, id), event);
    if (name === 'AssignmentMade') {
      give(finding, story, judgeOf(state.judges, id), event);
      state.made.push(event);
      if (state.last) state.moved += 1;
    }
    if (name === 'AssignmentWithdrawn') {
      const judge = judgeOf(state.judges, id);
      if (!judge.has.delete(data.pitch)) finding.fails('twice', { at }, [at]);
      if (state.last) state.moved += 1;
    }
    if (name === 'AssignmentsCompleted') {
      const made = state.made.filter((one) => one.command === command);
      if (state.last) state.moved -= made.length;
      state.last = { event, ...shared(finding, log, story, state, event, made) };
    }
  }
  countedBehindWalls(finding, log);
  if (!state.last) {
    notReached(finding, story);
    return;
  }
  const { event, n, judges, least, most } = state.last;
  finding.holds('fair', { n, judges, least, most, moved: state.moved }, [event.at]);
}

function give(finding, story, judge, event) {
  const { at, data } = event;
  if (!judge.seated || judge.panel !== data.panel || judge.member !== data.member) finding.fails('seat', { at }, [at]);
  else if (!judge.confirmed) finding.fails('undeclared', { at }, [at]);
  else if (judge.walls.has(data.pitch)) finding.fails('aside', { at }, [at]);
  else if (story.teamAt(data.pitch, event).includes(judge.member)) finding.fails('team', { at }, [at]);
  else if (judge.has.has(data.pitch)) finding.fails('twice', { at }, [at]);
  else if (judge.cap > 0 && judge.has.size >= judge.cap) finding.fails('cap', { at }, [at]);
  judge.has.add(data.pitch);
}

/** Whether the assignments that this event completes are those that the rules and the lot make. */
function shared(finding, log, story, { judges }, { at, id, index, data }, made) {
  const screening = log.named('ScreeningCompleted').findLast((event) => event.index < index);
  const seed = sha256(bytesOf(`plaudit/lot/v1\nassignment\n${hexOf(bytesOfBase64(screening?.data.digest ?? ''))}`));
  if (base64Of(seed) !== data.seed) finding.fails('seed', { at }, [...(screening ? [screening.at] : []), at]);
  const convened = log.stream('panels', `panel/${id}`).find((event) => event.name === 'PanelConvened');
  const round = story.rulebook?.rounds.find((one) => one.id === convened?.data.round);
  if (round?.judgesPerPitch !== data.judgesPerPitch) finding.fails('rules', { at }, [at]);
  const bench = [...judges.values()].filter((judge) => judge.panel === id && judge.seated && judge.confirmed);
  const loads = new Map(bench.map((judge) => [judge.id, 0]));
  const pitches = new Map();
  for (const one of made) {
    loads.set(one.id, (loads.get(one.id) ?? 0) + 1);
    pitches.set(one.data.pitch, (pitches.get(one.data.pitch) ?? 0) + 1);
  }
  const working = [...loads.values()].filter((load) => load > 0);
  const digest = digestOf(made.map((one) => `${one.data.pitch} ${one.id}`));
  const told = made.length === data.assignments && pitches.size === data.pitches && digest === data.digest;
  if (!told) finding.fails('digest', { at }, [at]);
  for (const [pitch, found] of pitches) {
    const free = bench.filter((judge) => !judge.walls.has(pitch) && !story.teamAt(pitch, { index }).includes(judge.member)).length;
    const wanted = data.judgesPerPitch === 0 ? free : data.judgesPerPitch;
    if (found !== wanted) finding.fails('judges', { at, pitch: story.nameOf(pitch), found, wanted }, [story.nameOf(pitch), at]);
  }
  const [least, most] = [Math.min(...loads.values()), Math.max(...loads.values())];
  const free = bench.every((judge) => judge.walls.size === 0 && judge.cap === 0);
  if (free && most - least > 1) finding.fails('uneven', { at, least, most }, [at]);
  return { n: made.length, judges: working.length, least, most };
}

/** No score sheet may count whose judge stood aside, as far as scoring knew. */
function countedBehindWalls(finding, log) {
  const walls = new Set();
  const { cards } = walkScoring(log, (event, state) => {
    const { told } = event;
    const aside = told.name === 'JudgeRecused' || (told.name === 'InterestDeclared' && told.data.connection === 'CONNECTION_STAND_ASIDE');
    if (aside && event.name === 'FactTaken') walls.add(`${event.id} ${told.data.pitch}`);
    if (event.name !== 'RoundUnsealed') return;
    for (const card of countedOf(state, event.id)) {
      if (walls.has(`${card.judge} ${card.pitch}`)) finding.fails('counted', { at: event.at, sheet: card.sealed.at }, [card.sealed.at, event.at]);
    }
  });
  return cards;
}

// ---- score sheets and rounds, event by event ----

const HANDED_IN = ['expected', 'sealed', 'abstained'];

/** Follows scoring's events; `visit` sees each of them before it counts. */
function walkScoring(log, visit = () => {}) {
  const state = { cards: new Map(), rounds: new Map() };
  for (const event of log.of('scoring')) {
    visit(event, state);
    if (event.noun === 'round') followRound(state, event);
    if (event.noun === 'scorecard') followCard(state, event);
  }
  return state;
}

function roundOf({ rounds }, id) {
  if (!rounds.has(id)) rounds.set(id, { id, phase: 'none', taken: null, opened: null, lock: null, unsealed: null, proposed: null });
  return rounds.get(id);
}

function followRound(state, event) {
  const round = roundOf(state, event.id);
  if (event.name === 'PanelTaken') round.taken = event;
  if (event.name === 'RoundOpened') Object.assign(round, { phase: 'open', opened: event });
  if (event.name === 'RoundLocked') Object.assign(round, { phase: 'locked', lock: event });
  if (event.name === 'UnsealingProposed') round.proposed = event;
  if (event.name === 'RoundUnsealed') Object.assign(round, { phase: 'unsealed', unsealed: event });
  if (event.name === 'RoundVoided') round.phase = 'void';
}

const STANDINGS = {
  ScorecardExpected: 'expected',
  ScorecardSealed: 'sealed',
  ScorecardAbstained: 'abstained',
  ScorecardReleased: 'released',
  ScorecardSetAside: 'set_aside',
};

function followCard(state, event) {
  const { id, name, data } = event;
  const card = state.cards.get(id) ?? { id, sealing: 0, left: false, standing: null };
  state.cards.set(id, card);
  if (name === 'ScorecardExpected') Object.assign(card, { round: data.round, pitch: data.pitch, judge: data.judge });
  if (name === 'ScorecardSealed') Object.assign(card, { sealing: data.sealing, sealed: event });
  if (name === 'ScorecardSetAside' && data.reason === 'REASON_PITCH_LEFT') card.left = true;
  if (name === 'ScorecardUnsealed') card.revealed = event;
  card.standing = STANDINGS[name] ?? card.standing;
}

function cardsOf({ cards }, round) {
  return [...cards.values()].filter((card) => card.round === round);
}

function countedOf(state, round) {
  return cardsOf(state, round).filter((card) => card.standing === 'sealed');
}

function countsOf(state, round) {
  const by = (standing) => cardsOf(state, round).filter((card) => card.standing === standing).length;
  return { sealed: by('sealed'), abstained: by('abstained'), set_aside: by('set_aside'), missing: by('expected') };
}

export function scorecards(finding, { log, story, sentences }) {
  const members = new Map();
  let last = null;
  const state = walkScoring(log, (event, before) => {
    if (event.told.name === 'JudgeInvited') members.set(event.id, event.told.data.member);
    if (event.noun === 'scorecard') checkCard(finding, log, before, members, event);
    if (event.noun === 'round') checkRound(finding, sentences, before, event);
    if (event.name === 'RoundUnsealed') last = event;
  });
  if (!last) {
    notReached(finding, story);
    return;
  }
  const sums = { sealed: 0, abstained: 0, set_aside: 0, missing: 0 };
  for (const { id, unsealed } of state.rounds.values()) {
    if (unsealed) for (const [key, count] of Object.entries(countsOf(state, id))) sums[key] += count;
  }
  finding.holds('right', sums, log.named('RoundUnsealed').map(({ at }) => at));
}

function checkCard(finding, log, state, members, event) {
  const { at, id, name, data } = event;
  const card = state.cards.get(id);
  const round = state.rounds.get(name === 'ScorecardExpected' ? data.round : card?.round);
  if (name === 'ScorecardExpected' && derivedId('scorecard', idBytes(data.judge), idBytes(data.pitch)) !== id) {
    finding.fails('name', { at }, [at]);
  }
  if (name === 'ScorecardSealed' || name === 'ScorecardAbstained') {
    checkHandIn(finding, { card, round, person: members.get(card?.judge) }, event);
    return;
  }
  if (name === 'ScorecardUnsealed' || !round?.lock) return;
  const answered = log.stream('scoring', `round/${round.id}`).some((late) => late.name === 'LateFactAnswered' && late.data.scorecard === id && late.command === event.command);
  if (!answered) finding.fails('changed', { at, locked: round.lock.said, lock: round.lock.at }, [round.lock.at, at]);
}

function checkHandIn(finding, { card, round, person }, event) {
  const { at, name, data, raw } = event;
  if (!card || !HANDED_IN.includes(card.standing)) finding.fails('unexpected', { at }, [at]);
  else if ((event.onbehalf ?? event.member) !== person) finding.fails('person', { at }, [at]);
  else if (!round?.opened) finding.fails('not_open', { at }, [at]);
  else if (round.lock) {
    finding.fails('after_lock', { at, arrived: raw.receivedAt ?? event.said, locked: round.lock.said, lock: round.lock.at }, [round.lock.at, at]);
  } else if (name === 'ScorecardSealed' && data.sealing !== card.sealing + 1) {
    finding.fails('number', { at, sealing: data.sealing, expected: card.sealing + 1 }, [at]);
  } else if (name === 'ScorecardSealed' && data.round !== card.round) finding.fails('round', { at }, [at]);
}

function checkRound(finding, sentences, state, event) {
  const wordsOf = (counts) => say(sentences.common.counts, counts);
  const { at, id, name, data } = event;
  const round = roundOf(state, id);
  const wanted = { RoundOpened: 'none', RoundLocked: 'open', RoundUnsealed: 'locked' }[name];
  if (wanted && round.phase !== wanted) finding.fails('phase', { at }, [at]);
  if (name === 'RoundOpened') {
    const found = cardsOf(state, id).filter((card) => card.standing === 'expected').length;
    if (found !== data.scorecards) finding.fails('expected', { at, said: data.scorecards, found }, [at]);
  }
  if (name !== 'RoundUnsealed') return;
  const found = countsOf(state, id);
  const said = { sealed: data.sealed, abstained: data.abstained, set_aside: data.setAside, missing: data.missing };
  const digest = digestOf(countedOf(state, id).map((card) => `${card.id} ${hexOf(bytesOfBase64(card.sealed.data.marks))}`));
  if (wordsOf(found) !== wordsOf(said)) finding.fails('counts', { at, said: wordsOf(said), found: wordsOf(found) }, [at]);
  else if (digest !== data.digest) finding.fails('digest', { at }, [at]);
}

export function unsealing(finding, { log, story }) {
  let last = null;
  const opened = new Map(log.named('RoundUnsealed').map((event) => [`${event.id} ${event.command}`, event]));
  walkScoring(log, (event, state) => {
    const { at, id, name, command, data } = event;
    const round = state.rounds.get(name === 'ScorecardUnsealed' ? state.cards.get(id)?.round : id);
    if (name === 'ScorecardUnsealed') {
      if (round?.phase !== 'locked') finding.fails('before', { at }, [at]);
      else if (!opened.has(`${round.id} ${command}`)) {
        if (!log.mayGoOn(event)) finding.fails('alone', { at }, [at]);
      } else if (round.opened?.data.marks !== 'MARKS_VISIBILITY_PUBLIC') finding.fails('hidden', { at }, [at]);
    }
    if (name !== 'RoundUnsealed') return;
    if (!round?.lock) finding.fails('before', { at }, [at]);
    else if (data.proposedBy === data.confirmedBy) finding.fails('same', { at }, [at]);
    else if (round.proposed?.data.by !== data.proposedBy) finding.fails('proposal', { at }, [...(round.proposed ? [round.proposed.at] : []), at]);
    else if (round.opened?.data.marks === 'MARKS_VISIBILITY_PUBLIC') {
      for (const card of countedOf(state, id)) {
        if (card.revealed?.command !== command) finding.fails('left', { at, sheet: card.sealed.at }, [card.sealed.at, at]);
      }
    }
    last = { event, lock: round?.lock, proposed: round?.proposed };
  });
  if (!last) {
    notReached(finding, story);
    return;
  }
  if (finding.failed) return;
  const { event, lock, proposed } = last;
  finding.holds('after', { time: event.said, locked: lock.said, proposed: proposed.at, at: event.at }, [lock.at, proposed.at, event.at]);
}

// ---- the result ----

/** A scorecard's marks, revealed in the log or shown in the file; null if neither. */
function marksOf(card, openings) {
  if (card.revealed) return new Map(card.revealed.data.marks.map(({ criterion, mark }) => [criterion, mark]));
  const shown = openings.get(card.sealed.data.marks);
  const text = shown && textOf(shown.content);
  if (!text) return null;
  return new Map(text.trimEnd().split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

export function result(finding, { log, file, story }) {
  const openings = new Map(file.openings.map((opening) => [opening.key, opening]));
  const state = walkScoring(log);
  let last = null;
  for (const event of log.named('ResultDeclared')) last = recompute(finding, { log, openings, state, story }, event);
  for (const { id, unsealed } of state.rounds.values()) {
    const declared = log.stream('scoring', `result/${id}`).some((event) => event.name === 'ResultDeclared');
    if (unsealed && !declared && story.ended) finding.fails('missing', { at: unsealed.at }, [unsealed.at]);
  }
  if (!last && !finding.failed) notReached(finding, story);
  else if (last) finding.holds('follows', last.parameters, last.lines);
}

function recompute(finding, { log, openings, state, story }, declared) {
  const { at, id, index, data } = declared;
  const round = state.rounds.get(id);
  if (!(round?.unsealed?.index < index)) {
    finding.fails('unopened', { at }, [at]);
    return null;
  }
  const ranked = log.stream('scoring', declared.stream).filter((event) => event.name === 'PitchRanked' && event.command === declared.command);
  const cards = cardsOf(state, id);
  const left = new Set(cards.filter((card) => card.left).map((card) => card.pitch));
  const pitches = story.inOrder(new Set(cards.map((card) => card.pitch).filter((pitch) => !left.has(pitch))));
  const lines = [...ranked.map((one) => one.at), at];
  if (ranked.map((one) => one.data.pitch).join() !== pitches.join() || data.pitches !== pitches.length) {
    finding.fails('pitches', { at }, lines);
    return null;
  }
  const counted = countedOf(state, id).map((card) => ({ pitch: card.pitch, judge: card.judge, marks: marksOf(card, openings) }));
  const closed = counted.filter((card) => !card.marks).length;
  if (closed > 0) {
    finding.hides('unpublished', { n: closed, at }, lines);
    return null;
  }
  const ranking = tallied(round.opened?.raw.tally, pitches, counted);
  if (!ranking) {
    finding.fails('marks', { at }, lines);
    return null;
  }
  compareRanking(finding, { story, openings, declared, ranked, ranking });
  return { parameters: { sheets: counted.length, n: pitches.length, at }, lines };
}

function tallied(contract, pitches, cards) {
  try {
    return tally(rulesOf(contract), pitches, cards);
  } catch {
    return null;
  }
}

function compareRanking(finding, { story, openings, declared, ranked, ranking }) {
  const { at, data } = declared;
  const sheets = new Map(ranking.pitches.map((sheet) => [sheet.pitch, sheet]));
  for (const { at: line, data: said } of ranked) {
    const sheet = sheets.get(said.pitch);
    const pitch = story.nameOf(said.pitch);
    const sharing = sheet.rank ? ranking.pitches.filter((other) => other.rank === sheet.rank).length : 0;
    const rank = sheet.rank ?? 0;
    if (said.total !== totalOf(sheet)) finding.fails('total', { at: line, pitch, said: said.total || '–', found: totalOf(sheet) || '–' }, [line]);
    else if (said.rank !== rank) finding.fails('rank', { at: line, pitch, said: said.rank, found: rank }, [line]);
    else if (said.sharedBy !== sharing || said.scorecards !== sheet.cards.length) finding.fails('place', { at: line, pitch }, [line]);
    else if (!isDerivation(openings, said, pitchDerivation(sheet))) finding.fails('derivation', { at: line }, [line]);
  }
  const count = ranking.pitches.filter((sheet) => sheet.rank).length;
  if (data.ranked !== count || !isDerivation(openings, data, derivation(ranking))) finding.fails('derivation', { at }, [at]);
}

/** Whether a digest, in the event or sealed and shown, is that of this derivation. */
function isDerivation(openings, { derivation: open, sealedDerivation: sealed }, text) {
  const digest = base64Of(sha256(bytesOf(text)));
  if (open !== '') return open === digest;
  const shown = openings.get(sealed);
  return !shown || base64Of(shown.content) === digest;
}
