//! Judges and pitches that leave, and what becomes of their scorecards. Once
//! the round is locked it is told as well, so that an unsealing decided
//! without it conflicts; once the marks are open nothing changes by itself.

use plaudit_chassis::id::{PitchId, ScorecardId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::scoring::v1::LateFact;
use plaudit_proto::v1::Reason;

use crate::round::{Phase, Round, RoundCommand};
use crate::scorecard::{Place, Scorecard, ScorecardCommand};

/// A judge no longer marks a pitch: recused, or the assignment was moved.
pub(super) struct JudgeLeaves {
    pub place: Place,
    pub reason: Reason,
    pub fact: LateFact,
}

/// A pitch was withdrawn or disqualified.
pub(super) struct PitchLeaves(pub PitchId);

impl Decision for JudgeLeaves {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        leave(scope, self.place, ScorecardCommand::LeaveJudge(self.reason), self.fact).await?;
        Ok(self.place.scorecard().stream())
    }
}

impl Decision for PitchLeaves {
    /// The list is whole: the pitch's own stream says here that it left, and
    /// every new scorecard relies on that stream's version.
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let streams = scope.store().streams_of(scope.programme(), ScorecardId::NOUN).await?;
        let cards = scope.store().load_many::<Scorecard>(&streams).await?;
        let mut places: Vec<Place> = cards.values().map(|card| card.state.place).collect();
        places.retain(|place| place.pitch == self.0);
        places.sort_by_key(|place| place.scorecard());
        for place in places {
            leave(scope, place, ScorecardCommand::LeavePitch, LateFact::PitchLeft).await?;
        }
        Ok(self.0.stream())
    }
}

async fn leave(
    scope: &mut Scope,
    place: Place,
    command: ScorecardCommand,
    fact: LateFact,
) -> Result<(), Problem> {
    let stream = place.scorecard().stream();
    let round = scope.load::<Round>(&place.round.stream()).await?.state;
    let changed = if round.phase == Phase::Unsealed {
        scope.load::<Scorecard>(&stream).await?.state.stands()
    } else {
        scope.handle::<Scorecard>(&stream, command).await? > 0
    };
    if changed {
        answer(scope, place, fact).await?;
    }
    Ok(())
}

/// Tells the round, which answers if it is locked.
pub(super) async fn answer(scope: &mut Scope, place: Place, fact: LateFact) -> Result<(), Problem> {
    let command = RoundCommand::AnswerLateFact { fact, scorecard: place.scorecard() };
    scope.handle::<Round>(&place.round.stream(), command).await?;
    Ok(())
}
