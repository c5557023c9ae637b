//! Check `payment`: every payment was accepted, checked, agreed, asked for by one person and authorised by another.

use std::collections::BTreeMap;

use super::world::{Stage as AwardStage, World};
use crate::event::{Commitment, Data, Event, Place};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};
use crate::time::Time;

/// Days of silence after which a payment is taken as received.
const DAYS_OF_SILENCE: u64 = 14;

/// See the module.
#[derive(Debug)]
pub struct Payment {
    findings: Findings,
    payouts: BTreeMap<Id, Payout>,
    lines: Vec<Place>,
}

/// How far a payment is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Preparing,
    Requested(Id),
    Authorised,
    Sent(Time),
    Confirmed,
    TakenAsReceived,
    Failed,
}

#[derive(Debug, Default)]
struct Payout {
    payee: Option<(Id, Commitment, Commitment)>,
    checked: bool,
    agreed: bool,
    stage: Stage,
}

impl Default for Payment {
    fn default() -> Self {
        Self { findings: Findings::of("payment"), payouts: BTreeMap::new(), lines: Vec::new() }
    }
}

impl Payment {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        if event.envelope.stream.noun != "payout" || matches!(event.data, Data::OpeningForgotten(_)) {
            return;
        }
        let award = world.prizes.awards.get(&event.id());
        let winning = award.is_some_and(|award| award.stage == AwardStage::Accepted);
        let begins = matches!(event.data, Data::PayeeNamed(_));
        if begins && !winning {
            self.findings.wrong("accepted", event.at, parameters! {});
        }
        let actor = event.envelope.actor.member();
        let payout = self.payouts.entry(event.id()).or_default();
        let of_payee = payout.payee.is_some_and(|(by, ..)| by == actor) && !actor.is_none();
        let decides = matches!(
            event.data,
            Data::PayeeChecked(_)
                | Data::PayoutRequested(_)
                | Data::PayoutAuthorised(_)
                | Data::PayoutSent(_)
        );
        if decides && of_payee {
            self.findings.wrong("payee", event.at, parameters! {});
        }
        if let Err(reason) = payout.step(event) {
            self.findings.wrong(reason, event.at, parameters! {});
        }
        if let Data::PayoutAuthorised(_) | Data::PayoutSent(_) = event.data {
            self.lines.push(event.at);
        }
    }

    /// The outcome.
    pub fn finish(self) -> Checked {
        let many =
            |wanted: fn(&Stage) -> bool| self.payouts.values().filter(|payout| wanted(&payout.stage)).count();
        let confirmed = many(|stage| *stage == Stage::Confirmed);
        let taken = many(|stage| *stage == Stage::TakenAsReceived);
        let n = confirmed + taken + many(|stage| matches!(stage, Stage::Sent(_)));
        self.findings.or(Outcome::Holds, "steps", parameters! { n, confirmed, taken }, self.lines)
    }
}

impl Payout {
    /// Takes a step, or says what is wrong with it; it is taken all the same.
    fn step(&mut self, event: &Event<'_>) -> Result<(), &'static str> {
        let preparing = matches!(self.stage, Stage::Preparing | Stage::Failed);
        let time = event.envelope.time;
        match &event.data {
            Data::PayeeNamed(named) => {
                self.payee = Some((named.by, named.payee, named.account));
                self.checked = false;
                self.stage = Stage::Preparing;
                right(preparing, "step")
            }
            Data::PayeeChecked(checked) => {
                let (payee, account) = (checked.payee, checked.account);
                self.checked = true;
                right(preparing, "step")?;
                let same = self.payee.is_some_and(|(_, name, number)| (name, number) == (payee, account));
                right(same, "checked")
            }
            Data::AgreementRecorded(_) => right(!std::mem::replace(&mut self.agreed, true), "step"),
            Data::PayoutRequested(requested) => {
                self.stage = Stage::Requested(requested.by);
                right(preparing && self.checked && self.agreed && self.payee.is_some(), "step")
            }
            Data::PayoutAuthorised(authorised) => {
                let asked = Stage::Requested(authorised.requested_by);
                let before = std::mem::replace(&mut self.stage, Stage::Authorised);
                right(before == asked, "step")?;
                right(authorised.requested_by != authorised.authorised_by, "same")
            }
            Data::PayoutSent(sent) => {
                let before = std::mem::replace(&mut self.stage, Stage::Sent(sent.at));
                right(before == Stage::Authorised && sent.at == time, "step")
            }
            Data::PayoutConfirmed(_) => {
                let before = std::mem::replace(&mut self.stage, Stage::Confirmed);
                right(matches!(before, Stage::Sent(_)), "step")
            }
            Data::PayoutTakenAsReceived(_) => {
                let before = std::mem::replace(&mut self.stage, Stage::TakenAsReceived);
                let Stage::Sent(at) = before else { return Err("step") };
                right(time >= at.days_after(DAYS_OF_SILENCE), "early")
            }
            Data::PayoutFailed(failed) => {
                self.checked &= failed.reason != "REASON_DETAILS_WRONG";
                let before = std::mem::replace(&mut self.stage, Stage::Failed);
                right(matches!(before, Stage::Requested(_) | Stage::Authorised | Stage::Sent(_)), "step")
            }
            _ => Ok(()),
        }
    }
}

fn right(is: bool, reason: &'static str) -> Result<(), &'static str> {
    if is { Ok(()) } else { Err(reason) }
}
