//! Why something is refused to a panel.

use axum::http::StatusCode;
use plaudit_chassis::id::PitchId;
use plaudit_chassis::{FieldError, Refusal};
use plaudit_proto::panels::v1::Office;

use crate::assignment::PlanError;

/// A sentence each.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PanelError {
    #[error("The rulebook has no round '{0}'. Publish a rulebook with this round first.")]
    NoSuchRound(String),
    #[error("The programme was cancelled.")]
    Cancelled,
    #[error("The panel has been convened already.")]
    AlreadyConvened,
    #[error("The panel has not been convened yet.")]
    NotConvened,
    #[error("The panel has a {} already.", called(*.0))]
    OfficeTaken(Office),
    #[error("Screening is not completed yet, so nobody knows which pitches are to be judged.")]
    ScreeningNotCompleted,
    #[error("{there} judges have accepted and declared their interests; the rulebook needs {needed}.")]
    NoQuorum {
        /// How many there are.
        there: u32,
        /// How many it takes.
        needed: u32,
    },
    #[error(
        "The rulebook needs a judge who is independent of promoter and sponsors, and none has accepted and declared their interests."
    )]
    NoIndependentJudge,
    #[error("The assignments can't be made: {0}.")]
    NoPlan(#[from] PlanError),
    #[error("The assignments have been made already. Single ones can be moved.")]
    AlreadyAssigned,
    #[error("The assignments have not been made yet.")]
    NotAssigned,
    #[error("Nobody is to mark pitch {0}. Invite another judge, or move one there.")]
    WithoutJudge(PitchId),
    #[error("The panel is ready already.")]
    AlreadyReady,
    #[error("There is no such pitch to be judged.")]
    NotToBeJudged,
}

fn called(office: Office) -> &'static str {
    match office {
        Office::Chair => "chair",
        Office::Deputy => "deputy",
        Office::Judge | Office::Unspecified => "judge",
    }
}

impl Refusal for PanelError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchRound(_) => "no-such-round",
            Self::Cancelled => "programme-cancelled",
            Self::AlreadyConvened => "already-convened",
            Self::NotConvened => "not-convened",
            Self::OfficeTaken(_) => "office-taken",
            Self::ScreeningNotCompleted => "screening-not-completed",
            Self::NoQuorum { .. } => "no-quorum",
            Self::NoIndependentJudge => "no-independent-judge",
            Self::NoPlan(_) => "no-plan",
            Self::AlreadyAssigned => "already-assigned",
            Self::NotAssigned => "not-assigned",
            Self::WithoutJudge(_) => "without-judge",
            Self::AlreadyReady => "already-ready",
            Self::NotToBeJudged => "not-to-be-judged",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchRound(_) | Self::NotConvened => StatusCode::NOT_FOUND,
            Self::NotToBeJudged => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let field = match self {
            Self::OfficeTaken(_) => "office",
            Self::NotToBeJudged => "pitch",
            _ => return Vec::new(),
        };
        vec![FieldError { field: field.to_owned(), detail: self.to_string() }]
    }
}
