//! What follows by itself: the call closes at its deadline, and drafts that
//! have become pitches are forgotten, and whatever is to be.

mod closing;
mod forgetting;
mod tidying;

pub use closing::CloseAtDeadline;
pub use forgetting::{ForgetEntrants, ForgetPitches};
pub use tidying::TidyDrafts;
