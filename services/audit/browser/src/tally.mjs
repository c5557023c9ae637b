// How marks become a ranking, and why: `plaudit/tally/v1`, as the tally's own
// documentation specifies it, computed here a second time and independently.

import { compareText } from './bytes.mjs';
import { add, compare, decimalOf, fraction, meanOf, print, roundHalfUp, times, ZERO } from './exact.mjs';

const VERSION = 'plaudit/tally/v1';
const MOST_DECIMALS = 12;

/**
 * Ranks `pitches`, which come in running order, by scorecards of the form
 * `{ pitch, judge, marks: Map(criterion → text) }`. Answers with the rules, the
 * pitches from the first rank on, and the ties; throws where the rules or the
 * marks make no sense.
 */
export function tally(rules, pitches, scorecards) {
  const read = readRules(rules);
  const sheets = pitches.map((pitch, index) => ({ pitch, order: index + 1, cards: [] }));
  const byPitch = new Map(sheets.map((sheet) => [sheet.pitch, sheet]));
  if (byPitch.size !== pitches.length) throw new Error('a pitch is listed twice');
  for (const { pitch, judge, marks } of scorecards) {
    const sheet = byPitch.get(pitch);
    if (!sheet) throw new Error(`pitch ${pitch} is not in this round`);
    if (sheet.cards.some((card) => card.judge === judge)) throw new Error('a judge marked a pitch twice');
    sheet.cards.push({ judge, marks: readMarks(read, marks) });
  }
  for (const sheet of sheets) reckon(read, sheet);
  const contenders = sheets.filter((sheet) => !sheet.unranked);
  const { placed, ties } = rank(read, contenders);
  const out = sheets.filter((sheet) => sheet.unranked);
  return { rules: read, pitches: [...placed, ...out], ties };
}

/** A rulebook's tally as the contracts write it, in the tally's own form. */
export function rulesOf(contract) {
  const aggregations = {
    AGGREGATION_MEAN: 'mean',
    AGGREGATION_MEDIAN: 'median',
    AGGREGATION_TRIMMED_MEAN: { trimmed_mean: { trim: contract.trim ?? 0 } },
  };
  const rung = (it) => {
    if (typeof it.criterion === 'string') return { criterion: it.criterion };
    if ('mostFirstPlaces' in it) return 'most_first_places';
    if ('higherMedian' in it) return 'higher_median';
    throw new Error('a tie-break can’t be read');
  };
  const aggregation = aggregations[contract.aggregation];
  if (!aggregation) throw new Error('the aggregation can’t be read');
  if (!['NORMALISATION_NONE', undefined].includes(contract.normalisation)) {
    throw new Error('the normalisation can’t be read');
  }
  const { min, max, step } = contract.scale ?? {};
  return {
    scale: { min, max, step },
    criteria: (contract.criteria ?? []).map(({ id, weight }) => ({ id, weight })),
    aggregation,
    normalisation: 'none',
    round_criterion: contract.roundCriterion ?? null,
    round_weighted: contract.roundWeighted ?? null,
    round_total: contract.roundTotal ?? null,
    ties: (contract.ties ?? []).map(rung),
    least_marks: contract.leastMarks ?? 0,
  };
}

function readRules(rules) {
  const number = (text, what) => {
    const read = decimalOf(text);
    if (!read) throw new Error(`${what} is not a number`);
    return read;
  };
  const { min, max, step } = rules.scale;
  const scale = { min: number(min, 'the scale'), max: number(max, 'the scale'), step: number(step, 'the scale') };
  const criteria = rules.criteria.map(({ id, weight }) => ({ id, weight: number(weight, 'a weight') }));
  const trim = rules.aggregation.trimmed_mean?.trim ?? 0;
  const known = new Set(criteria.map((criterion) => criterion.id));
  const rungs = rules.ties.map((rung) => (typeof rung === 'string' ? rung : rung.criterion));
  const sensible =
    criteria.length > 0 &&
    known.size === criteria.length &&
    !known.has('') &&
    criteria.every((criterion) => criterion.weight.over > 0n) &&
    compare(scale.max, scale.min) > 0 &&
    scale.step.over > 0n &&
    onStep(scale, scale.max) &&
    (!rules.aggregation.trimmed_mean || trim > 0) &&
    [rules.round_criterion, rules.round_weighted, rules.round_total].every((at) => (at ?? 0) <= MOST_DECIMALS) &&
    rules.ties.every((rung) => typeof rung === 'string' || known.has(rung.criterion)) &&
    new Set(rules.ties.map((rung) => JSON.stringify(rung))).size === rungs.length;
  if (!sensible) throw new Error('the rules make no sense');
  return { ...rules, scale, criteria, trim };
}

