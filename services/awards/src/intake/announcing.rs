//! The announcement at the moment that was set for it.

use plaudit_chassis::clock::from_proto;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::intake::Timer;
use plaudit_chassis::read_model::Unfoldable;
use plaudit_chassis::scope::AnyDecision;
use plaudit_chassis::{ProcessManager, Reaction};

use crate::pot::{AnnounceAsScheduled, PotEvent};

/// Announces what is approved when the moment has come. If something still
/// waits for its second person, nothing is announced, and the refusal says so.
pub struct AnnounceAtMoment;

impl AnnounceAtMoment {
    /// What its events name as their actor.
    pub const ACTOR: &str = "process/announce_at_moment";
}

impl ProcessManager for AnnounceAtMoment {
    const NAME: &'static str = "announce_at_moment";
    const SOURCE: &'static str = "awards";

    fn react(&self, event: &Recorded) -> Result<Vec<Reaction>, Unfoldable> {
        let Some(PotEvent::AnnouncementScheduled(scheduled)) = event.is::<PotEvent>()? else {
            return Ok(Vec::new());
        };
        Ok(vec![Reaction::At(from_proto(&scheduled.at), "announce")])
    }

    fn due(&self, timer: &Timer) -> Vec<Box<dyn AnyDecision>> {
        vec![Box::new(AnnounceAsScheduled { at: timer.due })]
    }
}
