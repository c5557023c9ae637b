//! What must be true of a programme's events: a check a file, each a fold over the events in the log's order.
//!
//! `docs/trail.md` defines every check. [`Story`] feeds each event once to all of them: first to what looks at the
//! log as such, then to those that judge a decision by what was so before it ([`world::World`]).

mod announcement;
mod assignments;
mod awards;
mod counts;
mod declarations;
mod entries;
mod facts;
pub mod ledger;
mod money;
mod openings;
mod order;
mod payment;
mod people;
mod result;
mod rules;
mod scorecards;
mod screening;
mod support;
mod tally;
mod unsealing;
pub mod world;

use crate::event::{Event, Hash32};
use crate::id::Id;
use crate::report::Checked;
use ledger::Ledger;
use openings::Openings;
use world::World;

/// All checks of a programme's events.
#[derive(Debug, Default)]
pub struct Story {
    ledger: Ledger,
    world: World,
    order: order::Order,
    streams: order::Streams,
    times: order::Times,
    facts: facts::Facts,
    counts: counts::Counts,
    openings: Openings,
    opened: result::Opened,
    rules: rules::Rules,
    entries: entries::Entries,
    screening: screening::Screening,
    declarations: declarations::Declarations,
    assignments: assignments::Assignments,
    scorecards: scorecards::Scorecards,
    unsealing: unsealing::Unsealing,
    awards: awards::Awards,
    money: money::Money,
    announcement: announcement::Announcement,
    payment: payment::Payment,
    support: support::Support,
    people: people::People,
}

impl Story {
    /// Of a programme.
    pub fn of(programme: Id) -> Self {
        Self { world: World::of(programme), ..Self::default() }
    }

    /// The next event of the log.
    pub fn see(&mut self, event: &Event<'_>) {
        let Self { ledger, world, .. } = self;
        self.order.see(event, ledger);
        self.counts.see(event, ledger);
        let (history, previous) = ledger.note(event);
        self.streams.see(event, history, previous, ledger);
        self.times.see(event);
        self.facts.see(event, world);
        self.openings.see(event, history, world);
        self.opened.see(event);
        self.rules.see(event, world);
        self.entries.see(event, world);
        self.screening.see(event, world);
        self.declarations.see(event, world);
        self.assignments.see(event, world);
        self.scorecards.see(event, world);
        self.unsealing.see(event, world);
        self.awards.see(event, world);
        self.money.see(event, world);
        self.announcement.see(event, world);
        self.payment.see(event, world);
        self.support.see(event);
        self.people.see(event, world);
        world.learn(event);
        self.rules.learned(event, world);
    }

    /// An opening of the file; all events have been seen.
    pub fn open(&mut self, commitment: Hash32, salt: Hash32, content: &[u8]) {
        let Some(field) = self.openings.open(commitment, salt, content, &self.ledger) else { return };
        match field {
            "ScorecardSealed.marks" => _ = self.opened.marks.insert(commitment, content.to_vec()),
            "PitchRanked.sealed_derivation" | "ResultDeclared.sealed_derivation" => {
                self.opened.derivations.insert(commitment, salt);
            }
            _ => {}
        }
    }

    /// The file says that so many seals of a field stay closed.
    pub fn withheld(&mut self, field: &str, count: u64) {
        self.openings.withheld(field, count);
    }

    /// The outcomes, in the order of `docs/trail.md` from `order` on.
    pub fn finish(self) -> Vec<Checked> {
        let world = &self.world;
        let (openings, forgotten) = self.openings.finish();
        vec![
            self.order.finish(),
            self.streams.finish(&self.ledger),
            self.times.finish(),
            self.facts.finish(),
            self.counts.finish(world),
            openings,
            self.rules.finish(world),
            self.entries.finish(world),
            self.screening.finish(world),
            self.declarations.finish(world),
            self.assignments.finish(world),
            self.scorecards.finish(world),
            self.unsealing.finish(world),
            result::check(world, &self.opened),
            self.awards.finish(world),
            self.money.finish(world),
            self.announcement.finish(world),
            self.payment.finish(),
            self.support.finish(),
            self.people.finish(),
            forgotten,
        ]
    }

    /// The outcome of `openings` alone, for a receipt.
    pub fn finish_receipt(self) -> Checked {
        self.openings.finish_receipt()
    }
}
