//! From scorecards to a ranking.

use std::collections::{BTreeSet, HashMap};

use plaudit_chassis::id::{PitchId, ProgrammeId, RoundId, ScorecardId};
use plaudit_chassis::{Problem, Store};
use plaudit_tally::{Ranking, Robustness, Rules, robustness, tally};
use tokio::sync::Semaphore;

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
    let (pitches, counted) = counted(pitches, cards, opened);
    Ok(tally(rules, &pitches, &counted)?)
}

/// What the ranking of an unsealed round hangs on, and its pitches in running
/// order. It is computed apart from what answers requests, for one of them at
/// a time: however many ask, others go on.
pub async fn robustness_of(
    store: &Store,
    programme: ProgrammeId,
    round: RoundId,
    pinned: &Pinned,
) -> Result<(Vec<PitchId>, Robustness), Problem> {
    static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);
    let cards = ScorecardsOfRound::read(store, programme, round).await?;
    let opened = cards.open(store.vault()).await?;
    let pitches = participants(&cards, &running_order(store, programme).await?);
    let (ids, counted) = counted(&pitches, &cards, &opened);
    let rules = pinned.rules.clone();
    let _turn = ONE_AT_A_TIME.acquire().await.map_err(Problem::internal)?;
    let computed = tokio::task::spawn_blocking(move || robustness(&rules, &ids, &counted));
    let robustness = computed.await.map_err(Problem::internal)?;
    Ok((pitches, robustness.map_err(ResultError::from)?))
}

/// What the tally takes.
fn counted(
    pitches: &[PitchId],
    cards: &ScorecardsOfRound,
    opened: &HashMap<ScorecardId, OpenedMarks>,
) -> (Vec<String>, Vec<plaudit_tally::Scorecard>) {
    let counted = cards.counted().filter_map(|(id, card)| {
        Some(plaudit_tally::Scorecard {
            pitch: card.place.pitch.to_string(),
            judge: card.place.judge.to_string(),
            marks: opened.get(&id)?.sheet.0.clone(),
        })
    });
    (pitches.iter().map(PitchId::to_string).collect(), counted.collect())
}
