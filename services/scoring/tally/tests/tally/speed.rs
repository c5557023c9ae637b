//! A call with thousands of entries is tallied while a page loads.

use std::time::{Duration, Instant};

use plaudit_tally::{Rung, tally};

use crate::{card, plain_rules};

#[test]
fn three_thousand_pitches_take_less_than_a_second() {
    let ids = ["a", "b", "c", "d", "e"];
    let mut rules = plain_rules(&ids.map(|id| (id, "1.5")));
    rules.round_criterion = Some(2);
    rules.ties = vec![Rung::Criterion("a".into()), Rung::MostFirstPlaces, Rung::HigherMedian];
    let pitches: Vec<_> = (0..3_000).map(|n| format!("pitch-{n:04}")).collect();
    let marks = ["4", "5.5", "6", "6.5", "7", "8", "9.5"];
    let mut cards = Vec::new();
    for (n, pitch) in pitches.iter().enumerate() {
        for judge in 0..3 {
            let mark = |(k, id)| (id, marks[(n * 31 + judge * 7 + k * n) % marks.len()]);
            let marks: Vec<(&str, &str)> = ids.into_iter().enumerate().map(mark).collect();
            cards.push(card(pitch, &format!("judge-{}", (n + judge) % 60), &marks));
        }
    }
    let best = (0..3)
        .map(|_| {
            let start = Instant::now();
            let ranking = tally(&rules, &pitches, &cards).unwrap();
            assert_eq!(ranking.pitches.len(), 3_000);
            start.elapsed()
        })
        .min()
        .unwrap();
    println!("3,000 pitches by 3 judges on 5 criteria: {best:?}");
    assert!(best < Duration::from_secs(1), "it took {best:?}");
}
