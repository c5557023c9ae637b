//! Awards: rankings as awards took them in, what was proposed, and the pot.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::World;
use crate::event::{AwardProposed, Data, Event, Money, Prize, Service};
use crate::id::Id;
use crate::time::Time;

/// Rankings, awards and the pot.
#[derive(Debug, Default)]
pub struct Prizes {
    /// By round.
    pub rankings: HashMap<Id, Ranking>,
    /// By id.
    pub awards: BTreeMap<Id, Award>,
    /// What is set aside, by award: pence, and whether it was announced.
    pub reserved: BTreeMap<Id, (u64, bool)>,
}

/// A result as awards took it in.
#[derive(Debug, Default)]
pub struct Ranking {
    /// By rank, shared ranks in running order, then those without.
    pub places: Vec<Ranked>,
    /// Nothing is missing.
    pub whole: bool,
}

/// Where a pitch stands; rank 0: nowhere.
#[derive(Clone, Copy, Debug)]
pub struct Ranked {
    /// Which.
    pub pitch: Id,
    /// From 1.
    pub rank: u32,
}

/// How far an award is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Waits for a second person.
    #[default]
    Proposed,
    /// Waits for the announcement.
    Approved,
    /// The second person said no.
    Refused,
    /// Waits for the winner.
    Announced,
    /// The winner's.
    Accepted,
    /// Declined, lapsed or withdrawn.
    Fallen,
}

/// An award.
#[derive(Debug, Default)]
pub struct Award {
    /// What was proposed last.
    pub terms: AwardProposed,
    /// How far it is.
    pub stage: Stage,
    /// Part of an announcement.
    pub announced: bool,
    /// The last moment to answer.
    pub accept_by: Time,
}

/// What a pitch gets of a prize.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The prize's name.
    pub prize: String,
    /// Who gets it.
    pub pitch: Id,
    /// Pence.
    pub minor: u64,
}

impl Prizes {
    /// What awards come to that stand.
    pub fn promised(&self) -> u64 {
        self.reserved.values().fold(0, |sum, (minor, _)| sum.saturating_add(*minor))
    }

    pub(super) fn learn(&mut self, event: &Event<'_>) {
        match event.envelope.stream.noun {
            "award" => self.learn_award(event),
            "pot" => self.learn_pot(event),
            "ranking" => {
                let ranking = self.rankings.entry(event.id()).or_default();
                match &event.data {
                    Data::PlaceTaken(taken) => {
                        if std::mem::take(&mut ranking.whole) {
                            ranking.places.clear();
                        }
                        ranking.places.push(Ranked { pitch: taken.pitch, rank: taken.rank });
                    }
                    Data::RankingTaken(_) => {
                        ranking.whole = true;
                        ranking.places.sort_by_key(|place| place.rank.wrapping_sub(1));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn learn_award(&mut self, event: &Event<'_>) {
        let award = self.awards.entry(event.id()).or_default();
        match &event.data {
            Data::AwardProposed(terms) => *award = Award { terms: terms.clone(), ..Award::default() },
            Data::AwardApproved(_) => award.stage = Stage::Approved,
            Data::AwardRefused(_) => award.stage = Stage::Refused,
            Data::AwardAnnounced(announced) => {
                award.stage = Stage::Announced;
                award.announced = true;
                award.accept_by = announced.accept_by;
            }
            Data::AwardAccepted(_) => award.stage = Stage::Accepted,
            Data::AwardDeclined(_) | Data::AwardLapsed(_) | Data::AwardWithdrawn(_) => {
                award.stage = Stage::Fallen;
            }
            _ => {}
        }
    }

    fn learn_pot(&mut self, event: &Event<'_>) {
        match &event.data {
            Data::AmountReserved(it) => _ = self.reserved.insert(it.award, (it.amount.minor.0, false)),
            Data::AmountReleased(it) => _ = self.reserved.remove(&it.award),
            Data::WinnersAnnounced(_) => {
                self.reserved.values_mut().for_each(|(_, announced)| *announced = true);
            }
            _ => {}
        }
    }
}

impl Ranking {
    /// What each pitch gets: a pitch that has its rank alone wins each prize of it; pitches that share a rank pool the
    /// prizes of all ranks they take up, under the name of the first of these, and split the pool.
    pub fn shares(&self, prizes: &[Prize]) -> Vec<Share> {
        let ranked: Vec<Ranked> = self.places.iter().filter(|place| place.rank > 0).copied().collect();
        let mut shares = Vec::new();
        let mut first = 1;
        for group in ranked.chunk_by(|a, b| a.rank == b.rank) {
            let after = first + group.len() as u32;
            let mut won: Vec<&Prize> =
                prizes.iter().filter(|prize| (first..after).contains(&prize.rank)).collect();
            won.sort_by_key(|prize| prize.rank);
            let pools: Vec<Vec<&Prize>> = match group {
                [_] => won.into_iter().map(|prize| vec![prize]).collect(),
                _ => vec![won],
            };
            for pool in pools.iter().filter(|pool| !pool.is_empty()) {
                let minor = pool.iter().fold(0, |sum: u64, prize| sum.saturating_add(prize.amount.minor.0));
                shares.extend(split(&pool[0].id, minor, group));
            }
            first = after;
        }
        shares
    }
}

/// Evenly, what is left over to the first ones, a penny each.
fn split(prize: &str, minor: u64, group: &[Ranked]) -> Vec<Share> {
    let many = group.len() as u64;
    let shares = (0..).zip(group).map(|(at, place)| {
        let minor = minor / many + u64::from(at < minor % many);
        Share { prize: prize.to_owned(), pitch: place.pitch, minor }
    });
    shares.collect()
}

impl World {
    /// What falls to whom in place of a fallen award: to the pitches next in rank that have had none and have not left.
    pub fn reserve(&self, ranking: &Ranking, fallen: Id) -> Vec<Share> {
        let awards = &self.prizes.awards;
        let Some(terms) = awards.get(&fallen).map(|award| &award.terms) else { return Vec::new() };
        let others = awards.values().filter(|award| award.stage != Stage::Refused);
        let had: BTreeSet<Id> =
            others.filter(|award| award.terms.in_place_of != fallen).map(|award| award.terms.pitch).collect();
        let bit = 1 << Service::AWARDS.0;
        let left = |pitch: &Id| self.pitches.get(pitch).is_some_and(|pitch| pitch.left_for & bit != 0);
        let free: Vec<Ranked> = ranking
            .places
            .iter()
            .filter(|place| place.rank > 0 && !had.contains(&place.pitch) && !left(&place.pitch))
            .copied()
            .collect();
        let next = free.first().map_or(0, |place| place.rank);
        let group: Vec<Ranked> = free.into_iter().take_while(|place| place.rank == next).collect();
        if group.is_empty() { Vec::new() } else { split(&terms.prize, terms.amount.minor.0, &group) }
    }

    /// The pot, if there is a rulebook.
    pub fn pot(&self) -> Option<&Money> {
        self.rulebook.as_ref().map(|rulebook| &rulebook.rules.pot)
    }
}
