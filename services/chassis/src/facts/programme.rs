//! What is known of a programme.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use plaudit_proto::intake::v1::fact_taken::Fact;
use plaudit_proto::v1::{Role, Round, Rulebook};
use serde::{Deserialize, Serialize};

use super::id;
use crate::id::{MemberId, PitchId};

/// A programme's roles, conflicts, rulebook and call, as far as taken in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ProgrammeFacts {
    roles: BTreeMap<MemberId, BTreeSet<i32>>,
    conflicts: BTreeSet<(MemberId, PitchId)>,
    auditors: BTreeSet<MemberId>,
    rulebook: Option<Rulebook>,
    rulebook_hash: Bytes,
    call_open: bool,
    call_closed: bool,
    screening_digest: Option<Bytes>,
    cancelled: bool,
}

impl ProgrammeFacts {
    /// Whether the member has the role.
    pub fn has(&self, member: MemberId, role: Role) -> bool {
        self.roles.get(&member).is_some_and(|roles| roles.contains(&role.into()))
    }

    /// Whether the member organises.
    pub fn is_organiser(&self, member: MemberId) -> bool {
        self.has(member, Role::Organiser)
    }

    /// Whether the member may give the second signature: an organiser or an
    /// approver.
    pub fn may_confirm(&self, member: MemberId) -> bool {
        self.is_organiser(member) || self.has(member, Role::Approver)
    }

    /// Whether two people have admitted the member as an auditor, who has no
    /// conflict in the programme.
    pub fn audits(&self, member: MemberId) -> bool {
        self.auditors.contains(&member) && self.walls_of(member).next().is_none()
    }

    /// Whether a wall stands between this organiser or approver and a pitch.
    pub fn conflicted(&self, member: MemberId, pitch: PitchId) -> bool {
        self.conflicts.contains(&(member, pitch))
    }

    /// The pitches that a wall stands before for this member.
    pub fn walls_of(&self, member: MemberId) -> impl Iterator<Item = PitchId> + '_ {
        self.conflicts.iter().filter(move |(who, _)| *who == member).map(|(_, pitch)| *pitch)
    }

    /// Everybody with any conflict.
    pub fn conflicts(&self) -> impl Iterator<Item = &(MemberId, PitchId)> {
        self.conflicts.iter()
    }

    /// Everybody who has this role.
    pub fn all_with(&self, role: Role) -> impl Iterator<Item = MemberId> + '_ {
        self.roles.iter().filter(move |(_, roles)| roles.contains(&role.into())).map(|(member, _)| *member)
    }

    /// The rulebook, once published.
    pub fn rulebook(&self) -> Option<&Rulebook> {
        self.rulebook.as_ref()
    }

    /// Its hash.
    pub fn rulebook_hash(&self) -> &Bytes {
        &self.rulebook_hash
    }

    /// A round of the rulebook by its slug.
    pub fn round(&self, slug: &str) -> Option<&Round> {
        self.rulebook.as_ref()?.rounds.iter().find(|round| round.id == slug)
    }

    /// Whether the call has been opened.
    pub fn call_opened(&self) -> bool {
        self.call_open
    }

    /// Whether the call has been closed.
    pub fn call_closed(&self) -> bool {
        self.call_closed
    }

    /// What every eligible pitch was counted into, once screening is complete.
    pub fn screening_digest(&self) -> Option<&Bytes> {
        self.screening_digest.as_ref()
    }

    /// Whether the programme was cancelled.
    pub fn cancelled(&self) -> bool {
        self.cancelled
    }

    pub(super) fn learn(&mut self, fact: Fact, _actor: &str) {
        match fact {
            Fact::RoleGranted(granted) => {
                let member = id(&granted.member);
                self.roles.entry(member).or_default().insert(granted.role);
            }
            Fact::RoleRevoked(revoked) => {
                if let Some(roles) = self.roles.get_mut(&id(&revoked.member)) {
                    roles.remove(&revoked.role);
                }
            }
            Fact::OrganiserConflictDeclared(declared) => {
                self.conflicts.insert((id(&declared.member), id(&declared.pitch)));
            }
            Fact::AuditorAdmitted(admitted) => {
                self.auditors.insert(id(&admitted.member));
            }
            Fact::AuditorDismissed(dismissed) => {
                self.auditors.remove(&id(&dismissed.member));
            }
            Fact::RulebookPublished(published) => {
                self.rulebook = published.rulebook;
                self.rulebook_hash = published.hash;
            }
            Fact::CallOpened(_) => self.call_open = true,
            Fact::CallClosed(_) => self.call_closed = true,
            Fact::ScreeningCompleted(completed) => self.screening_digest = Some(completed.digest),
            Fact::ProgrammeCancelled(_) => self.cancelled = true,
            _ => {}
        }
    }
}
