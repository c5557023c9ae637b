use plaudit_chassis::id::{MemberId, PitchId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};

use super::{Here, mending};
use crate::access::Act;
use crate::judge::{Judge, JudgeCommand};

/// An organiser without a conflict lets a judge mark a pitch whose team the
/// judge knows.
pub struct AllowConnection {
    pub round: String,
    pub member: MemberId,
    pub pitch: PitchId,
}

impl Decision for AllowConnection {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        here.may_about(scope, Act::AllowConnection, self.pitch).await?;
        let seat = here.seat(self.member);
        scope.handle::<Judge>(&seat, JudgeCommand::Allow(self.pitch)).await?;
        mending::mend(scope, here.round).await?;
        Ok(seat)
    }
}
