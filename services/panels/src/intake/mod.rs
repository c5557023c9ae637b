//! What follows by itself: a pitch that is screened, withdrawn or disqualified
//! after assignments were made gives its judges up, or gets some; a judge who
//! declares a conflict as an organiser gives the pitch up.

use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::{FactEvent, id};
use plaudit_chassis::id::PitchId;
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::{ProcessManager, Reaction};
use plaudit_proto::intake::v1::fact_taken::Fact;

use crate::commands::MendPanels;

#[cfg(test)]
mod tests;

/// Follows this service's own log, where facts about pitches lie once they
/// are taken in: what it decides then sees them.
pub struct MendAssignments;

impl ProcessManager for MendAssignments {
    const NAME: &'static str = "mend_assignments";
    const SOURCE: &'static str = "panels";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let Some(pitch) = changed(event)? else { return Ok(Vec::new()) };
        Ok(vec![Reaction::Do(Box::new(MendPanels { pitch }))])
    }
}

/// The pitch of which an event says that it goes forward, or no longer, or
/// that one more person can't be its judge.
fn changed(event: &Recorded) -> Result<Option<PitchId>, Unfoldable> {
    let stream = &event.envelope.stream;
    let Some(FactEvent::FactTaken(taken)) = event.is::<FactEvent>()? else { return Ok(None) };
    Ok(match taken.fact {
        Some(Fact::PitchScreened(_) | Fact::PitchWithdrawn(_) | Fact::PitchDisqualified(_)) => {
            Some(PitchId(stream.id()))
        }
        Some(Fact::OrganiserConflictDeclared(declared)) => Some(id(&declared.pitch)),
        _ => None,
    })
}
