//! What a ranking hangs on: whether it would be another without any one judge,
//! or if every judge's marks were put on one scale. A note for whoever decides;
//! nothing here is part of a result or of its derivation.
//!
//! Without a judge, only the pitches that they marked are scored again: for a
//! round that is each scorecard once, however many judges there are. What is
//! done for each of them is the ranking alone.

mod normalised;

use std::collections::{BTreeMap, HashMap};

use crate::aggregate::{Card, Scores};
use crate::exact::Exact;
use crate::ladder::{self, Contender};
use crate::rules::Rules;
use crate::scorecard::Scorecard;
use crate::tally::{TallyError, cards_by_pitch};

pub use normalised::{LEAST_TO_NORMALISE, NotNormalised};

/// What a ranking hangs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Robustness {
    /// The ranking with everybody's marks: that of [`crate::tally`].
    pub declared: Placing,
    /// Without each judge whose marks count, by the bytes of their ids.
    pub judges: Vec<Without>,
    /// With each judge's own totals as z-scores, or why that says nothing.
    pub normalised: Result<Placing, NotNormalised>,
}

/// The ranking without one judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Without {
    /// Who is left out.
    pub judge: String,
    /// How many pitches they marked.
    pub scorecards: usize,
    /// What is left.
    pub placing: Placing,
}

/// Where every pitch stands, in running order; none: it has too few marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placing(pub Vec<Option<Placed>>);

/// A rank, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// From 1; equals share it, and the next are skipped.
    pub rank: u32,
    /// What the pitches are ranked by.
    pub total: Exact,
}

impl Placing {
    /// The places in the running order, from 0, of all that have rank 1.
    pub fn winners(&self) -> Vec<usize> {
        let first = |placed: &Option<Placed>| placed.as_ref().is_some_and(|placed| placed.rank == 1);
        (0..).zip(&self.0).filter(|(_, placed)| first(placed)).map(|(index, _)| index).collect()
    }

    /// How many pitches have another rank than there, or none.
    pub fn moved(&self, from: &Self) -> usize {
        let rank = |placed: &Option<Placed>| placed.as_ref().map(|placed| placed.rank);
        self.0.iter().zip(&from.0).filter(|(here, there)| rank(here) != rank(there)).count()
    }
}

/// Says what the ranking of `pitches` (in running order) by `scorecards` hangs
/// on.
///
/// # Errors
/// As [`crate::tally`].
pub fn robustness(
    rules: &Rules,
    pitches: &[String],
    scorecards: &[Scorecard],
) -> Result<Robustness, TallyError> {
    rules.validate().map_err(TallyError::Rules)?;
    let by_pitch = cards_by_pitch(rules, pitches, scorecards)?;
    let scores: Vec<_> = by_pitch.iter().map(|cards| Scores::without(rules, cards, None)).collect();
    let declared = place(rules, pitches, &by_pitch, |index| scores[index].as_ref(), None);
    let judges = marked_by(&by_pitch).into_iter().map(|(judge, marked)| {
        let again = |&index: &usize| (index, Scores::without(rules, &by_pitch[index], Some(judge)));
        let changed: HashMap<usize, Option<Scores>> = marked.iter().map(again).collect();
        let left = |index| changed.get(&index).unwrap_or(&scores[index]).as_ref();
        let placing = place(rules, pitches, &by_pitch, left, Some(judge));
        Without { judge: judge.to_owned(), scorecards: marked.len(), placing }
    });
    let judges = judges.collect();
    let normalised = normalised::placing(rules, &by_pitch);
    Ok(Robustness { declared, judges, normalised })
}

/// The pitches that each judge marked.
fn marked_by<'a>(by_pitch: &[Vec<Card<'a>>]) -> BTreeMap<&'a str, Vec<usize>> {
    let mut marked: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, cards) in by_pitch.iter().enumerate() {
        for card in cards {
            marked.entry(card.judge).or_default().push(index);
        }
    }
    marked
}

fn place<'s>(
    rules: &Rules,
    pitches: &[String],
    by_pitch: &[Vec<Card<'_>>],
    scores: impl Fn(usize) -> Option<&'s Scores>,
    without: Option<&str>,
) -> Placing {
    let ranked: Vec<(usize, &Scores)> =
        (0..pitches.len()).filter_map(|index| Some((index, scores(index)?))).collect();
    let contenders: Vec<Contender<'_>> = ranked
        .iter()
        .map(|&(index, scores)| Contender { pitch: &pitches[index], scores, cards: &by_pitch[index] })
        .collect();
    let mut placing: Vec<Option<Placed>> = vec![None; pitches.len()];
    for place in ladder::rank(rules, &contenders, without).0 {
        let (index, scores) = ranked[place.contender];
        placing[index] = Some(Placed { rank: place.rank, total: scores.total.clone() });
    }
    Placing(placing)
}
