//! Checks `order`, `streams` and `times`: nothing before what it follows from, no gap in a history, times run forward.

use super::ledger::{History, Ledger};
use crate::event::{Data, Event, Place, SERVICES};
use crate::report::{Checked, Findings, Outcome, parameters};
use crate::time::Time;

/// How far clocks may differ, in seconds.
const CLOCKS_DIFFER: u64 = 5;

/// Each service's events rise; none stands before its cause or its basis.
#[derive(Debug)]
pub struct Order {
    findings: Findings,
    events: u64,
    /// By service, the highest position that an event was decided knowing, and that event.
    known: [Option<(u64, Place)>; SERVICES.len()],
}

impl Default for Order {
    fn default() -> Self {
        Self { findings: Findings::of("order"), events: 0, known: [None; SERVICES.len()] }
    }
}

impl Order {
    /// The ledger is that of the events before.
    pub fn see(&mut self, event: &Event<'_>, ledger: &Ledger) {
        self.events += 1;
        let service = event.at.service;
        let last = ledger.last(service);
        if event.at.position <= last {
            let before = Place { service, position: last };
            self.findings.wrong("position", event.at, parameters! { before });
        }
        if let Some(cause) = event.envelope.cause.filter(|cause| !ledger.has(*cause)) {
            self.findings.wrong("cause", event.at, parameters! { cause });
        }
        if let Some((known, before)) = self.known[service.place()]
            && event.at.position <= known
        {
            self.findings.wrong("basis", event.at, parameters! { before });
        }
        for place in event.envelope.basis() {
            let known = &mut self.known[place.service.place()];
            if known.is_none_or(|(position, _)| position < place.position) {
                *known = Some((place.position, event.at));
            }
        }
    }

    /// The outcome.
    pub fn finish(self) -> Checked {
        self.findings.or(Outcome::Holds, "order", parameters! { n: self.events }, [])
    }
}

/// Every history's versions are 1, 2, 3, …
#[derive(Debug)]
pub struct Streams {
    findings: Findings,
    events: u64,
}

impl Default for Streams {
    fn default() -> Self {
        Self { findings: Findings::of("streams"), events: 0 }
    }
}

impl Streams {
    /// `previous` is the version of the event's history before it.
    pub fn see(&mut self, event: &Event<'_>, history: History, previous: u64, ledger: &Ledger) {
        self.events += 1;
        let (version, expected) = (event.envelope.version, previous + 1);
        if version != expected {
            let stream = ledger.name(history);
            self.findings.wrong("version", event.at, parameters! { version, expected, stream });
        }
    }

    /// The outcome.
    pub fn finish(self, ledger: &Ledger) -> Checked {
        let streams = ledger.histories();
        self.findings.or(Outcome::Holds, "dense", parameters! { n: self.events, streams }, [])
    }
}

/// No event is older than an earlier one of its service, nor than what arrived with it.
#[derive(Debug)]
pub struct Times {
    findings: Findings,
    latest: [Option<Time>; SERVICES.len()],
    span: Option<(Time, Time)>,
}

impl Default for Times {
    fn default() -> Self {
        Self { findings: Findings::of("times"), latest: [None; SERVICES.len()], span: None }
    }
}

impl Times {
    /// In the log's order.
    pub fn see(&mut self, event: &Event<'_>) {
        let time = event.envelope.time;
        let latest = &mut self.latest[event.at.service.place()];
        if let Some(earlier) = latest.filter(|latest| time.after(CLOCKS_DIFFER) < *latest) {
            self.findings.wrong("back", event.at, parameters! { time, earlier });
        }
        *latest = (*latest).max(Some(time));
        let arrived = match &event.data {
            Data::PitchSubmitted(submitted) => Some(submitted.received_at),
            Data::ScorecardSealed(sealed) => Some(sealed.received_at),
            _ => None,
        };
        if let Some(arrived) = arrived.filter(|arrived| *arrived > time.after(CLOCKS_DIFFER)) {
            self.findings.wrong("arrival", event.at, parameters! { time, arrived });
        }
        let (first, last) = self.span.unwrap_or((time, time));
        self.span = Some((first.min(time), last.max(time)));
    }

    /// The outcome.
    pub fn finish(self) -> Checked {
        let (from, to) = self.span.unwrap_or_default();
        self.findings.or(Outcome::Holds, "forward", parameters! { from, to }, [])
    }
}
