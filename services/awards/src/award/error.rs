//! Why an award can't be decided that way.

use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::{FieldError, Refusal};

use super::Phase;

/// See the sentences.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AwardError {
    /// The same prize for the same pitch again.
    #[error("This pitch was proposed for this prize before, and that award is {0}.")]
    ProposedBefore(Phase),
    /// Approving or refusing what is not proposed.
    #[error("Only an award that is proposed can be approved or refused; this one is {0}.")]
    NotProposed(Phase),
    /// One person alone.
    #[error("You proposed this yourself: it takes a second person to confirm it.")]
    SamePerson,
    /// Announcing what is not approved.
    #[error("Only an approved award can be announced; this one is {0}.")]
    NotApproved(Phase),
    /// Accepting, declining or lapsing what does not wait for an answer.
    #[error("Only an award that is announced can be answered; this one is {0}.")]
    NotAnnounced(Phase),
    /// After the date.
    #[error("The time to answer was over at {0}.")]
    TooLate(Timestamp),
    /// Before the date.
    #[error("The winner has until {0} to answer.")]
    NotYet(Timestamp),
    /// Nothing that could be withdrawn.
    #[error("Only an award that is approved, announced or accepted can be withdrawn; this one is {0}.")]
    NotWithdrawable(Phase),
    /// A second proposal.
    #[error("Its withdrawal is proposed already: a second person may confirm it.")]
    WithdrawalProposedBefore,
    /// Nothing to confirm.
    #[error("Nobody has proposed to withdraw this award.")]
    NoWithdrawalProposed,
    /// The money is out of the house.
    #[error("This award has been paid or its payment is on the way: it can't be withdrawn any more.")]
    PaidAlready,
    /// No such prize.
    #[error("The rulebook has no prize '{0}'.")]
    NoSuchPrize(String),
    /// Pooled with another prize because of a shared rank.
    #[error(
        "The prize '{0}' was pooled with a higher one, because its rank is taken up by pitches that share theirs."
    )]
    Pooled(String),
    /// Not by the ranking, and no reason given.
    #[error("The ranking does not give this prize to this pitch. To depart from it, give a reason.")]
    DepartureNeedsReason,
    /// By the ranking, but with a reason.
    #[error("The ranking gives this prize to this pitch: that is no departure, and takes no reason.")]
    NoDeparture,
    /// The pitch was withdrawn, disqualified, or is not of the round.
    #[error("This pitch is not in the running.")]
    NotInTheRunning,
    /// In place of an award that stands or was of another prize.
    #[error(
        "The award to be replaced must be one of the same prize and round that was declined, lapsed or withdrawn."
    )]
    NothingFell,
}

impl Refusal for AwardError {
    fn code(&self) -> &'static str {
        match self {
            Self::ProposedBefore(_) => "proposed-before",
            Self::NotProposed(_) => "not-proposed",
            Self::SamePerson => "second-person-needed",
            Self::NotApproved(_) => "not-approved",
            Self::NotAnnounced(_) => "not-announced",
            Self::TooLate(_) => "too-late",
            Self::NotYet(_) => "not-yet",
            Self::NotWithdrawable(_) => "not-withdrawable",
            Self::WithdrawalProposedBefore => "withdrawal-proposed-before",
            Self::NoWithdrawalProposed => "no-withdrawal-proposed",
            Self::PaidAlready => "paid-already",
            Self::NoSuchPrize(_) => "no-such-prize",
            Self::Pooled(_) => "prize-pooled",
            Self::DepartureNeedsReason => "departure-needs-reason",
            Self::NoDeparture => "no-departure",
            Self::NotInTheRunning => "not-in-the-running",
            Self::NothingFell => "nothing-fell",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::SamePerson => StatusCode::FORBIDDEN,
            Self::NoSuchPrize(_)
            | Self::DepartureNeedsReason
            | Self::NoDeparture
            | Self::NotInTheRunning
            | Self::NothingFell => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::NoSuchPrize(_) | Self::Pooled(_) => "prize",
            Self::DepartureNeedsReason | Self::NoDeparture => "departure",
            Self::NotInTheRunning => "pitch",
            Self::NothingFell => "in_place_of",
            _ => return Vec::new(),
        };
        vec![FieldError { field: field.to_owned(), detail: self.to_string() }]
    }
}
