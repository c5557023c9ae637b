// What was won, announced, paid and given, and whether two people were two.

import { bytesOf } from './bytes.mjs';
import { digestOf } from './check-whole.mjs';
import { derivedId, idBytes, notReached, printMoney, printTime, secondsOf } from './story.mjs';
import { say } from './words.mjs';

const DAY = 24 * 60 * 60;
const NO_REASON = 'REASON_UNSPECIFIED';
const FALLEN = ['declined', 'lapsed', 'withdrawn'];

// ---- awards ----

/** Follows awards' events; `visit` sees each of them before it counts. */
function walkAwards(log, visit = () => {}) {
  const state = { awards: new Map(), rankings: new Map() };
  for (const event of log.of('awards')) {
    visit(event, state);
    if (event.noun === 'ranking') followRanking(state, event);
    if (event.noun === 'award') followAward(state, event);
  }
  return state;
}

function followRanking({ rankings }, { id, name, data }) {
  if (!rankings.has(id)) rankings.set(id, { places: [], whole: false });
  if (name === 'PlaceTaken') rankings.get(id).places.push(data);
  if (name === 'RankingTaken') rankings.get(id).whole = true;
}

const PHASES = {
  AwardProposed: 'proposed',
  AwardApproved: 'approved',
  AwardRefused: 'refused',
  AwardAnnounced: 'announced',
  AwardAccepted: 'accepted',
  AwardDeclined: 'declined',
  AwardLapsed: 'lapsed',
  AwardWithdrawn: 'withdrawn',
};

function awardOf({ awards }, id) {
  return awards.get(id) ?? { id, phase: 'absent', terms: null, announced: null, withdrawal: null };
}

function followAward(state, event) {
  const award = awardOf(state, event.id);
  state.awards.set(event.id, award);
  if (event.name === 'AwardProposed') Object.assign(award, { terms: event.data, proposed: event, announced: null, withdrawal: null });
  if (event.name === 'AwardAnnounced') award.announced = event;
  if (event.name === 'WithdrawalProposed') award.withdrawal = event;
  award.phase = PHASES[event.name] ?? award.phase;
}

/** Each prize over the ranks: alone each by itself; where a rank is shared, all of its prizes as one. */
function sharesOf(prizes, places) {
  const ranked = places.filter((place) => place.rank > 0).sort((a, b) => a.rank - b.rank);
  const shares = [];
  for (let first = 0; first < ranked.length; ) {
    const group = ranked.filter((place) => place.rank === ranked[first].rank);
    const won = prizes.filter((prize) => prize.rank > first && prize.rank <= first + group.length).sort((a, b) => a.rank - b.rank);
    const pools = group.length === 1 ? won.map((prize) => [prize]) : won.length > 0 ? [won] : [];
    for (const pool of pools) shares.push(...split(pool[0].id, pool.map((prize) => prize.amount?.minor ?? 0n), group));
    first += group.length;
  }
  return shares;
}

/** A sum over equals; the pennies left over go one each to the first of them. */
function split(prize, amounts, group) {
  const sum = amounts.reduce((total, amount) => total + amount, 0n);
  const [each, left] = [sum / BigInt(group.length), sum % BigInt(group.length)];
  return group.map(({ pitch }, index) => ({ prize, pitch, minor: each + (BigInt(index) < left ? 1n : 0n) }));
}

/** To whom a fallen award falls: those next in rank that have had none. */
function reserveOf(state, story, places, fallen, event) {
  const had = [...state.awards.values()].filter((award) => award.terms && award.phase !== 'refused' && award.terms.inPlaceOf !== fallen.id).map((award) => award.terms.pitch);
  const free = places.filter((place) => place.rank > 0 && !had.includes(place.pitch) && !story.hasLeft(place.pitch, event)).sort((a, b) => a.rank - b.rank);
  const group = free.filter((place) => place.rank === free[0].rank);
  return group.length > 0 ? split(fallen.terms.prize, [fallen.terms.amount?.minor ?? 0n], group) : [];
}

