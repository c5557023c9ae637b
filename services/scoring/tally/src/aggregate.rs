//! From the marks of one pitch to its part of the total, criterion by criterion.

use std::cell::OnceCell;

use num_bigint::BigInt;

use crate::decimal::Decimal;
use crate::derivation::{CountedMark, CriterionDerivation, End, Steps, Unranked};
use crate::exact::{Exact, Rational};
use crate::rules::{Aggregation, Criterion, Rules};

/// A scorecard whose marks have been checked.
pub(crate) struct Card<'a> {
    pub judge: &'a str,
    /// In the order of the rules' criteria, and as many.
    pub marks: Vec<Decimal>,
    own_total: OnceCell<Rational>,
}

impl<'a> Card<'a> {
    /// A judge's checked marks, in the order of the rules' criteria.
    pub fn new(judge: &'a str, marks: Vec<Decimal>) -> Self {
        Self { judge, marks, own_total: OnceCell::new() }
    }

    /// The judge's own total: weight times mark, summed, never rounded. It is
    /// computed once: what a ranking hangs on asks for it over and over.
    pub fn own_total(&self, rules: &Rules) -> &Rational {
        self.own_total.get_or_init(|| {
            let weights = rules.criteria.iter().map(|criterion| criterion.weight);
            weights.zip(&self.marks).map(|(weight, mark)| weight.to_rational() * mark.to_rational()).sum()
        })
    }
}

/// What a pitch is ranked by.
pub(crate) struct Scores {
    /// The total after `round_total`.
    pub total: Exact,
    /// Of each criterion, in the rules' order, its aggregate after
    /// `round_criterion`.
    pub rounded: Vec<Exact>,
}

impl Scores {
    /// From the steps of each criterion; the sum before `round_total` besides.
    pub fn of<'a>(rules: &Rules, steps: impl Iterator<Item = &'a Steps>) -> (Self, Rational) {
        let (mut rounded, mut sum) = (Vec::with_capacity(rules.criteria.len()), Rational::default());
        for steps in steps {
            rounded.push(steps.rounded.clone());
            sum += steps.weighted_rounded.value();
        }
        let total = Exact::rounded(sum.clone(), rules.round_total);
        let total = Exact::new(total.value().clone(), rules.total_places());
        (Self { total, rounded }, sum)
    }

    /// The scores of a pitch if one judge's card were not there; none if too
    /// few are left.
    pub fn without(rules: &Rules, cards: &[Card<'_>], judge: Option<&str>) -> Option<Self> {
        let left: Vec<&Card<'_>> = cards.iter().filter(|card| Some(card.judge) != judge).collect();
        if unranked(rules, left.len()).is_some() {
            return None;
        }
        let trim = rules.trim() as usize;
        let steps = rules.criteria.iter().enumerate().map(|(index, criterion)| {
            let mut marks: Vec<Decimal> = left.iter().map(|card| card.marks[index]).collect();
            marks.sort_unstable();
            steps(rules, criterion, &marks[trim..marks.len() - trim])
        });
        let steps: Vec<Steps> = steps.collect();
        Some(Self::of(rules, steps.iter()).0)
    }
}

/// Why a pitch with so many scorecards can't be ranked, if it can't.
pub(crate) fn unranked(rules: &Rules, have: usize) -> Option<Unranked> {
    let (need, trim) = (rules.least_marks, rules.trim());
    if have == 0 {
        Some(Unranked::NoScorecards)
    } else if have < need as usize {
        Some(Unranked::TooFewScorecards { have, need })
    } else if have <= (trim as usize).saturating_mul(2) {
        Some(Unranked::TrimmedAway { have, trim })
    } else {
        None
    }
}

/// The derivation of each criterion from the cards of one pitch; without steps
/// if the pitch is `unranked`.
pub(crate) fn criteria(
    rules: &Rules,
    cards: &[Card<'_>],
    unranked: Option<Unranked>,
) -> Vec<CriterionDerivation> {
    let derive = |(index, criterion): (usize, &Criterion)| {
        let mut marks = sorted_marks(cards, index);
        let steps = unranked.is_none().then(|| {
            leave_out(&mut marks, rules.trim() as usize);
            let kept = marks.iter().filter(|mark| mark.left_out.is_none());
            steps(rules, criterion, &kept.map(|mark| mark.mark).collect::<Vec<_>>())
        });
        let (criterion, weight) = (criterion.id.clone(), criterion.weight);
        CriterionDerivation { criterion, weight, marks, steps }
    };
    rules.criteria.iter().enumerate().map(derive).collect()
}

fn sorted_marks(cards: &[Card<'_>], criterion: usize) -> Vec<CountedMark> {
    let mut marks: Vec<_> = cards
        .iter()
        .map(|card| CountedMark { judge: card.judge.to_owned(), mark: card.marks[criterion], left_out: None })
        .collect();
    marks.sort_by(|a, b| (a.mark, &a.judge).cmp(&(b.mark, &b.judge)));
    marks
}

fn leave_out(marks: &mut [CountedMark], trim: usize) {
    let highest_from = marks.len() - trim;
    marks[..trim].iter_mut().for_each(|mark| mark.left_out = Some(End::Lowest));
    marks[highest_from..].iter_mut().for_each(|mark| mark.left_out = Some(End::Highest));
}

/// `kept`: at least one mark, lowest first.
fn steps(rules: &Rules, criterion: &Criterion, kept: &[Decimal]) -> Steps {
    let aggregate = match rules.aggregation {
        Aggregation::Mean | Aggregation::TrimmedMean { .. } => mean_mark(kept),
        Aggregation::Median => mean_mark(middle(kept)),
    };
    let rounded = Exact::rounded(aggregate.clone(), rules.round_criterion);
    let weighted = rounded.value() * criterion.weight.to_rational();
    let weighted_rounded = Exact::rounded(weighted.clone(), rules.round_weighted);
    Steps {
        aggregate: Exact::new(aggregate, 0),
        rounded,
        weighted: Exact::new(weighted, 0),
        weighted_rounded,
    }
}

/// So many decimals can be summed in their units without an overflow.
const SUMMED_AT_ONCE: usize = 100;

/// The mean of at least one mark, summed as whole units.
fn mean_mark(marks: &[Decimal]) -> Rational {
    let sums = marks.chunks(SUMMED_AT_ONCE).map(|chunk| chunk.iter().map(|mark| mark.units()).sum::<i128>());
    let sum: BigInt = sums.map(BigInt::from).sum();
    Rational::new(sum, BigInt::from(marks.len()) * Decimal::UNITS)
}

/// The mean of at least one number.
pub(crate) fn mean(numbers: &[Rational]) -> Rational {
    numbers.iter().sum::<Rational>() / Rational::from_integer(numbers.len().into())
}

/// The middle of at least one sorted number; of an even count, the mean of the
/// middle two.
pub(crate) fn median(sorted: &[Rational]) -> Rational {
    mean(middle(sorted))
}

/// The middle one, or the middle two, of at least one.
fn middle<T>(sorted: &[T]) -> &[T] {
    &sorted[(sorted.len() - 1) / 2..=sorted.len() / 2]
}
