//! From the pledge to the closed account.

use jiff::Timestamp;
use plaudit_chassis::id::{AwardId, PitchId, StreamId, SupportId};
use plaudit_chassis::vault::{Commitment, Opening};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::awards::v1::{SupportPledged, SupportUnit};

use super::{Support, SupportError};
use crate::access::{self, Act, Phase};
use crate::award::Award;
use crate::guard;

/// What a pledge is asked.
#[derive(Clone, Debug)]
pub enum SupportCommand {
    /// It begins.
    Pledge(SupportPledged),
    /// It is for this pitch.
    Accept(PitchId),
    /// Some of it will be given then.
    Schedule {
        /// When.
        at: Timestamp,
        /// How much.
        quarters: u32,
    },
    /// Some of it was given.
    Deliver {
        /// How much.
        quarters: u32,
        /// Something to show for it, sealed; or empty.
        evidence: Commitment,
    },
    /// The winner says so.
    Confirm(u32),
    /// No more will come.
    Close,
}

/// Anybody who is signed in pledges support.
#[derive(Clone, Debug)]
pub struct PledgeSupport {
    /// The new pledge.
    pub support: SupportId,
    /// What, sealed.
    pub what: Opening,
    /// How much.
    pub quarters: u32,
    /// Of what.
    pub unit: SupportUnit,
    /// For whose winner; `None`: for whoever the organisers choose.
    pub award: Option<AwardId>,
}

impl Decision for PledgeSupport {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        if let Some(award) = self.award {
            guard::award(scope, award, Act::Pledge).await?;
        }
        let pledged = SupportPledged {
            what: self.what.commitment(),
            quarters: self.quarters,
            unit: self.unit.into(),
            award: self.award.map(String::from).unwrap_or_default(),
            by: scope.deciding().member().into(),
        };
        let stream = self.support.stream();
        scope.begin::<Support>(&stream);
        scope.handle::<Support>(&stream, SupportCommand::Pledge(pledged)).await?;
        scope.keep(&self.what);
        Ok(stream)
    }
}

/// A pledge is accepted for a pitch: that of its award, or one that the
/// organisers choose.
#[derive(Clone, Copy, Debug)]
pub struct AcceptSupport {
    /// Which pledge.
    pub support: SupportId,
    /// For whom, if no award says so.
    pub pitch: Option<PitchId>,
}

impl Decision for AcceptSupport {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.support.stream();
        let pledged = pledge_of_ours(scope, &stream).await?;
        let winner = winner(scope, &pledged).await?;
        let act = if winner.is_some() { Act::AcceptSupport } else { Act::AssignSupport };
        let pitch = winner.or(self.pitch);
        allow(scope, &pledged, act, pitch).await?;
        let pitch = pitch.ok_or(SupportError::PitchMissing)?;
        if self.pitch.is_some_and(|asked| asked != pitch) {
            return Err(SupportError::AnotherPitch.into());
        }
        let here = guard::ours(scope, &pitch.stream()).await?;
        if !here || guard::pitch(scope, pitch).await?.left() {
            return Err(SupportError::NotInTheRunning.into());
        }
        scope.handle::<Support>(&stream, SupportCommand::Accept(pitch)).await?;
        Ok(stream)
    }
}

/// Some of it will be given at a time.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleSupport {
    /// Which pledge.
    pub support: SupportId,
    /// When.
    pub at: Timestamp,
    /// How much, in quarters.
    pub quarters: u32,
}

impl Decision for ScheduleSupport {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let command = SupportCommand::Schedule { at: self.at, quarters: self.quarters };
        step(scope, self.support, Act::ScheduleSupport, command).await
    }
}

/// Some of it was given.
#[derive(Clone, Debug)]
pub struct DeliverSupport {
    /// Which pledge.
    pub support: SupportId,
    /// How much, in quarters.
    pub quarters: u32,
    /// Something to show for it, sealed.
    pub evidence: Option<Opening>,
}

impl Decision for DeliverSupport {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let evidence = self.evidence.as_ref().map(Opening::commitment).unwrap_or_default();
        let command = SupportCommand::Deliver { quarters: self.quarters, evidence };
        let stream = step(scope, self.support, Act::DeliverSupport, command).await?;
        if let Some(evidence) = &self.evidence {
            scope.keep(evidence);
        }
        Ok(stream)
    }
}

/// The winner says that a part has come.
#[derive(Clone, Copy, Debug)]
pub struct ConfirmDelivery {
    /// Of which pledge.
    pub support: SupportId,
    /// Which part, from 1.
    pub part: u32,
}

impl Decision for ConfirmDelivery {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        step(scope, self.support, Act::ConfirmDelivery, SupportCommand::Confirm(self.part)).await
    }
}

/// An organiser closes the account.
#[derive(Clone, Copy, Debug)]
pub struct CloseSupport(pub SupportId);

impl Decision for CloseSupport {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        step(scope, self.0, Act::CloseSupport, SupportCommand::Close).await
    }
}

/// One step, only for who may take it.
async fn step(
    scope: &mut Scope,
    support: SupportId,
    act: Act,
    command: SupportCommand,
) -> Result<StreamId, Problem> {
    let stream = support.stream();
    let pledged = pledge_of_ours(scope, &stream).await?;
    let towards = match pledged.pitch() {
        Some(pitch) => Some(pitch),
        None => winner(scope, &pledged).await?,
    };
    allow(scope, &pledged, act, towards).await?;
    scope.handle::<Support>(&stream, command).await?;
    Ok(stream)
}

/// The asker may, for this pitch. Pledges name no award before it is announced.
async fn allow(
    scope: &mut Scope,
    pledged: &Support,
    act: Act,
    towards: Option<PitchId>,
) -> Result<(), Problem> {
    let mut who = guard::who(scope, towards).await?;
    who.supporter = scope.deciding().actor == Some(pledged.by());
    access::allow(who, act, Phase::Announced, "support")
}

/// The pitch whose award it was pledged for, while that award stands.
async fn winner(scope: &mut Scope, pledged: &Support) -> Result<Option<PitchId>, Problem> {
    let Some(award) = pledged.award() else { return Ok(None) };
    let award = scope.load::<Award>(&award.stream()).await?.state;
    let standing = award.terms().filter(|_| !award.phase().fallen());
    Ok(standing.map(|terms| terms.pitch))
}

async fn pledge_of_ours(scope: &mut Scope, stream: &StreamId) -> Result<Support, Problem> {
    let pledged = scope.load::<Support>(stream).await?;
    if pledged.version == 0 || !guard::ours(scope, stream).await? {
        return Err(Problem::not_found("support"));
    }
    Ok((*pledged.state).clone())
}
