//! What people do with an award that was proposed.

use jiff::Timestamp;
use plaudit_chassis::id::{AwardId, StreamId};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::Reason;

use super::{Award, AwardError, Phase, Terms};
use crate::access::Act;
use crate::guard;
use crate::payout::Payout;
use crate::pot::{self, Pot, PotCommand};

/// What an award is asked.
#[derive(Clone, Debug)]
pub enum AwardCommand {
    /// Give this.
    Propose(Terms),
    /// A second person agrees.
    Approve,
    /// Somebody does not.
    Refuse(Reason),
    /// It becomes public.
    Announce {
        /// The last instant for the winner's answer.
        accept_by: Timestamp,
    },
    /// The winner takes it.
    Accept,
    /// The winner does not.
    Decline,
    /// The winner said nothing.
    Lapse,
    /// Somebody wants it back.
    ProposeWithdrawal(Reason),
    /// A second person agrees.
    ConfirmWithdrawal,
}

/// The money is free again.
async fn release(scope: &mut Scope, award: AwardId, reason: Reason) -> Result<(), Problem> {
    let pot = pot::stream(scope.programme());
    scope.handle::<Pot>(&pot, PotCommand::Release { award, reason }).await?;
    Ok(())
}

/// A second person approves.
#[derive(Clone, Copy, Debug)]
pub struct ApproveAward(pub AwardId);

impl Decision for ApproveAward {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        guard::award(scope, self.0, Act::Approve).await?;
        scope.handle::<Award>(&self.0.stream(), AwardCommand::Approve).await?;
        Ok(self.0.stream())
    }
}

/// Somebody who could approve it, or who proposed it, says no.
#[derive(Clone, Copy, Debug)]
pub struct RefuseAward {
    /// Which.
    pub award: AwardId,
    /// Why.
    pub reason: Reason,
}

impl Decision for RefuseAward {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        guard::award(scope, self.award, Act::Refuse).await?;
        scope.handle::<Award>(&self.award.stream(), AwardCommand::Refuse(self.reason)).await?;
        release(scope, self.award, self.reason).await?;
        Ok(self.award.stream())
    }
}

/// The winner accepts.
#[derive(Clone, Copy, Debug)]
pub struct AcceptAward(pub AwardId);

impl Decision for AcceptAward {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        guard::award(scope, self.0, Act::Answer).await?;
        scope.handle::<Award>(&self.0.stream(), AwardCommand::Accept).await?;
        Ok(self.0.stream())
    }
}

/// The winner declines: the prize falls to the reserve.
#[derive(Clone, Copy, Debug)]
pub struct DeclineAward(pub AwardId);

impl Decision for DeclineAward {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        guard::award(scope, self.0, Act::Answer).await?;
        scope.handle::<Award>(&self.0.stream(), AwardCommand::Decline).await?;
        release(scope, self.0, Reason::WithdrawnByEntrant).await?;
        Ok(self.0.stream())
    }
}

/// The time to answer is over. One that was answered, or is gone, is left
/// alone.
#[derive(Clone, Copy, Debug)]
pub struct LapseAward(pub AwardId);

impl Decision for LapseAward {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.0.stream();
        let award = scope.load::<Award>(&stream).await?.state;
        if matches!(award.phase(), Phase::Announced { .. }) {
            scope.handle::<Award>(&stream, AwardCommand::Lapse).await?;
            release(scope, self.0, Reason::NotAnswered).await?;
        }
        Ok(stream)
    }
}

/// An organiser wants an award back.
#[derive(Clone, Copy, Debug)]
pub struct ProposeWithdrawal {
    /// Which.
    pub award: AwardId,
    /// Why.
    pub reason: Reason,
}

impl Decision for ProposeWithdrawal {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        guard::award(scope, self.award, Act::ProposeWithdrawal).await?;
        not_paid(scope, self.award).await?;
        let propose = AwardCommand::ProposeWithdrawal(self.reason);
        scope.handle::<Award>(&self.award.stream(), propose).await?;
        Ok(self.award.stream())
    }
}

/// A second person agrees to that.
#[derive(Clone, Copy, Debug)]
pub struct ConfirmWithdrawal(pub AwardId);

impl Decision for ConfirmWithdrawal {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let proposed = guard::award(scope, self.0, Act::ConfirmWithdrawal).await?;
        not_paid(scope, self.0).await?;
        let reason = proposed.award.withdrawal_reason().unwrap_or_default();
        scope.handle::<Award>(&self.0.stream(), AwardCommand::ConfirmWithdrawal).await?;
        release(scope, self.0, reason).await?;
        Ok(self.0.stream())
    }
}

async fn not_paid(scope: &mut Scope, award: AwardId) -> Result<(), Problem> {
    let payout = scope.load::<Payout>(&award.payout()).await?.state;
    if payout.sent() { Err(AwardError::PaidAlready.into()) } else { Ok(()) }
}
