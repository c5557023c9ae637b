//! Auditors: somebody without a part in any pitch, whom two people let see
//! what others only know to be there. Also when the programme is over.

use plaudit_chassis::Deciding;
use plaudit_chassis::id::MemberId;
use plaudit_proto::submissions::v1::{AuditorAdmitted, AuditorDismissed, AuditorProposed};

use super::{Invitation, Programme, ProgrammeError, ProgrammeEvent};

impl Programme {
    /// `entered`: whether the member is in a team that has a pitch in the call.
    pub(super) fn propose_auditor(
        &self,
        member: MemberId,
        entered: bool,
        by: MemberId,
    ) -> Result<ProgrammeEvent, ProgrammeError> {
        self.can_audit(member, entered)?;
        Ok(AuditorProposed { member: member.into(), by: by.into() }.into())
    }

    pub(super) fn confirm_auditor(
        &self,
        member: MemberId,
        entered: bool,
        deciding: &Deciding,
    ) -> Result<ProgrammeEvent, ProgrammeError> {
        self.can_audit(member, entered)?;
        let proposed = self.auditor_proposed.filter(|(whom, _)| *whom == member).map(|(_, by)| by);
        let proposer = self.proposer(proposed, deciding.member())?;
        Ok(AuditorAdmitted {
            member: member.into(),
            proposed_by: proposer.into(),
            confirmed_by: deciding.member().into(),
        }
        .into())
    }

    pub(super) fn dismiss_auditor(&self, member: MemberId) -> Result<ProgrammeEvent, ProgrammeError> {
        if !self.auditors.contains(&member) {
            return Err(ProgrammeError::NotAuditor);
        }
        Ok(AuditorDismissed { member: member.into() }.into())
    }

    fn can_audit(&self, member: MemberId, entered: bool) -> Result<(), ProgrammeError> {
        if self.auditors.contains(&member) {
            return Err(ProgrammeError::AuditorAlready);
        }
        let asked = self.invited.get(&member) == Some(&Invitation::Asked);
        if entered || asked || self.conflicts.contains_key(&member) {
            return Err(ProgrammeError::AuditorHasPart);
        }
        Ok(())
    }

    /// Whether the member sees what auditors see: a conflict that was declared
    /// since takes it away.
    pub fn audits(&self, member: MemberId) -> bool {
        self.auditors.contains(&member) && !self.conflicts.contains_key(&member)
    }
}
