//! Forgetting, asked for by an organiser once the programme is over and its
//! winners announced, or cancelled: nothing that a decision still needs can be
//! made to disappear. Whoever it is about may leave by themselves at any time.

use plaudit_chassis::facts::AnnouncementFacts;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId, RoundId, StreamId};
use plaudit_chassis::vault::Subject;
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::submissions::v1::ForgettingAsked;
use plaudit_proto::v1::{self, Reason};

use super::command::allowed;
use super::{Phase, Programme, ProgrammeCommand, ProgrammeError, ProgrammeEvent};
use crate::access::{self, Act, Relation};
use crate::pitch::{Pitch, exists_in};
use crate::reason::ForgettingReason;

/// Something of which more is kept than the log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Who somebody is, and what they wrote, as a judge for example.
    Member(MemberId),
    /// What a pitch says, and what was written about it.
    Pitch(PitchId),
    /// The marks of a round of the rulebook.
    Round(String),
}

impl Kept {
    fn subject(&self, programme: ProgrammeId) -> Subject {
        match self {
            Self::Member(member) => (*member).into(),
            Self::Pitch(pitch) => (*pitch).into(),
            Self::Round(slug) => RoundId::of(programme, slug).into(),
        }
    }
}

/// An organiser wants something to be forgotten.
pub struct AskForgetting {
    pub programme: ProgrammeId,
    pub what: Kept,
    pub reason: ForgettingReason,
}

impl Decision for AskForgetting {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.programme.stream();
        allowed(scope, &stream, Act::AskForgetting).await?;
        let programme = scope.load::<Programme>(&stream).await?.state;
        let member = scope.deciding().member();
        if !matches!(self.what, Kept::Pitch(_)) && programme.conflicts.contains_key(&member) {
            return Err(Problem::forbidden(
                "You have declared a conflict with a pitch of this programme: somebody else decides.",
            ));
        }
        match &self.what {
            Kept::Member(_) => {}
            Kept::Pitch(id) => {
                exists_in(scope.store(), self.programme, *id).await?;
                let pitch = scope.load::<Pitch>(&id.stream()).await?.state;
                let relation = Relation::to_pitch(&programme, &pitch, *id, member);
                access::to_pitch(Act::AskForgetting, relation)?;
            }
            Kept::Round(slug) => {
                let rounds = programme.rulebook.iter().flat_map(|rulebook| &rulebook.rounds);
                if !rounds.into_iter().any(|round| round.id == *slug) {
                    return Err(Problem::not_found("round"));
                }
            }
        }
        let announcement = AnnouncementFacts::stream(self.programme);
        let announced = scope.load::<AnnouncementFacts>(&announcement).await?.state.made;
        let (subject, reason) = (self.what.subject(self.programme), self.reason.into());
        let ask = ProgrammeCommand::AskForgetting { subject, reason, announced };
        scope.handle::<Programme>(&stream, ask).await?;
        Ok(stream)
    }
}

impl Programme {
    pub(super) fn ask_forgetting(
        &self,
        subject: &Subject,
        reason: Reason,
        announced: bool,
    ) -> Result<ProgrammeEvent, ProgrammeError> {
        // What is concluded before its winners are announced is still judged.
        let over = self.phase == Some(Phase::Cancelled) || announced && self.phase == Some(Phase::Concluded);
        if !over {
            return Err(ProgrammeError::NotOver);
        }
        let is_member = subject.kind == v1::Subject::Member;
        if is_member && self.roles.contains_key(&MemberId(subject.id)) {
            return Err(ProgrammeError::StillHasRole);
        }
        let (subject, id) = (subject.kind.into(), subject.id.to_string());
        Ok(ForgettingAsked { subject, id, reason: reason.into() }.into())
    }
}
