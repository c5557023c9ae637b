use axum::http::StatusCode;
use plaudit_chassis::Refusal;

use crate::rules::NoRules;

/// Why a round can't do what it was asked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RoundError {
    /// Nothing is known of it.
    #[error("There is no such round here.")]
    Unknown,
    /// The rulebook is not there yet, or has no such round.
    #[error("The rulebook has no round of this name.")]
    NotInRulebook,
    /// The rulebook's settings say no rules.
    #[error("The rulebook's settings for this round can't be applied: {0}.")]
    Rules(#[from] NoRules),
    /// The panel isn't ready.
    #[error("The panel of this round is not ready yet: its assignments come first.")]
    PanelNotReady,
    /// It is open already, or was.
    #[error("This round has been opened already.")]
    OpenedBefore,
    /// It is not open yet.
    #[error("This round is not open yet.")]
    NotOpen,
    /// It is locked.
    #[error("This round is locked: nothing can be handed in or changed any more.")]
    Locked,
    /// It is not locked yet.
    #[error("This round is not locked yet: lock it first.")]
    NotLocked,
    /// Its marks are open already.
    #[error("The marks of this round have been opened already.")]
    Unsealed,
    /// It was voided.
    #[error("This round was voided, or its programme cancelled.")]
    Voided,
    /// There is a proposal already.
    #[error("Opening the marks has been proposed already: somebody else confirms it.")]
    ProposedBefore,
    /// Nothing to confirm.
    #[error("Nobody has proposed to open the marks yet.")]
    NothingProposed,
    /// Nobody confirms what they proposed.
    #[error("You proposed this yourself: somebody else must confirm it.")]
    SamePerson,
    /// Openings of counted scorecards are gone.
    #[error("The sealed marks of {0} scorecards are no longer kept, so they can't be opened.")]
    OpeningsLost(usize),
}

impl Refusal for RoundError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "not-found",
            Self::NotInRulebook => "round-not-in-rulebook",
            Self::Rules(_) => "rules-not-applicable",
            Self::PanelNotReady => "panel-not-ready",
            Self::OpenedBefore => "round-opened-before",
            Self::NotOpen => "round-not-open",
            Self::Locked => "round-locked",
            Self::NotLocked => "round-not-locked",
            Self::Unsealed => "round-unsealed",
            Self::Voided => "round-voided",
            Self::ProposedBefore => "proposed-before",
            Self::NothingProposed => "nothing-proposed",
            Self::SamePerson => "same-person",
            Self::OpeningsLost(_) => "openings-lost",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::SamePerson => StatusCode::FORBIDDEN,
            _ => StatusCode::CONFLICT,
        }
    }
}
