use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::PitchFacts;
use plaudit_chassis::id::{JudgeId, RoundId, StreamId};
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::{Decision, Problem, ProcessManager, Reaction, Scope};
use plaudit_proto::panels::v1::{AssignmentMade, AssignmentWithdrawn, JudgeRecused, PanelReady};
use plaudit_proto::scoring::v1::LateFact;

use super::leaving::{JudgeLeaves, answer};
use crate::round::{Phase, Round, RoundCommand};
use crate::scorecard::{Place, Scorecard, ScorecardCommand, ScorecardError};

plaudit_chassis::events! {
    /// What panels says that scorecards follow from.
    enum PanelEvent {
        "plaudit.panels.v1" { AssignmentMade, AssignmentWithdrawn, JudgeRecused, PanelReady }
    }
}

/// Expects a scorecard for every assignment, and lets it go with the judge.
pub struct TakeAssignments;

impl ProcessManager for TakeAssignments {
    const NAME: &'static str = "take_assignments";
    const SOURCE: &'static str = "panels";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let Some(said) = event.is::<PanelEvent>()? else { return Ok(Vec::new()) };
        let judge = JudgeId(event.envelope.stream.id());
        let place = |panel: &str, pitch: &str| -> Result<Place, Unfoldable> {
            Ok(Place { round: panel.parse()?, pitch: pitch.parse()?, judge })
        };
        let reaction = match said {
            PanelEvent::AssignmentMade(made) => {
                Reaction::Do(Box::new(Expect(place(&made.panel, &made.pitch)?)))
            }
            PanelEvent::AssignmentWithdrawn(withdrawn) => Reaction::Do(Box::new(JudgeLeaves {
                place: place(&withdrawn.panel, &withdrawn.pitch)?,
                reason: withdrawn.reason(),
                fact: LateFact::AssignmentWithdrawn,
            })),
            PanelEvent::JudgeRecused(recused) => Reaction::Do(Box::new(JudgeLeaves {
                place: place(&recused.panel, &recused.pitch)?,
                reason: recused.reason(),
                fact: LateFact::Recusal,
            })),
            PanelEvent::PanelReady(PanelReady { judges, assignments }) => {
                let round = RoundId(event.envelope.stream.id());
                Reaction::Do(Box::new(TakePanel { round, judges, assignments }))
            }
        };
        Ok(vec![reaction])
    }
}

/// A judge was assigned to a pitch.
struct Expect(Place);

impl Decision for Expect {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.0.scorecard().stream();
        let round = scope.load::<Round>(&self.0.round.stream()).await?.state;
        if matches!(round.phase, Phase::Locked | Phase::Unsealed) {
            answer(scope, self.0, LateFact::Assignment).await?;
            return Ok(stream);
        }
        if scope.load::<PitchFacts>(&self.0.pitch.stream()).await?.state.left() {
            return Err(ScorecardError::PitchLeft.into());
        }
        scope.handle::<Scorecard>(&stream, ScorecardCommand::Expect(self.0)).await?;
        Ok(stream)
    }
}

/// A panel is ready.
struct TakePanel {
    round: RoundId,
    judges: u32,
    assignments: u32,
}

impl Decision for TakePanel {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let (judges, assignments) = (self.judges, self.assignments);
        let stream = self.round.stream();
        scope.handle::<Round>(&stream, RoundCommand::TakePanel { judges, assignments }).await?;
        Ok(stream)
    }
}
