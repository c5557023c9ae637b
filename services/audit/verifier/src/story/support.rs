//! Check `support`: what was pledged, and how much of it was delivered and confirmed.

use std::collections::BTreeMap;

use crate::event::{Data, Event, Place, Unit};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};
use crate::sentences;

/// See the module.
#[derive(Debug)]
pub struct Support {
    findings: Findings,
    pledges: BTreeMap<Id, Pledge>,
    lines: Vec<Place>,
}

#[derive(Debug, Default)]
struct Pledge {
    unit: Unit,
    pledged: u64,
    accepted: bool,
    /// Quarters of each part, whether something shows it, and whether it was confirmed.
    parts: Vec<(u64, bool, bool)>,
    closed: bool,
}

impl Pledge {
    fn delivered(&self) -> u64 {
        self.parts.iter().map(|(quarters, ..)| quarters).sum()
    }
}

impl Default for Support {
    fn default() -> Self {
        Self { findings: Findings::of("support"), pledges: BTreeMap::new(), lines: Vec::new() }
    }
}

impl Support {
    /// In the log's order.
    pub fn see(&mut self, event: &Event<'_>) {
        if event.envelope.stream.noun != "support" {
            return;
        }
        let new = !self.pledges.contains_key(&event.id());
        let pledge = self.pledges.entry(event.id()).or_default();
        let open = !pledge.closed && !new;
        let left = pledge.pledged.saturating_sub(pledge.delivered());
        let mut follows = open;
        match &event.data {
            Data::SupportPledged(pledged) => {
                self.lines.push(event.at);
                follows = new && pledged.quarters > 0;
                *pledge =
                    Pledge { unit: pledged.unit, pledged: pledged.quarters.into(), ..Pledge::default() };
            }
            Data::SupportAccepted(_) => follows &= !std::mem::replace(&mut pledge.accepted, true),
            Data::SupportScheduled(_) => follows &= pledge.accepted,
            Data::SupportDelivered(delivered) => {
                let quarters = u64::from(delivered.quarters);
                follows &= pledge.accepted && delivered.part as usize == pledge.parts.len() + 1;
                pledge.parts.push((quarters, delivered.evidence.is_some(), false));
                if quarters > left {
                    self.findings.wrong("more", event.at, parameters! {});
                }
            }
            Data::SupportDeliveryConfirmed(confirmed) => {
                let part = (confirmed.part as usize).checked_sub(1).and_then(|at| pledge.parts.get_mut(at));
                follows &= part.is_some_and(|(_, _, confirmed)| !std::mem::replace(confirmed, true));
            }
            Data::SupportClosed(closed) => {
                follows &= pledge.parts.iter().all(|(_, shown, confirmed)| *shown || *confirmed);
                pledge.closed = true;
                let sums = (u64::from(closed.quarters_pledged), u64::from(closed.quarters_delivered));
                if sums != (pledge.pledged, pledge.delivered()) {
                    let (said, found) = (quarters(sums.1), quarters(pledge.delivered()));
                    self.findings.wrong("sums", event.at, parameters! { said, found });
                }
            }
            _ => {}
        }
        if !follows {
            self.findings.wrong("step", event.at, parameters! {});
        }
    }

    /// The outcome.
    pub fn finish(self) -> Checked {
        let n = self.pledges.len();
        if n == 0 {
            return self.findings.or(Outcome::Holds, "none", Vec::new(), []);
        }
        let sum =
            |of: fn(&Pledge) -> u64| in_words(self.pledges.values().map(|pledge| (pledge.unit, of(pledge))));
        let pledged = sum(|pledge| pledge.pledged);
        let delivered = sum(Pledge::delivered);
        let confirmed = sum(|pledge| pledge.parts.iter().filter(|part| part.2).map(|part| part.0).sum());
        let parameters = parameters! { n, pledged, delivered, confirmed };
        self.findings.or(Outcome::Holds, "ledger", parameters, self.lines)
    }
}

/// `3`, `2.5`, `0.25`: quarters as a decimal.
fn quarters(quarters: u64) -> String {
    let fraction = ["", ".25", ".5", ".75"];
    format!("{}{}", quarters / 4, fraction[(quarters % 4) as usize])
}

/// `3 hours, 2.5 days`, in the order hours, days, items, without those of which there are none.
fn in_words(amounts: impl Iterator<Item = (Unit, u64)>) -> String {
    let mut sums = [0; 3];
    for (unit, amount) in amounts {
        sums[unit as usize] += amount;
    }
    let names = ["SUPPORT_UNIT_HOUR", "SUPPORT_UNIT_DAY", "SUPPORT_UNIT_ITEM"];
    let words: Vec<String> = names
        .into_iter()
        .zip(sums)
        .filter(|(_, sum)| *sum > 0)
        .map(|(name, sum)| sentences::unit(name, &parameters! { n: quarters(sum) }))
        .collect();
    if words.is_empty() { sentences::unit("nothing", &Vec::new()) } else { words.join(", ") }
}
