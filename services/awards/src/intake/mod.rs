//! What follows from events: results are taken in from scoring, and what
//! nobody answered is decided when its time has come.

mod announcing;
mod deadlines;
mod results;

pub use announcing::AnnounceAtMoment;
pub use deadlines::{LapseAwards, TakePaymentsAsReceived};
pub use results::TakeResults;