export function awards(finding, { log, story, file }) {
  const state = walkAwards(log, (event, before) => {
    if (event.noun === 'award') checkAward(finding, { log, story, file, state: before }, event);
  });
  const approved = [...state.awards.values()].filter((award) => award.terms && !['absent', 'proposed', 'refused'].includes(award.phase));
  if (approved.length === 0) {
    notReached(finding, story);
    return;
  }
  const departed = approved.filter((award) => award.terms.departure !== NO_REASON).length;
  finding.holds('follow', { n: approved.length - departed, departed }, approved.map((award) => award.proposed.at));
}

function checkAward(finding, context, event) {
  const { at, name, data } = event;
  const award = awardOf(context.state, event.id);
  const lines = [...(award.proposed ? [award.proposed.at] : []), at];
  if (!mayFollow(award, name)) finding.fails('step', { at }, lines);
  else if (name === 'AwardProposed') checkProposal(finding, context, event);
  else if (name === 'AwardApproved' && data.approvedBy === data.proposedBy) finding.fails('same', { at }, lines);
  else if (['AwardAccepted', 'AwardDeclined'].includes(name) && event.time > (award.announced.data.acceptBy ?? 0n) + secondsOf(5)) finding.fails('lapsed', { at }, lines);
  else if (name === 'AwardLapsed' && event.time < (award.announced.data.acceptBy ?? 0n)) finding.fails('lapsed', { at }, lines);
}

function mayFollow({ phase, announced, withdrawal }, name) {
  const answering = phase === 'announced';
  const withdrawable = ['approved', 'announced', 'accepted'].includes(phase);
  const rules = {
    AwardProposed: ['absent', 'refused'].includes(phase) || (phase === 'withdrawn' && !announced),
    AwardApproved: phase === 'proposed',
    AwardRefused: phase === 'proposed',
    AwardAnnounced: phase === 'approved',
    AwardAccepted: answering,
    AwardDeclined: answering,
    AwardLapsed: answering,
    WithdrawalProposed: withdrawable && !withdrawal,
    AwardWithdrawn: withdrawable && Boolean(withdrawal),
  };
  return rules[name] ?? true;
}

function checkProposal(finding, { log, story, file, state }, event) {
  const { at, data } = event;
  const programme = idBytes(file.programme);
  if (derivedId('award', programme, bytesOf(data.prize), idBytes(data.pitch)) !== event.id) finding.fails('name', { at }, [at]);
  const round = derivedId('round', programme, bytesOf(data.round));
  const ranking = state.rankings.get(round);
  const declared = log.stream('scoring', `result/${round}`).filter((one) => one.name === 'PitchRanked' && one.index < event.index);
  const prize = story.rulebook?.prizes.find((one) => one.id === data.prize);
  if (!ranking?.whole || declared.length === 0) {
    finding.fails('ranking', { at }, [at]);
    return;
  }
  if (!prize) {
    finding.fails('prize', { at }, [at]);
    return;
  }
  const places = declared.map((one) => ({ pitch: one.data.pitch, rank: one.data.rank, at: one.at }));
  const place = places.find((one) => one.pitch === data.pitch);
  const lines = [...(place ? [place.at] : []), at];
  if ((place?.rank ?? 0) !== data.rank) finding.fails('rank', { at, said: data.rank, found: place?.rank ?? 0 }, lines);
  if (story.hasLeft(data.pitch, event)) finding.fails('left', { at }, lines);
  checkWorth(finding, { state, story, places, prize, lines }, event);
}

