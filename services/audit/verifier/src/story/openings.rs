//! Checks `openings` and `forgotten`: every opening is what was committed to, what is not opened is listed, and
//! nothing is shown that an event says was forgotten.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ledger::{History, Ledger};
use super::world::{World, sheet};
use crate::event::{
    Data, Event, Hash32, Place, SERVICES, ScorecardUnsealed, Service, Subject, SubjectKind, commit,
};
use crate::report::{Checked, Findings, Outcome, parameters};
use crate::time::Time;

const MARKS: &str = "ScorecardSealed.marks";

/// Every seal, and what opens it.
#[derive(Debug)]
pub struct Openings {
    findings: Findings,
    forgotten: Forgotten,
    fields: Vec<&'static str>,
    subjects: HashMap<Subject, u32>,
    /// The same, by their numbers.
    numbered: Vec<Subject>,
    seals: [Vec<Seal>; SERVICES.len()],
    /// All seals by commitment: made when the first opening comes.
    sorted: Option<Vec<(Service, u32)>>,
    revealed: u64,
    shown: u64,
    /// What the file says stays closed.
    said: BTreeMap<String, u64>,
}

/// A seal, in some 60 bytes.
#[derive(Debug)]
struct Seal {
    commitment: [u8; 32],
    position: u64,
    index: u32,
    history: History,
    subject: u32,
    field: u8,
    opened: bool,
}

impl Default for Openings {
    fn default() -> Self {
        Self {
            findings: Findings::of("openings"),
            forgotten: Forgotten::default(),
            fields: Vec::new(),
            subjects: HashMap::new(),
            numbered: Vec::new(),
            seals: std::array::from_fn(|_| Vec::new()),
            sorted: None,
            revealed: 0,
            shown: 0,
            said: BTreeMap::new(),
        }
    }
}

impl Openings {
    /// In the log's order.
    pub fn see(&mut self, event: &Event<'_>, history: History, world: &World) {
        let Self { fields, subjects, numbered, seals, .. } = self;
        event.seals(|seal| {
            let field = fields.iter().position(|field| *field == seal.field).unwrap_or_else(|| {
                fields.push(seal.field);
                fields.len() - 1
            });
            let subject = *subjects.entry(seal.subject).or_insert_with(|| {
                numbered.push(seal.subject);
                numbered.len() as u32 - 1
            });
            seals[event.at.service.place()].push(Seal {
                commitment: seal.commitment.0,
                position: event.at.position,
                index: event.index as u32,
                history,
                subject,
                field: field as u8,
                opened: false,
            });
        });
        if let Data::ScorecardUnsealed(unsealed) = &event.data {
            self.reveal(event, unsealed, world);
        }
        self.forgotten.see(event);
    }

    fn reveal(&mut self, event: &Event<'_>, unsealed: &ScorecardUnsealed, world: &World) {
        self.revealed += 1;
        let card = world.cards.get(event.id()).filter(|card| card.marks == unsealed.commitment);
        let stream = event.envelope.stream.to_string();
        let content = sheet(&unsealed.marks);
        let opens = unsealed
            .commitment
            .zip(unsealed.salt)
            .is_some_and(|(commitment, salt)| commit(&salt.0, &stream, MARKS, &content) == commitment.0);
        let Some(card) = card.filter(|_| opens) else {
            return self.findings.wrong("revealed", event.at, parameters! {});
        };
        let seals = &mut self.seals[Service::SCORING.place()];
        let from = seals.partition_point(|seal| seal.position < card.position);
        let of_card = seals[from..].iter_mut().take_while(|seal| seal.position == card.position);
        for seal in of_card.filter(|seal| Some(Hash32(seal.commitment)) == card.marks) {
            seal.opened = true;
        }
    }

