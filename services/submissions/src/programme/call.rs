//! The call: opened by two, moved only later, closed by its deadline or, where
//! everybody was invited, early by two.

use std::collections::BTreeSet;

use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::MemberId;
use plaudit_proto::submissions::v1::{
    CallClosed, CallOpened, CallOpeningProposed, DeadlineMoved, EarlyClosingProposed, EntrantDeclined,
    EntrantInvited,
};
use plaudit_proto::v1::{self, CallKind};

use super::{Invitation, Phase, Programme, ProgrammeError, ProgrammeEvent, Role};
use crate::rulebook::Ending;

/// What a pitch needs to know of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// How far the programme has come.
    pub phase: Phase,
    /// What had arrived by then counts.
    pub last_instant: Timestamp,
}

impl Programme {
    /// The call, once there is one to speak of.
    pub fn call(&self) -> Result<Call, ProgrammeError> {
        let ending = self.ending().ok_or(ProgrammeError::NoRulebook)?;
        let phase = self.phase.ok_or(ProgrammeError::NoRulebook)?;
        Ok(Call { phase, last_instant: ending.last_instant() })
    }

    /// When the call ends, as things stand.
    pub fn ending(&self) -> Option<Ending> {
        let grace = self.rulebook.as_ref()?.grace_seconds;
        self.deadline.map(|deadline| Ending { deadline, grace })
    }

    /// Whether this member may enter at all.
    pub fn may_enter(&self, member: MemberId) -> Result<(), ProgrammeError> {
        if self.may_confirm(member) || self.auditors.contains(&member) {
            return Err(ProgrammeError::DecidersCantEnter);
        }
        let asked = self.invited.get(&member) == Some(&Invitation::Asked);
        if self.is_invited_call() && !asked {
            return Err(ProgrammeError::InvitedOnly);
        }
        Ok(())
    }

    fn is_invited_call(&self) -> bool {
        self.rulebook.as_ref().is_some_and(|rulebook| rulebook.call() == CallKind::Invited)
    }

    fn can_open(&self, now: Timestamp) -> Result<Ending, ProgrammeError> {
        match self.phase {
            Some(Phase::Published) => {}
            None | Some(Phase::Drafted) => return Err(ProgrammeError::NoRulebook),
            Some(_) => return Err(ProgrammeError::AlreadyOpened),
        }
        let unconflicted = self.roles.iter().filter(|(member, held)| {
            let decides = held.contains(&Role::Organiser) || held.contains(&Role::Approver);
            decides && !self.conflicts.contains_key(member)
        });
        if unconflicted.count() < 2 {
            return Err(ProgrammeError::TwoPeopleNeeded);
        }
        let ending = self.ending().ok_or(ProgrammeError::NoRulebook)?;
        if ending.deadline > now { Ok(ending) } else { Err(ProgrammeError::DeadlinePassed) }
    }

    pub(super) fn propose_opening(&self, deciding: &Deciding) -> Result<ProgrammeEvent, ProgrammeError> {
        self.can_open(deciding.now)?;
        let (rulebook_hash, by) = (self.rulebook_hash.clone(), deciding.member().into());
        Ok(CallOpeningProposed { rulebook_hash, by }.into())
    }

    pub(super) fn confirm_opening(&self, deciding: &Deciding) -> Result<ProgrammeEvent, ProgrammeError> {
        let ending = self.can_open(deciding.now)?;
        let proposer = self.proposer(self.opening_proposed, deciding.member())?;
        Ok(CallOpened {
            proposed_by: proposer.into(),
            confirmed_by: deciding.member().into(),
            rulebook_hash: self.rulebook_hash.clone(),
            deadline: Some(to_proto(ending.deadline)),
            grace_seconds: ending.grace,
        }
        .into())
    }

    /// Who proposed what `second` now confirms: an organiser still, and
    /// somebody else.
    pub(super) fn proposer(
        &self,
        proposed: Option<MemberId>,
        second: MemberId,
    ) -> Result<MemberId, ProgrammeError> {
        let proposer =
            proposed.filter(|member| self.is_organiser(*member)).ok_or(ProgrammeError::NotProposed)?;
        if proposer == second { Err(ProgrammeError::SamePerson) } else { Ok(proposer) }
    }

