//! Check `awards`: every award follows the ranking, or says with a code why not; a second person approved it.

use super::world::{Award, Ranking, Share, Stage, World};
use crate::event::{AwardProposed, Data, Event, Money, Number, Place, Service};
use crate::id::Id;
use crate::report::{Checked, Findings, Outcome, parameters};

/// How much later than its last moment an answer may be written down: the time a request may take, and how far clocks
/// may differ.
const ON_THE_WAY: u64 = 35;

/// See the module.
#[derive(Debug)]
pub struct Awards {
    findings: Findings,
    followed: u64,
    departed: u64,
    lines: Vec<Place>,
}

impl Default for Awards {
    fn default() -> Self {
        Self { findings: Findings::of("awards"), followed: 0, departed: 0, lines: Vec::new() }
    }
}

impl Awards {
    /// The world is that before the event.
    pub fn see(&mut self, event: &Event<'_>, world: &World) {
        if event.at.service != Service::AWARDS || event.envelope.stream.noun != "award" {
            return;
        }
        let award = world.prizes.awards.get(&event.id());
        let stage = award.map(|award| award.stage);
        let time = event.envelope.time;
        let follows = match &event.data {
            Data::AwardProposed(proposed) => {
                let again = award.is_none_or(|award| {
                    award.stage == Stage::Refused || award.stage == Stage::Fallen && !award.announced
                });
                self.proposed(event, proposed, world);
                again
            }
            Data::AwardApproved(approved) => {
                self.lines.push(event.at);
                if approved.proposed_by == approved.approved_by {
                    self.findings.wrong("same", event.at, parameters! {});
                }
                let by = award.map(|award| award.terms.by);
                stage == Some(Stage::Proposed) && by == Some(approved.proposed_by)
            }
            Data::AwardRefused(_) => stage == Some(Stage::Proposed),
            Data::AwardAnnounced(_) => stage == Some(Stage::Approved),
            Data::AwardAccepted(_) | Data::AwardDeclined(_) => {
                self.in_time(event, award, |award| time <= award.accept_by.after(ON_THE_WAY))
            }
            Data::AwardLapsed(_) => self.in_time(event, award, |award| time > award.accept_by),
            Data::WithdrawalProposed(_) | Data::AwardWithdrawn(_) => {
                matches!(stage, Some(Stage::Approved | Stage::Announced | Stage::Accepted))
            }
            _ => true,
        };
        if !follows {
            self.findings.wrong("step", event.at, parameters! {});
        }
    }

    /// Whether the award waits for its winner; and if it is time for what happens to it.
    fn in_time(
        &mut self,
        event: &Event<'_>,
        award: Option<&Award>,
        right: impl FnOnce(&Award) -> bool,
    ) -> bool {
        let Some(award) = award.filter(|award| award.stage == Stage::Announced) else { return false };
        if !right(award) {
            self.findings.wrong("lapsed", event.at, parameters! {});
        }
        true
    }

    fn proposed(&mut self, event: &Event<'_>, proposed: &AwardProposed, world: &World) {
        self.lines.push(event.at);
        let (at, pitch) = (event.at, proposed.pitch);
        if event.id() != Id::of_award(world.programme, &proposed.prize, pitch) {
            self.findings.wrong("name", at, parameters! {});
        }
        let round = Id::of_round(world.programme, &proposed.round);
        let ranking = world.prizes.rankings.get(&round).filter(|ranking| ranking.whole);
        let Some(ranking) = ranking else { return self.findings.wrong("ranking", at, parameters! {}) };
        let rank = ranking.places.iter().find(|place| place.pitch == pitch).map(|place| place.rank);
        if rank != Some(proposed.rank) {
            let (said, found) = (proposed.rank, rank.unwrap_or_default());
            self.findings.wrong("rank", at, parameters! { said, found });
        }
        let bit = 1 << Service::AWARDS.0;
        if world.pitches.get(&pitch).is_none_or(|pitch| pitch.left_for & bit != 0) {
            self.findings.wrong("left", at, parameters! {});
        }
        self.amount(at, proposed, world, ranking);
    }

    fn amount(&mut self, at: Place, proposed: &AwardProposed, world: &World, ranking: &Ranking) {
        let prizes = world.rulebook.as_ref().map(|rulebook| rulebook.rules.prizes.as_slice());
        let prizes = prizes.unwrap_or_default();
        let Some(prize) = prizes.iter().find(|prize| prize.id == proposed.prize) else {
            return self.findings.wrong("prize", at, parameters! {});
        };
        let shares = ranking.shares(prizes);
        let of_prize = || shares.iter().filter(|share| share.prize == prize.id);
        let own = |shares: &[Share]| {
            let share = shares.iter().find(|share| share.prize == prize.id && share.pitch == proposed.pitch);
            share.map(|share| share.minor)
        };
        let least = of_prize().map(|share| share.minor).min().unwrap_or(prize.amount.minor.0);
        let (due, least) = if proposed.in_place_of.is_none() {
            (own(&shares), least)
        } else {
            let fallen = world.prizes.awards.get(&proposed.in_place_of).filter(|award| {
                let same = award.terms.prize == proposed.prize && award.terms.round == proposed.round;
                award.stage == Stage::Fallen && same
            });
            let Some(fallen) = fallen else { return self.findings.wrong("reserve", at, parameters! {}) };
            (own(&world.reserve(ranking, proposed.in_place_of)), fallen.terms.amount.minor.0)
        };
        let departs = !proposed.departure.is_empty();
        match (due, departs) {
            (None, false) => return self.findings.wrong("departs", at, parameters! {}),
            (Some(_), true) => return self.findings.wrong("reason", at, parameters! {}),
            (_, true) => self.departed += 1,
            (_, false) => self.followed += 1,
        }
        let amount = Money { minor: Number(due.unwrap_or(least)), currency: prize.amount.currency.clone() };
        if proposed.amount != amount {
            self.findings.wrong("amount", at, parameters! { said: proposed.amount, found: amount });
        }
    }

    /// The outcome.
    pub fn finish(self, world: &World) -> Checked {
        if world.prizes.awards.is_empty() {
            let (outcome, reason) = world.nothing_yet();
            return self.findings.or(outcome, reason, Vec::new(), []);
        }
        let unapproved = world.prizes.awards.values().any(|award| award.stage == Stage::Proposed);
        let parameters = parameters! { n: self.followed, departed: self.departed };
        match (unapproved, world.over) {
            (true, false) => self.findings.or(Outcome::Hidden, "early", Vec::new(), []),
            _ => self.findings.or(Outcome::Holds, "follow", parameters, self.lines),
        }
    }
}