function onStep(scale, mark) {
  const away = add(mark, fraction(-scale.min.over, scale.min.under));
  const steps = fraction(away.over * scale.step.under, away.under * scale.step.over);
  return steps.under === 1n;
}

function readMarks(rules, marks) {
  if (marks.size !== rules.criteria.length) throw new Error('marks for other criteria than the rules have');
  return rules.criteria.map(({ id }) => {
    const mark = decimalOf(marks.get(id));
    const allowed = mark && compare(mark, rules.scale.min) >= 0 && compare(mark, rules.scale.max) <= 0;
    if (!allowed || !onStep(rules.scale, mark)) throw new Error(`a mark for ${id} is not on the scale`);
    return mark;
  });
}

function rounded(number, places) {
  return places === null ? { value: number, places: 0 } : { value: roundHalfUp(number, places), places };
}

function median(sorted) {
  const middle = sorted.length / 2;
  return meanOf(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1));
}

/** The criteria, sum and total of one pitch, or why it has none. */
function reckon(rules, sheet) {
  const have = sheet.cards.length;
  if (have === 0) sheet.unranked = 'no_scorecards';
  else if (have < rules.least_marks) sheet.unranked = { too_few_scorecards: { have, need: rules.least_marks } };
  else if (have <= 2 * rules.trim) sheet.unranked = { trimmed_away: { have, trim: rules.trim } };
  sheet.criteria = rules.criteria.map((criterion, index) => reckonCriterion(rules, sheet, criterion, index));
  if (sheet.unranked) return;
  sheet.sum = sheet.criteria.map(({ steps }) => steps.weightedRounded.value).reduce(add, ZERO);
  const places = rules.round_total ?? rules.round_weighted ?? rules.round_criterion ?? 0;
  sheet.total = { value: rounded(sheet.sum, rules.round_total).value, places };
}

function reckonCriterion(rules, sheet, criterion, index) {
  const marks = sheet.cards.map(({ judge, marks: given }) => ({ judge, mark: given[index], leftOut: null }));
  marks.sort((a, b) => compare(a.mark, b.mark) || compareText(a.judge, b.judge));
  if (sheet.unranked) return { criterion, marks, steps: null };
  for (let out = 0; out < rules.trim; out += 1) {
    marks[out].leftOut = 'lowest';
    marks[marks.length - 1 - out].leftOut = 'highest';
  }
  const kept = marks.filter((given) => !given.leftOut).map((given) => given.mark);
  const aggregate = rules.aggregation === 'median' ? median(kept) : meanOf(kept);
  const mean = rounded(aggregate, rules.round_criterion);
  const weighted = times(mean.value, criterion.weight);
  const weightedRounded = rounded(weighted, rules.round_weighted);
  return { criterion, marks, steps: { aggregate, rounded: mean, weighted, weightedRounded } };
}

/** Weight times mark over one judge's scorecard, never rounded. */
function ownTotal(rules, card) {
  return card.marks.map((mark, index) => times(mark, rules.criteria[index].weight)).reduce(add, ZERO);
}

function firstPlaces(rules, contenders) {
  const best = new Map();
  for (const sheet of contenders) {
    for (const card of sheet.cards) {
      const total = ownTotal(rules, card);
      const held = best.get(card.judge);
      const order = held ? compare(total, held.total) : 1;
      if (order > 0) best.set(card.judge, { total, holders: [sheet] });
      else if (order === 0) held.holders.push(sheet);
    }
  }
  const places = new Map();
  for (const { holders } of best.values()) {
    for (const sheet of holders) places.set(sheet, (places.get(sheet) ?? 0n) + 1n);
  }
  return places;
}

