//! Taking a declared result in.

use plaudit_chassis::id::{PitchId, RoundId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};

use super::{Place, Ranking, stream};

/// What a ranking is told.
#[derive(Clone, Debug)]
pub enum RankingCommand {
    /// The next pitch, in the result's order.
    Place(Place),
    /// That was all of them.
    Close {
        /// The round's name in the rulebook.
        round: String,
        /// How many places scoring says there are.
        places: u32,
    },
}

/// Scoring has ranked one pitch.
#[derive(Clone, Debug)]
pub struct TakePlace {
    /// In this round.
    pub round: RoundId,
    /// This pitch.
    pub pitch: PitchId,
    /// Its rank, if it has one.
    pub rank: Option<u32>,
    /// How many share it.
    pub shared_by: u32,
}

impl Decision for TakePlace {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = stream(self.round);
        let place = Place { pitch: self.pitch, rank: self.rank, shared_by: self.shared_by };
        scope.handle::<Ranking>(&stream, RankingCommand::Place(place)).await?;
        Ok(stream)
    }
}

/// Scoring has declared the result.
#[derive(Clone, Debug)]
pub struct TakeRanking {
    /// Of this round.
    pub round: RoundId,
    /// Its name in the rulebook.
    pub slug: String,
    /// With so many pitches.
    pub places: u32,
}

impl Decision for TakeRanking {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = stream(self.round);
        let close = RankingCommand::Close { round: self.slug.clone(), places: self.places };
        scope.handle::<Ranking>(&stream, close).await?;
        Ok(stream)
    }
}
