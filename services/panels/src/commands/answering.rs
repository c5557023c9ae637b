use plaudit_chassis::id::{MemberId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::Reason;

use super::{Here, mending};
use crate::access::Act;
use crate::judge::{Judge, JudgeCommand};

/// A judge accepts the invitation, and promises confidentiality.
pub struct AcceptSeat {
    pub round: String,
    pub confidentiality: bool,
}

impl Decision for AcceptSeat {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        here.may(Act::AnswerInvitation)?;
        let seat = here.seat(here.member);
        let command = JudgeCommand::Accept { confidentiality: self.confidentiality };
        scope.handle::<Judge>(&seat, command).await?;
        Ok(seat)
    }
}

/// A judge declines the invitation.
pub struct DeclineSeat {
    pub round: String,
}

impl Decision for DeclineSeat {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        here.may(Act::AnswerInvitation)?;
        let seat = here.seat(here.member);
        scope.handle::<Judge>(&seat, JudgeCommand::Decline).await?;
        Ok(seat)
    }
}

/// A judge leaves the panel, or an organiser ends the seat; others take over
/// what was assigned to them.
pub struct StandDown {
    pub round: String,
    pub member: MemberId,
    pub reason: Reason,
}

impl Decision for StandDown {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        let own = self.member == here.member;
        here.may(if own { Act::StandDown } else { Act::EndSeat })?;
        let seat = here.seat(self.member);
        scope.handle::<Judge>(&seat, JudgeCommand::StandDown(self.reason)).await?;
        mending::mend(scope, here.round).await?;
        Ok(seat)
    }
}
