//! What is owed, and what was given.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::{AwardId, MemberId, PitchId};
use plaudit_chassis::vault::Commitment;
use plaudit_proto::awards::v1::{
    SupportAccepted, SupportClosed, SupportDelivered, SupportDeliveryConfirmed, SupportPledged,
    SupportScheduled,
};
use serde::{Deserialize, Serialize};

use super::{SupportCommand, SupportError};

plaudit_chassis::events! {
    /// What happens to support.
    #[expect(clippy::enum_variant_names, reason = "these are the contract's names")]
    pub enum SupportEvent {
        "plaudit.awards.v1" {
            SupportPledged, SupportAccepted, SupportScheduled, SupportDelivered,
            SupportDeliveryConfirmed, SupportClosed,
        }
    }
}

/// One pledge.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Support {
    by: MemberId,
    award: Option<AwardId>,
    quarters: u32,
    pitch: Option<PitchId>,
    parts: Vec<Part>,
    closed: bool,
}

/// A part that was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    /// Whole quarters of the unit.
    quarters: u32,
    /// With something to show for it.
    evidenced: bool,
    /// The winner says so.
    confirmed: bool,
}

impl Support {
    /// Who pledged it.
    pub fn by(&self) -> MemberId {
        self.by
    }

    /// The award for whose winner it is.
    pub fn award(&self) -> Option<AwardId> {
        self.award
    }

    /// The pitch that it was accepted for.
    pub fn pitch(&self) -> Option<PitchId> {
        self.pitch
    }

    fn pledge(pledged: SupportPledged) -> Result<SupportPledged, SupportError> {
        if pledged.quarters == 0 { Err(SupportError::NoQuarters) } else { Ok(pledged) }
    }

    fn accept(&self, pitch: PitchId) -> Result<SupportAccepted, SupportError> {
        self.open()?;
        match self.pitch {
            Some(_) => Err(SupportError::AcceptedBefore),
            None => Ok(SupportAccepted { pitch: pitch.into() }),
        }
    }

    fn schedule(&self, at: Timestamp, quarters: u32) -> Result<SupportScheduled, SupportError> {
        self.owed(quarters)?;
        Ok(SupportScheduled { at: Some(to_proto(at)), quarters })
    }

    fn deliver(&self, quarters: u32, evidence: Commitment) -> Result<SupportDelivered, SupportError> {
        self.owed(quarters)?;
        Ok(SupportDelivered { part: self.parts.len() as u32 + 1, quarters, evidence })
    }

    fn confirm(&self, part: u32) -> Result<SupportDeliveryConfirmed, SupportError> {
        self.open()?;
        match self.part(part) {
            None => Err(SupportError::NoSuchPart(part)),
            Some(found) if found.confirmed => Err(SupportError::ConfirmedBefore(part)),
            Some(_) => Ok(SupportDeliveryConfirmed { part }),
        }
    }

    fn close(&self) -> Result<SupportClosed, SupportError> {
        self.open()?;
        let shown = |part: &Part| part.confirmed || part.evidenced;
        if let Some(open) = self.parts.iter().position(|part| !shown(part)) {
            return Err(SupportError::PartOpen(open as u32 + 1));
        }
        Ok(SupportClosed { quarters_pledged: self.quarters, quarters_delivered: self.delivered() })
    }

    fn part(&self, number: u32) -> Option<&Part> {
        self.parts.get((number as usize).checked_sub(1)?)
    }

    fn delivered(&self) -> u32 {
        self.parts.iter().map(|part| part.quarters).sum()
    }

    fn open(&self) -> Result<(), SupportError> {
        if self.closed { Err(SupportError::Closed) } else { Ok(()) }
    }

    /// Accepted, open, and with so much still owed.
    fn owed(&self, quarters: u32) -> Result<(), SupportError> {
        self.open()?;
        let left = self.quarters.saturating_sub(self.delivered());
        match quarters {
            _ if self.pitch.is_none() => Err(SupportError::NotAccepted),
            0 => Err(SupportError::NoQuarters),
            _ if quarters > left => Err(SupportError::MoreThanPledged { left }),
            _ => Ok(()),
        }
    }
}

impl Aggregate for Support {
    const TYPE: &'static str = "support";
    type Command = SupportCommand;
    type Event = SupportEvent;
    type Error = SupportError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: SupportCommand,
        _: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), SupportError> {
        let event: SupportEvent = match command {
            SupportCommand::Pledge(pledged) => Self::pledge(pledged)?.into(),
            SupportCommand::Accept(pitch) => self.accept(pitch)?.into(),
            SupportCommand::Schedule { at, quarters } => self.schedule(at, quarters)?.into(),
            SupportCommand::Deliver { quarters, evidence } => self.deliver(quarters, evidence)?.into(),
            SupportCommand::Confirm(part) => self.confirm(part)?.into(),
            SupportCommand::Close => self.close()?.into(),
        };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: SupportEvent) {
        match event {
            SupportEvent::SupportPledged(pledged) => {
                self.by = pledged.by.parse().unwrap_or_default();
                self.award = pledged.award.parse().ok();
                self.quarters = pledged.quarters;
            }
            SupportEvent::SupportAccepted(accepted) => self.pitch = accepted.pitch.parse().ok(),
            SupportEvent::SupportScheduled(_) => {}
            SupportEvent::SupportDelivered(delivered) => self.parts.push(Part {
                quarters: delivered.quarters,
                evidenced: !delivered.evidence.is_empty(),
                confirmed: false,
            }),
            SupportEvent::SupportDeliveryConfirmed(confirmed) => {
                let at = (confirmed.part as usize).checked_sub(1);
                if let Some(part) = at.and_then(|at| self.parts.get_mut(at)) {
                    part.confirmed = true;
                }
            }
            SupportEvent::SupportClosed(_) => self.closed = true,
        }
    }
}
