//! Check `money`: awards stay within the pot; what is paid is what was awarded.

use std::collections::BTreeMap;

use super::world::World;
use crate::event::{Data, Event, Money as Amount, Number, Place};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};

/// See the module.
#[derive(Debug)]
pub struct Money {
    findings: Findings,
    most: u64,
    /// Awards whose amount has not been set aside yet.
    unreserved: BTreeMap<Id, Place>,
    /// What was sent, by award.
    sent: BTreeMap<Id, u64>,
    lines: Vec<Place>,
}

impl Default for Money {
    fn default() -> Self {
        Self {
            findings: Findings::of("money"),
            most: 0,
            unreserved: BTreeMap::new(),
            sent: BTreeMap::new(),
            lines: Vec::new(),
        }
    }
}

impl Money {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        match &event.data {
            Data::AwardProposed(_) => _ = self.unreserved.insert(event.id(), event.at),
            Data::AwardApproved(_) => {
                if let Some(at) = self.unreserved.remove(&event.id()) {
                    self.findings.wrong("reserved", at, parameters! {});
                }
            }
            Data::AmountReserved(reserved) => {
                self.lines.push(event.at);
                let terms = world.prizes.awards.get(&reserved.award).map(|award| &award.terms);
                let same = terms.is_some_and(|terms| {
                    (terms.pitch, &terms.prize, &terms.amount)
                        == (reserved.pitch, &reserved.prize, &reserved.amount)
                });
                let new = self.unreserved.remove(&reserved.award).is_some();
                if !same || !new || world.prizes.reserved.contains_key(&reserved.award) {
                    self.findings.wrong("reserved", event.at, parameters! {});
                }
                self.within_the_pot(event.at, &reserved.amount, world);
            }
            Data::AmountReleased(released) if !world.prizes.reserved.contains_key(&released.award) => {
                self.findings.wrong("released", event.at, parameters! {});
            }
            Data::PayeeNamed(named) => self.worth(event, &named.amount, world),
            Data::PayoutRequested(requested) => self.worth(event, &requested.amount, world),
            Data::PayoutSent(_) => {
                let award = world.prizes.awards.get(&event.id());
                self.sent.insert(event.id(), award.map_or(0, |award| award.terms.amount.minor.0));
            }
            Data::PayoutFailed(_) => _ = self.sent.remove(&event.id()),
            _ => {}
        }
    }

    fn within_the_pot(&mut self, at: Place, amount: &Amount, world: &World) {
        let sum = world.prizes.promised().saturating_add(amount.minor.0);
        self.most = self.most.max(sum);
        let Some(pot) = world.pot() else { return };
        if sum > pot.minor.0 || amount.currency != pot.currency {
            let sum = Amount { minor: Number(sum), currency: amount.currency.clone() };
            self.findings.wrong("pot", at, parameters! { sum, pot });
        }
    }

    fn worth(&mut self, event: &Event<'_>, said: &Amount, world: &World) {
        let award = world.prizes.awards.get(&event.id());
        let found = award.map(|award| award.terms.amount.clone()).unwrap_or_default();
        if *said != found {
            self.findings.wrong("payout", event.at, parameters! { said, found });
        }
    }

    /// The outcome.
    pub fn finish(self, world: &World) -> Checked {
        let Some(pot) = world.pot() else {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        };
        let in_currency = |minor| Amount { minor: Number(minor), currency: pot.currency.clone() };
        let (most, paid) = (in_currency(self.most), in_currency(self.sent.values().sum()));
        self.findings.or(Outcome::Holds, "within", parameters! { most, pot, paid }, self.lines)
    }
}
