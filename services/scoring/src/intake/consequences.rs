use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{PitchId, RoundId, StreamId};
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::{Decision, Problem, ProcessManager, Reaction, Scope};
use plaudit_proto::intake::v1::{FactTaken, fact_taken::Fact};
use plaudit_proto::scoring::v1::RoundUnsealed;
use plaudit_proto::v1::Reason;

use super::leaving::PitchLeaves;
use crate::result::DeclareResult;
use crate::round::{Round, RoundCommand};

plaudit_chassis::events! {
    /// What happened here that something follows from.
    enum OwnEvent {
        "plaudit.scoring.v1" { RoundUnsealed }
        "plaudit.intake.v1" { FactTaken }
    }
}

/// What follows from this service's own events: the result from the
/// unsealing; scorecards set aside from a pitch that left; rounds voided from
/// a cancelled programme. Foreign facts are followed once they are taken in
/// here, so that every decision after them knows.
pub struct Consequences;

impl ProcessManager for Consequences {
    const NAME: &'static str = "consequences";
    const SOURCE: &'static str = "scoring";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let id = event.envelope.stream.id();
        let reaction = match event.is::<OwnEvent>()? {
            Some(OwnEvent::RoundUnsealed(_)) => {
                Some(Reaction::Do(Box::new(DeclareResult { round: RoundId(id) })))
            }
            Some(OwnEvent::FactTaken(taken)) => match taken.fact {
                Some(Fact::PitchWithdrawn(_) | Fact::PitchDisqualified(_)) => {
                    Some(Reaction::Do(Box::new(PitchLeaves(PitchId(id)))))
                }
                Some(Fact::ProgrammeCancelled(cancelled)) => {
                    Some(Reaction::Do(Box::new(VoidRounds(cancelled.reason()))))
                }
                _ => None,
            },
            None => None,
        };
        Ok(reaction.into_iter().collect())
    }
}

/// The programme was cancelled: no round of it goes on.
struct VoidRounds(Reason);

impl Decision for VoidRounds {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme();
        for round in scope.store().streams_of(programme, RoundId::NOUN).await? {
            scope.handle::<Round>(&round, RoundCommand::Void(self.0)).await?;
        }
        Ok(programme.stream())
    }
}
