//! What a programme is, and what it decides.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_chassis::vault::Commitment;
use plaudit_proto::submissions::v1::{
    OrganiserConflictDeclared, ProgrammeCancelled, ProgrammeConcluded, ProgrammeDrafted, RoleGranted,
    RoleRevoked, RulebookAmended, RulebookPublished, ScreeningCompleted,
};
use plaudit_proto::v1::{self, Rulebook};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Phase, ProgrammeCommand, ProgrammeError, ProgrammeEvent, Role};
use crate::rulebook;

/// How somebody who was asked to enter has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Invitation {
    /// Not by declining; perhaps by entering.
    Asked,
    /// No.
    Declined,
}

/// A programme, folded from its stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// `None` before it is drafted.
    pub phase: Option<Phase>,
    /// Who holds what, entrants and judges aside.
    pub roles: BTreeMap<MemberId, BTreeSet<Role>>,
    /// Walls between those who decide and pitches.
    pub conflicts: BTreeMap<MemberId, BTreeSet<PitchId>>,
    /// As published; never changed after the call has opened.
    pub rulebook: Option<Rulebook>,
    /// Of the rulebook with its prose as last amended.
    pub rulebook_hash: Bytes,
    /// As the rulebook or the last move says.
    pub deadline: Option<Timestamp>,
    /// Who wants the call to open.
    pub opening_proposed: Option<MemberId>,
    /// Who was asked to enter an invited call.
    pub invited: BTreeMap<MemberId, Invitation>,
    /// Who wants the invited call to close early.
    pub closing_proposed: Option<MemberId>,
    /// Who may see what others only know to be there.
    pub auditors: BTreeSet<MemberId>,
    /// Whom somebody wants to be an auditor, and who does.
    pub auditor_proposed: Option<(MemberId, MemberId)>,
}

impl Aggregate for Programme {
    const TYPE: &'static str = "programme";
    type Command = ProgrammeCommand;
    type Event = ProgrammeEvent;
    type Error = ProgrammeError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: ProgrammeCommand,
        deciding: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), ProgrammeError> {
        for event in self.decide(command, deciding)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ProgrammeEvent) {
        use ProgrammeEvent as E;
        match event {
            E::ProgrammeDrafted(_) => self.phase = Some(Phase::Drafted),
            E::RoleGranted(event) => {
                let held = self.roles.entry(member(&event.member)).or_default();
                held.extend(Role::known(event.role()));
            }
            E::RoleRevoked(event) => self.revoked(&event),
            E::OrganiserConflictDeclared(event) => {
                let walls = self.conflicts.entry(member(&event.member)).or_default();
                walls.insert(event.pitch.parse().unwrap_or_default());
            }
            E::RulebookPublished(event) => {
                self.phase = Some(Phase::Published);
                self.deadline = event.rulebook.as_ref().map(|rulebook| from_proto(&rulebook.deadline));
                self.rulebook = event.rulebook;
                self.rulebook_hash = event.hash;
                self.opening_proposed = None;
            }
            E::RulebookAmended(event) => self.rulebook_hash = event.hash,
            E::CallOpeningProposed(event) => self.opening_proposed = Some(member(&event.by)),
            E::CallOpened(_) => {
                self.phase = Some(Phase::Open);
                self.opening_proposed = None;
            }
            E::EntrantInvited(event) => {
                self.invited.insert(member(&event.member), Invitation::Asked);
                self.closing_proposed = None;
            }
            E::EntrantDeclined(event) => {
                self.invited.insert(member(&event.member), Invitation::Declined);
            }
            E::DeadlineMoved(event) => self.deadline = Some(from_proto(&event.deadline)),
            E::EarlyClosingProposed(event) => self.closing_proposed = Some(member(&event.by)),
            E::CallClosed(_) => {
                self.phase = Some(Phase::Closed);
                self.closing_proposed = None;
            }
            E::ScreeningCompleted(_) => self.phase = Some(Phase::Screened),
            E::ProgrammeCancelled(_) => self.phase = Some(Phase::Cancelled),
            E::ProgrammeConcluded(_) => self.phase = Some(Phase::Concluded),
            E::AuditorProposed(event) => {
                self.auditor_proposed = Some((member(&event.member), member(&event.by)));
            }
            E::AuditorAdmitted(event) => {
                self.auditors.insert(member(&event.member));
                self.auditor_proposed = None;
            }
            E::AuditorDismissed(event) => {
                self.auditors.remove(&member(&event.member));
            }
            E::ForgettingAsked(_) => {}
        }
    }
}

