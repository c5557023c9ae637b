//! Check `assignments`: they are those that were completed, spread evenly, and nobody marks where they stand aside.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::ledger::{digest_of_sorted, hexadecimal};
use super::world::{Judge, World};
use crate::event::{AssignmentMade, AssignmentsCompleted, Data, Event, Place, Service};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};

/// See the module.
#[derive(Debug)]
pub struct Assignments {
    findings: Findings,
    /// Those of the append that is being read: its command, and pitch and judge of each.
    current: (Id, Vec<(Id, Id, Id)>),
    completed: Vec<Place>,
    loads: Option<(usize, usize)>,
    judges: usize,
    moved: u64,
}

impl Default for Assignments {
    fn default() -> Self {
        Self {
            findings: Findings::of("assignments"),
            current: (Id::default(), Vec::new()),
            completed: Vec::new(),
            loads: None,
            judges: 0,
            moved: 0,
        }
    }
}

impl Assignments {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        match &event.data {
            Data::AssignmentMade(made) => {
                self.made(event, made, world);
                if self.current.0 != event.envelope.command {
                    self.current = (event.envelope.command, Vec::new());
                }
                self.current.1.push((made.panel, made.pitch, event.id()));
            }
            Data::AssignmentWithdrawn(withdrawn) => {
                self.moved += 1;
                let seat = world.judges.seats.get(&event.id());
                if !seat.is_some_and(|seat| seat.assigned.contains(&withdrawn.pitch)) {
                    self.findings.wrong("twice", event.at, parameters! {});
                }
            }
            Data::AssignmentsCompleted(completed) => self.completed(event, completed, world),
            Data::RoundUnsealed(_) => self.counted(event, world),
            _ => {}
        }
    }

    fn made(&mut self, event: &Event<'_>, made: &AssignmentMade, world: &World) {
        let seat = world.judges.seats.get(&event.id());
        let theirs = |seat: &&Judge| seat.panel == made.panel && seat.member == made.member && seat.sits;
        let Some(seat) = seat.filter(theirs) else {
            return self.findings.wrong("seat", event.at, parameters! {});
        };
        let team = world.pitches.get(&made.pitch).is_some_and(|pitch| pitch.team.contains(&seat.member));
        let aside = seat.stands_aside(made.pitch) || world.walled(Service::PANELS, seat.member, made.pitch);
        let reason = if !seat.declared {
            "undeclared"
        } else if team {
            "team"
        } else if aside {
            "aside"
        } else if seat.assigned.contains(&made.pitch) {
            "twice"
        } else if seat.cap > 0 && seat.assigned.len() >= seat.cap as usize {
            "cap"
        } else {
            return;
        };
        self.findings.wrong(reason, event.at, parameters! {});
    }

    fn completed(&mut self, event: &Event<'_>, completed: &AssignmentsCompleted, world: &World) {
        self.completed.push(event.at);
        let (panel, command) = (event.id(), event.envelope.command);
        let (of, made) = std::mem::take(&mut self.current);
        let pairs: BTreeSet<(Id, Id)> = made
            .into_iter()
            .filter(|(of_panel, ..)| of == command && *of_panel == panel)
            .map(|(_, pitch, judge)| (pitch, judge))
            .collect();
        let digest = digest_of_sorted(pairs.iter().map(|(pitch, judge)| format!("{pitch} {judge}")));
        let pitches: BTreeSet<Id> = pairs.iter().map(|(pitch, _)| *pitch).collect();
        let mut loads: BTreeMap<Id, usize> = sitting(world, panel).map(|(judge, _)| (judge, 0)).collect();
        pairs.iter().for_each(|(_, judge)| *loads.entry(*judge).or_default() += 1);
        let said = [completed.assignments, completed.pitches, completed.judges].map(|count| count as usize);
        let busy = loads.values().filter(|load| **load > 0).count();
        let same = completed.digest.is_some_and(|said| said.0 == digest);
        if !same || said != [pairs.len(), pitches.len(), busy] {
            self.findings.wrong("digest", event.at, parameters! {});
        }
        if completed.seed.map(|seed| seed.0) != Some(seed(world)) {
            self.findings.wrong("seed", event.at, parameters! {});
        }
        let per_pitch = world.round_of(panel).map(|round| round.judges_per_pitch);
        if per_pitch != Some(completed.judges_per_pitch) {
            self.findings.wrong("rules", event.at, parameters! {});
        }
        self.spread(event, &pairs, &loads, completed.judges_per_pitch as usize, world);
    }

    /// Each pitch has as many judges as the rules say, and judges have equal loads where nothing stands in the way.
    fn spread(
        &mut self,
        event: &Event<'_>,
        pairs: &BTreeSet<(Id, Id)>,
        loads: &BTreeMap<Id, usize>,
        per_pitch: usize,
        world: &World,
    ) {
        let mut eligible: Vec<_> =
            world.pitches.iter().filter(|(_, pitch)| pitch.completed && !pitch.left()).collect();
        eligible.sort_by_key(|(_, pitch)| pitch.first);
        let mut free_for_all = true;
        for (id, pitch) in eligible {
            let found = pairs.range((*id, Id::default())..).take_while(|(of, _)| of == id).count();
            let bars =
                |seat: &Judge| seat.stands_aside(*id) || world.walled(Service::PANELS, seat.member, *id);
            let walled = sitting(world, event.id()).filter(|(_, seat)| bars(seat)).count();
            let capped = sitting(world, event.id()).filter(|(_, seat)| !bars(seat) && seat.cap > 0).count();
            free_for_all &= walled == 0 && capped == 0;
            let all = loads.len() - walled;
            let (least, most) = if per_pitch > 0 { (per_pitch, per_pitch) } else { (all - capped, all) };
            if !(least.max(1)..=most).contains(&found) {
                let parameters = parameters! { pitch: pitch.first, found, wanted: least.max(1) };
                self.findings.wrong("judges", event.at, parameters);
            }
        }
        let least = loads.values().min().copied().unwrap_or_default();
        let most = loads.values().max().copied().unwrap_or_default();
        if per_pitch > 0 && free_for_all && most - least > 1 {
            self.findings.wrong("uneven", event.at, parameters! { least, most });
        }
        let (low, high) = self.loads.unwrap_or((least, most));
        self.loads = Some((low.min(least), high.max(most)));
        self.judges += loads.len();
    }

    /// No score sheet counts of a judge of whom scoring knew that they stand aside.
    fn counted(&mut self, event: &Event<'_>, world: &World) {
        let knew = event.envelope.knew(Service::PANELS);
        let mut counted: Vec<Id> = world
            .cards
            .of_round(event.id())
            .filter(|card| card.counts())
            .filter(|card| {
                let seat = world.judges.seats.get(&card.judge);
                seat.and_then(|seat| seat.aside_since(card.pitch)).is_some_and(|since| since <= knew)
            })
            .map(|card| card.id)
            .collect();
        counted.sort_unstable();
        for sheet in counted {
            self.findings.wrong("counted", event.at, parameters! { sheet });
        }
    }

    /// The outcome.
    pub fn finish(self, world: &World) -> Checked {
        let Some((least, most)) = self.loads else {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        };
        let n: usize = world.judges.seats.values().map(|seat| seat.assigned.len()).sum();
        let parameters = parameters! { n, judges: self.judges, least, most, moved: self.moved };
        self.findings.or(Outcome::Holds, "fair", parameters, self.completed)
    }
}

/// The judges of a panel who may be given pitches.
fn sitting(world: &World, panel: Id) -> impl Iterator<Item = (Id, &Judge)> {
    let seats = world.judges.seats.iter().map(|(id, seat)| (*id, seat));
    seats.filter(move |(_, seat)| seat.panel == panel && seat.sits && seat.declared)
}

/// The seed of lots: it follows from which pitches came through screening.
fn seed(world: &World) -> [u8; 32] {
    let digest = world.screened.and_then(|(_, digest)| digest).unwrap_or_default();
    Sha256::digest(format!("plaudit/lot/v1\nassignment\n{}", hexadecimal(&digest.0))).into()
}
