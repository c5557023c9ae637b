//! What may be asked of a programme, and the decisions that load what it
//! relies on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId, StreamId};
use plaudit_chassis::vault::{Commitment, Opening, Subject};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::{Reason, Rulebook};

use super::{Programme, Role};
use crate::access::{self, Act};
use crate::draft::Drafts;
use crate::pitch::{Decided, Pitch, exists_in};
use crate::reason::{AmendmentReason, CancellationReason, DeadlineReason};

/// One thing asked of a programme; seals are made, roles are checked.
#[derive(Clone, Debug)]
pub enum ProgrammeCommand {
    Draft {
        title: Commitment,
    },
    /// `entered`: whether the member is in a team that has a pitch in the call.
    GrantRole {
        member: MemberId,
        role: Role,
        entered: bool,
    },
    RevokeRole {
        member: MemberId,
        role: Role,
    },
    DeclareConflict {
        pitch: PitchId,
        nature: Commitment,
    },
    PublishRulebook {
        rulebook: Box<Rulebook>,
        prose: Commitment,
    },
    AmendRulebook {
        prose: Commitment,
        reason: AmendmentReason,
    },
    ProposeOpening,
    ConfirmOpening,
    Invite {
        member: MemberId,
    },
    /// `entered`: who has a pitch in the call.
    Decline {
        entered: BTreeSet<MemberId>,
    },
    MoveDeadline {
        deadline: Timestamp,
        reason: DeadlineReason,
    },
    ProposeClosing {
        entered: BTreeSet<MemberId>,
    },
    ConfirmClosing {
        entered: BTreeSet<MemberId>,
    },
    /// The timer's: it closes nothing before its time.
    CloseByDeadline,
    CompleteScreening {
        eligible: BTreeSet<PitchId>,
        refused: usize,
        undecided: usize,
    },
    Cancel {
        reason: CancellationReason,
    },
    Conclude,
    /// `entered`: whether the member is in a team that has a pitch in the call.
    ProposeAuditor {
        member: MemberId,
        entered: bool,
    },
    ConfirmAuditor {
        member: MemberId,
        entered: bool,
    },
    DismissAuditor {
        member: MemberId,
    },
    /// `announced`: whether the winners are.
    AskForgetting {
        subject: Subject,
        reason: Reason,
        announced: bool,
    },
}

/// A new programme; whoever drafts it is its first organiser.
pub struct Draft {
    pub programme: ProgrammeId,
    pub title: Opening,
}

impl Decision for Draft {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.programme.stream();
        let title = self.title.commitment();
        scope.handle::<Programme>(&stream, ProgrammeCommand::Draft { title }).await?;
        scope.keep(&self.title);
        Ok(stream)
    }
}

/// A command that relies on nothing but the programme itself.
pub struct Instruct {
    pub programme: ProgrammeId,
    /// What it is to those who may or may not do it.
    pub act: Act,
    pub command: ProgrammeCommand,
    /// What the command's commitments commit to.
    pub opening: Option<Opening>,
}

impl Decision for Instruct {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.programme.stream();
        allowed(scope, &stream, self.act).await?;
        scope.handle::<Programme>(&stream, self.command.clone()).await?;
        if let Some(opening) = &self.opening {
            scope.keep(opening);
        }
        Ok(stream)
    }
}

/// Refuses what isn't for the member who asks.
pub(super) async fn allowed(scope: &mut Scope, stream: &StreamId, act: Act) -> Result<(), Problem> {
    let member = scope.deciding().member();
    let programme = scope.load::<Programme>(stream).await?.state;
    access::to_programme(act, access::Relation::of(&programme, member))
}

/// A command about a member that relies on whether they have entered: who has
/// can't decide, or look into everything, too.
pub struct AboutMember {
    pub programme: ProgrammeId,
    pub act: Act,
    pub member: MemberId,
    pub what: Entrusted,
}

/// What a member is entrusted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrusted {
    Role(Role),
    ProposedAudit,
    Audit,
}