function rank(rules, contenders) {
  const places = firstPlaces(rules, contenders);
  const placed = [];
  const ties = [];
  const valueOf = (rung, sheet) => {
    if (rung === 'most_first_places') return { value: fraction(places.get(sheet) ?? 0n), places: 0 };
    if (rung === 'higher_median') {
      const totals = sheet.cards.map((card) => ownTotal(rules, card)).sort(compare);
      return { value: median(totals), places: 0 };
    }
    return sheet.criteria.find(({ criterion }) => criterion.id === rung.criterion).steps.rounded;
  };
  const climb = (group, [rung, ...later]) => {
    if (!rung || group.length === 1) {
      const shared = placed.length + 1;
      for (const sheet of group) placed.push(Object.assign(sheet, { rank: shared }));
      return;
    }
    const compared = group.map((sheet) => ({ sheet, by: valueOf(rung, sheet) }));
    const parts = groups(compared);
    ties.push({ rank: placed.length + 1, rung, compared: parts.flat() });
    let higher = 0;
    for (const part of parts) {
      for (const { sheet, by } of part) {
        sheet.rungs.push({ rung, value: by, among: group.length, higher, equal: part.length - 1 });
      }
      higher += part.length;
    }
    for (const part of parts) climb(part.map(({ sheet }) => sheet), later);
  };
  for (const sheet of contenders) sheet.rungs = [];
  const totals = contenders.map((sheet) => ({ sheet, by: sheet.total }));
  for (const group of groups(totals)) climb(group.map(({ sheet }) => sheet), rules.ties);
  return { placed, ties };
}

/** The highest first, equals together and in the order they had. */
function groups(compared) {
  const sorted = [...compared].sort((a, b) => compare(b.by.value, a.by.value));
  const parts = [];
  for (const it of sorted) {
    const last = parts.at(-1);
    if (last && compare(last[0].by.value, it.by.value) === 0) last.push(it);
    else parts.push([it]);
  }
  return parts;
}

const shown = ({ value, places }) => print(value, places);

function standingOf(sheet) {
  if (sheet.unranked) return { unranked: sheet.unranked };
  const rungs = sheet.rungs.map(({ rung, value, among, higher, equal }) => ({
    rung,
    value: shown(value),
    among,
    higher,
    equal,
  }));
  return { ranked: { rank: sheet.rank, total: shown(sheet.total), sum: print(sheet.sum), rungs } };
}

function derivationOf(sheet) {
  return {
    version: VERSION,
    pitch: sheet.pitch,
    order: sheet.order,
    standing: standingOf(sheet),
    criteria: sheet.criteria.map(({ criterion, marks, steps }) => ({
      criterion: criterion.id,
      weight: print(criterion.weight),
      marks: marks.map(({ judge, mark, leftOut }) => ({ judge, mark: print(mark), left_out: leftOut })),
      steps: steps && {
        aggregate: print(steps.aggregate),
        rounded: shown(steps.rounded),
        weighted: print(steps.weighted),
        weighted_rounded: shown(steps.weightedRounded),
      },
    })),
  };
}

/** What was ranked, and why, in the serialisation that digests are made of. */
export function derivation(ranking) {
  const { rules } = ranking;
  return JSON.stringify({
    version: VERSION,
    rules: {
      scale: { min: print(rules.scale.min), max: print(rules.scale.max), step: print(rules.scale.step) },
      criteria: rules.criteria.map(({ id, weight }) => ({ id, weight: print(weight) })),
      aggregation: rules.aggregation,
      normalisation: rules.normalisation,
      round_criterion: rules.round_criterion,
      round_weighted: rules.round_weighted,
      round_total: rules.round_total,
      ties: rules.ties,
      least_marks: rules.least_marks,
    },
    pitches: ranking.pitches.map(derivationOf),
    ties: ranking.ties.map(({ rank: at, rung, compared }) => ({
      rank: at,
      rung,
      compared: compared.map(({ sheet, by }) => ({ pitch: sheet.pitch, value: shown(by) })),
    })),
  });
}

/** One pitch's part of it. */
export function pitchDerivation(sheet) {
  return JSON.stringify(derivationOf(sheet));
}

/** A pitch's total as results print it. */
export function totalOf(sheet) {
  return sheet.total ? shown(sheet.total) : '';
}
