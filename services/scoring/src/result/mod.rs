//! A round's result: every pitch's place and a closing event, declared by
//! itself once the marks are open. It is a pure function of the pinned rules
//! and the counted marks ([`rank`]): whoever holds the openings gets the same
//! bytes.

mod command;
mod error;
mod places;
mod rank;
mod state;
#[cfg(test)]
mod tests;

pub use command::{DeclareResult, ResultCommand};
pub use error::ResultError;
pub use rank::{participants, rank, ranking_of, robustness_of};
pub use state::{ResultEvent, RoundResult};
