//! To whom an award falls that was declined, lapsed or withdrawn: the pitch
//! next in rank that has had no award yet. Where several share that rank, they
//! share what falls to them like any other prize.

use std::collections::{BTreeMap, HashSet};
use std::future::Future;

use plaudit_chassis::facts::PitchFacts;
use plaudit_chassis::id::{AwardId, PitchId};
use plaudit_chassis::{Problem, Scope, Store};
use plaudit_proto::v1::Prize;

use super::{Award, Phase, Terms};
use crate::ranking::{Place, Ranking, RankingError, Share, shares};

/// Knows which pitches are still in the running.
pub trait Running: Send {
    /// Whether the pitch was withdrawn or disqualified.
    fn left(&mut self, pitch: PitchId) -> impl Future<Output = Result<bool, Problem>> + Send;
}

/// For a decision: it falls if the pitch moves.
impl Running for Scope {
    async fn left(&mut self, pitch: PitchId) -> Result<bool, Problem> {
        Ok(self.load::<PitchFacts>(&pitch.stream()).await?.state.left())
    }
}

/// For a page.
impl Running for Store {
    async fn left(&mut self, pitch: PitchId) -> Result<bool, Problem> {
        Ok(self.reload::<PitchFacts>(&pitch.stream()).await?.state.left())
    }
}

/// The reserve, past those who have left since the result.
pub async fn next_in_rank(
    running: &mut impl Running,
    ranking: &Ranking,
    awards: &BTreeMap<AwardId, Award>,
    fallen: AwardId,
) -> Result<Vec<Share>, Problem> {
    let mut left = HashSet::new();
    loop {
        let group = reserve(ranking, awards, fallen, &left)?;
        let before = left.len();
        for share in &group {
            if running.left(share.pitch).await? {
                left.insert(share.pitch);
            }
        }
        if left.len() == before {
            return Ok(group);
        }
    }
}

/// What falls to whom, or nobody if no ranked pitch is left. `left` are the
/// pitches that are no longer in the running.
pub(super) fn reserve(
    ranking: &Ranking,
    awards: &BTreeMap<AwardId, Award>,
    fallen: AwardId,
    left: &HashSet<PitchId>,
) -> Result<Vec<Share>, RankingError> {
    let Some(terms) = awards.get(&fallen).and_then(Award::terms) else { return Ok(Vec::new()) };
    let had = had_one(awards, fallen);
    let places = ranking.places().ok_or(RankingError::NotDeclared)?;
    let free: Vec<&Place> = places
        .iter()
        .filter(|place| place.rank.is_some())
        .filter(|place| !had.contains(&place.pitch) && !left.contains(&place.pitch))
        .collect();
    let Some(next) = free.first() else { return Ok(Vec::new()) };
    let group: Vec<&Place> = free.iter().take_while(|place| place.rank == next.rank).copied().collect();
    share(terms, &group)
}

/// Whether somebody else already has what fell.
pub fn replaced(awards: &BTreeMap<AwardId, Award>, fallen: AwardId) -> bool {
    awards.values().any(|award| {
        let refused = matches!(award.phase(), Phase::Refused | Phase::Absent);
        !refused && award.terms().is_some_and(|terms| terms.in_place_of == Some(fallen))
    })
}

/// The pitches that have had an award, other than in place of this one. A
/// refused proposal is none.
fn had_one(awards: &BTreeMap<AwardId, Award>, fallen: AwardId) -> HashSet<PitchId> {
    awards
        .values()
        .filter(|award| award.phase() != Phase::Refused)
        .filter_map(Award::terms)
        .filter(|terms| terms.in_place_of != Some(fallen))
        .map(|terms| terms.pitch)
        .collect()
}

/// The fallen amount over a group of equals.
fn share(fallen: &Terms, group: &[&Place]) -> Result<Vec<Share>, RankingError> {
    let amount = Some(fallen.amount.to_proto());
    shares::among(group, &Prize { id: fallen.prize.clone(), rank: 1, amount, support: false })
}
