//! What is promised, of which prize, to whom.

use std::collections::BTreeMap;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::{from_proto, to_proto};
use plaudit_chassis::id::{AwardId, PitchId};
use plaudit_proto::awards::v1::{
    AmountReleased, AmountReserved, AnnouncementScheduled, AnnouncementUnscheduled, WinnersAnnounced,
};
use plaudit_proto::v1::Reason;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{PotCommand, PotError, Reservation};
use crate::money::Money;

plaudit_chassis::events! {
    /// What happens to a pot.
    pub enum PotEvent {
        "plaudit.awards.v1" {
            AmountReserved, AmountReleased, AnnouncementScheduled, AnnouncementUnscheduled,
            WinnersAnnounced,
        }
    }
}

/// A programme's pot. It begins with the first award, or with the moment that
/// is set for the announcement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pot {
    entries: BTreeMap<AwardId, Entry>,
    announcements: u32,
    /// When the next announcement is to be made by itself.
    scheduled: Option<Timestamp>,
}

/// The pot's side of an award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// For whom.
    pitch: PitchId,
    /// The prize's name in the rulebook.
    prize: String,
    /// How much.
    amount: Money,
    /// Still promised, rather than released.
    reserved: bool,
    /// Part of an announcement.
    announced: bool,
}

impl Pot {
    /// Every award that there ever was, fallen ones included.
    pub fn awards(&self) -> impl Iterator<Item = AwardId> {
        self.entries.keys().copied()
    }

    /// Whether winners have been announced.
    pub fn announced(&self) -> bool {
        self.announcements > 0
    }

    /// When the next announcement is to be made by itself.
    pub fn scheduled(&self) -> Option<Timestamp> {
        self.scheduled
    }

    /// The awards that the next announcement is about.
    pub fn waiting(&self) -> Vec<AwardId> {
        let waiting = self.entries.iter().filter(|(_, entry)| entry.reserved && !entry.announced);
        waiting.map(|(award, _)| *award).collect()
    }

    fn reserved(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(|entry| entry.reserved)
    }

    fn reserve(&self, wanted: Reservation) -> Result<AmountReserved, PotError> {
        let Reservation { award, pitch, prize, amount, pool, pot } = wanted;
        if self.entries.get(&award).is_some_and(|entry| entry.reserved) {
            return Err(PotError::ReservedAlready);
        }
        if amount.currency != pot.currency {
            return Err(PotError::TwoCurrencies { prize: amount.currency, pot: pot.currency });
        }
        let of_it: Vec<&Entry> = self.reserved().filter(|entry| entry.prize == prize).collect();
        let given: u64 = of_it.iter().map(|entry| entry.amount.minor).sum();
        if of_it.len() >= pool.shares as usize || given.saturating_add(amount.minor) > pool.minor {
            return Err(PotError::GivenAlready(prize));
        }
        let promised: u64 = self.reserved().map(|entry| entry.amount.minor).sum();
        let left = pot.minor.saturating_sub(promised);
        if amount.minor > left {
            let left = Money { minor: left, currency: pot.currency };
            return Err(PotError::OverThePot { amount, left });
        }
        Ok(AmountReserved {
            award: award.into(),
            pitch: pitch.into(),
            prize,
            amount: Some(amount.to_proto()),
        })
    }

    fn release(&self, award: AwardId, reason: Reason) -> Result<AmountReleased, PotError> {
        if !self.entries.get(&award).is_some_and(|entry| entry.reserved) {
            return Err(PotError::NotReserved);
        }
        Ok(AmountReleased { award: award.into(), reason: reason.into() })
    }

    fn schedule(&self, at: Timestamp, embargo: Timestamp, now: Timestamp) -> Result<(), PotError> {
        if at <= now {
            return Err(PotError::MomentPassed);
        }
        if at < embargo { Err(PotError::MomentBeforeEmbargo(embargo)) } else { Ok(()) }
    }

    fn announce(&self) -> Result<WinnersAnnounced, PotError> {
        let waiting = self.waiting();
        let entries: Vec<(AwardId, &Entry)> =
            waiting.iter().filter_map(|award| Some((*award, self.entries.get(award)?))).collect();
        let (_, first) = entries.first().ok_or(PotError::NothingToAnnounce)?;
        let total = Money {
            minor: entries.iter().map(|(_, entry)| entry.amount.minor).sum(),
            currency: first.amount.currency.clone(),
        };
        let mut lines: Vec<String> = entries
            .iter()
            .map(|(award, entry)| format!("{award} {} {}\n", entry.pitch, entry.amount.minor))
            .collect();
        lines.sort();
        Ok(WinnersAnnounced {
            awards: entries.len() as u32,
            total: Some(total.to_proto()),
            digest: Sha256::digest(lines.concat()).to_vec().into(),
        })
    }
}

impl Aggregate for Pot {
    const TYPE: &'static str = "pot";
    type Command = PotCommand;
    type Event = PotEvent;
    type Error = PotError;
    type Services = Deciding;

    async fn handle(
        &mut self,
        command: PotCommand,
        deciding: &Deciding,
        sink: &EventSink<Self>,
    ) -> Result<(), PotError> {
        let event: PotEvent = match command {
            PotCommand::Reserve(wanted) => self.reserve(wanted)?.into(),
            PotCommand::Release { award, reason } => self.release(award, reason)?.into(),
            PotCommand::Schedule { at, embargo } => {
                self.schedule(at, embargo, deciding.now)?;
                if self.scheduled == Some(at) {
                    return Ok(());
                }
                AnnouncementScheduled { at: Some(to_proto(at)) }.into()
            }
            PotCommand::Unschedule if self.scheduled.is_none() => return Err(PotError::NothingScheduled),
            PotCommand::Unschedule => AnnouncementUnscheduled {}.into(),
            PotCommand::Announce => self.announce()?.into(),
        };
        sink.write(event, self).await;
        Ok(())
    }

    fn apply(&mut self, event: PotEvent) {
        match event {
            PotEvent::AmountReserved(reserved) => {
                let entry = Entry {
                    pitch: reserved.pitch.parse().unwrap_or_default(),
                    prize: reserved.prize,
                    amount: Money::from_proto(reserved.amount.as_ref()),
                    reserved: true,
                    announced: false,
                };
                self.entries.insert(reserved.award.parse().unwrap_or_default(), entry);
            }
            PotEvent::AmountReleased(released) => {
                let award = released.award.parse().unwrap_or_default();
                if let Some(entry) = self.entries.get_mut(&award) {
                    entry.reserved = false;
                }
            }
            PotEvent::AnnouncementScheduled(scheduled) => self.scheduled = Some(from_proto(&scheduled.at)),
            PotEvent::AnnouncementUnscheduled(_) => self.scheduled = None,
            PotEvent::WinnersAnnounced(_) => {
                self.scheduled = None;
                self.announcements += 1;
                for entry in self.entries.values_mut().filter(|entry| entry.reserved) {
                    entry.announced = true;
                }
            }
        }
    }
}
