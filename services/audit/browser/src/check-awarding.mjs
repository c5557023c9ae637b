// What was won, announced, paid and given, and whether two people were two.

import { bytesOf } from './bytes.mjs';
import { digestOf } from './check-whole.mjs';
import { placesOf } from './log.mjs';
import { say } from './words.mjs';
import { at, derivedId, idBytes, printMoney, printTime, sameMoney, secondsOf, World } from './world.mjs';

const DAY = 24 * 60 * 60;
const NO_REASON = 'REASON_UNSPECIFIED';
const FALLEN = ['declined', 'lapsed', 'withdrawn'];

// ---- awards ----

/** By rank, those without one last; otherwise as they were taken over. */
function byRank(places) {
  return [...places].sort((a, b) => (a.rank || Infinity) - (b.rank || Infinity) || 0);
}

/** What a ranking gives: alone each prize of the rank; to equals the sum, under the first prize's name. */
function sharesOf(prizes, places) {
  const ranked = byRank(places).filter((place) => place.rank > 0);
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

/** To whom a fallen award falls: the next group in rank that has had none. */
function reserveOf(world, places, fallen) {
  const awarded = [...world.awards.values()].filter((award) => award.terms && award.phase !== 'refused' && award.terms.inPlaceOf !== fallen.id);
  const had = new Set(awarded.map((award) => award.terms.pitch));
  const free = byRank(places).filter((place) => place.rank > 0 && !had.has(place.pitch) && !world.left.has(place.pitch));
  const group = free.filter((place) => place.rank === free[0].rank);
  return group.length > 0 ? split(fallen.terms.prize, [fallen.terms.amount?.minor ?? 0n], group) : [];
}

/** When an award's event may come; each is taken, whether it may or not. */
const MAY_FOLLOW = {
  AwardProposed: ({ phase, announced }) => phase === null || phase === 'refused' || (FALLEN.includes(phase) && !announced),
  AwardApproved: ({ phase, terms }, { data }) => phase === 'proposed' && data.proposedBy === terms.by,
  AwardRefused: ({ phase }) => phase === 'proposed',
  AwardAnnounced: ({ phase }) => phase === 'approved',
  AwardAccepted: ({ phase }) => phase === 'announced',
  AwardDeclined: ({ phase }) => phase === 'announced',
  AwardLapsed: ({ phase }) => phase === 'announced',
  WithdrawalProposed: ({ phase }) => ['approved', 'announced', 'accepted'].includes(phase),
  AwardWithdrawn: ({ phase }) => ['approved', 'announced', 'accepted'].includes(phase),
};

export function awards(finding, { log }) {
  let departed = 0;
  const world = World.walk(log, (event, before) => {
    const { name, data, time } = event;
    if (event.service !== 'awards' || !MAY_FOLLOW[name]) return;
    const award = before.awards.get(event.id) ?? { phase: null, terms: null, announced: null };
    if (name === 'AwardProposed') {
      checkProposal(finding, before, event);
      departed += data.departure === NO_REASON ? 0 : 1;
    }
    if (!MAY_FOLLOW[name](award, event)) finding.fails('step', event);
    if (name === 'AwardApproved' && data.approvedBy === data.proposedBy) finding.fails('same', event);
    const until = award.announced?.data.acceptBy ?? null;
    if (until === null) return;
    const isLate = ['AwardAccepted', 'AwardDeclined'].includes(name) && time > until + secondsOf(35);
    if (isLate || (name === 'AwardLapsed' && time <= until)) finding.fails('lapsed', event);
  });
  const proposed = log.named('AwardProposed');
  if (proposed.length === 0) finding.notReached(log.isOver);
  else if ([...world.awards.values()].some(({ phase }) => phase === 'proposed') && !log.isOver) finding.answers('hidden', 'early');
  else finding.holds('follow', { n: proposed.length - departed, departed }, placesOf(log.named('AwardProposed', 'AwardApproved')));
}

function checkProposal(finding, world, event) {
  const { id, programme, data } = event;
  if (derivedId('award', idBytes(programme), bytesOf(data.prize), idBytes(data.pitch)) !== id) finding.fails('name', event);
  const ranking = world.rankings.get(derivedId('round', idBytes(programme), bytesOf(data.round)));
  if (!ranking?.isClosed) {
    finding.fails('ranking', event);
    return;
  }
  const place = ranking.places.find(({ pitch }) => pitch === data.pitch);
  if (!place || place.rank !== data.rank) finding.fails('rank', event, { said: data.rank, found: place?.rank ?? 0 });
  if (world.left.has(data.pitch) || !world.known.has(data.pitch)) finding.fails('left', event);
  const prizes = world.rulebook?.data.prizes ?? [];
  const prize = prizes.find((one) => one.id === data.prize);
  if (!prize) {
    finding.fails('prize', event);
    return;
  }
  checkWorth(finding, world, event, { prizes, prize, places: ranking.places });
}

function checkWorth(finding, world, event, { prizes, prize, places }) {
  const { data } = event;
  const shares = sharesOf(prizes, places).filter((share) => share.prize === prize.id);
  let due = shares.find((share) => share.pitch === data.pitch);
  let least = shares.map((share) => share.minor).reduce((a, b) => (a !== null && a < b ? a : b), null) ?? prize.amount?.minor ?? 0n;
  if (data.inPlaceOf !== '') {
    const fallen = world.awards.get(data.inPlaceOf);
    if (!fallen?.terms || !FALLEN.includes(fallen.phase) || fallen.terms.prize !== data.prize || fallen.terms.round !== data.round) {
      finding.fails('reserve', event);
      return;
    }
    due = reserveOf(world, places, fallen).find((share) => share.pitch === data.pitch);
    least = fallen.terms.amount?.minor ?? 0n;
  }
  const departs = data.departure !== NO_REASON;
  const worth = { minor: due?.minor ?? least, currency: prize.amount?.currency ?? '' };
  if (!due && !departs) finding.fails('departs', event);
  else if (due && departs) finding.fails('reason', event);
  else if (!sameMoney(data.amount, worth)) finding.fails('amount', event, { said: printMoney(data.amount), found: printMoney(worth) });
}

// ---- money ----

const sumOf = (amounts) => [...amounts].reduce((sum, amount) => sum + amount, 0n);

export function money(finding, { log }) {
  const held = new Map();
  const paid = new Map();
  let most = 0n;
  const world = World.walk(log, (event, before) => {
    const { name, id, data, service } = event;
    if (service !== 'awards') return;
    const pot = before.rulebook?.data.pot ?? null;
    if (name === 'AmountReserved') {
      const { terms, wasReserved } = before.awards.get(data.award) ?? {};
      const isSame = terms && terms.pitch === data.pitch && terms.prize === data.prize && sameMoney(terms.amount, data.amount);
      if (!isSame || wasReserved || held.has(data.award)) finding.fails('reserved', event);
      held.set(data.award, data.amount?.minor ?? 0n);
      const sum = sumOf(held.values());
      most = sum > most ? sum : most;
      const currency = data.amount?.currency ?? '';
      if (sum > (pot?.minor ?? 0n) || currency !== (pot?.currency ?? '')) finding.fails('pot', event, { sum: printMoney({ minor: sum, currency }), pot: printMoney(pot) });
    }
    if (name === 'AmountReleased' && !held.delete(data.award)) finding.fails('released', event);
    const award = before.awards.get(id);
    if (name === 'AwardApproved' && award?.proposed && !award.wasReserved) finding.fails('reserved', award.proposed);
    if ((name === 'PayeeNamed' || name === 'PayoutRequested') && !sameMoney(data.amount, award?.terms?.amount)) {
      finding.fails('payout', event, { said: printMoney(data.amount), found: printMoney(award?.terms?.amount) });
    }
    if (name === 'PayoutSent') paid.set(id, award?.terms?.amount?.minor ?? 0n);
    if (name === 'PayoutFailed') paid.delete(id);
  });
  if (!world.rulebook) {
    finding.notReached(log.isOver);
    return;
  }
  const { pot } = world.rulebook.data;
  const print = (minor) => printMoney({ minor, currency: pot?.currency ?? '' });
  finding.holds('within', { most: print(most), pot: printMoney(pot), paid: print(sumOf(paid.values())) }, placesOf(log.named('AmountReserved')));
}

// ---- the announcement ----

export function announcement(finding, { log }) {
  let together = [];
  let n = 0;
  const waiting = new Map();
  const world = World.walk(log, (event, before) => {
    const { service, name, id, data, time, command } = event;
    if (service !== 'awards') return;
    if (together.length > 0 && together[0].event.command !== command) {
      for (const { event: one } of together) finding.fails('alone', one);
      together = [];
    }
    if (name === 'AmountReserved') waiting.set(data.award, true);
    if (name === 'AmountReleased') waiting.delete(data.award);
    if (name === 'AwardAnnounced') {
      const award = before.awards.get(id);
      if (award?.phase !== 'approved') finding.fails('unapproved', event);
      const until = time + secondsOf((before.rulebook?.data.daysToAccept ?? 0) * DAY);
      if (data.acceptBy !== until) finding.fails('answer', event, { said: data.acceptBy === null ? '-' : printTime(data.acceptBy), found: printTime(until) });
      together.push({ event, id, terms: award?.terms ?? null });
    }
    if (name === 'WinnersAnnounced') {
      checkMoment(finding, before, event, { together, waiting });
      n += together.length;
      together = [];
      waiting.clear();
    }
  });
  const announced = log.named('WinnersAnnounced');
  if (announced.length === 0) {
    finding.notReached(log.isOver);
    return;
  }
  const [{ time, at: place }] = announced;
  const embargo = world.rulebook?.data.embargo ?? null;
  const said = { n, time: printTime(time), at: place, embargo: embargo === null ? '-' : printTime(embargo) };
  finding.holds(embargo === null ? 'free' : 'moment', said, placesOf(announced));
}

function checkMoment(finding, world, event, { together, waiting }) {
  const { data, time } = event;
  const lines = together.map(({ id, terms }) => `${id} ${terms?.pitch ?? ''} ${terms?.amount?.minor ?? 0n}`);
  const minor = sumOf(together.map(({ terms }) => terms?.amount?.minor ?? 0n));
  const isAll = together.length === waiting.size && together.every(({ id }) => waiting.has(id));
  const currency = together[0]?.terms?.amount?.currency ?? '';
  const isSame = data.awards === together.length && sameMoney(data.total, { minor, currency }) && digestOf(lines) === data.digest;
  if (!isAll || !isSame) finding.fails('digest', event);
  const embargo = world.rulebook?.data.embargo ?? null;
  if (embargo !== null && time < embargo) finding.fails('embargo', event, { time: printTime(time), embargo: printTime(embargo) });
}

// ---- payment ----

const BEGINNING = ['preparing', 'failed'];
const NOT_BY_PAYEE = ['PayeeChecked', 'PayoutRequested', 'PayoutAuthorised', 'PayoutSent'];

const STEPS = {
  PayeeNamed(payout, event) {
    const problem = BEGINNING.includes(payout.stage) ? null : 'step';
    Object.assign(payout, { stage: 'preparing', named: event, isChecked: false });
    return [problem];
  },
  PayeeChecked(payout, { data }) {
    payout.isChecked = true;
    const isNamed = payout.named && data.payee === payout.named.data.payee && data.account === payout.named.data.account;
    return [BEGINNING.includes(payout.stage) ? null : 'step', isNamed ? null : 'checked'];
  },
  AgreementRecorded(payout) {
    const problem = payout.isAgreed ? 'step' : null;
    payout.isAgreed = true;
    return [problem];
  },
  PayoutRequested(payout, event) {
    const isReady = BEGINNING.includes(payout.stage) && payout.named && payout.isChecked && payout.isAgreed;
    Object.assign(payout, { stage: 'requested', requested: event });
    return [isReady ? null : 'step'];
  },
  PayoutAuthorised(payout, { data }) {
    const isAsked = payout.stage === 'requested' && payout.requested.data.by === data.requestedBy;
    payout.stage = 'authorised';
    return [isAsked ? null : 'step', data.authorisedBy === data.requestedBy ? 'same' : null];
  },
  PayoutSent(payout, event) {
    const isReady = payout.stage === 'authorised' && event.data.at === event.time;
    Object.assign(payout, { stage: 'sent', sent: event });
    return [isReady ? null : 'step'];
  },
  PayoutConfirmed(payout) {
    const isSent = payout.stage === 'sent';
    payout.stage = 'confirmed';
    return [isSent ? null : 'step'];
  },
  PayoutTakenAsReceived(payout, { time }) {
    const problem = payout.stage !== 'sent' ? 'step' : time < payout.sent.time + secondsOf(14 * DAY) ? 'early' : null;
    payout.stage = 'taken';
    return [problem];
  },
  PayoutFailed(payout, { data }) {
    const isRunning = ['requested', 'authorised', 'sent'].includes(payout.stage);
    payout.stage = 'failed';
    if (data.reason === 'REASON_DETAILS_WRONG') payout.isChecked = false;
    return [isRunning ? null : 'step'];
  },
};

export function payment(finding, { log }) {
  const payouts = new Map();
  World.walk(log, (event, before) => {
    const { service, noun, name, id, member } = event;
    if (service !== 'awards' || noun !== 'payout' || name === 'OpeningForgotten') return;
    const payout = at(payouts, id, () => ({ stage: 'preparing', named: null, isChecked: false, isAgreed: false, requested: null, sent: null }));
    if (name === 'PayeeNamed' && before.awards.get(id)?.phase !== 'accepted') finding.fails('accepted', event);
    if (NOT_BY_PAYEE.includes(name) && member !== null && payout.named?.data.by === member) finding.fails('payee', event);
    const problems = STEPS[name] ? STEPS[name](payout, event) : ['step'];
    for (const problem of problems) if (problem) finding.fails(problem, event);
  });
  const stages = [...payouts.values()].map(({ stage }) => stage);
  const count = (...wanted) => stages.filter((stage) => wanted.includes(stage)).length;
  const numbers = { n: count('sent', 'confirmed', 'taken'), confirmed: count('confirmed'), taken: count('taken') };
  finding.holds('steps', numbers, placesOf(log.named('PayoutAuthorised', 'PayoutSent')));
}

// ---- support ----

/** Quarters of units as people write them: 1.5 days. */
function printQuarters(byUnit, units) {
  const parts = Object.keys(units).filter((unit) => byUnit[unit] > 0);
  return parts.map((unit) => say(units[unit], { n: byUnit[unit] / 4 })).join(', ') || units.nothing;
}

const quartersOf = (parts) => parts.reduce((sum, part) => sum + part.quarters, 0);

export function support(finding, { log, sentences }) {
  const pledges = new Map();
  for (const event of log.of('awards')) {
    if (event.noun !== 'support') continue;
    const pledge = at(pledges, event.id, () => ({ pledged: null, quarters: 0, parts: [], isAccepted: false, isClosed: false }));
    checkSupport(finding, pledge, event);
    followSupport(pledge, event);
  }
  const begun = [...pledges.values()].filter(({ pledged }) => pledged);
  if (begun.length === 0) {
    finding.holds('none', {});
    return;
  }
  const sums = (reading) => {
    const byUnit = {};
    for (const pledge of begun) byUnit[pledge.unit] = (byUnit[pledge.unit] ?? 0) + reading(pledge);
    return printQuarters(byUnit, sentences.units);
  };
  const pledged = sums((pledge) => pledge.quarters);
  const delivered = sums((pledge) => quartersOf(pledge.parts));
  const confirmed = sums((pledge) => quartersOf(pledge.parts.filter((part) => part.isConfirmed)));
  finding.holds('ledger', { n: begun.length, pledged, delivered, confirmed }, placesOf(log.named('SupportPledged')));
}

function checkSupport(finding, pledge, event) {
  const { name, data } = event;
  const delivered = quartersOf(pledge.parts);
  if (name === 'SupportDelivered' && delivered + data.quarters > pledge.quarters) finding.fails('more', event);
  if (name === 'SupportClosed' && (data.quartersPledged !== pledge.quarters || data.quartersDelivered !== delivered)) {
    finding.fails('sums', event, { said: data.quartersDelivered, found: delivered });
  }
  const part = pledge.parts[data.part - 1];
  const mayFollow = {
    SupportPledged: !pledge.pledged && data.quarters > 0,
    SupportAccepted: !pledge.isAccepted,
    SupportScheduled: pledge.isAccepted,
    SupportDelivered: pledge.isAccepted && data.part === pledge.parts.length + 1,
    SupportDeliveryConfirmed: Boolean(part) && !part.isConfirmed,
    SupportClosed: pledge.parts.every((one) => one.isConfirmed || one.hasEvidence),
  };
  const isBegun = pledge.pledged || name === 'SupportPledged';
  if (pledge.isClosed || !isBegun || !mayFollow[name]) finding.fails('step', event);
}

function followSupport(pledge, event) {
  const { name, data } = event;
  if (name === 'SupportPledged') Object.assign(pledge, { pledged: event, quarters: data.quarters, unit: data.unit });
  if (name === 'SupportAccepted') pledge.isAccepted = true;
  if (name === 'SupportDelivered') pledge.parts.push({ quarters: data.quarters, hasEvidence: data.evidence !== '', isConfirmed: false });
  if (name === 'SupportDeliveryConfirmed' && pledge.parts[data.part - 1]) pledge.parts[data.part - 1].isConfirmed = true;
  if (name === 'SupportClosed') pledge.isClosed = true;
}

// ---- two people ----

const ofPitch = ({ id }) => id;
const ofAward = ({ id }, world) => world.awards.get(id)?.terms?.pitch;
const TWO = {
  CallOpened: { proposal: 'CallOpeningProposed' },
  CallClosed: { proposal: 'EarlyClosingProposed' },
  PitchReopened: { proposal: 'ReopeningProposed', pitch: ofPitch },
  PitchDisqualified: { proposal: 'DisqualificationProposed', pitch: ofPitch },
  RoundUnsealed: { proposal: 'UnsealingProposed' },
  AwardApproved: { proposal: 'AwardProposed', second: 'approvedBy', pitch: ofAward },
  AwardWithdrawn: { proposal: 'WithdrawalProposed', pitch: ofAward },
  PayoutAuthorised: { proposal: 'PayoutRequested', first: 'requestedBy', second: 'authorisedBy', pitch: ofAward },
  AuditorAdmitted: { proposal: 'AuditorProposed', whom: ({ data }) => data.member },
};
const DECISION_OF = new Map(Object.entries(TWO).map(([decision, { proposal }]) => [proposal, decision]));

export function people(finding, { log, sentences }) {
  const proposals = new Map();
  const decisions = [];
  World.walk(log, (event, world) => {
    const { name, service, stream, data, member } = event;
    const decision = DECISION_OF.get(name);
    if (decision) {
      // What was true when it was proposed. An award's pitch stands in its proposal.
      const pitch = name === 'AwardProposed' ? data.pitch : TWO[decision].pitch?.(event, world);
      const wasWalled = pitch !== undefined && world.isWalled(service, data.by, pitch);
      const whom = TWO[decision].whom?.(event);
      proposals.set(`${decision} ${stream}`, { by: data.by, member, whom, wasOrganiser: world.isOrganiser(service, data.by), wasWalled });
    }
    if (!TWO[name] || (name === 'CallClosed' && data.proposedBy === '' && data.confirmedBy === '')) return;
    decisions.push(event);
    checkTwo(finding, world, event, { proposal: proposals.get(`${name} ${stream}`), what: sentences.what[name] });
    proposals.delete(`${name} ${stream}`);
  });
  finding.holds('two', { n: decisions.length }, placesOf(decisions));
}

function checkTwo(finding, world, event, { proposal, what }) {
  const { name, service, data, member } = event;
  const rule = TWO[name];
  const [first, second] = [data[rule.first ?? 'proposedBy'], data[rule.second ?? 'confirmedBy']];
  const pitch = rule.pitch?.(event, world);
  if (first === second) finding.fails('same', event, { what });
  else if (member !== second) finding.fails('actor', event, { what });
  else if (!proposal || proposal.by !== first || proposal.member !== first || proposal.whom !== rule.whom?.(event)) finding.fails('proposal', event, { what });
  else if (!proposal.wasOrganiser) finding.fails('first', event, { what });
  else if (!world.mayConfirm(service, second)) finding.fails('second', event, { what });
  else if (proposal.wasWalled || (pitch !== undefined && world.isWalled(service, second, pitch))) finding.fails('conflict', event, { what });
}
