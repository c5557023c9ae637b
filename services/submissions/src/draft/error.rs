//! Why a draft says no.

use axum::http::StatusCode;
use plaudit_chassis::Refusal;

use super::saving::MOST;
use super::team::MOST_COLLABORATORS;

/// Each variant a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    #[error("You have {MOST} drafts: delete one first.")]
    TooMany,
    #[error(
        "Send the version that you have as If-Match, so that what you write on another device, or others in your team write, isn't lost."
    )]
    IfMatchMissing,
    #[error("Somebody in the team is entering this just now. Try again in a moment.")]
    Entering,
    #[error("This Idempotency-Key was used for a different request before. Use a new key for a new request.")]
    KeyReused,
    #[error(
        "This arrived too late, but the draft was complete in time: it enters by itself when the call closes."
    )]
    EntersByItself,
    #[error("Only its author may do this.")]
    OnlyItsAuthor,
    #[error("A draft has at most {MOST_COLLABORATORS} collaborators: remove one first.")]
    TooManyCollaborators,
    #[error("This is the author's own draft.")]
    OwnDraft,
    #[error("Organisers, approvers, auditors and judges can't be in a team.")]
    CantBeInTeam,
    #[error("This code is not known here, or was taken back. Ask whoever sent it for a new one.")]
    CodeUnknown,
    #[error("This code could be used for ten days and is over. Ask whoever sent it for a new one.")]
    CodeOver,
    #[error("This code was taken back: make a new one with a new Idempotency-Key.")]
    TakenBack,
}

impl Refusal for DraftError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooMany => "too-many-drafts",
            Self::IfMatchMissing => "if-match-missing",
            Self::Entering => "being-entered",
            Self::KeyReused => "key-reused",
            Self::EntersByItself => "enters-by-itself",
            Self::OnlyItsAuthor => "not-allowed",
            Self::TooManyCollaborators => "too-many-collaborators",
            Self::OwnDraft => "own-draft",
            Self::CantBeInTeam => "cant-be-in-team",
            Self::CodeUnknown => "code-unknown",
            Self::CodeOver => "code-over",
            Self::TakenBack => "code-taken-back",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::IfMatchMissing => StatusCode::PRECONDITION_REQUIRED,
            Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::OnlyItsAuthor | Self::CantBeInTeam => StatusCode::FORBIDDEN,
            Self::CodeUnknown => StatusCode::NOT_FOUND,
            _ => StatusCode::CONFLICT,
        }
    }
}
