use axum::http::StatusCode;
use plaudit_chassis::{FieldError, Refusal};
use plaudit_tally::MarkError;

/// Why a scorecard can't do what it was asked for.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScorecardError {
    /// The judge has no assignment to this pitch.
    #[error("No scorecard is expected from you for this pitch.")]
    NotExpected,
    /// The judge stands aside from this pitch.
    #[error("You stand aside from this pitch: your scorecard for it is not counted.")]
    StandsAside,
    /// The scorecard was set aside.
    #[error("This scorecard was set aside and is not counted.")]
    SetAside,
    /// The pitch is no longer in the programme.
    #[error("This pitch has left the programme: nobody marks it any more.")]
    PitchLeft,
    /// There are no words for the entrant that would be released.
    #[error("This scorecard has no comment for the entrant that could be returned.")]
    NothingToReturn,
    /// The words were returned before, and no others have come.
    #[error("This comment has been returned already, and waits for the judge.")]
    ReturnedAlready,
    /// Nobody asked for other words.
    #[error("This comment was not returned: it stays as it was handed in.")]
    NotReturned,
    /// The words are with the entrant.
    #[error("The winners are announced, and the comments released: none can be returned any more.")]
    Released,
    /// The marks break the rulebook.
    #[error("The marks don't fit the rulebook: {}", listed(.0))]
    Marks(Vec<MarkError>),
}

fn listed(errors: &[MarkError]) -> String {
    let sentences: Vec<String> = errors.iter().map(MarkError::to_string).collect();
    format!("{}.", sentences.join("; "))
}

impl Refusal for ScorecardError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotExpected => "scorecard-not-expected",
            Self::StandsAside => "judge-stands-aside",
            Self::SetAside => "scorecard-set-aside",
            Self::PitchLeft => "pitch-left",
            Self::NothingToReturn => "nothing-to-return",
            Self::ReturnedAlready => "returned-already",
            Self::NotReturned => "not-returned",
            Self::Released => "comments-released",
            Self::Marks(_) => "marks-not-allowed",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotExpected | Self::StandsAside => StatusCode::FORBIDDEN,
            Self::Marks(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SetAside
            | Self::PitchLeft
            | Self::NothingToReturn
            | Self::ReturnedAlready
            | Self::NotReturned
            | Self::Released => StatusCode::CONFLICT,
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        let Self::Marks(errors) = self else { return Vec::new() };
        let fields = errors.iter().map(|error| FieldError {
            field: format!("marks.{}", error.criterion),
            detail: error.to_string(),
        });
        fields.collect()
    }
}
