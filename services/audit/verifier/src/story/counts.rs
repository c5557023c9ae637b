//! Check `counts`: at each milestone every service counted all that it held, and the counts come out again.

use super::ledger::Ledger;
use super::world::World;
use crate::event::{Data, Event, HoldingsCounted, Place, Service};
use crate::report::{Checked, Findings, Outcome, parameters};
use crate::sentences;

/// The services that must have counted.
const COUNTING: [&str; 5] = ["accounts", "awards", "panels", "scoring", "submissions"];

/// See the module.
#[derive(Debug)]
pub struct Counts {
    findings: Findings,
    milestones: Vec<Milestone>,
    counts: Vec<Place>,
}

/// Something after which all count.
#[derive(Debug)]
struct Milestone {
    at: Place,
    name: &'static str,
    counted: Vec<Service>,
}

impl Default for Counts {
    fn default() -> Self {
        Self { findings: Findings::of("counts"), milestones: Vec::new(), counts: Vec::new() }
    }
}

fn milestone(data: &Data<'_>) -> Option<&'static str> {
    match data {
        Data::CallClosed(_) => Some("MILESTONE_CALL_CLOSED"),
        Data::RoundLocked(_) => Some("MILESTONE_ROUND_LOCKED"),
        Data::ResultDeclared(_) => Some("MILESTONE_RESULT_DECLARED"),
        Data::WinnersAnnounced(_) => Some("MILESTONE_ANNOUNCED"),
        Data::ProgrammeConcluded(_) => Some("MILESTONE_CONCLUDED"),
        Data::ProgrammeCancelled(_) => Some("MILESTONE_CANCELLED"),
        _ => None,
    }
}

impl Counts {
    /// The ledger is that of the events before.
    pub fn see(&mut self, event: &Event<'_>, ledger: &Ledger) {
        if let Some(name) = milestone(&event.data) {
            self.milestones.push(Milestone { at: event.at, name, counted: Vec::new() });
        }
        if let Data::HoldingsCounted(counted) = &event.data {
            self.count(event, counted, ledger);
        }
    }

    fn count(&mut self, event: &Event<'_>, counted: &HoldingsCounted, ledger: &Ledger) {
        self.counts.push(event.at);
        let service = event.at.service;
        let milestone = self.milestones.iter_mut().find(|milestone| {
            Some(milestone.at) == event.envelope.cause && milestone.name == counted.milestone
        });
        let Some(milestone) = milestone else {
            let cause = event.envelope.cause.map_or_else(|| "-".to_owned(), |cause| cause.to_string());
            return self.findings.wrong("milestone", event.at, parameters! { cause });
        };
        milestone.counted.push(service);
        let as_of = counted.as_of.0;
        let includes_it = milestone.at.service != service || as_of >= milestone.at.position;
        if as_of >= event.at.position || !includes_it {
            return self.findings.wrong("position", event.at, parameters! { as_of });
        }
        let (found, digest) = ledger.holdings(service, as_of);
        let said = counted.streams;
        if u64::from(said) != found {
            self.findings.wrong("streams", event.at, parameters! { service, said, found });
        } else if counted.digest.is_none_or(|said| said.0 != digest) {
            self.findings.wrong("digest", event.at, parameters! { service });
        }
    }

    /// The outcome.
    pub fn finish(mut self, world: &World) -> Checked {
        let mut waiting: Option<(String, String)> = None;
        for (at, milestone) in self.milestones.iter().enumerate() {
            let later = |service: &Service| {
                // Each service follows each other in order, but not all of them in one.
                let of_the_same = |later: &&Milestone| later.at.service == milestone.at.service;
                let mut later = self.milestones[at + 1..].iter().filter(of_the_same);
                later.any(|milestone| milestone.counted.contains(service))
            };
            let missing = COUNTING.iter().filter_map(|name| Service::named(name));
            let missing = missing.filter(|service| !milestone.counted.contains(service));
            let (skipped, still): (Vec<Service>, Vec<Service>) = missing.partition(later);
            let name = sentences::milestone(milestone.name);
            for service in skipped {
                let parameters = parameters! { service, milestone: name };
                self.findings.wrong_somewhere("missing", &[milestone.at], parameters);
            }
            if !still.is_empty() && waiting.is_none() {
                let names: Vec<&str> = still.iter().map(|service| service.name()).collect();
                waiting = Some((names.join(", "), name));
            }
        }
        let lines = self.counts.clone();
        if let Some((services, milestone)) = waiting {
            return self.findings.or(Outcome::Hidden, "waiting", parameters! { services, milestone }, lines);
        }
        if self.milestones.is_empty() {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        }
        let names: Vec<String> =
            self.milestones.iter().map(|milestone| sentences::milestone(milestone.name)).collect();
        let parameters = parameters! { milestones: names.join(", "), n: self.counts.len() };
        self.findings.or(Outcome::Holds, "counted", parameters, lines)
    }
}
