//! What follows by itself: the call closes at its deadline, and drafts that
//! have become pitches are forgotten.

mod closing;
mod tidying;

pub use closing::CloseAtDeadline;
pub use tidying::TidyDrafts;
