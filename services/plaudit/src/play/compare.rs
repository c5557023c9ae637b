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
    Awards { pitch: String, awarded: String, expected: String },
}

/// Compares total by total and rank by rank; both lists are in running order.
/// A total is a text here: another digit is another total, and so is one
/// digit more or less.
pub fn places(places: &[Place], expected: &[Expected]) -> Vec<Compared> {
    let pairs = places.iter().zip(expected);
    pairs
        .map(|(place, expected)| Compared {
            pitch: expected.pitch.clone(),
            matches: place.total == expected.total && place.rank == expected.rank,
            total: place.total.clone(),
            rank: place.rank,
            expected_total: expected.total.clone(),
            expected_rank: expected.rank,
        })
        .collect()
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
        assert!(compared(Some("45.30"), Some(3)));
        for total in ["45.31", "45.3", "45.300", "453/10"] {
            assert!(!compared(Some(total), Some(3)), "{total}");
        }
        assert!(!compared(Some("45.30"), Some(2)));
        assert!(!compared(None, None));
    }
}
