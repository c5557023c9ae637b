use plaudit_chassis::id::{JudgeId, MemberId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::panels::v1::Office;

use super::Here;
use crate::access::Act;
use crate::judge::{Invitation, Judge, JudgeCommand, Status};
use crate::panel::{Panel, PanelCommand, PanelError};

/// An organiser asks somebody onto the panel, at any time: a stand-in even on
/// the night.
pub struct InviteJudge {
    pub round: String,
    pub member: MemberId,
    pub office: Office,
    /// Of the promoter and the sponsors.
    pub independent: bool,
    /// The most pitches they will take; 0: no limit.
    pub cap: u32,
}

impl Decision for InviteJudge {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let here = Here::load(scope, &self.round).await?;
        here.may(Act::Invite)?;
        let panel = here.panel(scope).await?;
        panel.convened()?;
        self.office_is_free(scope, &panel).await?;
        let judge = JudgeId::of(here.round, self.member);
        let offer = PanelCommand::OfferSeat { judge, member: self.member };
        scope.handle::<Panel>(&here.round.panel(), offer).await?;
        let invitation = Invitation {
            panel: here.round,
            member: self.member,
            office: self.office,
            independent: self.independent,
            cap: self.cap,
        };
        scope.handle::<Judge>(&judge.stream(), JudgeCommand::Invite(invitation)).await?;
        Ok(judge.stream())
    }
}

impl InviteJudge {
    /// A panel has one chair and one deputy at a time.
    async fn office_is_free(&self, scope: &mut Scope, panel: &Panel) -> Result<(), Problem> {
        if self.office == Office::Judge {
            return Ok(());
        }
        for judge in panel.seats.keys() {
            let judge = scope.load::<Judge>(&judge.stream()).await?.state;
            let there = matches!(judge.status, Status::Invited | Status::Accepted);
            if there && judge.office == self.office && judge.member != self.member {
                return Err(PanelError::OfficeTaken(self.office).into());
            }
        }
        Ok(())
    }
}
