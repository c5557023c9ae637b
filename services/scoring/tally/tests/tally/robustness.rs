//! What a ranking hangs on, worked out by hand; and how long it takes.

use std::time::Instant;

use plaudit_tally::{NotNormalised, Placing, Rung, Scorecard, robustness};

use crate::{card, cards, plain_rules};

fn ranks(placing: &Placing) -> Vec<Option<u32>> {
    placing.0.iter().map(|placed| placed.as_ref().map(|placed| placed.rank)).collect()
}

fn totals(placing: &Placing) -> Vec<String> {
    placing.0.iter().flatten().map(|placed| placed.total.to_string()).collect()
}

#[test]
fn a_winner_who_hangs_on_one_judge() {
    // Means 6, 6.5 and 4: "bikes" win. Without j3, 8, 6 and 4: "bees" do.
    let (pitches, cards) =
        cards(&[("bees", &["8", "8", "2"]), ("bikes", &["6", "6", "7.5"]), ("bread", &["4", "4", "4"])]);
    let robust = robustness(&plain_rules(&[("c", "1")]), &pitches, &cards).unwrap();
    assert_eq!(ranks(&robust.declared), [Some(2), Some(1), Some(3)]);
    assert_eq!(robust.declared.winners(), [1]);
    let winners: Vec<_> = robust.judges.iter().map(|of| (of.judge.as_str(), of.placing.winners())).collect();
    assert_eq!(winners, [("j1", vec![1]), ("j2", vec![1]), ("j3", vec![0])]);
    let without = &robust.judges[2];
    assert_eq!(totals(&without.placing), ["8", "6", "4"]);
    assert_eq!((without.scorecards, without.placing.moved(&robust.declared)), (3, 2));
}

#[test]
fn a_pitch_that_one_judge_alone_marked_has_no_rank_without_them() {
    let (pitches, mut cards) = cards(&[("bees", &["8", "9"]), ("bikes", &["6", "6"])]);
    cards.retain(|card| (card.pitch.as_str(), card.judge.as_str()) != ("bees", "j1"));
    let robust = robustness(&plain_rules(&[("c", "1")]), &pitches, &cards).unwrap();
    assert_eq!(ranks(&robust.judges[1].placing), [None, Some(1)]);
    assert_eq!(robust.normalised, Err(NotNormalised::TooFewMarks));
}

#[test]
fn the_distances_of_two_judges() {
    // j1: mean 2, deviation sqrt(2/3): -1.2247…, 0, 1.2247…
    // j2: mean 8, deviation sqrt(14/3): 0.9258…, 0.4629…, -1.3887…
    let (pitches, cards) = cards(&[("bees", &["1", "10"]), ("bikes", &["2", "9"]), ("bread", &["3", "5"])]);
    let robust = robustness(&plain_rules(&[("c", "1")]), &pitches, &cards).unwrap();
    assert_eq!(ranks(&robust.declared), [Some(1), Some(1), Some(3)]);
    let normalised = robust.normalised.unwrap();
    assert_eq!(ranks(&normalised), [Some(3), Some(1), Some(2)]);
    assert_eq!(totals(&normalised), ["-0.149462", "0.231455", "-0.081993"]);
}

#[test]
fn who_marks_everything_the_same_has_no_say_and_who_shares_no_pitch_can_t_be_compared() {
    let (pitches, mut cards) =
        cards(&[("bees", &["5", "8"]), ("bikes", &["5", "7"]), ("bread", &["5", "9"])]);
    let rules = plain_rules(&[("c", "1")]);
    let normalised = robustness(&rules, &pitches, &cards).unwrap().normalised.unwrap();
    assert_eq!(ranks(&normalised), [Some(2), Some(3), Some(1)]);
    let elsewhere = ["boats", "books", "bells"];
    cards.extend(elsewhere.map(|pitch| card(pitch, "j9", &[("c", "6")])));
    let pitches: Vec<String> = pitches.into_iter().chain(elsewhere.map(str::to_owned)).collect();
    let apart = robustness(&rules, &pitches, &cards).unwrap().normalised;
    assert_eq!(apart, Err(NotNormalised::NotConnected));
}

/// A call of 3,000 pitches with 60 judges, each pitch marked by so many.
fn large(each: usize) -> (Vec<String>, Vec<Scorecard>) {
    let ids = ["a", "b", "c", "d", "e"];
    let pitches: Vec<_> = (0..3_000).map(|n| format!("pitch-{n:04}")).collect();
    let marks = ["4", "5.5", "6", "6.5", "7", "8", "9.5"];
    let mut cards = Vec::new();
    for (n, pitch) in pitches.iter().enumerate() {
        for judge in 0..each {
            let mark = |(k, id)| (id, marks[(n * 31 + judge * 7 + k * n) % marks.len()]);
            let marks: Vec<(&str, &str)> = ids.into_iter().enumerate().map(mark).collect();
            cards.push(card(pitch, &format!("judge-{:02}", (n + judge) % 60), &marks));
        }
    }
    (pitches, cards)
}

fn timed(each: usize) -> f64 {
    let mut rules = plain_rules(&["a", "b", "c", "d", "e"].map(|id| (id, "1.5")));
    rules.round_criterion = Some(2);
    rules.ties = vec![Rung::Criterion("a".into()), Rung::MostFirstPlaces, Rung::HigherMedian];
    let (pitches, cards) = large(each);
    let start = Instant::now();
    let robust = robustness(&rules, &pitches, &cards).unwrap();
    let took = start.elapsed().as_secs_f64();
    assert_eq!(robust.judges.len(), 60);
    println!("3,000 pitches, 60 judges, {each} a pitch: {took:.2} s");
    took
}

#[test]
fn three_thousand_pitches_and_sixty_judges_take_seconds() {
    assert!(timed(3) < 60.0);
}

/// Run it optimised: `cargo test --release … -- --ignored`.
#[test]
#[ignore = "the most that there could be, which only an optimised build does in seconds"]
fn every_judge_on_every_pitch_takes_seconds() {
    assert!(timed(60) < 60.0);
}
