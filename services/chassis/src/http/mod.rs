//! HTTP as every service speaks it: problem+json for every error, keys on
//! every command, versions and positions on every answer.

mod answer;
mod body;
mod describe;
mod extract;
mod layers;
mod openings;
mod within;

pub use answer::{Accepted, Listed, Shown, limit};
pub use body::parse;
pub use describe::describe;
pub use extract::{Anyone, Caller, Command, Nothing, Path, Query, Upload};
pub use layers::{MOST_BYTES, MOST_FILE, MOST_PART, REQUEST_TIME, router};
pub use openings::{ONLY_AUDITORS, OpenedPage, auditors_may_open, own_openings};
pub use within::{AskWithin, WITHIN, Within, WithinSecret};
