//! Why something is refused to a judge, or about one.

use axum::http::StatusCode;
use plaudit_chassis::id::PitchId;
use plaudit_chassis::{FieldError, Refusal};

/// A sentence each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JudgeError {
    #[error("This member has not been invited to the panel.")]
    NotInvited,
    #[error("This member has been invited already.")]
    AlreadyInvited,
    #[error("The invitation has been accepted already.")]
    AlreadyAccepted,
    #[error("The invitation was declined. An organiser can send a new one.")]
    Declined,
    #[error("This judge has stood down, which is final. Invite somebody else.")]
    StoodDown,
    #[error("A judge accepts with the promise of confidentiality: send true.")]
    NoConfidentiality,
    #[error("This judge has not accepted the invitation yet.")]
    NotAccepted,
    #[error("Interests are declared once, and this judge has done so. A conflict found later is a recusal.")]
    AlreadyDeclared,
    #[error("This judge has not declared their interests yet.")]
    NotDeclared,
    #[error(
        "A declaration is about every pitch: send true once there is no connection to any that is not listed."
    )]
    RestIsOpen,
    #[error("There is no such pitch to be judged.")]
    NotToBeJudged {
        /// Its place in the list.
        place: usize,
    },
    #[error("This pitch is listed twice.")]
    ListedTwice {
        /// Its place in the list.
        place: usize,
    },
    #[error("Say how you know the team, so that an organiser can decide.")]
    NatureMissing {
        /// Its place in the list.
        place: usize,
    },
    #[error("This judge declared no connection to pitch {0} that could be allowed.")]
    NothingToAllow(PitchId),
    #[error("This connection has been allowed already.")]
    AlreadyAllowed,
    #[error("Nobody allows a connection of their own. Ask another organiser.")]
    OwnConnection,
    #[error("The judge stands aside from pitch {0}, and nobody can lift that.")]
    StandsAside(PitchId),
    #[error("The judge knows the team of pitch {0}, and no organiser has allowed it yet.")]
    NotAllowedYet(PitchId),
    #[error("Pitch {0} is assigned to this judge already.")]
    AlreadyAssigned(PitchId),
    #[error("Pitch {0} is not assigned to this judge.")]
    NotAssigned(PitchId),
    #[error("This judge takes at most {0} pitches.")]
    CapReached(u32),
}

impl Refusal for JudgeError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotInvited => "not-invited",
            Self::AlreadyInvited => "already-invited",
            Self::AlreadyAccepted => "already-accepted",
            Self::Declined => "invitation-declined",
            Self::StoodDown => "stood-down",
            Self::NoConfidentiality => "no-confidentiality",
            Self::NotAccepted => "not-accepted",
            Self::AlreadyDeclared => "already-declared",
            Self::NotDeclared => "not-declared",
            Self::RestIsOpen => "rest-is-open",
            Self::NotToBeJudged { .. } => "not-to-be-judged",
            Self::ListedTwice { .. } => "listed-twice",
            Self::NatureMissing { .. } => "nature-missing",
            Self::NothingToAllow(_) => "nothing-to-allow",
            Self::AlreadyAllowed => "already-allowed",
            Self::OwnConnection => "own-connection",
            Self::StandsAside(_) => "stands-aside",
            Self::NotAllowedYet(_) => "not-allowed-yet",
            Self::AlreadyAssigned(_) => "already-assigned",
            Self::NotAssigned(_) => "not-assigned",
            Self::CapReached(_) => "cap-reached",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotInvited => StatusCode::NOT_FOUND,
            Self::OwnConnection => StatusCode::FORBIDDEN,
            _ if self.field().is_some() => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = self.field().map(|field| FieldError { field, detail: self.to_string() });
        field.into_iter().collect()
    }
}

impl JudgeError {
    fn field(&self) -> Option<String> {
        match self {
            Self::NoConfidentiality => Some("confidentiality".to_owned()),
            Self::RestIsOpen => Some("none_for_the_rest".to_owned()),
            Self::NotToBeJudged { place } | Self::ListedTwice { place } => {
                Some(format!("connections[{place}].pitch"))
            }
            Self::NatureMissing { place } => Some(format!("connections[{place}].nature")),
            _ => None,
        }
    }
}
