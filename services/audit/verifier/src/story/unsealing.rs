//! Check `unsealing`: marks were opened only after the lock, by two people.

use std::collections::HashMap;

use super::world::{Moment, Phase, World};
use crate::event::{Data, Event, Place, RoundUnsealed, Service};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};

/// See the module.
#[derive(Debug)]
pub struct Unsealing {
    findings: Findings,
    /// Who proposed it last, by round.
    proposed: HashMap<Id, (Id, Place)>,
    /// Score sheets that were opened in the append that is being read: its command, the round and the first of them.
    current: Option<(Id, Id, Place)>,
    /// The last opening: when, its proposal, and the lock.
    last: Option<(Moment, Place, Moment)>,
    lines: Vec<Place>,
}

impl Default for Unsealing {
    fn default() -> Self {
        Self {
            findings: Findings::of("unsealing"),
            proposed: HashMap::new(),
            current: None,
            last: None,
            lines: Vec::new(),
        }
    }
}

impl Unsealing {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        // An append that is over has said all it had to; one at the end of the log may not have.
        let over = |(command, ..): &(Id, Id, Place)| *command != event.envelope.command;
        if event.at.service == Service::SCORING && self.current.as_ref().is_some_and(over) {
            self.alone();
        }
        match &event.data {
            Data::UnsealingProposed(proposed) => {
                let by =
                    if proposed.by == event.envelope.actor.member() { proposed.by } else { Id::default() };
                self.proposed.insert(event.id(), (by, event.at));
            }
            Data::ScorecardUnsealed(_) => {
                let round = world.cards.get(event.id()).map(|card| card.round).unwrap_or_default();
                let locked = world.rounds.get(&round).is_some_and(|round| round.phase == Phase::Locked);
                if !locked {
                    self.findings.wrong("before", event.at, parameters! {});
                }
                let command = event.envelope.command;
                if self.current.is_none_or(|(of, of_round, _)| (of, of_round) != (command, round)) {
                    self.alone();
                    self.current = Some((command, round, event.at));
                }
            }
            Data::RoundUnsealed(unsealed) => self.unsealed(event, unsealed, world),
            _ => {}
        }
    }

    /// Score sheets were opened, and nothing said that two people wanted it.
    fn alone(&mut self) {
        if let Some((_, _, at)) = self.current.take() {
            self.findings.wrong("alone", at, parameters! {});
        }
    }

    fn unsealed(&mut self, event: &Event<'_>, unsealed: &RoundUnsealed, world: &World) {
        let round = world.rounds.get(&event.id());
        let lock = round.filter(|round| round.phase == Phase::Locked).and_then(|round| round.locked);
        if lock.is_none() {
            self.findings.wrong("before", event.at, parameters! {});
        }
        if unsealed.proposed_by == unsealed.confirmed_by {
            self.findings.wrong("same", event.at, parameters! {});
        }
        let (by, proposed) = self.proposed.get(&event.id()).copied().unwrap_or((Id::default(), event.at));
        let named = by == unsealed.proposed_by && unsealed.confirmed_by == event.envelope.actor.member();
        if by.is_none() || !named {
            self.findings.wrong("proposal", event.at, parameters! {});
        }
        let own = (event.envelope.command, event.id());
        let opened = self.current.filter(|(command, round, _)| (*command, *round) == own).is_some();
        if opened {
            self.current = None;
        }
        self.alone();
        let public = round.is_some_and(|round| round.public);
        if opened && !public {
            self.findings.wrong("hidden", event.at, parameters! {});
        }
        let cards = world.cards.of_round(event.id());
        let mut left: Vec<Id> =
            cards.filter(|card| public && card.counts() && !card.is_revealed()).map(|card| card.id).collect();
        left.sort_unstable();
        for sheet in left {
            self.findings.wrong("left", event.at, parameters! { sheet });
        }
        let moment = Moment { at: event.at, time: event.envelope.time };
        self.last = Some((moment, proposed, lock.unwrap_or(moment)));
        self.lines.extend([lock.unwrap_or(moment).at, proposed, event.at]);
    }

    /// The outcome.
    pub fn finish(self, world: &World) -> Checked {
        let Some((opened, proposed, lock)) = self.last else {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        };
        let (time, at, locked) = (opened.time, opened.at, lock.time);
        let parameters = parameters! { time, locked, proposed, at };
        self.findings.or(Outcome::Holds, "after", parameters, self.lines)
    }
}