function checkWorth(finding, { state, story, places, prize, lines }, event) {
  const { at, data } = event;
  const shares = sharesOf(story.rulebook.prizes, places);
  const ofIt = shares.filter((share) => share.prize === prize.id);
  let due = ofIt.find((share) => share.pitch === data.pitch);
  let least = ofIt.length > 0 ? ofIt.map((share) => share.minor).reduce((a, b) => (b < a ? b : a)) : (prize.amount?.minor ?? 0n);
  if (data.inPlaceOf !== '') {
    const fallen = state.awards.get(data.inPlaceOf);
    if (!fallen?.terms || !FALLEN.includes(fallen.phase) || fallen.terms.prize !== data.prize || fallen.terms.round !== data.round) {
      finding.fails('reserve', { at }, lines);
      return;
    }
    due = reserveOf(state, story, places, fallen, event).find((share) => share.pitch === data.pitch);
    least = fallen.terms.amount?.minor ?? 0n;
  }
  const departs = data.departure !== NO_REASON;
  const worth = { minor: due?.minor ?? least, currency: prize.amount?.currency ?? '' };
  if (!due && !departs) finding.fails('departs', { at }, lines);
  else if (due && departs) finding.fails('reason', { at }, lines);
  else if (data.amount?.minor !== worth.minor || data.amount.currency !== worth.currency) {
    finding.fails('amount', { at, said: data.amount ? printMoney(data.amount) : '–', found: printMoney(worth) }, lines);
  }
}

// ---- money ----

export function money(finding, { log, story }) {
  const pot = story.rulebook?.pot;
  const held = new Map();
  const paid = new Map();
  let most = 0n;
  const sumOf = (amounts) => [...amounts.values()].reduce((sum, amount) => sum + amount, 0n);
  walkAwards(log, (event, state) => {
    const { at, id, name, data, command } = event;
    if (name === 'AwardProposed') {
      const reserved = log.named('AmountReserved').some((one) => one.command === command && one.data.award === id);
      if (!reserved && !log.mayGoOn(event)) finding.fails('reserved', { at }, [at]);
    }
    if (name === 'AmountReserved') {
      const { terms, proposed } = awardOf(state, data.award);
      const same = terms && terms.pitch === data.pitch && terms.prize === data.prize && terms.amount?.minor === data.amount?.minor;
      if (!same || held.has(data.award)) finding.fails('reserved', { at }, [...(proposed ? [proposed.at] : []), at]);
      held.set(data.award, data.amount?.minor ?? 0n);
      const sum = sumOf(held);
      if (sum > most) most = sum;
      if (!pot || sum > pot.minor || data.amount?.currency !== pot.currency) {
        finding.fails('pot', { at, sum: printMoney({ minor: sum, currency: data.amount?.currency ?? '' }), pot: pot ? printMoney(pot) : '–' }, [at]);
      }
    }
    if (name === 'AmountReleased' && !held.delete(data.award)) finding.fails('released', { at }, [at]);
    if (name === 'PayeeNamed' || name === 'PayoutRequested') {
      const { terms, proposed } = awardOf(state, id);
      if (!terms || data.amount?.minor !== terms.amount?.minor || data.amount?.currency !== terms.amount?.currency) {
        finding.fails('payout', { at, said: data.amount ? printMoney(data.amount) : '–', found: terms?.amount ? printMoney(terms.amount) : '–' }, [...(proposed ? [proposed.at] : []), at]);
      }
    }
    if (name === 'PayoutSent') paid.set(id, awardOf(state, id).terms?.amount?.minor ?? 0n);
    if (name === 'PayoutFailed') paid.delete(id);
  });
  if (log.named('AmountReserved').length === 0) {
    notReached(finding, story);
    return;
  }
  if (!pot) return;
  const print = (minor) => printMoney({ minor, currency: pot.currency });
  finding.holds('within', { most: print(most), pot: print(pot.minor), paid: print(sumOf(paid)) }, log.named('AmountReserved', 'PayoutSent').map(({ at }) => at));
}

// ---- the announcement ----