    pub(super) fn invite(&self, member: MemberId) -> Result<ProgrammeEvent, ProgrammeError> {
        self.inviting()?;
        if self.may_confirm(member) || self.auditors.contains(&member) {
            return Err(ProgrammeError::EntrantCantDecide);
        }
        if self.invited.get(&member) == Some(&Invitation::Asked) {
            return Err(ProgrammeError::AlreadyInvited);
        }
        Ok(EntrantInvited { member: member.into() }.into())
    }

    pub(super) fn decline(
        &self,
        member: MemberId,
        entered: &BTreeSet<MemberId>,
    ) -> Result<ProgrammeEvent, ProgrammeError> {
        self.inviting()?;
        if self.invited.get(&member) != Some(&Invitation::Asked) {
            return Err(ProgrammeError::NotInvited);
        }
        if entered.contains(&member) {
            return Err(ProgrammeError::HasEntered);
        }
        Ok(EntrantDeclined { member: member.into() }.into())
    }

    fn inviting(&self) -> Result<(), ProgrammeError> {
        match self.phase {
            None | Some(Phase::Drafted) => Err(ProgrammeError::NoRulebook),
            Some(Phase::Published | Phase::Open) if self.is_invited_call() => Ok(()),
            Some(Phase::Published | Phase::Open) => Err(ProgrammeError::NotInvitedCall),
            Some(_) => Err(ProgrammeError::InvitingOver),
        }
    }

    pub(super) fn move_deadline(
        &self,
        deadline: Timestamp,
        reason: v1::Reason,
    ) -> Result<ProgrammeEvent, ProgrammeError> {
        let ending = self.open()?;
        if deadline <= ending.deadline {
            return Err(ProgrammeError::DeadlineNotLater(ending.deadline));
        }
        Ok(DeadlineMoved {
            deadline: Some(to_proto(deadline)),
            reason: reason.into(),
            grace_seconds: ending.grace,
        }
        .into())
    }

    fn open(&self) -> Result<Ending, ProgrammeError> {
        match (self.phase, self.ending()) {
            (Some(Phase::Open), Some(ending)) => Ok(ending),
            _ => Err(ProgrammeError::CallNotOpen),
        }
    }

    pub(super) fn propose_closing(
        &self,
        by: MemberId,
        entered: &BTreeSet<MemberId>,
    ) -> Result<ProgrammeEvent, ProgrammeError> {
        self.everybody_answered(entered)?;
        Ok(EarlyClosingProposed { by: by.into() }.into())
    }

    pub(super) fn confirm_closing(
        &self,
        deciding: &Deciding,
        entered: &BTreeSet<MemberId>,
    ) -> Result<ProgrammeEvent, ProgrammeError> {
        self.everybody_answered(entered)?;
        let proposer = self.proposer(self.closing_proposed, deciding.member())?;
        Ok(CallClosed {
            proposed_by: proposer.into(),
            confirmed_by: deciding.member().into(),
            at: Some(to_proto(deciding.now)),
        }
        .into())
    }

    fn everybody_answered(&self, entered: &BTreeSet<MemberId>) -> Result<(), ProgrammeError> {
        self.open()?;
        if !self.is_invited_call() {
            return Err(ProgrammeError::OpenCallRunsOn);
        }
        let asked = self.invited.iter().filter(|(_, answer)| **answer == Invitation::Asked);
        let missing = asked.filter(|(member, _)| !entered.contains(member)).count();
        if missing == 0 { Ok(()) } else { Err(ProgrammeError::AnswersMissing(missing)) }
    }

    /// Whether the deadline, as it stands, closes the call now. A timer that
    /// was set for an earlier deadline closes nothing.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.open().is_ok_and(|ending| now >= ending.closing())
    }

    pub(super) fn close_by_deadline(&self, now: Timestamp) -> Vec<ProgrammeEvent> {
        let ending = self.ending().filter(|_| self.is_due(now));
        let closed = ending.map(|ending| CallClosed {
            proposed_by: String::new(),
            confirmed_by: String::new(),
            at: Some(to_proto(ending.last_instant())),
        });
        closed.into_iter().map(ProgrammeEvent::from).collect()
    }
}
