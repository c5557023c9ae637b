use bytes::Bytes;
use plaudit_chassis::facts::{JudgeFacts, ProgrammeFacts};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, RoundId, StreamId};
use plaudit_chassis::vault::{Commitment, Opening};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::Reason;
use serde::{Deserialize, Serialize};

use super::{Place, Scorecard, ScorecardError, Sheet};
use crate::round::Round;

/// What a scorecard can be asked for.
#[derive(Clone, Debug)]
pub enum ScorecardCommand {
    /// The judge was assigned to the pitch.
    Expect(Place),
    /// Hand in; an empty comment is absent.
    Seal {
        /// Commitment of the sheet.
        marks: Commitment,
        /// Commitment of the words for the panel.
        comment_to_panel: Commitment,
        /// Commitment of the words for the entrant.
        comment_to_entrant: Commitment,
    },
    /// Give no marks.
    Abstain {
        /// Why.
        reason: Reason,
        /// Commitment of more words, or empty.
        words: Commitment,
    },
    /// The judge no longer marks the pitch.
    LeaveJudge(Reason),
    /// The pitch is no longer in the programme.
    LeavePitch,
    /// Ask the judge for other words to the entrant.
    ReturnComment(Reason),
    /// Other words, or none: an empty commitment.
    Reword(Commitment),
    /// Reveal the marks.
    Unseal {
        /// Of the seal.
        salt: [u8; 32],
        /// What was sealed.
        sheet: Sheet,
    },
}

/// Why a judge gives no marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AbstentionReason {
    /// Not close enough to stand aside, too close to mark.
    ConflictOfInterest,
    /// Did not see the pitch.
    Absent,
    /// Does not know the field.
    NotCompetent,
    /// Something that belongs to the pitch would not open.
    CouldNotOpen,
}

impl From<AbstentionReason> for Reason {
    fn from(reason: AbstentionReason) -> Self {
        match reason {
            AbstentionReason::ConflictOfInterest => Self::ConflictOfInterest,
            AbstentionReason::Absent => Self::Absent,
            AbstentionReason::NotCompetent => Self::NotCompetent,
            AbstentionReason::CouldNotOpen => Self::CouldNotOpen,
        }
    }
}

/// A judge hands in a scorecard. The seals were made once, before.
pub struct SealScorecard {
    /// Whose scorecard, on what.
    place: Place,
    sheet: Sheet,
    marks: Opening,
    comment_to_panel: Option<Opening>,
    comment_to_entrant: Option<Opening>,
}

/// A judge gives no marks.
pub struct Abstain {
    /// Whose scorecard, on what.
    place: Place,
    reason: AbstentionReason,
    words: Option<Opening>,
}

impl Place {
    /// The scorecard that a member may hand in.
    pub fn own(round: RoundId, member: MemberId, pitch: PitchId) -> Self {
        Self { round, pitch, judge: JudgeId::of(round, member) }
    }
}

impl SealScorecard {
    /// Seals marks for the round, and the comments for the member who wrote
    /// them.
    pub fn new(
        place: Place,
        member: MemberId,
        sheet: Sheet,
        to_panel: Option<String>,
        to_entrant: Option<String>,
    ) -> Self {
        let stream = place.scorecard().stream();
        let marks = Opening::seal(&stream, "ScorecardSealed.marks", place.round, sheet.bytes());
        let comment =
            |field, words: Option<String>| words.map(|words| Opening::seal(&stream, field, member, words));
        let comment_to_panel = comment("ScorecardSealed.comment_to_panel", to_panel);
        let comment_to_entrant = comment("ScorecardSealed.comment_to_entrant", to_entrant);
        Self { place, sheet, marks, comment_to_panel, comment_to_entrant }
    }
}

impl Abstain {
    /// Seals the words, if there are any, for the member who wrote them.
    pub fn new(place: Place, member: MemberId, reason: AbstentionReason, words: Option<String>) -> Self {
        let stream = place.scorecard().stream();
        let words = words.map(|words| Opening::seal(&stream, "ScorecardAbstained.words", member, words));
        Self { place, reason, words }
    }
}

impl Decision for SealScorecard {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        theirs(scope, self.place).await?;
        let round = scope.load::<Round>(&self.place.round.stream()).await?;
        let pinned = round.state.open_for_marks()?;
        pinned.rules.check_marks(&self.sheet.0).map_err(ScorecardError::Marks)?;
        let command = ScorecardCommand::Seal {
            marks: self.marks.commitment(),
            comment_to_panel: keep(scope, &self.comment_to_panel),
            comment_to_entrant: keep(scope, &self.comment_to_entrant),
        };
        scope.keep(&self.marks);
        handle(scope, self.place, command).await
    }
}

impl Decision for Abstain {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        theirs(scope, self.place).await?;
        let round = scope.load::<Round>(&self.place.round.stream()).await?;
        round.state.open_for_marks()?;
        let words = keep(scope, &self.words);
        let command = ScorecardCommand::Abstain { reason: self.reason.into(), words };
        handle(scope, self.place, command).await
    }
}

/// Only whom a scorecard is expected of. A judge who stands aside hands in
/// nothing, even before the scorecard itself was told; nor does one with a
/// conflict declared as an organiser.
pub(super) async fn theirs(scope: &mut Scope, place: Place) -> Result<(), Problem> {
    let judge = scope.load::<JudgeFacts>(&place.judge.stream()).await?.state;
    let programme = scope.programme().stream();
    let programme = scope.load::<ProgrammeFacts>(&programme).await?.state;
    if judge.walled(place.pitch) || programme.conflicted(scope.deciding().member(), place.pitch) {
        return Err(ScorecardError::StandsAside.into());
    }
    let card = scope.load::<Scorecard>(&place.scorecard().stream()).await?.state;
    Ok(card.in_the_judges_hands()?)
}

/// The commitment of an optional seal, whose opening is kept; empty if absent.
fn keep(scope: &mut Scope, opening: &Option<Opening>) -> Commitment {
    let Some(opening) = opening else { return Bytes::new() };
    scope.keep(opening);
    opening.commitment()
}

async fn handle(scope: &mut Scope, place: Place, command: ScorecardCommand) -> Result<StreamId, Problem> {
    let stream = place.scorecard().stream();
    scope.handle::<Scorecard>(&stream, command).await?;
    Ok(stream)
}
