use plaudit_chassis::Refusal;
use plaudit_tally::TallyError;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ResultError {
    /// The marks are not open.
    #[error("The marks of this round have not been opened yet.")]
    NotUnsealed,
    /// The marks don't make a ranking. Marks that were checked when they were
    /// handed in always do.
    #[error("The marks don't make a ranking: {0}.")]
    Tally(#[from] TallyError),
}

impl Refusal for ResultError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotUnsealed => "round-not-unsealed",
            Self::Tally(_) => "no-ranking",
        }
    }
}
