//! Check `scorecards`: only the expected judge handed in, only while the round was open, and the counts come out again.

use std::collections::BTreeMap;

use super::ledger::{digest_of_sorted, hexadecimal};
use super::world::{CardStanding, Phase, World};
use crate::event::{Data, Event, Hash32, Place, RoundUnsealed, ScorecardExpected, Service};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};
use crate::sentences;
use crate::time::Time;

/// See the module.
#[derive(Debug)]
pub struct Scorecards {
    findings: Findings,
    /// Score sheets that changed after the lock, until their round says so in the same append; and its command.
    late: BTreeMap<Id, (Place, Id)>,
    late_command: Id,
    counts: [u64; 4],
    lines: Vec<Place>,
}

impl Default for Scorecards {
    fn default() -> Self {
        Self {
            findings: Findings::of("scorecards"),
            late: BTreeMap::new(),
            late_command: Id::default(),
            counts: [0; 4],
            lines: Vec::new(),
        }
    }
}

impl Scorecards {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        if event.at.service == Service::SCORING && self.late_command != event.envelope.command {
            self.settle(world);
            self.late_command = event.envelope.command;
        }
        match &event.data {
            Data::ScorecardExpected(expected) => self.expected(event, expected, world),
            Data::ScorecardSealed(sealed) => {
                self.handed_in(event, world, sealed.round, sealed.received_at, Some(sealed.sealing));
            }
            Data::ScorecardAbstained(_) => {
                let round = world.cards.get(event.id()).map(|card| card.round).unwrap_or_default();
                self.handed_in(event, world, round, event.envelope.time, None);
            }
            Data::ScorecardReleased(_) | Data::ScorecardSetAside(_) => {
                let card = world.cards.get(event.id());
                let round = card.map(|card| card.round).unwrap_or_default();
                let phase = world.rounds.get(&round).map(|round| round.phase);
                if let Some(Phase::Locked | Phase::Unsealed) = phase {
                    self.late.insert(event.id(), (event.at, round));
                }
            }
            Data::LateFactAnswered(answered) => _ = self.late.remove(&answered.scorecard),
            Data::RoundOpened(opened) => {
                self.phase(event, world, Phase::Ready);
                let cards = world.cards.of_round(event.id());
                let found = cards.filter(|card| card.standing == CardStanding::Expected).count();
                if opened.scorecards as usize != found {
                    let said = opened.scorecards;
                    self.findings.wrong("expected", event.at, parameters! { said, found });
                }
            }
            Data::RoundLocked(_) => self.phase(event, world, Phase::Open),
            Data::RoundUnsealed(unsealed) => self.unsealed(event, unsealed, world),
            _ => {}
        }
    }

    fn phase(&mut self, event: &Event<'_>, world: &World, needed: Phase) {
        self.lines.push(event.at);
        let phase = world.rounds.get(&event.id()).map(|round| round.phase).unwrap_or_default();
        if phase != needed {
            self.findings.wrong("phase", event.at, parameters! {});
        }
    }

    fn expected(&mut self, event: &Event<'_>, expected: &ScorecardExpected, world: &World) {
        let member = world.judges.seats.get(&expected.judge).map(|seat| seat.member).unwrap_or_default();
        let right = event.id() == Id::of_scorecard(expected.judge, expected.pitch)
            && expected.judge == Id::of_judge(expected.round, member);
        if !right {
            self.findings.wrong("name", event.at, parameters! {});
        }
        let round = world.rounds.get(&expected.round);
        if round.is_some_and(|round| matches!(round.phase, Phase::Locked | Phase::Unsealed)) {
            self.changed(event.at, expected.round, world);
        }
    }

    fn changed(&mut self, at: Place, round: Id, world: &World) {
        let Some(lock) = world.rounds.get(&round).and_then(|round| round.locked) else { return };
        let (locked, lock) = (lock.time, lock.at);
        self.findings.wrong("changed", at, parameters! { locked, lock });
    }

    fn handed_in(
        &mut self,
        event: &Event<'_>,
        world: &World,
        round: Id,
        arrived: Time,
        sealing: Option<u32>,
    ) {
        let card = world.cards.get(event.id());
        let Some(card) = card.filter(|card| card.stands()) else {
            return self.findings.wrong("unexpected", event.at, parameters! {});
        };
        if round != card.round {
            return self.findings.wrong("round", event.at, parameters! {});
        }
        let actor = event.envelope.actor.member();
        let member = world.judges.seats.get(&card.judge).map(|seat| seat.member).unwrap_or_default();
        if actor.is_none() || actor != member {
            return self.findings.wrong("person", event.at, parameters! {});
        }
        let walled = world.judges.walled_for_scoring(card.judge, card.pitch)
            || world.walled(Service::SCORING, member, card.pitch);
        if walled {
            return self.findings.wrong("unexpected", event.at, parameters! {});
        }
        let round = world.rounds.get(&round);
        let phase = round.map(|round| round.phase).unwrap_or_default();
        match (phase, round.and_then(|round| round.locked)) {
            (Phase::Open, _) => {}
            (_, Some(lock)) => {
                let (locked, lock) = (lock.time, lock.at);
                return self.findings.wrong("after_lock", event.at, parameters! { arrived, locked, lock });
            }
            _ => return self.findings.wrong("not_open", event.at, parameters! {}),
        }
        let expected = card.sealing + 1;
        if let Some(sealing) = sealing.filter(|sealing| *sealing != expected) {
            self.findings.wrong("number", event.at, parameters! { sealing, expected });
        }
    }

    fn unsealed(&mut self, event: &Event<'_>, unsealed: &RoundUnsealed, world: &World) {
        self.lines.push(event.at);
        let mut found = [0_u64; 4];
        let mut counted = Vec::new();
        for card in world.cards.of_round(event.id()) {
            match card.standing {
                CardStanding::Sealed => {
                    found[0] += 1;
                    counted.push((card.id, card.marks.unwrap_or_default()));
                }
                CardStanding::Abstained => found[1] += 1,
                CardStanding::SetAside => found[2] += 1,
                CardStanding::Expected => found[3] += 1,
                CardStanding::Unknown | CardStanding::Released => {}
            }
        }
        let said = [unsealed.sealed, unsealed.abstained, unsealed.set_aside, unsealed.missing];
        let said = said.map(u64::from);
        if said != found {
            let (said, found) = (in_words(said), in_words(found));
            self.findings.wrong("counts", event.at, parameters! { said, found });
        }
        counted.sort_unstable();
        let line = |(id, marks): (Id, Hash32)| format!("{id} {}", hexadecimal(&marks.0));
        let digest = digest_of_sorted(counted.into_iter().map(line));
        if unsealed.digest.is_none_or(|said| said.0 != digest) {
            self.findings.wrong("digest", event.at, parameters! {});
        }
        self.counts.iter_mut().zip(found).for_each(|(sum, count)| *sum += count);
    }

    /// What changed after the lock in an append that is over, and no round said so.
    fn settle(&mut self, world: &World) {
        for (at, round) in std::mem::take(&mut self.late).into_values() {
            self.changed(at, round, world);
        }
    }

    /// The outcome.
    pub fn finish(self, world: &World) -> Checked {
        if world.rounds.values().all(|round| round.unsealed.is_none()) {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        }
        let [sealed, abstained, set_aside, missing] = self.counts;
        let parameters = parameters! { sealed, abstained, set_aside, missing };
        self.findings.or(Outcome::Holds, "right", parameters, self.lines)
    }
}

fn in_words([sealed, abstained, set_aside, missing]: [u64; 4]) -> String {
    sentences::common("counts", &parameters! { sealed, abstained, set_aside, missing })
}