impl Decision for AboutMember {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.programme.stream();
        allowed(scope, &stream, self.act).await?;
        let pitches = pitches_of(scope, self.programme).await?;
        let member = self.member;
        let audits = !matches!(self.what, Entrusted::Role(_));
        // Whoever has left may decide, but not look into what was said of all.
        let entered = pitches.values().any(|pitch| (audits || pitch.is_in()) && pitch.is_of(member));
        let command = match self.what {
            Entrusted::Role(role) => ProgrammeCommand::GrantRole { member, role, entered },
            Entrusted::ProposedAudit => ProgrammeCommand::ProposeAuditor { member, entered },
            Entrusted::Audit => ProgrammeCommand::ConfirmAuditor { member, entered },
        };
        scope.handle::<Programme>(&stream, command).await?;
        Ok(stream)
    }
}

/// An organiser or approver has an interest in a pitch.
pub struct DeclareConflict {
    pub programme: ProgrammeId,
    pub pitch: PitchId,
    pub nature: Opening,
}

impl Decision for DeclareConflict {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.programme.stream();
        allowed(scope, &stream, Act::DeclareConflict).await?;
        if Drafts::of(scope.store(), self.programme).late(self.pitch).await?.is_none() {
            exists_in(scope.store(), self.programme, self.pitch).await?;
        }
        let (pitch, nature) = (self.pitch, self.nature.commitment());
        scope.handle::<Programme>(&stream, ProgrammeCommand::DeclareConflict { pitch, nature }).await?;
        scope.keep(&self.nature);
        Ok(stream)
    }
}

/// A command that relies on who has entered.
pub struct WithEntrants {
    pub programme: ProgrammeId,
    pub act: Act,
    /// Made of the members who have a pitch in the call.
    pub command: fn(BTreeSet<MemberId>) -> ProgrammeCommand,
}

impl Decision for WithEntrants {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.programme.stream();
        allowed(scope, &stream, self.act).await?;
        let pitches = pitches_of(scope, self.programme).await?;
        let entered = pitches.values().filter(|pitch| pitch.is_in()).filter_map(Pitch::entrant);
        let command = (self.command)(entered.collect());
        scope.handle::<Programme>(&stream, command).await?;
        Ok(stream)
    }
}

/// Every pitch has been decided on: these go forward.
pub struct CompleteScreening {
    pub programme: ProgrammeId,
}

impl Decision for CompleteScreening {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.programme.stream();
        allowed(scope, &stream, Act::CompleteScreening).await?;
        let now = scope.deciding().now;
        // What came too late may be reopened in this moment: then this is decided again.
        let late = Drafts::of(scope.store(), self.programme).all_late().await?;
        let late: Vec<StreamId> = late.iter().map(|draft| draft.id.stream()).collect();
        scope.load_many::<Pitch>(&late).await?;
        let (mut eligible, mut refused, mut undecided) = (BTreeSet::new(), 0, 0);
        for (id, pitch) in pitches_of(scope, self.programme).await? {
            match pitch.decided(now) {
                Decided::Eligible => drop(eligible.insert(id)),
                Decided::Refused => refused += 1,
                Decided::NotYet => undecided += 1,
                Decided::Left => {}
            }
        }
        let command = ProgrammeCommand::CompleteScreening { eligible, refused, undecided };
        scope.handle::<Programme>(&stream, command).await?;
        Ok(stream)
    }
}

/// All pitches of a programme, as guards. New ones can only come while the
/// call is open, and then the programme's own stream is the guard; or where
/// what came too late is reopened.
pub async fn pitches_of(
    scope: &mut Scope,
    programme: ProgrammeId,
) -> Result<BTreeMap<PitchId, Pitch>, Problem> {
    let streams = scope.store().streams_of(programme, PitchId::NOUN).await?;
    let loaded = scope.load_many::<Pitch>(&streams).await?;
    let pitches = loaded
        .into_iter()
        .map(|(stream, pitch)| (PitchId(stream.id()), std::sync::Arc::unwrap_or_clone(pitch.state)));
    Ok(pitches.collect())
}
