//! Ranks, and the ladder of tie-breaks that tells equal totals apart.

use std::collections::BTreeMap;

use crate::aggregate::{Card, Scores, median};
use crate::derivation::{Applied, Compared, TieBreak};
use crate::exact::{Exact, Rational};
use crate::rules::{Rules, Rung};

/// A pitch that will get a rank.
pub(crate) struct Contender<'a> {
    pub pitch: &'a str,
    pub scores: &'a Scores,
    pub cards: &'a [Card<'a>],
}

/// Where a contender ended up.
pub(crate) struct Place {
    /// Its index among the contenders.
    pub contender: usize,
    pub rank: u32,
    pub rungs: Vec<Applied>,
}

/// Ranks the contenders, who come in running order, as if the judge `without`
/// had no cards.
pub(crate) fn rank(
    rules: &Rules,
    contenders: &[Contender<'_>],
    without: Option<&str>,
) -> (Vec<Place>, Vec<TieBreak>) {
    let mut ladder = Ladder {
        rules,
        contenders,
        without,
        first_places: first_places(rules, contenders, without),
        climbed: contenders.iter().map(|_| Vec::new()).collect(),
        places: Vec::with_capacity(contenders.len()),
        next_rank: 1,
        ties: Vec::new(),
    };
    let totals = (0..contenders.len()).map(|index| (index, contenders[index].scores.total.clone()));
    for group in groups(totals.collect()) {
        ladder.climb(&group, &rules.ties);
    }
    (ladder.places, ladder.ties)
}

struct Ladder<'a> {
    rules: &'a Rules,
    contenders: &'a [Contender<'a>],
    without: Option<&'a str>,
    /// By contender; empty if no rung asks for them.
    first_places: Vec<u32>,
    /// By contender, the rungs so far.
    climbed: Vec<Vec<Applied>>,
    places: Vec<Place>,
    next_rank: u32,
    ties: Vec<TieBreak>,
}

/// A contender and what it is compared by.
type Value = (usize, Exact);

impl Ladder<'_> {
    /// Gives the next ranks to a group of equals, telling them apart by `rungs`.
    fn climb(&mut self, group: &[Value], rungs: &[Rung]) {
        let [rung, later @ ..] = rungs else {
            return self.share(group);
        };
        if group.len() == 1 {
            return self.share(group);
        }
        let values = group.iter().map(|(index, _)| (*index, self.value(rung, *index)));
        let parts = groups(values.collect());
        self.note(rung, &parts);
        for part in parts {
            self.climb(&part, later);
        }
    }

    /// One rank for all of them.
    fn share(&mut self, group: &[Value]) {
        let rank = self.next_rank;
        for (contender, _) in group {
            let rungs = std::mem::take(&mut self.climbed[*contender]);
            self.places.push(Place { contender: *contender, rank, rungs });
            self.next_rank += 1;
        }
    }

    fn value(&self, rung: &Rung, index: usize) -> Exact {
        let contender = &self.contenders[index];
        match rung {
            Rung::Criterion(id) => {
                let listed = self.rules.criteria.iter().position(|criterion| criterion.id == *id);
                let index = listed.expect("the rules were validated: every rung's criterion is listed");
                contender.scores.rounded[index].clone()
            }
            Rung::MostFirstPlaces => Exact::new(Rational::from_integer(self.first_places[index].into()), 0),
            Rung::HigherMedian => {
                let mut totals: Vec<_> =
                    counted(contender, self.without).map(|card| card.own_total(self.rules).clone()).collect();
                totals.sort();
                Exact::new(median(&totals), 0)
            }
        }
    }

    fn note(&mut self, rung: &Rung, parts: &[Vec<Value>]) {
        let among = parts.iter().map(Vec::len).sum();
        let mut higher = 0;
        let mut compared = Vec::with_capacity(among);
        for part in parts {
            for (index, value) in part {
                let (rung, value, equal) = (rung.clone(), value.clone(), part.len() - 1);
                let pitch = self.contenders[*index].pitch.to_owned();
                compared.push(Compared { pitch, value: value.clone() });
                self.climbed[*index].push(Applied { rung, value, among, higher, equal });
            }
            higher += part.len();
        }
        self.ties.push(TieBreak { rank: self.next_rank, rung: rung.clone(), compared });
    }
}

/// Highest first, equals together; equals keep their order.
fn groups(mut values: Vec<Value>) -> Vec<Vec<Value>> {
    values.sort_by(|a, b| b.1.cmp(&a.1));
    values.chunk_by(|a, b| a.1 == b.1).map(<[Value]>::to_vec).collect()
}

/// A contender's cards but those of one judge.
fn counted<'a>(contender: &Contender<'a>, without: Option<&str>) -> impl Iterator<Item = &'a Card<'a>> {
    contender.cards.iter().filter(move |card| Some(card.judge) != without)
}

/// For each contender, how many judges gave it their own highest total.
fn first_places(rules: &Rules, contenders: &[Contender<'_>], without: Option<&str>) -> Vec<u32> {
    if !rules.ties.contains(&Rung::MostFirstPlaces) {
        return Vec::new();
    }
    let mut best: BTreeMap<&str, (&Rational, Vec<usize>)> = BTreeMap::new();
    for (index, contender) in contenders.iter().enumerate() {
        for card in counted(contender, without) {
            let total = card.own_total(rules);
            match best.get_mut(card.judge) {
                Some((highest, _)) if total < *highest => {}
                Some((highest, holders)) if total == *highest => holders.push(index),
                _ => _ = best.insert(card.judge, (total, vec![index])),
            }
        }
    }
    let mut places = vec![0; contenders.len()];
    for holder in best.values().flat_map(|(_, holders)| holders) {
        places[*holder] += 1;
    }
    places
}
