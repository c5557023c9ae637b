//! What other services say, taken in, and what follows from what happened
//! here.

mod assignments;
mod consequences;
mod forgetting;
mod leaving;
mod tidying;

pub use assignments::TakeAssignments;
pub use consequences::Consequences;
pub use forgetting::ForgetRounds;
pub use tidying::TidyDrafts;
