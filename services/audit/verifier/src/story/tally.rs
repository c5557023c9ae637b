//! The tally of a round, pitch by pitch: what `plaudit_tally` makes of all at once, in the memory of one pitch.
//!
//! Each pitch is tallied by itself twice: once for what it is ranked by, and once, when its rank is known, for its
//! derivation. Between the two stands the ladder of tie-breaks, as the crate `plaudit_tally` documents it.

use std::collections::BTreeMap;

use plaudit_tally::{
    Applied, Compared, Exact, PitchDerivation, Rational, Rules, Rung, Scorecard, Standing, TieBreak, tally,
};
use sha2::{Digest, Sha256};

/// A round's result, worked out again.
#[derive(Debug, Default)]
pub struct Tallied {
    /// In running order.
    pub places: Vec<Place>,
    /// Of the whole derivation.
    pub digest: [u8; 32],
}

/// One pitch's place.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// As it is printed; empty if it has no rank.
    pub total: String,
    /// 0: none.
    pub rank: u32,
    /// How many share the rank.
    pub shared_by: u32,
    /// How many score sheets count.
    pub scorecards: usize,
    /// Of its derivation.
    pub digest: [u8; 32],
}

/// Works a result out. `cards` has the counted score sheets of a pitch, by its place in the running order, and is
/// asked twice; `None` if marks can't be read. So is the answer, or if they break the rules.
pub fn tallied(
    rules: &Rules,
    pitches: &[String],
    cards: impl Fn(usize) -> Option<Vec<Scorecard>>,
) -> Option<Tallied> {
    let one = |at: usize| alone(rules, &pitches[at], &cards(at)?);
    let mut ladder = Ladder { rules, pitches, values: Vec::new(), order: Vec::new(), ties: Vec::new() };
    let mut best: BTreeMap<String, (Rational, Vec<usize>)> = BTreeMap::new();
    let (mut ranked, mut unranked) = (Vec::new(), Vec::new());
    for (at, pitch) in pitches.iter().enumerate() {
        let cards = cards(at)?;
        let derivation = alone(rules, pitch, &cards)?;
        ladder.values.push(values(rules, &derivation, &cards)?);
        match derivation.total() {
            Some(total) => {
                ranked.push((at, total.clone()));
                first_places(rules, at, &cards, &mut best);
            }
            None => unranked.push(at),
        }
    }
    ladder.count_first_places(best);
    for group in groups(ranked) {
        ladder.climb(&group, &rules.ties);
    }
    let Ladder { order, ties, .. } = ladder;
    write(rules, pitches.len(), order, &unranked, &ties, one)
}

/// A pitch as if it were the only one.
fn alone(rules: &Rules, pitch: &String, cards: &[Scorecard]) -> Option<PitchDerivation> {
    tally(rules, std::slice::from_ref(pitch), cards).ok()?.pitches.pop()
}

