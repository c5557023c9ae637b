//! Why support can't be given that way.

use axum::http::StatusCode;
use plaudit_chassis::{FieldError, Refusal};

/// See the sentences.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SupportError {
    /// Less than a quarter of a unit.
    #[error("Support is counted in whole quarters of its unit; give at least one.")]
    NoQuarters,
    /// Twice.
    #[error("This support was accepted already.")]
    AcceptedBefore,
    /// Too early.
    #[error("This support has not been accepted for a pitch yet.")]
    NotAccepted,
    /// For nobody.
    #[error("This support was pledged for no award: say which pitch it is for.")]
    PitchMissing,
    /// For another than pledged.
    #[error("This support was pledged for the winner of an award; it can't go to another pitch.")]
    AnotherPitch,
    /// For a pitch that isn't one here, or has left.
    #[error("This pitch is not in the running.")]
    NotInTheRunning,
    /// More than owed.
    #[error("Only {left} quarters are still owed.")]
    MoreThanPledged {
        /// Quarters pledged and not delivered.
        left: u32,
    },
    /// Never delivered.
    #[error("There is no delivered part {0}.")]
    NoSuchPart(u32),
    /// Twice.
    #[error("Part {0} is confirmed already.")]
    ConfirmedBefore(u32),
    /// Neither confirmed nor evidenced.
    #[error("Part {0} was delivered without evidence, and the winner has not confirmed it yet.")]
    PartOpen(u32),
    /// Over.
    #[error("This support is closed.")]
    Closed,
}

impl Refusal for SupportError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoQuarters => "no-quarters",
            Self::AcceptedBefore => "accepted-before",
            Self::NotAccepted => "not-accepted",
            Self::PitchMissing => "pitch-missing",
            Self::AnotherPitch => "another-pitch",
            Self::NotInTheRunning => "not-in-the-running",
            Self::MoreThanPledged { .. } => "more-than-pledged",
            Self::NoSuchPart(_) => "no-such-part",
            Self::ConfirmedBefore(_) => "confirmed-before",
            Self::PartOpen(_) => "part-open",
            Self::Closed => "support-closed",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchPart(_) => StatusCode::NOT_FOUND,
            Self::NoQuarters | Self::PitchMissing | Self::AnotherPitch | Self::NotInTheRunning => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            _ => StatusCode::CONFLICT,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::NoQuarters | Self::MoreThanPledged { .. } => "quarters",
            Self::PitchMissing | Self::AnotherPitch | Self::NotInTheRunning => "pitch",
            _ => return Vec::new(),
        };
        vec![FieldError { field: field.to_owned(), detail: self.to_string() }]
    }
}
