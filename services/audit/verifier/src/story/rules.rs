//! Check `rules`: the rulebook stood before the call opened, and how scores become a result never changed.

use super::world::World;
use crate::event::{Data, Event, Place, RoundOpened};
use crate::report::{Checked, Findings, Outcome, parameters};

/// See the module.
#[derive(Debug)]
pub struct Rules {
    findings: Findings,
    amended: u64,
    lines: Vec<Place>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { findings: Findings::of("rules"), amended: 0, lines: Vec::new() }
    }
}

impl Rules {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        let published = world.rulebook.as_ref();
        let by = published.map_or_else(|| "-".to_owned(), |published| published.moment.at.to_string());
        let in_force = published.and_then(|published| published.hash);
        let mut wrong = |reason| self.findings.wrong(reason, event.at, parameters! { published: by });
        match &event.data {
            Data::RulebookPublished(_) if world.opened.is_some() => wrong("after"),
            Data::RulebookAmended(amended) => {
                self.amended += 1;
                if published.map(|published| published.hash_with(amended.prose)) != amended.hash {
                    wrong("hash");
                }
            }
            Data::CallOpeningProposed(proposed) if proposed.rulebook_hash != in_force => wrong("opened"),
            Data::CallOpened(_) if published.is_none() => wrong("unpublished"),
            Data::CallOpened(opened) if opened.rulebook_hash != in_force => wrong("opened"),
            Data::CallOpened(opened) => {
                let same = published.is_some_and(|published| {
                    published.rules.deadline == opened.deadline
                        && published.rules.grace_seconds == opened.grace_seconds
                });
                if !same {
                    wrong("terms");
                }
            }
            Data::PitchSubmitted(submitted) if submitted.rulebook_hash != world.hash_in_force => {
                wrong("entered");
            }
            Data::RoundOpened(opened) => {
                if let Some(reason) = round(world, opened) {
                    wrong(reason);
                }
                self.lines.push(event.at);
            }
            Data::ResultDeclared(declared) if declared.rulebook_hash != in_force => wrong("opened"),
            _ => {}
        }
    }

    /// The world is that after the event: a rulebook hashes to what its event says.
    pub fn learned(&mut self, event: &Event<'_>, world: &World) {
        let (Data::RulebookPublished(said), Some(published)) = (&event.data, &world.rulebook) else { return };
        if said.hash != Some(published.hash_with(said.prose)) {
            self.findings.wrong("hash", event.at, parameters! {});
        }
    }

    /// The outcome.
    pub fn finish(self, world: &World) -> Checked {
        let (Some(published), Some(opened)) = (&world.rulebook, world.opened) else {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        };
        let (moment, opening) = (published.moment, opened.at);
        let parameters = parameters! {
            published: moment.time, at: moment.at, opened: opened.time, opening, amended: self.amended
        };
        let lines = [moment.at, opening].into_iter().chain(self.lines);
        self.findings.or(Outcome::Holds, "stood", parameters, lines)
    }
}

/// What is wrong with the rules of a round.
fn round(world: &World, opened: &RoundOpened<'_>) -> Option<&'static str> {
    let published = world.rulebook.as_ref();
    let of_rulebook = published.and_then(|published| published.rules.round(&opened.round));
    let (Some(published), Some(of_rulebook)) = (published, of_rulebook) else { return Some("unknown") };
    if opened.rulebook_hash != published.hash {
        return Some("opened");
    }
    let tally = of_rulebook.tally.as_ref().map(|tally| tally.get());
    let same = opened.tally.map(|tally| tally.get()) == tally
        && opened.end == of_rulebook.end
        && opened.marks == published.rules.marks;
    (!same).then_some("tally")
}
