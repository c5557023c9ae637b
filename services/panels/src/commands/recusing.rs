use plaudit_chassis::facts::PitchFacts;
use plaudit_chassis::id::{MemberId, PitchId, StreamId};
use plaudit_chassis::vault::Opening;
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::Reason;

use super::{Here, mending};
use crate::access::Act;
use crate::judge::{Judge, JudgeCommand};
use crate::panel::PanelError;

/// A judge stands aside from a pitch, or an organiser without a conflict says
/// so of one: a wall from now on. Somebody else takes the pitch over.
pub struct Recuse {
    pub round: String,
    pub member: MemberId,
    pub pitch: PitchId,
    pub reason: Reason,
    pub nature: Option<Opening>,
}

impl Decision for Recuse {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        if self.member == here.member {
            here.may(Act::RecuseOneself)?;
        } else {
            here.may_about(scope, Act::RecuseJudge, self.pitch).await?;
        }
        let pitch = scope.load::<PitchFacts>(&self.pitch.stream()).await?;
        let ours = scope.store().streams_of(scope.programme(), PitchId::NOUN).await?;
        if !pitch.state.submitted() || !ours.contains(&self.pitch.stream()) {
            return Err(PanelError::NotToBeJudged.into());
        }
        let seat = here.seat(self.member);
        let command = JudgeCommand::Recuse {
            pitch: self.pitch,
            reason: self.reason,
            nature: self.nature.as_ref().map(Opening::commitment).unwrap_or_default(),
        };
        scope.handle::<Judge>(&seat, command).await?;
        if let Some(nature) = &self.nature {
            scope.keep(nature);
        }
        mending::mend(scope, here.round).await?;
        Ok(seat)
    }
}