/// Ids in events were written from ids: they can be read.
fn member(id: &str) -> MemberId {
    id.parse().unwrap_or_default()
}

impl Programme {
    fn decide(
        &self,
        command: ProgrammeCommand,
        deciding: &Deciding,
    ) -> Result<Vec<ProgrammeEvent>, ProgrammeError> {
        use ProgrammeCommand as C;
        match command {
            C::Draft { title } => return self.draft(title, deciding.member()),
            C::ProposeAuditor { member, entered } => self.propose_auditor(member, entered, deciding.member()),
            C::ConfirmAuditor { member, entered } => self.confirm_auditor(member, entered, deciding),
            C::DismissAuditor { member } => self.dismiss_auditor(member),
            C::AskForgetting { subject, reason, announced } => {
                self.ask_forgetting(&subject, reason, announced)
            }
            _ if self.phase >= Some(Phase::Concluded) => return Err(ProgrammeError::Over),
            C::GrantRole { member, role, entered } => self.grant(member, role, entered),
            C::RevokeRole { member, role } => self.revoke(member, role),
            C::DeclareConflict { pitch, nature } => self.declare(deciding.member(), pitch, nature),
            C::PublishRulebook { rulebook, prose } => self.publish(*rulebook, prose, deciding.now),
            C::AmendRulebook { prose, reason } => self.amend(prose, reason.into()),
            C::ProposeOpening => self.propose_opening(deciding),
            C::ConfirmOpening => self.confirm_opening(deciding),
            C::Invite { member } => self.invite(member),
            C::Decline { entered } => self.decline(deciding.member(), &entered),
            C::MoveDeadline { deadline, reason } => self.move_deadline(deadline, reason.into()),
            C::ProposeClosing { entered } => self.propose_closing(deciding.member(), &entered),
            C::ConfirmClosing { entered } => self.confirm_closing(deciding, &entered),
            C::CloseByDeadline => return Ok(self.close_by_deadline(deciding.now)),
            C::CompleteScreening { eligible, refused, undecided } => {
                self.complete_screening(&eligible, refused, undecided)
            }
            C::Cancel { reason } => Ok(ProgrammeCancelled { reason: v1::Reason::from(reason).into() }.into()),
            C::Conclude => self.conclude(),
        }
        .map(|event| vec![event])
    }

    /// Whether the member runs the programme.
    pub fn is_organiser(&self, member: MemberId) -> bool {
        self.holds(member, Role::Organiser)
    }

    /// Whether the member holds the second key, or more.
    pub fn may_confirm(&self, member: MemberId) -> bool {
        self.is_organiser(member) || self.holds(member, Role::Approver)
    }

    /// Whether the member has declared a conflict with this pitch.
    pub fn is_conflicted(&self, member: MemberId, pitch: PitchId) -> bool {
        self.conflicts.get(&member).is_some_and(|walls| walls.contains(&pitch))
    }

    /// Whether everybody may know of it: its rules were published.
    pub fn is_public(&self) -> bool {
        self.rulebook.is_some()
    }

    pub(super) fn holds(&self, member: MemberId, role: Role) -> bool {
        self.roles.get(&member).is_some_and(|held| held.contains(&role))
    }

    /// The rulebook and its hash.
    pub fn rulebook(&self) -> Result<&Rulebook, ProgrammeError> {
        self.rulebook.as_ref().ok_or(ProgrammeError::NoRulebook)
    }

    fn draft(&self, title: Commitment, author: MemberId) -> Result<Vec<ProgrammeEvent>, ProgrammeError> {
        if self.phase.is_some() {
            return Err(ProgrammeError::AlreadyDrafted);
        }
        let first = RoleGranted { member: author.into(), role: v1::Role::Organiser.into() };
        Ok(vec![ProgrammeDrafted { title }.into(), first.into()])
    }

