//! Drafts end with what they were for.

use plaudit_chassis::event::Recorded;
use plaudit_chassis::facts::id;
use plaudit_chassis::id::ScorecardId;
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::vault::VaultEvent;
use plaudit_chassis::{ProcessManager, Reaction};
use plaudit_proto::v1::Subject;

use crate::draft::{Discard, Which};
use crate::round::RoundEvent;
use crate::scorecard::ScorecardEvent;

/// Follows scorecards that are let go, rounds that are over for their judges,
/// and judges who are forgotten. Whoever hands in tidies up at once, so that a
/// round's thousands of scorecards needn't be followed here. A draft whose
/// scorecard has moved is shown to nobody even before it is gone; one that was
/// on its way while the round was locked goes with the unsealing.
pub struct TidyDrafts;

impl ProcessManager for TidyDrafts {
    const NAME: &'static str = "tidy_drafts";
    const SOURCE: &'static str = "scoring";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let which = which(event)?;
        Ok(which.map(|which| Reaction::Do(Box::new(Discard(which)))).into_iter().collect())
    }
}

fn which(event: &Recorded) -> Result<Option<Which>, Unfoldable> {
    let (stream, version) = (event.envelope.stream.id(), event.envelope.version);
    if let Some(happened) = event.is::<ScorecardEvent>()? {
        let ends =
            matches!(happened, ScorecardEvent::ScorecardReleased(_) | ScorecardEvent::ScorecardSetAside(_));
        return Ok(ends.then_some(Which::Before(ScorecardId(stream), version)));
    }
    if let Some(happened) = event.is::<RoundEvent>()? {
        let over = matches!(
            happened,
            RoundEvent::RoundLocked(_) | RoundEvent::RoundUnsealed(_) | RoundEvent::RoundVoided(_)
        );
        return Ok(over.then_some(Which::Round(stream)));
    }
    Ok(match event.is::<VaultEvent>()? {
        Some(VaultEvent::OpeningsForgotten(forgotten)) => match forgotten.subject() {
            Subject::Member => Some(Which::Member(id(&forgotten.id))),
            Subject::Round => Some(Which::Round(id(&forgotten.id))),
            _ => None,
        },
        _ => None,
    })
}
