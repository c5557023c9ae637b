//! How far the money is, and who may move it on.

use std::fmt;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::{from_proto, to_proto};
use plaudit_chassis::id::MemberId;
use plaudit_chassis::vault::Commitment;
use plaudit_proto::awards::v1::{
    AgreementRecorded, PayeeChecked, PayeeNamed, PayoutAuthorised, PayoutConfirmed, PayoutFailed,
    PayoutRequested, PayoutSent, PayoutTakenAsReceived,
};
use plaudit_proto::intake::v1::{ForgottenBecause, OpeningForgotten};
use plaudit_proto::v1::Reason;
use serde::{Deserialize, Serialize};

use super::{PayoutCommand, PayoutError};
use crate::money::Money;

plaudit_chassis::events! {
    /// What happens to a payout.
    pub enum PayoutEvent {
        "plaudit.awards.v1" {
            PayeeNamed, PayeeChecked, AgreementRecorded, PayoutRequested, PayoutAuthorised,
            PayoutSent, PayoutConfirmed, PayoutTakenAsReceived, PayoutFailed,
        }
        "plaudit.intake.v1" { OpeningForgotten }
    }
}

/// How long the winner may be silent after a payment was sent.
pub const TAKEN_AS_RECEIVED_AFTER: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The payment of one award.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Payout {
    payee: Option<Payee>,
    checked: bool,
    agreed: bool,
    stage: Stage,
}

/// Who gets the money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Payee {
    /// The member of the team who named the account.
    by: MemberId,
    /// The commitment of the name that the account is in.
    name: Commitment,
    /// The commitment of its number and sort code; empty: forgotten.
    account: Commitment,
}

/// How far a payment has come since it was last begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Payee, check and agreement are being put together.
    #[default]
    Preparing,
    /// Waits for a second person.
    Requested {
        /// Who asked for it.
        by: MemberId,
    },
    /// May be sent.
    Authorised,
    /// On its way.
    Sent {
        /// Since.
        at: Timestamp,
    },
    /// The winner has it.
    Confirmed,
    /// Nobody said that it had not come.
    TakenAsReceived,
    /// It came back, or could not be sent.
    Failed,
}

impl Stage {
    /// As the API says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Requested { .. } => "requested",
            Self::Authorised => "authorised",
            Self::Sent { .. } => "sent",
            Self::Confirmed => "confirmed",
            Self::TakenAsReceived => "taken_as_received",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing more happens: from here on nobody needs the account.
    pub fn complete(self) -> bool {
        matches!(self, Self::Confirmed | Self::TakenAsReceived)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.word().replace('_', " "))
    }
}

impl Payout {
    /// How far it has come.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Whether the money is out of the house.
    pub fn sent(&self) -> bool {
        self.stage.complete() || matches!(self.stage, Stage::Sent { .. })
    }

    fn name(
        &self,
        payee: Commitment,
        account: Commitment,
        amount: &Money,
        by: MemberId,
    ) -> Result<PayeeNamed, PayoutError> {
        if amount.minor == 0 {
            return Err(PayoutError::NothingToPay);
        }
        match self.stage {
            Stage::Preparing | Stage::Failed => {
                Ok(PayeeNamed { by: by.into(), payee, account, amount: Some(amount.to_proto()) })
            }
            stage => Err(PayoutError::TooLateToName(stage)),
        }
    }

    fn check(&self, by: MemberId) -> Result<PayeeChecked, PayoutError> {
        let payee = self.not_the_payee(by)?;
        match self.stage {
            Stage::Preparing | Stage::Failed if !self.checked => {
                Ok(PayeeChecked { payee: payee.name.clone(), account: payee.account.clone() })
            }
            stage => Err(PayoutError::NothingToCheck(stage)),
        }
    }

    fn record_agreement(&self, agreement: Commitment) -> Result<AgreementRecorded, PayoutError> {
        if self.agreed { Err(PayoutError::AgreedBefore) } else { Ok(AgreementRecorded { agreement }) }
    }

    fn request(&self, amount: &Money, by: MemberId) -> Result<PayoutRequested, PayoutError> {
        self.not_the_payee(by)?;
        match self.stage {
            Stage::Preparing | Stage::Failed => {}
            stage => return Err(PayoutError::WrongStage(stage)),
        }
        if !self.checked {
            return Err(PayoutError::NotChecked);
        }
        if !self.agreed {
            return Err(PayoutError::NoAgreement);
        }
        Ok(PayoutRequested { amount: Some(amount.to_proto()), by: by.into() })
    }

    fn authorise(&self, by: MemberId) -> Result<PayoutAuthorised, PayoutError> {
        self.not_the_payee(by)?;
        match self.stage {
            Stage::Requested { by: requested_by } if requested_by == by => Err(PayoutError::SamePerson),
            Stage::Requested { by: requested_by } => {
                Ok(PayoutAuthorised { requested_by: requested_by.into(), authorised_by: by.into() })
            }
            stage => Err(PayoutError::WrongStage(stage)),
        }
    }

