//! Why a pitch says no.

use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::{FieldError, Refusal};

/// Each variant a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PitchError {
    #[error("The call is not open.")]
    CallNotOpen,
    #[error("The call is closed.")]
    CallClosed,
    #[error("This arrived too late: the last instant was {0}.")]
    TooLate(Timestamp),
    #[error("This pitch is in already: replace it instead.")]
    AlreadySubmitted,
    #[error("This pitch was withdrawn.")]
    Withdrawn,
    #[error("This pitch was disqualified.")]
    Disqualified,
    #[error("Pitches are screened between the close of the call and the end of the screening.")]
    NotScreeningTime,
    #[error("This pitch can still be replaced until {0}: screen it after that.")]
    StillOpen(Timestamp),
    #[error("Say why the pitch is refused.")]
    ReasonMissing,
    #[error("This pitch was found eligible. Only a refusal is looked at again.")]
    AlreadyEligible,
    #[error("You refused this pitch yourself: the second look is another person's.")]
    SecondLookSamePerson,
    #[error("This pitch has been looked at a second time: that was the last.")]
    SecondLookOver,
    #[error("This pitch has been decided on: nothing can be asked about it.")]
    NothingToAsk,
    #[error("Nothing was asked about this pitch.")]
    NothingAsked,
    #[error("The programme is not in a phase in which this can happen.")]
    NotNow,
    #[error("Nobody who may has proposed this: propose it first.")]
    NotProposed,
    #[error("You proposed this yourself: another organiser or an approver must confirm it.")]
    SamePerson,
    #[error("A reopened pitch must stay open until after now and after the call's last instant.")]
    UntilTooEarly,
}

impl Refusal for PitchError {
    fn code(&self) -> &'static str {
        match self {
            Self::CallNotOpen => "call-not-open",
            Self::CallClosed => "call-closed",
            Self::TooLate(_) => "too-late",
            Self::AlreadySubmitted => "already-submitted",
            Self::Withdrawn => "pitch-withdrawn",
            Self::Disqualified => "pitch-disqualified",
            Self::NotScreeningTime => "not-screening-time",
            Self::StillOpen(_) => "still-open",
            Self::ReasonMissing => "reason-missing",
            Self::AlreadyEligible => "already-eligible",
            Self::SecondLookSamePerson => "second-look-same-person",
            Self::SecondLookOver => "second-look-over",
            Self::NothingToAsk => "nothing-to-ask",
            Self::NothingAsked => "nothing-asked",
            Self::NotNow => "not-now",
            Self::NotProposed => "not-proposed",
            Self::SamePerson => "same-person",
            Self::UntilTooEarly => "until-too-early",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::ReasonMissing | Self::UntilTooEarly => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SamePerson | Self::SecondLookSamePerson => StatusCode::FORBIDDEN,
            _ => StatusCode::CONFLICT,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::ReasonMissing => "reason",
            Self::UntilTooEarly => "until",
            _ => return Vec::new(),
        };
        vec![FieldError { field: field.to_owned(), detail: self.to_string() }]
    }
}
