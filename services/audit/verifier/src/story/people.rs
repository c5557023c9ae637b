//! Check `people`: whoever acted with two keys was two people, each with the role for it at that moment.

use std::collections::HashMap;

use super::world::World;
use crate::event::{Data, Event, Place};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};
use crate::sentences;

/// See the module.
#[derive(Debug)]
pub struct People {
    findings: Findings,
    /// The last proposal of each kind on each stream.
    proposals: HashMap<(Id, &'static str), Proposal>,
    decided: u64,
    lines: Vec<Place>,
}

/// The first of two.
#[derive(Clone, Copy, Debug, Default)]
struct Proposal {
    by: Id,
    /// The auditor, where it is about one.
    whom: Id,
    organises: bool,
    walled: bool,
}

/// A decision by two.
struct Decision {
    /// The event's name.
    what: &'static str,
    first: Id,
    second: Id,
    /// The auditor, where it is about one.
    whom: Id,
    /// The pitch that it is about, if it is about one.
    pitch: Option<Id>,
}

impl Default for People {
    fn default() -> Self {
        Self { findings: Findings::of("people"), proposals: HashMap::new(), decided: 0, lines: Vec::new() }
    }
}

impl People {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        if let Some((what, by, pitch)) = proposal(event, world) {
            let service = event.at.service;
            let proposal = Proposal {
                by: if by == event.envelope.actor.member() { by } else { Id::default() },
                whom: if let Data::AuditorProposed(it) = &event.data { it.member } else { Id::default() },
                organises: world.organises(service, by),
                walled: pitch.is_some_and(|pitch| world.walled(service, by, pitch)),
            };
            self.proposals.insert((event.id(), what), proposal);
        }
        if let Some(decision) = decision(event, world) {
            self.decided += 1;
            self.lines.push(event.at);
            if let Some(reason) = self.wrong(event, &decision, world) {
                let what = sentences::what(decision.what);
                self.findings.wrong(reason, event.at, parameters! { what });
            }
        }
    }

    fn wrong(&mut self, event: &Event<'_>, decision: &Decision, world: &World) -> Option<&'static str> {
        let service = event.at.service;
        let proposal = self.proposals.remove(&(event.id(), decision.what)).unwrap_or_default();
        let walled = |pitch| world.walled(service, decision.second, pitch);
        if decision.first == decision.second {
            Some("same")
        } else if decision.second != event.envelope.actor.member() || decision.second.is_none() {
            Some("actor")
        } else if (proposal.by, proposal.whom) != (decision.first, decision.whom) || proposal.by.is_none() {
            Some("proposal")
        } else if !proposal.organises {
            Some("first")
        } else if !world.confirms(service, decision.second) {
            Some("second")
        } else if proposal.walled || decision.pitch.is_some_and(walled) {
            Some("conflict")
        } else {
            None
        }
    }

    /// The outcome.
    pub fn finish(self) -> Checked {
        self.findings.or(Outcome::Holds, "two", parameters! { n: self.decided }, self.lines)
    }
}

fn pitch_of(world: &World, award: Id) -> Option<Id> {
    world.prizes.awards.get(&award).map(|award| award.terms.pitch)
}

/// What is proposed, by whom, and about which pitch.
fn proposal(event: &Event<'_>, world: &World) -> Option<(&'static str, Id, Option<Id>)> {
    let id = event.id();
    Some(match &event.data {
        Data::CallOpeningProposed(it) => ("CallOpened", it.by, None),
        Data::EarlyClosingProposed(it) => ("CallClosed", it.by, None),
        Data::ReopeningProposed(it) => ("PitchReopened", it.by, Some(id)),
        Data::DisqualificationProposed(it) => ("PitchDisqualified", it.by, Some(id)),
        Data::UnsealingProposed(it) => ("RoundUnsealed", it.by, None),
        Data::AwardProposed(it) => ("AwardApproved", it.by, Some(it.pitch)),
        Data::WithdrawalProposed(it) => ("AwardWithdrawn", it.by, pitch_of(world, id)),
        Data::PayoutRequested(it) => ("PayoutAuthorised", it.by, pitch_of(world, id)),
        Data::AuditorProposed(it) => ("AuditorAdmitted", it.by, None),
        _ => return None,
    })
}

fn decision(event: &Event<'_>, world: &World) -> Option<Decision> {
    let id = event.id();
    let decided =
        |what, first, second, pitch| Some(Decision { what, first, second, whom: Id::default(), pitch });
    match &event.data {
        Data::CallOpened(it) => decided("CallOpened", it.proposed_by, it.confirmed_by, None),
        // Without a name, the deadline closed it.
        Data::CallClosed(it) if it.confirmed_by.is_none() && it.proposed_by.is_none() => None,
        Data::CallClosed(it) => decided("CallClosed", it.proposed_by, it.confirmed_by, None),
        Data::PitchReopened(it) => decided("PitchReopened", it.proposed_by, it.confirmed_by, Some(id)),
        Data::PitchDisqualified(it) => {
            decided("PitchDisqualified", it.proposed_by, it.confirmed_by, Some(id))
        }
        Data::RoundUnsealed(it) => decided("RoundUnsealed", it.proposed_by, it.confirmed_by, None),
        Data::AwardApproved(it) => {
            decided("AwardApproved", it.proposed_by, it.approved_by, pitch_of(world, id))
        }
        Data::AwardWithdrawn(it) => {
            decided("AwardWithdrawn", it.proposed_by, it.confirmed_by, pitch_of(world, id))
        }
        Data::PayoutAuthorised(it) => {
            decided("PayoutAuthorised", it.requested_by, it.authorised_by, pitch_of(world, id))
        }
        Data::AuditorAdmitted(it) => decided("AuditorAdmitted", it.proposed_by, it.confirmed_by, None)
            .map(|decision| Decision { whom: it.member, ..decision }),
        _ => None,
    }
}
