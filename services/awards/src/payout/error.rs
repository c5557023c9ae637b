//! Why a payout can't go on that way.

use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::Refusal;

use super::Stage;

/// See the sentences.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayoutError {
    /// Not accepted, or no longer.
    #[error("Only an accepted award is paid; this one is {0}.")]
    NotAccepted(crate::award::Phase),
    /// Support alone.
    #[error("This award has no money in it, so there is nothing to pay.")]
    NothingToPay,
    /// Too far gone for another payee.
    #[error("The payee can't be changed now: the payment is {0}.")]
    TooLateToName(Stage),
    /// Nobody named.
    #[error("The winner has not named a payee yet.")]
    NoPayee,
    /// Checked before, or too late.
    #[error("There is no unchecked payee: the payment is {0}.")]
    NothingToCheck(Stage),
    /// An unchecked account.
    #[error("The payee must be checked before the payment is requested.")]
    NotChecked,
    /// Nothing agreed.
    #[error("The agreement must be recorded before the payment is requested.")]
    NoAgreement,
    /// Recorded before.
    #[error("The agreement is recorded already.")]
    AgreedBefore,
    /// Out of order.
    #[error("This can't be done while the payment is {0}.")]
    WrongStage(Stage),
    /// One person alone.
    #[error("You requested this payment yourself: a second person must authorise it.")]
    SamePerson,
    /// Who gets the money.
    #[error("You are the payee: somebody else must do this.")]
    IsPayee,
    /// Silence for less than fourteen days.
    #[error("The payment counts as received at {0}, if nobody says otherwise until then.")]
    NotYet(Timestamp),
}

impl Refusal for PayoutError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAccepted(_) => "not-accepted",
            Self::NothingToPay => "nothing-to-pay",
            Self::TooLateToName(_) => "too-late-to-name",
            Self::NoPayee => "no-payee",
            Self::NothingToCheck(_) => "nothing-to-check",
            Self::NotChecked => "payee-not-checked",
            Self::NoAgreement => "no-agreement",
            Self::AgreedBefore => "agreed-before",
            Self::WrongStage(_) => "wrong-stage",
            Self::SamePerson => "second-person-needed",
            Self::IsPayee => "is-payee",
            Self::NotYet(_) => "not-yet",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::SamePerson | Self::IsPayee => StatusCode::FORBIDDEN,
            _ => StatusCode::CONFLICT,
        }
    }
}
