//! A programme as it is shown: to everybody what is public, to its people
//! also what they need.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::vault::{Commitment, Shown};
use serde::Serialize;
use utoipa::ToSchema;

use super::rulebook_body::RulebookBody;
use crate::access::Relation;
use crate::programme::{Invitation, Phase, Programme, Role};
use crate::read_model::{ChangeKind, ProgrammeRow};
use crate::reason;

/// A programme.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProgrammeShown {
    id: ProgrammeId,
    title: Option<String>,
    phase: Option<Phase>,
    /// Whether its winners are announced.
    pub announced: bool,
    /// As the rulebook or the last move says.
    #[schema(value_type = Option<String>, format = DateTime)]
    deadline: Option<Timestamp>,
    /// The deadline and its grace: what had arrived by then counts.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_instant: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    opened_at: Option<Timestamp>,
    /// The instant after which nothing counted.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    rulebook: Option<RulebookBody>,
    /// SHA-256, in hexadecimal.
    rulebook_hash: Option<String>,
    prose: Option<String>,
    /// What changed after the call had opened, and why.
    changes: Vec<ChangeShown>,
    screening: Option<ScreeningShown>,
    /// For organisers and approvers.
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<People>,
    /// For organisers and approvers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numbers: Option<Numbers>,
    /// For members: what they are here.
    #[serde(skip_serializing_if = "Option::is_none")]
    you: Option<You>,
}

/// How the call goes, without what any pitch says.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Numbers {
    /// Under way, and not entered.
    drafts: u64,
    /// In, and neither withdrawn nor disqualified.
    pitches: u64,
    /// Of those: wait for the organisers.
    to_screen: u64,
    /// Of those: wait for their team's answer.
    queried: u64,
}

impl Numbers {
    /// Of drafts, and of pitches by how they stand.
    pub fn of(drafts: u64, standings: &BTreeMap<String, u64>) -> Self {
        let how_many = |words: &[&str]| words.iter().filter_map(|word| standings.get(*word)).sum();
        Self {
            drafts,
            pitches: how_many(&["submitted", "queried", "answered", "eligible", "ineligible"]),
            to_screen: how_many(&["submitted", "answered"]),
            queried: how_many(&["queried"]),
        }
    }
}

/// Something that changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ChangeShown {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    change: ChangeKind,
    reason: Option<String>,
}

/// How the screening ended.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ScreeningShown {
    eligible: u32,
    refused: u32,
    /// SHA-256 over the ids of the eligible pitches, in hexadecimal.
    digest: String,
}

/// Who decides, who was asked, and what waits for a second person.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct People {
    roles: Vec<RolesOf>,
    invited: Vec<Invited>,
    opening_proposed_by: Option<MemberId>,
    closing_proposed_by: Option<MemberId>,
    auditors: Vec<MemberId>,
    /// Whom somebody wants to be an auditor.
    auditor_proposed: Option<MemberId>,
    auditor_proposed_by: Option<MemberId>,
}

/// A member's roles.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct RolesOf {
    member: MemberId,
    roles: Vec<Role>,
}

/// Who was asked to enter.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Invited {
    member: MemberId,
    declined: bool,
}

/// What the caller is here.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct You {
    member: MemberId,
    roles: Vec<Role>,
    /// Whether they were asked to enter and have not declined.
    invited: bool,
    /// Whether they see what auditors see.
    auditor: bool,
    /// The pitches that they have declared a conflict with.
    conflicts: Vec<PitchId>,
}

/// What this member, or the public, sees.
pub fn shown(
    row: ProgrammeRow,
    member: Option<MemberId>,
    relation: Relation,
    openings: &HashMap<Commitment, Shown>,
) -> ProgrammeShown {
    let text = |commitment: &Commitment| openings.get(commitment).map(Shown::text);
    let changes = row.changes.iter().map(|change| ChangeShown {
        at: change.at,
        change: change.kind,
        reason: reason::word(change.reason),
    });
    let screening = row.screening.as_ref().map(|screening| ScreeningShown {
        eligible: screening.eligible,
        refused: screening.refused,
        digest: hexadecimal(&screening.digest),
    });
    let programme = row.programme;
    ProgrammeShown {
        id: row.id,
        title: text(&row.title),
        phase: programme.phase,
        announced: false,
        deadline: programme.deadline,
        last_instant: programme.ending().map(|ending| ending.last_instant()),
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        rulebook_hash: programme.is_public().then(|| hexadecimal(&programme.rulebook_hash)),
        prose: text(&row.prose),
        changes: changes.collect(),
        screening,
        people: relation.second.then(|| people(&programme)),
        numbers: None,
        you: member.map(|member| you(&programme, member)),
        rulebook: programme.rulebook.map(RulebookBody::from),
    }
}

fn people(programme: &Programme) -> People {
    let roles = programme
        .roles
        .iter()
        .map(|(member, held)| RolesOf { member: *member, roles: held.iter().copied().collect() });
    let invited = programme
        .invited
        .iter()
        .map(|(member, answer)| Invited { member: *member, declined: *answer == Invitation::Declined });
    People {
        roles: roles.collect(),
        invited: invited.collect(),
        opening_proposed_by: programme.opening_proposed,
        closing_proposed_by: programme.closing_proposed,
        auditors: programme.auditors.iter().copied().collect(),
        auditor_proposed: programme.auditor_proposed.map(|(whom, _)| whom),
        auditor_proposed_by: programme.auditor_proposed.map(|(_, by)| by),
    }
}

fn you(programme: &Programme, member: MemberId) -> You {
    let roles = programme.roles.get(&member).into_iter().flatten();
    let conflicts = programme.conflicts.get(&member).into_iter().flatten();
    You {
        member,
        roles: roles.copied().collect(),
        invited: programme.invited.get(&member) == Some(&Invitation::Asked),
        auditor: programme.audits(member),
        conflicts: conflicts.copied().collect(),
    }
}

/// Bytes as hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