/// Puts all derivations together, by rank, and hashes each and the whole.
fn write(
    rules: &Rules,
    many: usize,
    order: Vec<(usize, u32, Vec<Applied>)>,
    unranked: &[usize],
    ties: &[TieBreak],
    one: impl Fn(usize) -> Option<PitchDerivation>,
) -> Option<Tallied> {
    let mut sharing: BTreeMap<u32, u32> = BTreeMap::new();
    order.iter().for_each(|(_, rank, _)| *sharing.entry(*rank).or_default() += 1);
    let mut whole = Sha256::new_with_prefix(r#"{"version":"plaudit/tally/v1","rules":"#);
    whole.update(serde_json::to_vec(rules).ok()?);
    whole.update(r#","pitches":["#);
    let mut places = vec![Place::default(); many];
    let unranked = unranked.iter().map(|at| (*at, 0, Vec::new()));
    for (nth, (at, rank, rungs)) in order.into_iter().chain(unranked).enumerate() {
        let mut derivation = one(at)?;
        derivation.order = u32::try_from(at + 1).ok()?;
        if let Standing::Ranked(ranked) = &mut derivation.standing {
            (ranked.rank, ranked.rungs) = (rank, rungs);
        }
        let bytes = derivation.derivation_bytes();
        if nth > 0 {
            whole.update(",");
        }
        whole.update(&bytes);
        places[at] = Place {
            total: derivation.total().map(ToString::to_string).unwrap_or_default(),
            rank,
            shared_by: sharing.get(&rank).copied().unwrap_or_default(),
            scorecards: derivation.criteria.first().map_or(0, |criterion| criterion.marks.len()),
            digest: Sha256::digest(&bytes).into(),
        };
    }
    whole.update(r#"],"ties":"#);
    whole.update(serde_json::to_vec(ties).ok()?);
    whole.update("}");
    Some(Tallied { places, digest: whole.finalize().into() })
}

/// What a pitch has on each rung; first places are counted later.
fn values(rules: &Rules, derivation: &PitchDerivation, cards: &[Scorecard]) -> Option<Vec<Exact>> {
    let nothing = || Exact::new(Rational::from_integer(0.into()), 0);
    if derivation.total().is_none() {
        return Some(Vec::new());
    }
    let value = |rung: &Rung| match rung {
        Rung::Criterion(id) => {
            let criterion = derivation.criteria.iter().find(|criterion| criterion.criterion == *id)?;
            criterion.steps.as_ref().map(|steps| steps.rounded.clone())
        }
        Rung::HigherMedian => {
            let mut totals: Vec<Rational> = cards.iter().map(|card| own_total(rules, card)).collect();
            totals.sort();
            let (below, above) = ((totals.len() - 1) / 2, totals.len() / 2);
            let middle: Rational = totals[below..=above].iter().sum();
            let many = Rational::from_integer((above - below + 1).into());
            Some(Exact::new(middle / many, 0))
        }
        _ => Some(nothing()),
    };
    rules.ties.iter().map(value).collect()
}

/// A judge's own total: weight times mark, never rounded.
fn own_total(rules: &Rules, card: &Scorecard) -> Rational {
    let parts = rules.criteria.iter().filter_map(|criterion| {
        Some(criterion.weight.to_rational() * card.marks.get(&criterion.id)?.to_rational())
    });
    parts.sum()
}

/// Notes of whom a pitch has the highest own total so far.
fn first_places(
    rules: &Rules,
    at: usize,
    cards: &[Scorecard],
    best: &mut BTreeMap<String, (Rational, Vec<usize>)>,
) {
    if !rules.ties.contains(&Rung::MostFirstPlaces) {
        return;
    }
    for card in cards {
        let total = own_total(rules, card);
        match best.get_mut(&card.judge) {
            Some((highest, _)) if total < *highest => {}
            Some((highest, holders)) if total == *highest => holders.push(at),
            _ => _ = best.insert(card.judge.clone(), (total, vec![at])),
        }
    }
}

/// A pitch by its place in the running order, and what it is compared by.
type Value = (usize, Exact);

/// Highest first, equals together; equals keep their order.
fn groups(mut values: Vec<Value>) -> Vec<Vec<Value>> {
    values.sort_by(|a, b| b.1.cmp(&a.1));
    values.chunk_by(|a, b| a.1 == b.1).map(<[Value]>::to_vec).collect()
}

struct Ladder<'a> {
    rules: &'a Rules,
    pitches: &'a [String],
    /// By pitch, what it has on each rung.
    values: Vec<Vec<Exact>>,
    /// By rank: pitch, rank and the rungs it climbed.
    order: Vec<(usize, u32, Vec<Applied>)>,
    ties: Vec<TieBreak>,
}

impl Ladder<'_> {
    fn count_first_places(&mut self, best: BTreeMap<String, (Rational, Vec<usize>)>) {
        let mut places = vec![0_u32; self.pitches.len()];
        best.into_values().flat_map(|(_, holders)| holders).for_each(|holder| places[holder] += 1);
        let rungs = self.rules.ties.iter().enumerate();
        for (rung, _) in rungs.filter(|(_, rung)| **rung == Rung::MostFirstPlaces) {
            for (values, places) in self.values.iter_mut().zip(&places) {
                if let Some(value) = values.get_mut(rung) {
                    *value = Exact::new(Rational::from_integer((*places).into()), 0);
                }
            }
        }
    }

    /// Gives the next ranks to a group of equals, told apart rung by rung.
    fn climb(&mut self, group: &[Value], rungs: &[Rung]) {
        let mut climbed: BTreeMap<usize, Vec<Applied>> = BTreeMap::new();
        let from = u32::try_from(self.order.len() + 1).unwrap_or(u32::MAX);
        self.split(group.to_vec(), rungs, from, &mut climbed);
    }

    fn split(
        &mut self,
        group: Vec<Value>,
        rungs: &[Rung],
        rank: u32,
        climbed: &mut BTreeMap<usize, Vec<Applied>>,
    ) {
        let ([rung, later @ ..], [_, _, ..]) = (rungs, group.as_slice()) else {
            for (at, _) in group {
                self.order.push((at, rank, climbed.remove(&at).unwrap_or_default()));
            }
            return;
        };
        let nth = self.rules.ties.len() - rungs.len();
        let among = group.len();
        let parts = groups(group.iter().map(|(at, _)| (*at, self.values[*at][nth].clone())).collect());
        let mut compared = Vec::with_capacity(among);
        let mut higher = 0;
        for part in &parts {
            for (at, value) in part {
                let (rung, value, equal) = (rung.clone(), value.clone(), part.len() - 1);
                compared.push(Compared { pitch: self.pitches[*at].clone(), value: value.clone() });
                climbed.entry(*at).or_default().push(Applied { rung, value, among, higher, equal });
            }
            higher += part.len();
        }
        self.ties.push(TieBreak { rank, rung: rung.clone(), compared });
        let mut next = rank;
        for part in parts {
            let many = u32::try_from(part.len()).unwrap_or(u32::MAX);
            self.split(part, later, next, climbed);
            next = next.saturating_add(many);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use plaudit_tally::Decimal;
    use proptest::prelude::*;

    use super::*;

    fn rules(ties: &str, least: u32, total: &str) -> Rules {
        let json = format!(
            r#"{{"scale":{{"min":"0","max":"3","step":"1"}},"criteria":[{{"id":"a","weight":"2"}},{{"id":"b","weight":"1"}}],
            "aggregation":"mean","normalisation":"none","round_total":{total},"ties":{ties},"least_marks":{least}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    proptest! {
        #[test]
        fn it_is_what_tally_makes_of_all_at_once(
            marks in prop::collection::vec(prop::collection::vec((0..4_u8, 0..4_u8), 0..4), 1..9),
            ties in prop::sample::select(vec![
                r#"[]"#,
                r#"[{"criterion":"b"},"most_first_places","higher_median"]"#,
                r#"["higher_median",{"criterion":"a"}]"#,
            ]),
            least in 0..3_u32,
            total in prop::sample::select(vec!["null", "0"]),
        ) {
            let rules = rules(ties, least, total);
            let pitches: Vec<String> = (0..marks.len()).map(|at| format!("p{at}")).collect();
            let cards = |at: usize| -> Vec<Scorecard> {
                let decimal = |mark: u8| mark.to_string().parse::<Decimal>().unwrap();
                let marks = marks[at].iter().enumerate();
                let card = |(judge, (a, b)): (usize, &(u8, u8))| Scorecard {
                    pitch: pitches[at].clone(),
                    judge: format!("j{judge}"),
                    marks: [("a".to_owned(), decimal(*a)), ("b".to_owned(), decimal(*b))].into(),
                };
                marks.map(card).collect()
            };
            let all: Vec<Scorecard> = (0..marks.len()).flat_map(cards).collect();
            let expected = tally(&rules, &pitches, &all).unwrap();
            let found = tallied(&rules, &pitches, |at| Some(cards(at))).unwrap();
            prop_assert_eq!(found.digest, *expected.digest().as_bytes());
            for (pitch, place) in pitches.iter().zip(&found.places) {
                let expected = expected.get(pitch).unwrap();
                prop_assert_eq!(place.digest, *expected.digest().as_bytes());
                prop_assert_eq!(place.rank, expected.rank().unwrap_or_default());
            }
        }
    }
}
