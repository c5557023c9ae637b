//! The tally once more, slow and plain, to compare with: fractions of two
//! integers, no sorting, and ranks by counting who is ahead.

use std::cmp::Ordering;

use plaudit_tally::{Aggregation, Rules, Rung, Scorecard};

/// A fraction with a positive denominator.
#[derive(Clone, Copy, Debug)]
pub struct Fraction {
    pub numer: i128,
    pub denom: i128,
}

impl Fraction {
    fn new(numer: i128, denom: i128) -> Self {
        let (mut a, mut b) = (numer.abs(), denom);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self { numer: numer / a, denom: denom / a }
    }

    fn parse(text: &str) -> Self {
        let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let digits = text.replace('.', "").parse().unwrap();
        Self::new(digits, 10_i128.pow(decimals as u32))
    }

    fn plus(self, other: Self) -> Self {
        let numer = self.numer * other.denom + other.numer * self.denom;
        Self::new(numer, self.denom * other.denom)
    }

    fn times(self, other: Self) -> Self {
        Self::new(self.numer * other.numer, self.denom * other.denom)
    }

    fn is_below(self, other: Self) -> bool {
        self.numer * other.denom < other.numer * self.denom
    }

    /// Half up: twice the number of steps, plus one, halved, rounded down.
    fn round(self, places: Option<u32>) -> Self {
        let Some(places) = places else { return self };
        let power = 10_i128.pow(places);
        let steps = (2 * self.numer * power + self.denom).div_euclid(2 * self.denom);
        Self::new(steps, power)
    }
}

fn sum(numbers: &[Fraction]) -> Fraction {
    numbers.iter().fold(Fraction::new(0, 1), |sum, number| sum.plus(*number))
}

fn mean(numbers: &[Fraction]) -> Fraction {
    sum(numbers).times(Fraction::new(1, numbers.len() as i128))
}

/// Takes away one of the lowest and one of the highest.
fn drop_ends(numbers: &mut Vec<Fraction>) {
    for highest in [false, true] {
        let mut end = 0;
        for (index, number) in numbers.iter().enumerate() {
            let beyond = if highest { numbers[end].is_below(*number) } else { number.is_below(numbers[end]) };
            if beyond {
                end = index;
            }
        }
        numbers.remove(end);
    }
}

fn median(mut numbers: Vec<Fraction>) -> Fraction {
    while numbers.len() > 2 {
        drop_ends(&mut numbers);
    }
    mean(&numbers)
}

/// What one pitch is compared by: its total, then its value on each rung.
pub type Key = Vec<Fraction>;

/// For each pitch in running order its rank and total, or `None` if unranked.
pub fn tally(rules: &Rules, pitches: &[String], cards: &[Scorecard]) -> Vec<Option<(u32, Fraction)>> {
    let ranked: Vec<bool> = pitches.iter().map(|pitch| is_ranked(rules, of(pitch, cards))).collect();
    let counted: Vec<&Scorecard> = cards
        .iter()
        .filter(|card| pitches.iter().zip(&ranked).any(|(p, ranked)| *ranked && *p == card.pitch))
        .collect();
    let key = |(pitch, ranked): (&String, &bool)| ranked.then(|| key(rules, pitch, &counted));
    let keys: Vec<Option<Key>> = pitches.iter().zip(&ranked).map(key).collect();
    let rank = |key: &Key| {
        let ahead = keys.iter().flatten().filter(|other| compare(other, key) == Ordering::Greater);
        (1 + ahead.count() as u32, key[0])
    };
    keys.iter().map(|key| key.as_ref().map(rank)).collect()
}

fn of<'a>(pitch: &str, cards: &'a [Scorecard]) -> Vec<&'a Scorecard> {
    cards.iter().filter(|card| card.pitch == pitch).collect()
}

fn is_ranked(rules: &Rules, cards: Vec<&Scorecard>) -> bool {
    let trimmed = match rules.aggregation {
        Aggregation::TrimmedMean { trim } => 2 * trim as usize,
        _ => 0,
    };
    cards.len() >= rules.least_marks as usize && cards.len() > trimmed
}

fn compare(a: &Key, b: &Key) -> Ordering {
    for (a, b) in a.iter().zip(b) {
        if a.is_below(*b) {
            return Ordering::Less;
        }
        if b.is_below(*a) {
            return Ordering::Greater;
        }
    }
    Ordering::Equal
}

fn key(rules: &Rules, pitch: &str, counted: &[&Scorecard]) -> Key {
    let own: Vec<&Scorecard> = counted.iter().filter(|c| c.pitch == pitch).copied().collect();
    let aggregate = |id: &str| {
        let marks = own.iter().map(|card| Fraction::parse(&card.marks[id].to_string()));
        let mut marks: Vec<_> = marks.collect();
        let aggregate = match rules.aggregation {
            Aggregation::Median => median(marks),
            Aggregation::TrimmedMean { trim } => {
                (0..trim).for_each(|_| drop_ends(&mut marks));
                mean(&marks)
            }
            _ => mean(&marks),
        };
        aggregate.round(rules.round_criterion)
    };
    let parts: Vec<_> = rules
        .criteria
        .iter()
        .map(|c| aggregate(&c.id).times(Fraction::parse(&c.weight.to_string())))
        .map(|part| part.round(rules.round_weighted))
        .collect();
    let mut key = vec![sum(&parts).round(rules.round_total)];
    key.extend(rules.ties.iter().map(|rung| match rung {
        Rung::Criterion(id) => aggregate(id),
        Rung::MostFirstPlaces => {
            let firsts = own.iter().filter(|card| is_first_place(rules, card, counted));
            Fraction::new(firsts.count() as i128, 1)
        }
        Rung::HigherMedian => median(own.iter().map(|card| own_total(rules, card)).collect()),
        other => panic!("{other:?} is not known here"),
    }));
    key
}

fn is_first_place(rules: &Rules, card: &Scorecard, counted: &[&Scorecard]) -> bool {
    let total = own_total(rules, card);
    counted
        .iter()
        .filter(|other| other.judge == card.judge)
        .all(|other| !total.is_below(own_total(rules, other)))
}

fn own_total(rules: &Rules, card: &Scorecard) -> Fraction {
    let part = |c: &plaudit_tally::Criterion| {
        let mark = Fraction::parse(&card.marks[&c.id].to_string());
        mark.times(Fraction::parse(&c.weight.to_string()))
    };
    sum(&rules.criteria.iter().map(part).collect::<Vec<_>>())
}
