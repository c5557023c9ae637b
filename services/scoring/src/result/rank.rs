//! From scorecards to a ranking.

use std::collections::{BTreeSet, HashMap};

use plaudit_chassis::id::{PitchId, ProgrammeId, RoundId, ScorecardId};
use plaudit_chassis::{Problem, Store};
use plaudit_tally::{Ranking, Rules, tally};

use super::ResultError;
use crate::facts::running_order;
use crate::round::Pinned;
use crate::scorecard::{OpenedMarks, ScorecardsOfRound};

/// The ranking of an unsealed round. No scorecard of it changes any more, so
/// that it is the same whenever it is asked for.
pub async fn ranking_of(
    store: &Store,
    programme: ProgrammeId,
    round: RoundId,
    pinned: &Pinned,
) -> Result<Ranking, Problem> {
    let cards = ScorecardsOfRound::read(store, programme, round).await?;
    let opened = cards.open(store.vault()).await?;
    let order = running_order(store, programme).await?;
    Ok(rank(&pinned.rules, &participants(&cards, &order), &cards, &opened)?)
}

/// The pitches of a round in running order: all with a scorecard, but those
/// that left the programme before the marks were open.
pub fn participants(cards: &ScorecardsOfRound, order: &[PitchId]) -> Vec<PitchId> {
    let left: BTreeSet<PitchId> =
        cards.all().filter(|(_, card)| card.pitch_left).map(|(_, card)| card.place.pitch).collect();
    let within: BTreeSet<PitchId> = cards.all().map(|(_, card)| card.place.pitch).collect();
    let within: BTreeSet<PitchId> = within.difference(&left).copied().collect();
    order.iter().filter(|pitch| within.contains(pitch)).copied().collect()
}

/// Ranks the pitches by the marks that count.
///
/// # Errors
/// If marks break the rules, which those that were checked never do.
pub fn rank(
    rules: &Rules,
    pitches: &[PitchId],
    cards: &ScorecardsOfRound,
    opened: &HashMap<ScorecardId, OpenedMarks>,
) -> Result<Ranking, ResultError> {
    let pitches: Vec<String> = pitches.iter().map(PitchId::to_string).collect();
    let counted = cards.counted().filter_map(|(id, card)| {
        Some(plaudit_tally::Scorecard {
            pitch: card.place.pitch.to_string(),
            judge: card.place.judge.to_string(),
            marks: opened.get(&id)?.sheet.0.clone(),
        })
    });
    Ok(tally(rules, &pitches, &counted.collect::<Vec<_>>())?)
}