    /// An opening of the file; answers the field that it opens, if it does.
    pub fn open(
        &mut self,
        commitment: Hash32,
        salt: Hash32,
        content: &[u8],
        ledger: &Ledger,
    ) -> Option<&'static str> {
        self.shown += 1;
        let sorted = self.sorted.take().unwrap_or_else(|| self.sort());
        let of = |(service, at): &(Service, u32)| self.seals[service.place()][*at as usize].commitment;
        let from = sorted.partition_point(|seal| of(seal) < commitment.0);
        let same: Vec<_> =
            sorted[from..].iter().take_while(|seal| of(seal) == commitment.0).copied().collect();
        self.sorted = Some(sorted);
        let Some(first) = same.first().copied() else {
            self.findings.wrong_somewhere("unknown", &[], parameters! { commitment });
            return None;
        };
        let opens = |(service, at): &(Service, u32)| {
            let seal = &self.seals[service.place()][*at as usize];
            let field = self.fields[usize::from(seal.field)];
            commit(&salt.0, &ledger.name(seal.history), field, content) == commitment.0
        };
        let (service, at) = same.iter().find(|seal| opens(seal)).copied().unwrap_or(first);
        let right = opens(&(service, at));
        let seal = &mut self.seals[service.place()][at as usize];
        let place = Place { service, position: seal.position };
        let field = self.fields[usize::from(seal.field)];
        if !right {
            self.findings.wrong("wrong", place, parameters! { field });
            return None;
        }
        seal.opened = true;
        let subject = self.numbered.get(seal.subject as usize).copied();
        self.forgotten.shown(commitment, service, subject, seal.index, place, field);
        Some(field)
    }

    fn sort(&self) -> Vec<(Service, u32)> {
        let services = (0..).zip(&self.seals);
        let mut sorted: Vec<(Service, u32)> = services
            .flat_map(|(service, seals)| (0..seals.len() as u32).map(move |at| (Service(service), at)))
            .collect();
        sorted.sort_unstable_by_key(|(service, at)| self.seals[service.place()][*at as usize].commitment);
        sorted
    }

    /// The file says that so many of a field stay closed.
    pub fn withheld(&mut self, field: &str, count: u64) {
        self.said.insert(field.to_owned(), count);
    }

    /// The outcomes of `openings` and `forgotten`. A receipt lists no fields that stay closed.
    pub fn finish(mut self) -> (Checked, Checked) {
        let mut closed: BTreeMap<&str, u64> = BTreeMap::new();
        for seal in self.seals.iter().flatten().filter(|seal| !seal.opened) {
            *closed.entry(self.fields[usize::from(seal.field)]).or_default() += 1;
        }
        let fields: BTreeSet<&str> =
            closed.keys().copied().chain(self.said.keys().map(String::as_str)).collect();
        for field in fields {
            let found = closed.get(field).copied().unwrap_or_default();
            let said = self.said.get(field).copied().unwrap_or_default();
            if said != found {
                self.findings.wrong_somewhere("withheld", &[], parameters! { said, field, found });
            }
        }
        let withheld: u64 = closed.values().sum();
        let parameters = parameters! { revealed: self.revealed, shown: self.shown, withheld };
        (self.findings.or(Outcome::Holds, "opened", parameters, []), self.forgotten.finish())
    }

    /// The outcome of `openings` for a receipt.
    pub fn finish_receipt(self) -> Checked {
        self.findings.or(Outcome::Holds, "receipt", parameters! { shown: self.shown }, [])
    }
}

/// What was forgotten.
#[derive(Debug)]
struct Forgotten {
    findings: Findings,
    events: Vec<Place>,
    span: Option<(Time, Time)>,
    openings: u64,
    lost: u64,
    single: HashMap<Hash32, Place>,
    subjects: HashMap<(Service, Subject), (u32, Place)>,
}

impl Default for Forgotten {
    fn default() -> Self {
        Self {
            findings: Findings::of("forgotten"),
            events: Vec::new(),
            span: None,
            openings: 0,
            lost: 0,
            single: HashMap::new(),
            subjects: HashMap::new(),
        }
    }
}

impl Forgotten {
    fn see(&mut self, event: &Event<'_>) {
        match &event.data {
            Data::OpeningForgotten(forgotten) => {
                self.openings += 1;
                if let Some(commitment) = forgotten.commitment {
                    self.single.insert(commitment, event.at);
                }
            }
            Data::OpeningsForgotten(forgotten) => {
                self.openings += u64::from(forgotten.openings);
                if let Some(kind) = SubjectKind::named(&forgotten.subject) {
                    let subject = (event.at.service, Subject { kind, id: forgotten.id });
                    self.subjects.insert(subject, (event.index as u32, event.at));
                }
            }
            Data::OpeningsLost(lost) => self.lost += u64::from(lost.openings),
            _ => return,
        }
        self.events.push(event.at);
        let time = event.envelope.time;
        let (first, last) = self.span.unwrap_or((time, time));
        self.span = Some((first.min(time), last.max(time)));
    }

    fn shown(
        &mut self,
        commitment: Hash32,
        service: Service,
        subject: Option<Subject>,
        index: u32,
        at: Place,
        field: &str,
    ) {
        let of_subject = subject.and_then(|subject| self.subjects.get(&(service, subject)));
        let of_subject = of_subject.filter(|(forgotten, _)| index < *forgotten).map(|(_, place)| place);
        if let Some(forgotten) = self.single.get(&commitment).or(of_subject).copied() {
            self.findings.wrong("kept", at, parameters! { field, forgotten });
        }
    }

    fn finish(self) -> Checked {
        let Some((from, to)) = self.span else {
            return self.findings.or(Outcome::Holds, "nothing", Vec::new(), []);
        };
        let (openings, lost) = (self.openings, self.lost);
        let parameters = parameters! { n: self.events.len(), from, to, openings, lost };
        self.findings.or(Outcome::Holds, "said", parameters, self.events)
    }
}
