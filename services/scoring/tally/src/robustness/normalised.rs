//! Every judge's marks on one scale.
//!
//! A judge's own total of a pitch becomes its distance from the mean of that
//! judge's totals, in that judge's standard deviations. Both are over all that
//! the judge marked; the deviation is cut off and the distance rounded half up
//! at 12 decimals, so that everybody gets the same numbers. Who gave every
//! pitch the same total says nothing about their order: each distance is 0.
//! A pitch is ranked by the mean of its distances (their median, or trimmed
//! mean, where the rules say so), rounded half up to 6 decimals; equals share
//! their rank.

use std::collections::{BTreeMap, HashMap};

use num_bigint::BigInt;
use num_traits::Zero;

use super::{Placed, Placing, marked_by};
use crate::aggregate::{Card, mean, median, unranked};
use crate::exact::{Exact, Rational, round_half_up};
use crate::rules::{Aggregation, Rules};

/// The least pitches that each judge must have marked: of two, the distances
/// say only which is higher.
pub const LEAST_TO_NORMALISE: usize = 3;

/// Decimals of deviations and distances.
const FINE: u32 = 12;

/// Decimals of what pitches are ranked by.
const PRINTED: u32 = 6;

/// Why putting the judges on one scale says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotNormalised {
    /// A judge marked fewer than [`LEAST_TO_NORMALISE`] pitches.
    #[error("a judge marked fewer than {LEAST_TO_NORMALISE} pitches: too few to tell how they mark")]
    TooFewMarks,
    /// The judges fall into groups that have no pitch in common.
    #[error("some judges have no pitch in common with the others, not even through a third")]
    NotConnected,
}

/// The ranking by distances.
pub(super) fn placing(rules: &Rules, by_pitch: &[Vec<Card<'_>>]) -> Result<Placing, NotNormalised> {
    let judges = marked_by(by_pitch);
    if judges.values().any(|marked| marked.len() < LEAST_TO_NORMALISE) {
        return Err(NotNormalised::TooFewMarks);
    }
    if !connected(&judges, by_pitch) {
        return Err(NotNormalised::NotConnected);
    }
    let mut totals: HashMap<&str, Vec<&Rational>> = HashMap::new();
    for card in by_pitch.iter().flatten() {
        totals.entry(card.judge).or_default().push(card.own_total(rules));
    }
    let scales: HashMap<&str, MarkedLike> =
        totals.iter().map(|(judge, totals)| (*judge, MarkedLike::of(totals))).collect();
    let of_pitch = |cards: &Vec<Card<'_>>| {
        let distances = cards.iter().map(|card| scales[card.judge].distance(card.own_total(rules)));
        let mut distances: Vec<Rational> = distances.collect();
        distances.sort();
        unranked(rules, cards.len()).is_none().then(|| aggregate(rules, &distances))
    };
    Ok(shared_ranks(by_pitch.iter().map(of_pitch).collect()))
}

/// How a judge marks.
struct MarkedLike {
    mean: Rational,
    deviation: Rational,
}

impl MarkedLike {
    fn of(totals: &[&Rational]) -> Self {
        let many = Rational::from_integer(totals.len().into());
        let mean = totals.iter().copied().sum::<Rational>() / &many;
        let squares = totals.iter().map(|total| {
            let distance = *total - &mean;
            &distance * &distance
        });
        let variance = squares.sum::<Rational>() / many;
        let fine = BigInt::from(10).pow(FINE);
        let deviation = (variance * &fine * &fine).to_integer().sqrt();
        Self { mean, deviation: Rational::new(deviation, fine) }
    }

    fn distance(&self, total: &Rational) -> Rational {
        if self.deviation.is_zero() {
            return Rational::zero();
        }
        round_half_up(&((total - &self.mean) / &self.deviation), FINE)
    }
}

/// `sorted`: more than the trim takes away.
fn aggregate(rules: &Rules, sorted: &[Rational]) -> Exact {
    let trim = rules.trim() as usize;
    let value = match rules.aggregation {
        Aggregation::Mean | Aggregation::TrimmedMean { .. } => mean(&sorted[trim..sorted.len() - trim]),
        Aggregation::Median => median(sorted),
    };
    Exact::rounded(value, Some(PRINTED))
}

/// Highest first; equals share a rank, and the next are skipped.
fn shared_ranks(totals: Vec<Option<Exact>>) -> Placing {
    let mut sorted: Vec<&Exact> = totals.iter().flatten().collect();
    sorted.sort_by(|a, b| b.cmp(a));
    let mut ranks: BTreeMap<&Exact, u32> = BTreeMap::new();
    for (rank, total) in (1..).zip(sorted) {
        ranks.entry(total).or_insert(rank);
    }
    let placed = |total: &Option<Exact>| {
        let total = total.clone()?;
        Some(Placed { rank: ranks[&total], total })
    };
    Placing(totals.iter().map(placed).collect())
}

/// Whether one can get from any judge to any other by pitches that both marked.
fn connected(judges: &BTreeMap<&str, Vec<usize>>, by_pitch: &[Vec<Card<'_>>]) -> bool {
    let mut reached: BTreeMap<&str, bool> = judges.keys().map(|judge| (*judge, false)).collect();
    let mut looked = vec![false; by_pitch.len()];
    let mut waiting: Vec<&str> = judges.keys().copied().take(1).collect();
    while let Some(judge) = waiting.pop() {
        if reached.insert(judge, true) == Some(true) {
            continue;
        }
        for &pitch in &judges[judge] {
            if !std::mem::replace(&mut looked[pitch], true) {
                waiting.extend(by_pitch[pitch].iter().map(|card| card.judge));
            }
        }
    }
    reached.values().all(|reached| *reached)
}