export function announcement(finding, { log, story }) {
  const announced = log.named('WinnersAnnounced');
  const moments = new Map(announced.map((event) => [event.command, event]));
  const together = new Map(announced.map((event) => [event, []]));
  walkAwards(log, (event, state) => {
    if (event.name !== 'AwardAnnounced') return;
    const { at, id, data, time } = event;
    const award = awardOf(state, id);
    const moment = moments.get(event.command);
    const until = time + secondsOf((story.rulebook?.daysToAccept ?? 0) * DAY);
    if (!moment && !log.mayGoOn(event)) finding.fails('alone', { at }, [at]);
    else if (award.phase !== 'approved') finding.fails('unapproved', { at }, [at]);
    else if (data.acceptBy !== until) finding.fails('answer', { at, said: data.acceptBy === null ? '–' : printTime(data.acceptBy), found: printTime(until) }, [at]);
    if (moment) together.get(moment).push({ award: id, terms: award.terms, at });
  });
  for (const [event, awarded] of together) checkMoment(finding, story, event, awarded);
  const [first] = announced;
  if (!first) {
    notReached(finding, story);
    return;
  }
  const embargo = story.rulebook?.embargo;
  const winners = together.get(first);
  finding.holds(
    'moment',
    { n: winners.length, time: first.said, at: first.at, embargo: embargo === null || embargo === undefined ? 'none' : printTime(embargo) },
    [...winners.map(({ at }) => at), first.at],
  );
}

function checkMoment(finding, story, { at, said, time, data }, awarded) {
  const embargo = story.rulebook?.embargo ?? null;
  if (embargo !== null && time < embargo) finding.fails('embargo', { at, time: said, embargo: printTime(embargo) }, [at]);
  const sum = awarded.reduce((total, { terms }) => total + (terms?.amount?.minor ?? 0n), 0n);
  const digest = digestOf(awarded.map(({ award, terms }) => `${award} ${terms?.pitch} ${terms?.amount?.minor}`));
  const same = awarded.length === data.awards && sum === data.total?.minor && digest === data.digest;
  if (!same) finding.fails('digest', { at }, [...awarded.map((one) => one.at), at]);
}

// ---- payment ----

const STEPS = {
  PayeeNamed: (payout) => ['preparing', 'failed'].includes(payout.stage),
  PayeeChecked: (payout) => ['preparing', 'failed'].includes(payout.stage) && payout.named && !payout.checked,
  AgreementRecorded: (payout) => !payout.agreed,
  PayoutRequested: (payout) => ['preparing', 'failed'].includes(payout.stage) && payout.named && payout.checked && payout.agreed,
  PayoutAuthorised: (payout) => payout.stage === 'requested',
  PayoutSent: (payout) => payout.stage === 'authorised',
  PayoutConfirmed: (payout) => payout.stage === 'sent',
  PayoutTakenAsReceived: (payout) => payout.stage === 'sent',
  PayoutFailed: (payout) => ['requested', 'authorised', 'sent'].includes(payout.stage),
};
const STAGES = {
  PayeeNamed: 'preparing',
  PayoutRequested: 'requested',
  PayoutAuthorised: 'authorised',
  PayoutSent: 'sent',
  PayoutConfirmed: 'confirmed',
  PayoutTakenAsReceived: 'taken',
  PayoutFailed: 'failed',
};
const NOT_BY_PAYEE = ['PayeeChecked', 'PayoutRequested', 'PayoutAuthorised', 'PayoutSent', 'PayoutFailed'];

export function payment(finding, { log, story }) {
  const payouts = new Map();
  walkAwards(log, (event, state) => {
    if (event.noun !== 'payout') return;
    const payout = payouts.get(event.id) ?? { stage: 'preparing', named: null, checked: false, agreed: false, sent: null };
    payouts.set(event.id, payout);
    checkStep(finding, payout, awardOf(state, event.id), event);
    followPayout(payout, event);
  });
  const sent = [...payouts.values()].filter((payout) => payout.sent && ['sent', 'confirmed', 'taken'].includes(payout.stage));
  if (sent.length === 0) {
    notReached(finding, story);
    return;
  }
  const at = (stage) => sent.filter((payout) => payout.stage === stage).length;
  finding.holds('steps', { n: sent.length, confirmed: at('confirmed'), taken: at('taken') }, sent.map((payout) => payout.sent.at));
}

