//! Why the pot says no.

use axum::http::StatusCode;
use plaudit_chassis::id::AwardId;
use plaudit_chassis::{FieldError, Refusal};

use crate::money::Money;

/// See the sentences.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PotError {
    /// The sum of all awards would exceed the rulebook's pot.
    #[error(
        "This award takes {amount}, but the pot has only {left} left. All awards together may not exceed it."
    )]
    OverThePot {
        /// What the award takes.
        amount: Money,
        /// What is not reserved yet.
        left: Money,
    },
    /// Every share of the prize is promised.
    #[error("The prize '{0}' has been given already. Refuse or withdraw that award first.")]
    GivenAlready(String),
    /// The pot and the prize are in two currencies.
    #[error("The prize is in {prize} and the pot in {pot}.")]
    TwoCurrencies {
        /// The prize's.
        prize: String,
        /// The pot's.
        pot: String,
    },
    /// The same award again.
    #[error("This award has its amount reserved already.")]
    ReservedAlready,
    /// Released without having been reserved.
    #[error("This award has no amount reserved.")]
    NotReserved,
    /// No approved award waits.
    #[error("There is no approved award to announce.")]
    NothingToAnnounce,
    /// The embargo stands.
    #[error("The winners may not be announced before {0}: the rulebook's embargo.")]
    Embargo(jiff::Timestamp),
    /// The moment set for the announcement has passed.
    #[error("Choose a moment that is still to come, or announce the winners now.")]
    MomentPassed,
    /// The moment set for the announcement lies under the embargo.
    #[error(
        "The winners may not be announced before {0}: the rulebook's embargo. Choose that moment or a later one."
    )]
    MomentBeforeEmbargo(jiff::Timestamp),
    /// No moment is set.
    #[error("No moment is set for the announcement.")]
    NothingScheduled,
    /// Somebody has yet to approve or refuse. Names those that the asker may
    /// know of.
    #[error("Every award must be approved or refused before the announcement. {}", listed(.0))]
    StillProposed(Vec<AwardId>),
}

fn listed(awards: &[AwardId]) -> String {
    if awards.is_empty() {
        return "One that is not for you to see still waits.".to_owned();
    }
    let ids: Vec<String> = awards.iter().map(ToString::to_string).collect();
    format!("Still only proposed: {}.", ids.join(", "))
}

impl Refusal for PotError {
    fn code(&self) -> &'static str {
        match self {
            Self::OverThePot { .. } => "over-the-pot",
            Self::GivenAlready(_) => "prize-given-already",
            Self::TwoCurrencies { .. } => "two-currencies",
            Self::ReservedAlready => "reserved-already",
            Self::NotReserved => "not-reserved",
            Self::NothingToAnnounce => "nothing-to-announce",
            Self::Embargo(_) => "embargo",
            Self::MomentPassed => "moment-passed",
            Self::MomentBeforeEmbargo(_) => "moment-before-embargo",
            Self::NothingScheduled => "nothing-scheduled",
            Self::StillProposed(_) => "still-proposed",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::MomentPassed | Self::MomentBeforeEmbargo(_) => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::OverThePot { .. } | Self::GivenAlready(_) | Self::TwoCurrencies { .. } => {
                vec![FieldError { field: "prize".to_owned(), detail: self.to_string() }]
            }
            Self::MomentPassed | Self::MomentBeforeEmbargo(_) => {
                vec![FieldError { field: "at".to_owned(), detail: self.to_string() }]
            }
            _ => Vec::new(),
        }
    }
}
