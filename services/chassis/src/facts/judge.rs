//! What is known of a judge.

use std::collections::{BTreeMap, BTreeSet};

use plaudit_proto::intake::v1::fact_taken::Fact;
use plaudit_proto::panels::v1::{Connection, Office};
use serde::{Deserialize, Serialize};

use super::id;
use crate::id::{MemberId, PitchId, RoundId};

/// One person's seat on one panel, as far as taken in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct JudgeFacts {
    panel: RoundId,
    member: MemberId,
    office: i32,
    accepted: bool,
    stood_down: bool,
    confirmed: bool,
    connections: BTreeMap<PitchId, i32>,
    allowed: BTreeSet<PitchId>,
    recused: BTreeSet<PitchId>,
    assigned: BTreeSet<PitchId>,
}

impl JudgeFacts {
    /// The round whose panel it is.
    pub fn round(&self) -> RoundId {
        self.panel
    }

    /// Who.
    pub fn member(&self) -> MemberId {
        self.member
    }

    /// Judge, chair or deputy.
    pub fn office(&self) -> Office {
        Office::try_from(self.office).unwrap_or_default()
    }

    /// Whether they sit: accepted, and not stood down.
    pub fn sits(&self) -> bool {
        self.accepted && !self.stood_down
    }

    /// Whether their declaration of interests is confirmed.
    pub fn declared(&self) -> bool {
        self.confirmed
    }

    /// Whether a wall stands between the judge and the pitch: stood aside,
    /// recused, or known and not allowed.
    pub fn walled(&self, pitch: PitchId) -> bool {
        let connection = self.connections.get(&pitch).copied().unwrap_or_default();
        self.recused.contains(&pitch)
            || connection == i32::from(Connection::StandAside)
            || connection == i32::from(Connection::Known) && !self.allowed.contains(&pitch)
    }

    /// Whether a wall stands between the judge and any pitch.
    pub fn is_walled(&self) -> bool {
        !self.recused.is_empty() || self.connections.keys().any(|pitch| self.walled(*pitch))
    }

    /// Whether the pitch is theirs to mark.
    pub fn assigned(&self, pitch: PitchId) -> bool {
        self.assigned.contains(&pitch) && !self.walled(pitch)
    }

    /// Whether they may read the whole pitch.
    pub fn may_read(&self, pitch: PitchId) -> bool {
        self.sits() && self.confirmed && self.assigned(pitch)
    }

    pub(super) fn learn(&mut self, fact: Fact, _actor: &str) {
        match fact {
            Fact::JudgeInvited(invited) => {
                self.panel = id(&invited.panel);
                self.member = id(&invited.member);
                self.office = invited.office;
            }
            Fact::JudgeAccepted(_) => {
                self.accepted = true;
                self.stood_down = false;
            }
            Fact::JudgeStoodDown(_) => self.stood_down = true,
            Fact::InterestDeclared(declared) => {
                self.connections.insert(id(&declared.pitch), declared.connection);
            }
            Fact::KnownConnectionAllowed(allowed) => {
                self.allowed.insert(id(&allowed.pitch));
            }
            Fact::DeclarationConfirmed(_) => self.confirmed = true,
            Fact::JudgeRecused(recused) => {
                self.recused.insert(id(&recused.pitch));
            }
            Fact::AssignmentMade(made) => {
                self.assigned.insert(id(&made.pitch));
            }
            Fact::AssignmentWithdrawn(withdrawn) => {
                self.assigned.remove(&id(&withdrawn.pitch));
            }
            _ => {}
        }
    }
}
