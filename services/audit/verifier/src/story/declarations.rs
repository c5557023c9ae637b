//! Check `declarations`: every judge had confirmed their declaration of interests before they handed in.

use super::ledger::digest_of_lines;
use super::world::World;
use crate::event::{Connection, Data, Event, Place};
use crate::report::{Checked, Findings, Outcome, parameters};

/// See the module.
#[derive(Debug)]
pub struct Declarations {
    findings: Findings,
    confirmed: Vec<Place>,
    known: u64,
    aside: u64,
}

impl Default for Declarations {
    fn default() -> Self {
        Self { findings: Findings::of("declarations"), confirmed: Vec::new(), known: 0, aside: 0 }
    }
}

impl Declarations {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        let seat = world.judges.seats.get(&event.id());
        match &event.data {
            Data::InterestDeclared(declared) => {
                self.known += u64::from(declared.connection == Connection::Known);
                self.aside += u64::from(declared.connection == Connection::StandAside);
            }
            Data::DeclarationConfirmed(confirmed) => {
                self.confirmed.push(event.at);
                let answers = seat.map(|seat| seat.answers.as_slice()).unwrap_or_default();
                let lines = answers.iter().map(|(pitch, connection)| format!("{pitch} {connection}"));
                let digest = digest_of_lines(lines.collect());
                let same = confirmed.digest.is_some_and(|said| said.0 == digest);
                if !same || confirmed.pitches as usize != answers.len() {
                    self.findings.wrong("digest", event.at, parameters! {});
                }
                let actor = event.envelope.actor.member();
                if actor.is_none() || seat.is_none_or(|seat| seat.member != actor) {
                    self.findings.wrong("person", event.at, parameters! {});
                }
            }
            Data::ScorecardSealed(_) | Data::ScorecardAbstained(_) => {
                let judge = world.cards.get(event.id()).map(|card| card.judge);
                let seat = judge.and_then(|judge| world.judges.seats.get(&judge));
                if !seat.is_some_and(|seat| seat.declared) {
                    self.findings.wrong("missing", event.at, parameters! {});
                }
            }
            _ => {}
        }
    }

    /// The outcome.
    pub fn finish(self, world: &World) -> Checked {
        if self.confirmed.is_empty() {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        }
        let (judges, known, aside) = (self.confirmed.len(), self.known, self.aside);
        self.findings.or(Outcome::Holds, "first", parameters! { judges, known, aside }, self.confirmed)
    }
}
