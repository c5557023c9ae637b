//! What follows from events: results are taken in from scoring, and what
//! nobody answered is decided when its time has come.

mod deadlines;
mod results;

pub use deadlines::{LapseAwards, TakePaymentsAsReceived};
pub use results::TakeResults;