    fn send(&self, reference: Commitment, deciding: &Deciding) -> Result<PayoutSent, PayoutError> {
        self.not_the_payee(deciding.member())?;
        match self.stage {
            Stage::Authorised => Ok(PayoutSent { reference, at: Some(to_proto(deciding.now)) }),
            stage => Err(PayoutError::WrongStage(stage)),
        }
    }

    fn confirm(&self) -> Result<PayoutConfirmed, PayoutError> {
        match self.stage {
            Stage::Sent { .. } => Ok(PayoutConfirmed {}),
            stage => Err(PayoutError::WrongStage(stage)),
        }
    }

    fn take_as_received(&self, now: Timestamp) -> Result<PayoutTakenAsReceived, PayoutError> {
        match self.stage {
            Stage::Sent { at } if now >= at + TAKEN_AS_RECEIVED_AFTER => Ok(PayoutTakenAsReceived {}),
            Stage::Sent { at } => Err(PayoutError::NotYet(at + TAKEN_AS_RECEIVED_AFTER)),
            stage => Err(PayoutError::WrongStage(stage)),
        }
    }

    fn fail(&self, reason: Reason, by: MemberId) -> Result<PayoutFailed, PayoutError> {
        self.not_the_payee(by)?;
        match self.stage {
            Stage::Requested { .. } | Stage::Authorised | Stage::Sent { .. } => {
                Ok(PayoutFailed { reason: reason.into() })
            }
            stage => Err(PayoutError::WrongStage(stage)),
        }
    }

    /// The account that an event leaves without a use: of a payee who is
    /// replaced, or of a payment that is complete.
    fn done_with(&self, event: &PayoutEvent) -> Option<OpeningForgotten> {
        let over = matches!(
            event,
            PayoutEvent::PayeeNamed(_)
                | PayoutEvent::PayoutConfirmed(_)
                | PayoutEvent::PayoutTakenAsReceived(_)
        );
        let payee = self.payee.as_ref().filter(|_| over)?;
        let because = ForgottenBecause::NotNeeded.into();
        Some(OpeningForgotten { commitment: payee.account.clone(), because })
    }

    fn not_the_payee(&self, by: MemberId) -> Result<&Payee, PayoutError> {
        let payee = self.payee.as_ref().ok_or(PayoutError::NoPayee)?;
        if payee.by == by { Err(PayoutError::IsPayee) } else { Ok(payee) }
    }
}

impl Aggregate for Payout {
    const TYPE: &'static str = "payout";
    type Command = PayoutCommand;
    type Event = PayoutEvent;
    type Error = PayoutError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: PayoutCommand,
        deciding: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), PayoutError> {
        let by = deciding.member();
        let event: PayoutEvent = match command {
            PayoutCommand::Name { payee, account, amount } => self.name(payee, account, &amount, by)?.into(),
            PayoutCommand::Check => self.check(by)?.into(),
            PayoutCommand::RecordAgreement(agreement) => self.record_agreement(agreement)?.into(),
            PayoutCommand::Request(amount) => self.request(&amount, by)?.into(),
            PayoutCommand::Authorise => self.authorise(by)?.into(),
            PayoutCommand::Send(reference) => self.send(reference, deciding)?.into(),
            PayoutCommand::Confirm => self.confirm()?.into(),
            PayoutCommand::TakeAsReceived => self.take_as_received(deciding.now)?.into(),
            PayoutCommand::Fail(reason) => self.fail(reason, by)?.into(),
        };
        if let Some(forgotten) = self.done_with(&event) {
            sink.write(forgotten.into(), self).await;
        }
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: PayoutEvent) {
        match event {
            PayoutEvent::PayeeNamed(named) => {
                let by = named.by.parse().unwrap_or_default();
                self.payee = Some(Payee { by, name: named.payee, account: named.account });
                self.checked = false;
                self.stage = Stage::Preparing;
            }
            PayoutEvent::PayeeChecked(_) => self.checked = true,
            PayoutEvent::AgreementRecorded(_) => self.agreed = true,
            PayoutEvent::PayoutRequested(requested) => {
                self.stage = Stage::Requested { by: requested.by.parse().unwrap_or_default() };
            }
            PayoutEvent::PayoutAuthorised(_) => self.stage = Stage::Authorised,
            PayoutEvent::PayoutSent(sent) => self.stage = Stage::Sent { at: from_proto(&sent.at) },
            PayoutEvent::PayoutConfirmed(_) => self.stage = Stage::Confirmed,
            PayoutEvent::PayoutTakenAsReceived(_) => self.stage = Stage::TakenAsReceived,
            PayoutEvent::PayoutFailed(failed) => {
                self.stage = Stage::Failed;
                // Wrong details are wrong until somebody has looked again.
                self.checked &= failed.reason != i32::from(Reason::DetailsWrong);
            }
            PayoutEvent::OpeningForgotten(forgotten) => {
                let payee = self.payee.as_mut().filter(|payee| payee.account == forgotten.commitment);
                if let Some(payee) = payee {
                    payee.account.clear();
                }
            }
        }
    }
}