function checkStep(finding, payout, award, event) {
  const { at, name, data, member } = event;
  if (!STEPS[name]) return;
  const lines = [...(payout.named ? [payout.named.at] : []), at];
  if (award.phase !== 'accepted') finding.fails('accepted', { at }, [at]);
  else if (!STEPS[name](payout)) finding.fails('step', { at }, lines);
  else if (name === 'PayeeChecked' && (data.payee !== payout.named.data.payee || data.account !== payout.named.data.account)) finding.fails('checked', { at }, lines);
  else if (name === 'PayoutAuthorised' && (data.authorisedBy === data.requestedBy || data.authorisedBy === payout.requested?.data.by)) finding.fails('same', { at }, lines);
  else if (NOT_BY_PAYEE.includes(name) && member !== null && payout.named && [member, data.by, data.authorisedBy].includes(payout.named.data.by)) finding.fails('payee', { at }, lines);
  else if (name === 'PayoutTakenAsReceived' && event.time < (payout.sent.data.at ?? 0n) + secondsOf(14 * DAY)) finding.fails('early', { at }, lines);
}

function followPayout(payout, event) {
  const { name, data } = event;
  if (name === 'PayeeNamed') Object.assign(payout, { named: event, checked: false });
  if (name === 'PayeeChecked') payout.checked = true;
  if (name === 'AgreementRecorded') payout.agreed = true;
  if (name === 'PayoutRequested') payout.requested = event;
  if (name === 'PayoutSent') payout.sent = event;
  if (name === 'PayoutFailed' && data.reason === 'REASON_DETAILS_WRONG') payout.checked = false;
  payout.stage = STAGES[name] ?? payout.stage;
}

// ---- support ----

/** Quarters of units as people write them: 1.5 days. */
function printQuarters(byUnit, units) {
  const parts = Object.keys(units).filter((unit) => byUnit[unit] > 0);
  return parts.map((unit) => say(units[unit], { n: byUnit[unit] / 4 })).join(', ') || units.nothing;
}

export function support(finding, { log, sentences }) {
  const pledges = new Map();
  for (const event of log.of('awards').filter(({ noun }) => noun === 'support')) {
    const { at, id, name, data } = event;
    const pledge = pledges.get(id);
    if (name === 'SupportPledged') {
      if (pledge || data.quarters === 0) finding.fails('step', { at }, [at]);
      pledges.set(id, { event, quarters: data.quarters, unit: data.unit, parts: [], accepted: false, closed: false });
    } else followSupport(finding, pledge, event);
  }
  if (pledges.size === 0) {
    finding.holds('none', {}, []);
    return;
  }
  const sums = { pledged: {}, delivered: {}, confirmed: {} };
  const add = (into, unit, quarters) => {
    into[unit] = (into[unit] ?? 0) + quarters;
  };
  for (const { quarters, unit, parts } of pledges.values()) {
    add(sums.pledged, unit, quarters);
    add(sums.delivered, unit, deliveredIn(parts));
    add(sums.confirmed, unit, deliveredIn(parts.filter((part) => part.confirmed)));
  }
  const [pledged, delivered, confirmed] = [sums.pledged, sums.delivered, sums.confirmed].map((sum) => printQuarters(sum, sentences.units));
  finding.holds('ledger', { n: pledges.size, pledged, delivered, confirmed }, [...pledges.values()].map(({ event }) => event.at));
}

function deliveredIn(parts) {
  return parts.reduce((sum, part) => sum + part.quarters, 0);
}

