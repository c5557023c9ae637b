//! Words to the entrant that an organiser would not pass on. They are returned
//! to the judge, never edited, and withheld until there are others.

use plaudit_chassis::facts::{AnnouncementFacts, JudgeFacts, PitchFacts, ProgrammeFacts};
use plaudit_chassis::id::{JudgeId, MemberId, StreamId};
use plaudit_chassis::vault::Opening;
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::Reason;
use serde::{Deserialize, Serialize};

use super::command::theirs;
use super::{Place, Scorecard, ScorecardCommand, ScorecardError};
use crate::access::{Part, Stage};
use crate::result::{ResultError, RoundResult};
use crate::round::{Phase, Round};

/// Why other words are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnReason {
    /// The entrant could not understand them.
    Clarification,
    /// They hurt, or tell of others.
    RulesBroken,
    /// They are about something else.
    MadeInError,
}

impl From<ReturnReason> for Reason {
    fn from(reason: ReturnReason) -> Self {
        match reason {
            ReturnReason::Clarification => Self::Clarification,
            ReturnReason::RulesBroken => Self::RulesBroken,
            ReturnReason::MadeInError => Self::MadeInError,
        }
    }
}

/// An organiser returns a comment, between the unsealing and the announcement.
pub struct ReturnComment {
    /// Whose, on what.
    pub place: Place,
    /// Why.
    pub reason: ReturnReason,
}

/// The judge hands in other words, or none.
pub struct RewordComment {
    place: Place,
    comment: Option<Opening>,
}

impl RewordComment {
    /// Seals the words for the member who wrote them.
    pub fn new(place: Place, member: MemberId, words: Option<String>) -> Self {
        let stream = place.scorecard().stream();
        let seal = |words| Opening::seal(&stream, "CommentReworded.comment_to_entrant", member, words);
        Self { place, comment: words.map(seal) }
    }
}

impl Decision for ReturnComment {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        if !organising(scope, self.place).await?.returns_comments() {
            return Err(Problem::forbidden(
                "Only an organiser without a conflict with this pitch may return a comment.",
            ));
        }
        let stream = self.place.scorecard().stream();
        // An id says of which round it is; one of another is none of ours.
        if scope.load::<Scorecard>(&stream).await?.state.place != self.place {
            return Err(Problem::not_found("scorecard"));
        }
        match stage(scope, self.place).await? {
            Stage::Sealed => return Err(ResultError::NotUnsealed.into()),
            Stage::Unsealed | Stage::Declared => {}
            Stage::Announced => return Err(ScorecardError::Released.into()),
        }
        let command = ScorecardCommand::ReturnComment(self.reason.into());
        scope.handle::<Scorecard>(&stream, command).await?;
        Ok(stream)
    }
}

impl Decision for RewordComment {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        theirs(scope, self.place).await?;
        let stream = self.place.scorecard().stream();
        let commitment = self.comment.as_ref().map(Opening::commitment).unwrap_or_default();
        scope.handle::<Scorecard>(&stream, ScorecardCommand::Reword(commitment)).await?;
        if let Some(comment) = &self.comment {
            scope.keep(comment);
        }
        Ok(stream)
    }
}

/// What whoever asks is to the pitch, as far as it counts here.
async fn organising(scope: &mut Scope, place: Place) -> Result<Part, Problem> {
    let member = scope.deciding().member();
    let programme = scope.programme().stream();
    let programme = scope.load::<ProgrammeFacts>(&programme).await?.state;
    let pitch = scope.load::<PitchFacts>(&place.pitch.stream()).await?.state;
    let own_seat = JudgeId::of(place.round, member).stream();
    let own_seat = scope.load::<JudgeFacts>(&own_seat).await?.state;
    Ok(Part {
        organiser: programme.is_organiser(member),
        team: pitch.is_by(member),
        walled: programme.conflicted(member, place.pitch) || own_seat.walled(place.pitch),
        ..Part::default()
    })
}

async fn stage(scope: &mut Scope, place: Place) -> Result<Stage, Problem> {
    let round = scope.load::<Round>(&place.round.stream()).await?.state;
    if round.phase != Phase::Unsealed {
        return Ok(Stage::Sealed);
    }
    let declared = scope.load::<RoundResult>(&place.round.result()).await?.state.declared.is_some();
    let announcement = AnnouncementFacts::stream(scope.programme());
    let announced = scope.load::<AnnouncementFacts>(&announcement).await?.state.made;
    Ok(match (declared, announced) {
        (false, _) => Stage::Unsealed,
        (true, false) => Stage::Declared,
        (true, true) => Stage::Announced,
    })
}
