//! Check `announcement`: all winners were announced in one moment, not before the embargo.

use super::ledger::digest_of_lines;
use super::world::{Moment, Stage, World};
use crate::event::{AwardAnnounced, Data, Event, Place, Service, WinnersAnnounced};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};
use crate::time::Time;

/// See the module.
#[derive(Debug)]
pub struct Announcement {
    findings: Findings,
    /// Awards that were announced in the append that is being read: its command, and each award.
    current: (Id, Vec<(Id, Place)>),
    announced: u64,
    first: Option<Moment>,
    lines: Vec<Place>,
}

impl Default for Announcement {
    fn default() -> Self {
        Self {
            findings: Findings::of("announcement"),
            current: (Id::default(), Vec::new()),
            announced: 0,
            first: None,
            lines: Vec::new(),
        }
    }
}

impl Announcement {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        // An append that is over has said all it had to; one at the end of the log may not have.
        if event.at.service == Service::AWARDS && self.current.0 != event.envelope.command {
            self.alone();
        }
        match &event.data {
            Data::AwardAnnounced(announced) => self.award(event, announced, world),
            Data::WinnersAnnounced(announced) => self.winners(event, announced, world),
            _ => {}
        }
    }

    fn award(&mut self, event: &Event<'_>, announced: &AwardAnnounced, world: &World) {
        self.current.0 = event.envelope.command;
        self.current.1.push((event.id(), event.at));
        let award = world.prizes.awards.get(&event.id());
        if award.is_none_or(|award| award.stage != Stage::Approved) {
            self.findings.wrong("unapproved", event.at, parameters! {});
        }
        let days = world.rulebook.as_ref().map_or(0, |rulebook| rulebook.rules.days_to_accept);
        let found = event.envelope.time.days_after(days.into());
        if announced.accept_by != found {
            let said = announced.accept_by;
            self.findings.wrong("answer", event.at, parameters! { said, found });
        }
    }

    fn alone(&mut self) {
        for (_, at) in std::mem::take(&mut self.current.1) {
            self.findings.wrong("alone", at, parameters! {});
        }
    }

    fn winners(&mut self, event: &Event<'_>, announced: &WinnersAnnounced, world: &World) {
        let at = event.at;
        let mut now: Vec<Id> = self.current.1.drain(..).map(|(award, _)| award).collect();
        now.sort_unstable();
        let waiting = world.prizes.reserved.iter().filter(|(_, (_, announced))| !announced);
        let waiting: Vec<(Id, u64)> = waiting.map(|(award, (minor, _))| (*award, *minor)).collect();
        let total: u64 = waiting.iter().map(|(_, minor)| minor).sum();
        let lines = waiting.iter().map(|(award, minor)| {
            let pitch = world.prizes.awards.get(award).map(|award| award.terms.pitch).unwrap_or_default();
            format!("{award} {pitch} {minor}")
        });
        let digest = digest_of_lines(lines.collect());
        let same = announced.digest.is_some_and(|said| said.0 == digest)
            && announced.awards as usize == waiting.len()
            && announced.total.minor.0 == total
            && now.iter().eq(waiting.iter().map(|(award, _)| award));
        if !same {
            self.findings.wrong("digest", at, parameters! {});
        }
        let embargo = world.rulebook.as_ref().map(|rulebook| rulebook.rules.embargo).unwrap_or_default();
        let time = event.envelope.time;
        if time < embargo {
            self.findings.wrong("embargo", at, parameters! { time, embargo });
        }
        self.announced += waiting.len() as u64;
        self.first.get_or_insert(Moment { at, time });
        self.lines.push(at);
    }

    /// The outcome.
    pub fn finish(self, world: &World) -> Checked {
        let (Some(first), Some(rulebook)) = (self.first, &world.rulebook) else {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        };
        let (time, at, embargo) = (first.time, first.at, rulebook.rules.embargo);
        let reason = if embargo == Time::default() { "free" } else { "moment" };
        let parameters = parameters! { n: self.announced, time, at, embargo };
        self.findings.or(Outcome::Holds, reason, parameters, self.lines)
    }
}
