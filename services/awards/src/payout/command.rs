//! The steps of a payment.

use plaudit_chassis::id::{AwardId, StreamId};
use plaudit_chassis::vault::{Commitment, Opening};
use plaudit_chassis::{Decision, Problem, Scope};
use plaudit_proto::v1::Reason;

use super::{Payout, PayoutError, Stage};
use crate::access::Act;
use crate::award::Phase;
use crate::guard;
use crate::money::Money;

/// What a payout is asked.
#[derive(Clone, Debug)]
pub enum PayoutCommand {
    /// Pay this account.
    Name {
        /// In whose name, sealed.
        payee: Commitment,
        /// Number and sort code, sealed.
        account: Commitment,
        /// As the award says.
        amount: Money,
    },
    /// The account is theirs.
    Check,
    /// This was agreed.
    RecordAgreement(Commitment),
    /// Pay this much.
    Request(Money),
    /// A second person agrees.
    Authorise,
    /// It is on its way, under this reference.
    Send(Commitment),
    /// It has come.
    Confirm,
    /// Nobody said that it has not.
    TakeAsReceived,
    /// It has not, or could not be sent.
    Fail(Reason),
}

/// One step: only for who may take it, and only while the award stands.
async fn step(
    scope: &mut Scope,
    award: AwardId,
    act: Act,
    command: impl FnOnce(Money) -> PayoutCommand,
) -> Result<StreamId, Problem> {
    let accepted = guard::award(scope, award, act).await?;
    if accepted.award.phase() != Phase::Accepted {
        return Err(PayoutError::NotAccepted(accepted.award.phase()).into());
    }
    scope.handle::<Payout>(&award.payout(), command(accepted.terms.amount)).await?;
    Ok(award.payout())
}

/// A member of the winner's team says where the money should go.
#[derive(Clone, Debug)]
pub struct NamePayee {
    /// Of which award.
    pub award: AwardId,
    /// The name that the account is in, sealed.
    pub payee: Opening,
    /// Its number and sort code, sealed.
    pub account: Opening,
}

impl Decision for NamePayee {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let (payee, account) = (self.payee.commitment(), self.account.commitment());
        let name = |amount| PayoutCommand::Name { payee, account, amount };
        let stream = step(scope, self.award, Act::NamePayee, name).await?;
        scope.keep(&self.payee);
        scope.keep(&self.account);
        Ok(stream)
    }
}

/// Somebody says that the account is the payee's.
#[derive(Clone, Copy, Debug)]
pub struct CheckPayee(pub AwardId);

impl Decision for CheckPayee {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        step(scope, self.0, Act::CheckPayee, |_| PayoutCommand::Check).await
    }
}

/// What was agreed with the winner is kept.
#[derive(Clone, Debug)]
pub struct RecordAgreement {
    /// Of which award.
    pub award: AwardId,
    /// What, sealed.
    pub agreement: Opening,
}

impl Decision for RecordAgreement {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let record = |_| PayoutCommand::RecordAgreement(self.agreement.commitment());
        let stream = step(scope, self.award, Act::RecordAgreement, record).await?;
        scope.keep(&self.agreement);
        Ok(stream)
    }
}

/// An organiser asks for the payment.
#[derive(Clone, Copy, Debug)]
pub struct RequestPayout(pub AwardId);

impl Decision for RequestPayout {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        step(scope, self.0, Act::RequestPayout, PayoutCommand::Request).await
    }
}

/// A second person authorises it.
#[derive(Clone, Copy, Debug)]
pub struct AuthorisePayout(pub AwardId);

impl Decision for AuthorisePayout {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        step(scope, self.0, Act::AuthorisePayout, |_| PayoutCommand::Authorise).await
    }
}

/// Somebody has sent it.
#[derive(Clone, Debug)]
pub struct SendPayout {
    /// Of which award.
    pub award: AwardId,
    /// The bank's reference, sealed.
    pub reference: Opening,
}

impl Decision for SendPayout {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let send = |_| PayoutCommand::Send(self.reference.commitment());
        let stream = step(scope, self.award, Act::SettlePayout, send).await?;
        scope.keep(&self.reference);
        Ok(stream)
    }
}

/// The winner has it.
#[derive(Clone, Copy, Debug)]
pub struct ConfirmPayout(pub AwardId);

impl Decision for ConfirmPayout {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        step(scope, self.0, Act::ConfirmPayout, |_| PayoutCommand::Confirm).await
    }
}

/// It came back, or could not be sent.
#[derive(Clone, Copy, Debug)]
pub struct FailPayout {
    /// Of which award.
    pub award: AwardId,
    /// Why.
    pub reason: Reason,
}

impl Decision for FailPayout {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let fail = |_| PayoutCommand::Fail(self.reason);
        step(scope, self.award, Act::SettlePayout, fail).await
    }
}

/// Fourteen days after a payment was sent. One that was confirmed, or failed
/// and was sent again since, is left alone.
#[derive(Clone, Copy, Debug)]
pub struct TakeAsReceived(pub AwardId);

impl Decision for TakeAsReceived {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.0.payout();
        let payout = scope.load::<Payout>(&stream).await?.state;
        let now = scope.deciding().now;
        let silent =
            matches!(payout.stage(), Stage::Sent { at } if now >= at + super::TAKEN_AS_RECEIVED_AFTER);
        if silent {
            scope.handle::<Payout>(&stream, PayoutCommand::TakeAsReceived).await?;
        }
        Ok(stream)
    }
}
