//! Why a ranking can't be taken in, or gives no answer.

use plaudit_chassis::Refusal;
use plaudit_tally::PrizeError;

/// See the sentences.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RankingError {
    /// The same pitch again before the ranking was whole.
    #[error("This pitch has a place in this ranking already.")]
    PlacedTwice,
    /// Scoring declared another number of places than it told.
    #[error("The result says that it has {places} places, but {taken} were taken in.")]
    Incomplete {
        /// Places taken in.
        taken: usize,
        /// Places declared.
        places: u32,
    },
    /// Nothing to decide on yet.
    #[error("This round has no declared result yet.")]
    NotDeclared,
    /// The rulebook's prizes make no sense.
    #[error("The rulebook's prizes can't be split: {0}.")]
    Prizes(#[from] PrizeError),
}

impl Refusal for RankingError {
    fn code(&self) -> &'static str {
        match self {
            Self::PlacedTwice => "placed-twice",
            Self::Incomplete { .. } => "ranking-incomplete",
            Self::NotDeclared => "no-result-yet",
            Self::Prizes(_) => "prizes-cannot-be-split",
        }
    }
}
