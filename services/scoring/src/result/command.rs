use plaudit_chassis::id::{RoundId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::scoring::v1::{PitchRanked, ResultDeclared};

use super::places::declaration;
use super::{ResultError, RoundResult, ranking_of};
use crate::round::{Phase, Round};

/// What a result can be asked for.
#[derive(Clone, Debug)]
pub enum ResultCommand {
    /// Declare it.
    Declare {
        /// Every pitch, in running order.
        places: Vec<PitchRanked>,
        /// What closes them.
        declared: ResultDeclared,
    },
}

/// Tallies an unsealed round and declares its result, once.
pub struct DeclareResult {
    /// Whose.
    pub round: RoundId,
}

impl Decision for DeclareResult {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.round.result();
        if scope.load::<RoundResult>(&stream).await?.state.declared.is_some() {
            return Ok(stream);
        }
        let round = scope.load::<Round>(&self.round.stream()).await?;
        if round.state.phase != Phase::Unsealed {
            return Err(ResultError::NotUnsealed.into());
        }
        let pinned = round.state.pinned()?;
        let store = scope.store().clone();
        let ranking = ranking_of(&store, scope.programme(), self.round, pinned).await?;
        let (command, openings) = declaration(self.round, pinned, &ranking);
        for opening in &openings {
            scope.keep(opening);
        }
        scope.handle::<RoundResult>(&stream, command).await?;
        Ok(stream)
    }
}
