//! Foreign facts, taken in: the aggregates that a service folds from events
//! of others which it has appended to its own log, on streams of the same
//! names, and the managers that do it. A decision guards itself with these;
//! it never reads a read model.

mod announcement;
mod judge;
mod pitch;
mod programme;
mod take;

pub use announcement::AnnouncementFacts;
pub use judge::JudgeFacts;
pub use pitch::PitchFacts;
pub use programme::ProgrammeFacts;
pub use take::{FactEvent, TakeAnnouncement, TakeJudgeFacts, TakePitchFacts, TakeProgrammeFacts};

/// An id in a contract, which the service that wrote it has checked: one that
/// is none is the nil id, which nobody has.
pub fn id<I: std::str::FromStr + Default>(text: &str) -> I {
    text.parse().unwrap_or_default()
}
