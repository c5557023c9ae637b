use plaudit_chassis::id::{MemberId, PitchId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::Reason;

use super::Here;
use crate::access::Act;
use crate::bench::to_be_judged;
use crate::judge::{Judge, JudgeCommand, JudgeError};
use crate::panel::PanelError;

/// An organiser without a conflict moves one assignment to another judge.
pub struct MoveAssignment {
    pub round: String,
    pub pitch: PitchId,
    pub from: MemberId,
    pub to: MemberId,
}

impl Decision for MoveAssignment {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        here.may_about(scope, Act::MoveAssignment, self.pitch).await?;
        if here.panel(scope).await?.drawn.is_none() {
            return Err(PanelError::NotAssigned.into());
        }
        let pitches = to_be_judged(scope).await?;
        let barred = pitches.get(&self.pitch).ok_or(PanelError::NotToBeJudged)?;
        if self.from == self.to {
            return Err(JudgeError::AlreadyAssigned(self.pitch).into());
        }
        if barred.contains(&self.to) {
            return Err(JudgeError::StandsAside(self.pitch).into());
        }
        let withdraw = JudgeCommand::Withdraw(vec![(self.pitch, Reason::Reassigned)]);
        scope.handle::<Judge>(&here.seat(self.from), withdraw).await?;
        let to = here.seat(self.to);
        scope.handle::<Judge>(&to, JudgeCommand::Assign(vec![self.pitch])).await?;
        Ok(to)
    }
}
