//! Check `entries`: every pitch had arrived by the last moment, or two people reopened it.

use std::collections::BTreeSet;

use super::world::World;
use crate::event::{CallClosed, Data, Event, PitchSubmitted, Place};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};

/// See the module.
#[derive(Debug)]
pub struct Entries {
    findings: Findings,
    invited: BTreeSet<Id>,
    lines: Vec<Place>,
}

impl Default for Entries {
    fn default() -> Self {
        Self { findings: Findings::of("entries"), invited: BTreeSet::new(), lines: Vec::new() }
    }
}

impl Entries {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        match &event.data {
            Data::EntrantInvited(invited) => _ = self.invited.insert(invited.member),
            Data::EntrantDeclined(declined) => _ = self.invited.remove(&declined.member),
            Data::CallOpened(_) => self.lines.push(event.at),
            Data::DeadlineMoved(moved) => {
                self.lines.push(event.at);
                let (from, to) =
                    (world.last_moment.unwrap_or_default(), moved.deadline.after(moved.grace_seconds.into()));
                if to <= from {
                    self.findings.wrong("deadline", event.at, parameters! { from, to });
                }
            }
            Data::CallClosed(closed) => self.closed(event, closed, world),
            Data::PitchSubmitted(submitted) => self.submitted(event, submitted, world),
            _ => {}
        }
    }

    fn submitted(&mut self, event: &Event<'_>, submitted: &PitchSubmitted, world: &World) {
        let pitch = world.pitches.get(&event.id());
        let expected = pitch.map_or(0, |pitch| pitch.submission) + 1;
        let arrived = submitted.received_at;
        let last = world.last_moment.unwrap_or_default();
        let early = world.reopened_early.get(&event.id()).copied();
        let reopened = pitch.map_or(early, |pitch| pitch.reopened_until).filter(|_| world.screened.is_none());
        if reopened.is_some() {
            self.lines.push(event.at);
        }
        if reopened.is_some_and(|until| arrived <= until) {
        } else if world.opened.is_none() {
            self.findings.wrong("early", event.at, parameters! {});
        } else if let Some(closed) = world.closed {
            self.findings.wrong("closed", event.at, parameters! { closed: closed.at });
        } else if arrived > last {
            self.findings.wrong("late", event.at, parameters! { arrived, last });
        }
        if submitted.submission != expected {
            let submission = submitted.submission;
            self.findings.wrong("number", event.at, parameters! { submission, expected });
        }
    }

    fn closed(&mut self, event: &Event<'_>, closed: &CallClosed, world: &World) {
        self.lines.push(event.at);
        let last = world.last_moment.unwrap_or_default();
        let by_two = !closed.confirmed_by.is_none();
        let invited = world.rulebook.as_ref().is_some_and(|rulebook| rulebook.rules.is_invited());
        let moment = if by_two { event.envelope.time } else { last };
        if closed.at != moment {
            let parameters = parameters! { from: moment, to: closed.at };
            self.findings.wrong("moment", event.at, parameters);
        }
        if !by_two && event.envelope.time < last || by_two && !invited {
            self.findings.wrong("sooner", event.at, parameters! {});
        }
        let entered: BTreeSet<Id> = world
            .pitches
            .values()
            .filter(|pitch| !pitch.left())
            .filter_map(|pitch| pitch.team.first().copied())
            .collect();
        if by_two && !self.invited.is_subset(&entered) {
            self.findings.wrong("waiting", event.at, parameters! {});
        }
    }

    /// The outcome.
    pub fn finish(self, world: &World) -> Checked {
        let (Some(_), Some(last)) = (world.opened, world.last_moment) else {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        };
        let reopened = world.pitches.values().filter(|pitch| pitch.again).count();
        let parameters = parameters! { pitches: world.pitches.len(), last, reopened };
        self.findings.or(Outcome::Holds, "in_time", parameters, self.lines)
    }
}
