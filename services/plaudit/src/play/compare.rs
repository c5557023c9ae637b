//! What came out, against what was published.

use std::fmt;

use serde::Serialize;

use super::answers::Place;
use super::prizes::{Share, shares};
use super::scenario::Scenario;
use super::scenario::expected::Expected;
use super::story::Awarded;
use super::telling::money;

/// A pitch's place, and the published one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// What the tables call it.
    pub pitch: String,
    pub total: Option<String>,
    pub rank: Option<u32>,
    pub expected_total: Option<String>,
    pub expected_rank: Option<u32>,
    pub matches: bool,
}

/// One thing that is not as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    Place(Compared),
    /// What a pitch was awarded, in words.
    Awards {
        pitch: String,
        awarded: String,
        expected: String,
    },
}

/// Compares total by total and rank by rank; both lists are in running order.
/// Totals are exact numbers: another digit is another total, a zero more or
/// less at the end is not.
pub fn places(places: &[Place], expected: &[Expected]) -> Vec<Compared> {
    let pairs = places.iter().zip(expected);
    pairs
        .map(|(place, expected)| Compared {
            pitch: expected.pitch.clone(),
            matches: same_total(place.total.as_deref(), expected.total.as_deref())
                && place.rank == expected.rank,
            total: place.total.clone(),
            rank: place.rank,
            expected_total: expected.total.clone(),
            expected_rank: expected.rank,
        })
        .collect()
}

fn same_total(total: Option<&str>, published: Option<&str>) -> bool {
    match (total, published) {
        (None, None) => true,
        (Some(total), Some(published)) => {
            let rounded = fraction(total).and_then(|fraction| half_up(fraction, places_of(published)));
            without_zeros(rounded.as_deref().unwrap_or(total)) == without_zeros(published)
        }
        _ => false,
    }
}

/// `7.50` and `7.5` are one number; so are `0` and `-0`.
fn without_zeros(number: &str) -> &str {
    let shortest = match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    };
    if shortest == "-0" { "0" } else { shortest }
}

fn places_of(number: &str) -> u32 {
    number.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32)
}

/// A total without a finite decimal is told as `n/d`.
fn fraction(total: &str) -> Option<(i128, i128)> {
    let (above, below) = total.split_once('/')?;
    Some((above.parse().ok()?, below.parse().ok().filter(|below| *below > 0)?))
}

/// Such a total as it is published, to so many decimals.
fn half_up((above, below): (i128, i128), places: u32) -> Option<String> {
    let scale = 10_i128.checked_pow(places)?;
    let doubled = above.checked_mul(scale)?.checked_mul(2)?.checked_add(below)?;
    let whole = doubled.div_euclid(below.checked_mul(2)?);
    let sign = if whole < 0 { "-" } else { "" };
    let (units, decimals) =
        (whole.unsigned_abs() / scale.unsigned_abs(), whole.unsigned_abs() % scale.unsigned_abs());
    Some(format!("{sign}{units}.{decimals:0width$}", width = places as usize))
}

/// Compares what was awarded with what the published ranks win.
pub fn awards(scenario: &Scenario, awards: &[Awarded], expected: &[Expected]) -> Vec<Difference> {
    let ranks: Vec<Option<u32>> = expected.iter().map(|expected| expected.rank).collect();
    let due = shares(&scenario.prizes, &ranks);
    let pitches = scenario.pitches.iter().enumerate();
    let differences = pitches.filter_map(|(at, pitch)| {
        let awarded: Vec<String> = awards
            .iter()
            .filter(|awarded| awarded.share.pitch == at)
            .map(|awarded| money(awarded.minor, &awarded.currency))
            .collect();
        let due = due.iter().filter(|share| share.pitch == at);
        let due: Vec<String> = due.map(|share: &Share| money(share.minor, &scenario.currency)).collect();
        (awarded != due).then(|| Difference::Awards {
            pitch: pitch.key.clone(),
            awarded: listed(&awarded),
            expected: listed(&due),
        })
    });
    differences.collect()
}

fn listed(amounts: &[String]) -> String {
    if amounts.is_empty() { "nothing".to_owned() } else { amounts.join(" and ") }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(place) => write!(
                f,
                "{}: total {} and rank {}, published were {} and {}",
                place.pitch,
                place.total.as_deref().unwrap_or("none"),
                place.rank.map_or("none".to_owned(), |rank| rank.to_string()),
                place.expected_total.as_deref().unwrap_or("none"),
                place.expected_rank.map_or("none".to_owned(), |rank| rank.to_string()),
            ),
            Self::Awards { pitch, awarded, expected } => {
                write!(f, "{pitch}: awarded {awarded}, due was {expected}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn compared(total: Option<&str>, rank: Option<u32>) -> bool {
        let place = Place { pitch: Uuid::nil(), rank, total: total.map(str::to_owned) };
        let expected = Expected { pitch: "p01".to_owned(), total: Some("45.30".to_owned()), rank: Some(3) };
        places(&[place], &[expected]).iter().all(|compared| compared.matches)
    }

    #[test]
    fn only_the_same_total_and_rank_match() {
        for total in ["45.30", "45.3", "45.300", "453/10", "13591/300"] {
            assert!(compared(Some(total), Some(3)), "{total}");
        }
        for total in ["45.31", "45.299", "45", "27183/600"] {
            assert!(!compared(Some(total), Some(3)), "{total}");
        }
        assert!(!compared(Some("45.30"), Some(2)));
        assert!(!compared(None, None));
    }
}