    fn grant(&self, member: MemberId, role: Role, entered: bool) -> Result<ProgrammeEvent, ProgrammeError> {
        if self.holds(member, role) {
            return Err(ProgrammeError::RoleHeld);
        }
        let decides = matches!(role, Role::Organiser | Role::Approver);
        if decides && (entered || self.invited.get(&member) == Some(&Invitation::Asked)) {
            return Err(ProgrammeError::EntrantCantDecide);
        }
        Ok(RoleGranted { member: member.into(), role: v1::Role::from(role).into() }.into())
    }

    fn revoke(&self, member: MemberId, role: Role) -> Result<ProgrammeEvent, ProgrammeError> {
        if !self.holds(member, role) {
            return Err(ProgrammeError::RoleNotHeld);
        }
        let organisers = self.roles.values().filter(|held| held.contains(&Role::Organiser)).count();
        if role == Role::Organiser && organisers == 1 {
            return Err(ProgrammeError::LastOrganiser);
        }
        Ok(RoleRevoked { member: member.into(), role: v1::Role::from(role).into() }.into())
    }

    fn revoked(&mut self, event: &RoleRevoked) {
        let member = member(&event.member);
        if let (Some(held), Some(role)) = (self.roles.get_mut(&member), Role::known(event.role())) {
            held.remove(&role);
            if held.is_empty() {
                self.roles.remove(&member);
            }
        }
    }

    fn declare(
        &self,
        member: MemberId,
        pitch: PitchId,
        nature: Commitment,
    ) -> Result<ProgrammeEvent, ProgrammeError> {
        if self.is_conflicted(member, pitch) {
            return Err(ProgrammeError::ConflictDeclared);
        }
        Ok(OrganiserConflictDeclared { member: member.into(), pitch: pitch.into(), nature }.into())
    }

    fn publish(
        &self,
        rulebook: Rulebook,
        prose: Commitment,
        now: Timestamp,
    ) -> Result<ProgrammeEvent, ProgrammeError> {
        if self.phase > Some(Phase::Published) {
            return Err(ProgrammeError::RulesFixed);
        }
        rulebook::validate(&rulebook, now).map_err(ProgrammeError::Rulebook)?;
        let hash = rulebook::hash(&rulebook, &prose);
        Ok(RulebookPublished { rulebook: Some(rulebook), hash, prose }.into())
    }

    /// An amendment can't touch how scores become a result: it is prose only.
    fn amend(&self, prose: Commitment, reason: v1::Reason) -> Result<ProgrammeEvent, ProgrammeError> {
        if self.phase < Some(Phase::Open) {
            return Err(ProgrammeError::NothingToAmend);
        }
        let hash = rulebook::hash(self.rulebook()?, &prose);
        Ok(RulebookAmended { hash, prose, reason: reason.into() }.into())
    }

    fn complete_screening(
        &self,
        eligible: &BTreeSet<PitchId>,
        refused: usize,
        undecided: usize,
    ) -> Result<ProgrammeEvent, ProgrammeError> {
        match self.phase {
            Some(Phase::Closed) => {}
            Some(Phase::Screened) => return Err(ProgrammeError::AlreadyScreened),
            _ => return Err(ProgrammeError::CallNotClosed),
        }
        if undecided > 0 {
            return Err(ProgrammeError::Undecided(undecided));
        }
        if eligible.is_empty() {
            return Err(ProgrammeError::NothingEligible);
        }
        Ok(ScreeningCompleted {
            eligible: eligible.len() as u32,
            refused: refused as u32,
            digest: digest(eligible),
        }
        .into())
    }

    fn conclude(&self) -> Result<ProgrammeEvent, ProgrammeError> {
        if self.phase == Some(Phase::Screened) {
            Ok(ProgrammeConcluded {}.into())
        } else {
            Err(ProgrammeError::NotScreened)
        }
    }
}

/// SHA-256 over the ids, sorted as they are written, a line each.
fn digest(pitches: &BTreeSet<PitchId>) -> Bytes {
    let mut hash = Sha256::new();
    for pitch in pitches {
        hash.update(format!("{pitch}\n"));
    }
    Bytes::copy_from_slice(&hash.finalize())
}
