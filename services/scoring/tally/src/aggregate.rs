//! From the marks of one pitch to its part of the total, criterion by criterion.

use crate::decimal::Decimal;
use crate::derivation::{CountedMark, CriterionDerivation, End, Steps, Unranked};
use crate::exact::{Exact, Rational};
use crate::rules::{Aggregation, Criterion, Rules};

/// A scorecard whose marks have been checked.
pub(crate) struct Card<'a> {
    pub judge: &'a str,
    /// In the order of the rules' criteria, and as many.
    pub marks: Vec<Decimal>,
}

impl Card<'_> {
    /// The judge's own total: weight times mark, summed, never rounded.
    pub fn own_total(&self, rules: &Rules) -> Rational {
        let weights = rules.criteria.iter().map(|criterion| criterion.weight);
        weights.zip(&self.marks).map(|(weight, mark)| weight.to_rational() * mark.to_rational()).sum()
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
            steps(rules, criterion, &marks)
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

fn steps(rules: &Rules, criterion: &Criterion, marks: &[CountedMark]) -> Steps {
    let kept: Vec<Rational> =
        marks.iter().filter(|mark| mark.left_out.is_none()).map(|mark| mark.mark.to_rational()).collect();
    let aggregate = match rules.aggregation {
        Aggregation::Mean | Aggregation::TrimmedMean { .. } => mean(&kept),
        Aggregation::Median => median(&kept),
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

/// The mean of at least one number.
fn mean(numbers: &[Rational]) -> Rational {
    numbers.iter().sum::<Rational>() / Rational::from_integer(numbers.len().into())
}

/// The middle of at least one sorted number; of an even count, the mean of the
/// middle two.
pub(crate) fn median(sorted: &[Rational]) -> Rational {
    let (below, above) = ((sorted.len() - 1) / 2, sorted.len() / 2);
    mean(&sorted[below..=above])
}