function followSupport(finding, pledge, { at, name, data }) {
  if (!pledge || pledge.closed) {
    finding.fails('step', { at }, [at]);
    return;
  }
  const lines = [pledge.event.at, at];
  const delivered = deliveredIn(pledge.parts);
  if (name === 'SupportAccepted') {
    if (pledge.accepted) finding.fails('step', { at }, lines);
    pledge.accepted = true;
  }
  if (name === 'SupportScheduled' && !pledge.accepted) finding.fails('step', { at }, lines);
  if (name === 'SupportDelivered') {
    if (!pledge.accepted || data.part !== pledge.parts.length + 1 || data.quarters === 0) finding.fails('step', { at }, lines);
    else if (delivered + data.quarters > pledge.quarters) finding.fails('more', { at }, lines);
    pledge.parts.push({ quarters: data.quarters, confirmed: false });
  }
  if (name === 'SupportDeliveryConfirmed') {
    const part = pledge.parts[data.part - 1];
    if (!part || part.confirmed) finding.fails('step', { at }, lines);
    else part.confirmed = true;
  }
  if (name === 'SupportClosed') {
    if (data.quartersPledged !== pledge.quarters || data.quartersDelivered !== delivered) {
      finding.fails('sums', { at, said: data.quartersDelivered / 4, found: delivered / 4 }, lines);
    }
    pledge.closed = true;
  }
}

// ---- two people ----

const TWO = {
  CallOpened: { proposal: 'CallOpeningProposed' },
  CallClosed: { proposal: 'EarlyClosingProposed' },
  PitchReopened: { proposal: 'ReopeningProposed', pitch: (event) => event.id },
  PitchDisqualified: { proposal: 'DisqualificationProposed', pitch: (event) => event.id },
  RoundUnsealed: { proposal: 'UnsealingProposed' },
  AwardApproved: { proposal: 'AwardProposed', second: 'approvedBy', pitch: pitchOfAward },
  AwardWithdrawn: { proposal: 'WithdrawalProposed', pitch: pitchOfAward },
  PayoutAuthorised: { proposal: 'PayoutRequested', first: 'requestedBy', second: 'authorisedBy', pitch: pitchOfAward },
};

function pitchOfAward({ id, index }, log) {
  return log.stream('awards', `award/${id}`).findLast((event) => event.name === 'AwardProposed' && event.index < index)?.data.pitch;
}

export function people(finding, { log, story, sentences }) {
  const decided = log.named(...Object.keys(TWO)).filter((event) => event.name !== 'CallClosed' || event.data.proposedBy !== '');
  for (const event of decided) checkTwo(finding, { log, story, what: sentences.what[event.name] }, event);
  if (decided.length === 0) notReached(finding, story);
  else finding.holds('two', { n: decided.length }, decided.map(({ at }) => at));
}

function checkTwo(finding, { log, story, what }, event) {
  const { at, name, data } = event;
  const rule = TWO[name];
  const [first, second] = [data[rule.first ?? 'proposedBy'], data[rule.second ?? 'confirmedBy']];
  const proposal = log.stream(event.service, event.stream).findLast((one) => one.name === rule.proposal && one.index < event.index);
  const lines = [...(proposal ? [proposal.at] : []), at];
  const pitch = rule.pitch?.(event, log);
  const walled = (member) => pitch !== undefined && story.hasInterest(member, pitch, event);
  if (first === second) finding.fails('same', { at, what }, lines);
  else if (event.member !== second) finding.fails('actor', { at, what }, lines);
  else if (proposal?.data.by !== first || proposal.member !== first) finding.fails('proposal', { at, what }, lines);
  else if (!story.hasRole(first, ['ROLE_ORGANISER'], event)) finding.fails('first', { at, what }, lines);
  else if (!story.hasRole(second, ['ROLE_ORGANISER', 'ROLE_APPROVER'], event)) finding.fails('second', { at, what }, lines);
  else if (walled(first) || walled(second)) finding.fails('conflict', { at, what }, lines);
}
