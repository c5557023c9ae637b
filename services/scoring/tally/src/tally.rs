//! The function itself: checks what comes in, derives, ranks, puts together.

use std::collections::BTreeMap;

use crate::aggregate::{self, Card, Scores};
use crate::derivation::{CriterionDerivation, PitchDerivation, Ranked, Ranking, Standing, Unranked, Version};
use crate::exact::Exact;
use crate::ladder::{self, Contender, Place};
use crate::rules::{Rules, RulesError};
use crate::scorecard::{MarkError, Scorecard};

/// Why there is nothing to tally. None of these can come from marks that were
/// checked when they were handed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TallyError {
    /// The rules make no sense.
    #[error("the rules of this round can't be applied: {}", listed(.0))]
    Rules(Vec<RulesError>),
    /// The running order names a pitch twice.
    #[error("pitch “{0}” is in the running order twice; leave one out")]
    DuplicatePitch(String),
    /// A scorecard is for a pitch that isn't in the running order.
    #[error("judge “{judge}” marked the pitch “{pitch}”, which is not in the running order")]
    UnknownPitch {
        /// The pitch.
        pitch: String,
        /// The judge.
        judge: String,
    },
    /// One judge has two scorecards for one pitch.
    #[error("judge “{judge}” has two scorecards for the pitch “{pitch}”; count only the last")]
    DuplicateScorecard {
        /// The pitch.
        pitch: String,
        /// The judge.
        judge: String,
    },
    /// A scorecard has marks that the rules don't allow.
    #[error("judge “{judge}” has wrong marks for the pitch “{pitch}”: {}", listed(.errors))]
    Marks {
        /// The pitch.
        pitch: String,
        /// The judge.
        judge: String,
        /// What is wrong with them.
        errors: Vec<MarkError>,
    },
}

fn listed<E: ToString>(errors: &[E]) -> String {
    errors.iter().map(E::to_string).collect::<Vec<_>>().join("; ")
}

/// Ranks `pitches` (ids in running order) by the counted `scorecards`, whose own
/// order doesn't matter. See the crate's documentation for the arithmetic.
///
/// # Errors
/// If the rules make no sense, or a scorecard doesn't fit the rules or the pitches.
pub fn tally(rules: &Rules, pitches: &[String], scorecards: &[Scorecard]) -> Result<Ranking, TallyError> {
    rules.validate().map_err(TallyError::Rules)?;
    let by_pitch = cards_by_pitch(rules, pitches, scorecards)?;
    let sheets = (1..).zip(pitches).zip(&by_pitch);
    let sheets: Vec<_> =
        sheets.map(|((order, pitch), cards)| Sheet::new(rules, order, pitch, cards)).collect();
    let (in_rank, out): (Vec<_>, Vec<_>) = sheets.into_iter().partition(|s| s.unranked.is_none());

    let contenders: Vec<_> = in_rank.iter().map(Sheet::contender).collect();
    let (places, ties) = ladder::rank(rules, &contenders, None);
    drop(contenders);

    let mut in_rank: Vec<_> = in_rank.into_iter().map(Some).collect();
    let placed = places.into_iter().filter_map(|place| {
        let sheet = in_rank[place.contender].take()?;
        Some(sheet.ranked(place))
    });
    let unplaced = out.into_iter().filter_map(Sheet::unranked);
    let pitches = placed.chain(unplaced).collect();
    Ok(Ranking { version: Version::V1, rules: rules.clone(), pitches, ties })
}

/// One pitch between its marks and its rank.
struct Sheet<'a> {
    order: u32,
    pitch: &'a str,
    cards: &'a [Card<'a>],
    unranked: Option<Unranked>,
    criteria: Vec<CriterionDerivation>,
    sum: Exact,
    scores: Scores,
}

impl<'a> Sheet<'a> {
    fn new(rules: &Rules, order: u32, pitch: &'a str, cards: &'a [Card<'a>]) -> Self {
        let unranked = aggregate::unranked(rules, cards.len());
        let criteria = aggregate::criteria(rules, cards, unranked);
        let parts = criteria.iter().filter_map(|criterion| criterion.steps.as_ref());
        let (scores, sum) = Scores::of(rules, parts);
        Self { order, pitch, cards, unranked, criteria, sum: Exact::new(sum, 0), scores }
    }

    fn contender(&self) -> Contender<'_> {
        Contender { pitch: self.pitch, scores: &self.scores, cards: self.cards }
    }

    fn ranked(self, place: Place) -> PitchDerivation {
        let Place { rank, rungs, .. } = place;
        let (total, sum) = (self.scores.total.clone(), self.sum.clone());
        self.derivation(Standing::Ranked(Ranked { rank, total, sum, rungs }))
    }

    fn unranked(self) -> Option<PitchDerivation> {
        let reason = self.unranked?;
        Some(self.derivation(Standing::Unranked(reason)))
    }

    fn derivation(self, standing: Standing) -> PitchDerivation {
        PitchDerivation {
            version: Version::V1,
            pitch: self.pitch.to_owned(),
            order: self.order,
            standing,
            criteria: self.criteria,
        }
    }
}

/// The checked cards of each pitch, in running order.
pub(crate) fn cards_by_pitch<'a>(
    rules: &Rules,
    pitches: &[String],
    scorecards: &'a [Scorecard],
) -> Result<Vec<Vec<Card<'a>>>, TallyError> {
    let mut by_pitch: BTreeMap<&str, BTreeMap<&str, Card<'a>>> = BTreeMap::new();
    for pitch in pitches {
        if by_pitch.insert(pitch, BTreeMap::new()).is_some() {
            return Err(TallyError::DuplicatePitch(pitch.clone()));
        }
    }
    for scorecard in scorecards {
        let (pitch, judge) = (scorecard.pitch.clone(), scorecard.judge.clone());
        let Some(cards) = by_pitch.get_mut(scorecard.pitch.as_str()) else {
            return Err(TallyError::UnknownPitch { pitch, judge });
        };
        let card = checked(rules, scorecard)?;
        if cards.insert(card.judge, card).is_some() {
            return Err(TallyError::DuplicateScorecard { pitch, judge });
        }
    }
    let taken = pitches.iter().filter_map(|pitch| by_pitch.remove(pitch.as_str()));
    Ok(taken.map(|cards| cards.into_values().collect()).collect())
}

fn checked<'a>(rules: &Rules, scorecard: &'a Scorecard) -> Result<Card<'a>, TallyError> {
    let Scorecard { pitch, judge, marks } = scorecard;
    rules.check_marks(marks).map_err(|errors| {
        let (pitch, judge) = (pitch.clone(), judge.clone());
        TallyError::Marks { pitch, judge, errors }
    })?;
    let in_order = rules.criteria.iter().filter_map(|criterion| marks.get(&criterion.id));
    Ok(Card::new(judge, in_order.copied().collect()))
}
