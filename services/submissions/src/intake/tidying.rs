//! A draft that has become a pitch, or whose programme is over, is forgotten.

use plaudit_chassis::clock::from_proto;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::PitchId;
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::{ProcessManager, Reaction};

use crate::draft::{DiscardAll, DiscardEntered};
use crate::pitch::PitchEvent;
use crate::programme::ProgrammeEvent;

/// Follows pitches that come in, and programmes that end.
pub struct TidyDrafts;

impl ProcessManager for TidyDrafts {
    const NAME: &'static str = "tidy_drafts";
    const SOURCE: &'static str = "submissions";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        if let Some(PitchEvent::PitchSubmitted(submitted)) = event.is::<PitchEvent>()? {
            let pitch = PitchId(event.envelope.stream.id());
            let discard = DiscardEntered { pitch, received_at: from_proto(&submitted.received_at) };
            return Ok(vec![Reaction::Do(Box::new(discard))]);
        }
        match event.is::<ProgrammeEvent>()? {
            Some(ProgrammeEvent::ProgrammeConcluded(_) | ProgrammeEvent::ProgrammeCancelled(_)) => {
                Ok(vec![Reaction::Do(Box::new(DiscardAll))])
            }
            _ => Ok(Vec::new()),
        }
    }
}
