//! The ranking: a round's result as scoring declared it, taken in place by
//! place on `ranking/<round>`, so that an award can be decided against it.
//!
//! [`command`] takes it in, [`state`] says when it is whole, and [`shares`]
//! computes what it gives to whom.

mod command;
mod error;
pub mod shares;
mod state;
#[cfg(test)]
mod tests;

pub use command::{RankingCommand, TakePlace, TakeRanking};
pub use error::RankingError;
pub use shares::{Pool, Share};
pub use state::{Place, Ranking, RankingEvent};

use plaudit_chassis::id::{RoundId, StreamId};

/// The stream of a round's ranking.
pub fn stream(round: RoundId) -> StreamId {
    StreamId::new("ranking", round.0)
}
