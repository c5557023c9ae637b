//! Small panels whose arithmetic anyone can follow on paper.

use plaudit_tally::{Aggregation, End, Standing, TallyError, Unranked, tally};

use crate::{card, cards, outcome, plain_rules, scale};

#[test]
fn mean_times_weight_summed() {
    let rules = plain_rules(&[("impact", "2"), ("team", "1.5")]);
    let pitches = ["bees".to_owned(), "bikes".to_owned()];
    let cards = [
        card("bees", "ada", &[("impact", "7"), ("team", "9")]),
        card("bees", "bob", &[("impact", "8"), ("team", "6")]),
        card("bikes", "ada", &[("impact", "9"), ("team", "9.5")]),
        card("bikes", "bob", &[("impact", "9.5"), ("team", "9")]),
    ];
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    // bees 7.5 × 2 + 7.5 × 1.5; bikes 9.25 × 2 + 9.25 × 1.5
    assert_eq!(outcome(&ranking), [("bikes", 1, "32.375".to_owned()), ("bees", 2, "26.25".to_owned())]);
    assert_eq!(ranking.pitches[0].order, 2);
}

#[test]
fn thirds_are_printed_as_fractions_unless_rounded() {
    let mut rules = plain_rules(&[("c", "2")]);
    let (pitches, cards) = cards(&[("a", &["3", "3", "4"])]);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(outcome(&ranking), [("a", 1, "20/3".to_owned())]);

    rules.round_total = Some(2);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(outcome(&ranking), [("a", 1, "6.67".to_owned())]);
    assert_eq!(ranking.pitches[0].ranked().unwrap().sum.to_string(), "20/3");
}

#[test]
fn each_stage_rounds_what_the_stage_before_left() {
    let mut rules = plain_rules(&[("c", "1.2")]);
    rules.scale = scale("0", "10", "0.05");
    rules.round_criterion = Some(1);
    rules.round_weighted = Some(1);
    // a: 7.41666… -> 7.4; × 1.2 = 8.88 -> 8.9.
    // b: 7.45 -> 7.5; × 1.2 = 9.0. Rounded only at the end it would be 8.94 -> 8.9.
    let (pitches, cards) = cards(&[("a", &["7.25", "7.25", "7.75"]), ("b", &["7.25", "7.65"])]);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(outcome(&ranking), [("b", 1, "9.0".to_owned()), ("a", 2, "8.9".to_owned())]);
    let steps = ranking.get("b").unwrap().criteria[0].steps.clone().unwrap();
    assert_eq!(steps.aggregate.to_string(), "7.45");
    assert_eq!(steps.rounded.to_string(), "7.5");
    assert_eq!(steps.weighted.to_string(), "9");
    assert_eq!(steps.weighted_rounded.to_string(), "9.0");
}

#[test]
fn trimmed_mean_leaves_out_one_mark_at_each_end() {
    let mut rules = plain_rules(&[("c", "1")]);
    rules.aggregation = Aggregation::TrimmedMean { trim: 1 };
    let (pitches, cards) = cards(&[("a", &["9", "2", "7", "2", "8"])]);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    // 2 7 8 are left: 17/3.
    assert_eq!(outcome(&ranking), [("a", 1, "17/3".to_owned())]);
    let marks: Vec<_> = ranking.pitches[0].criteria[0]
        .marks
        .iter()
        .map(|mark| (mark.judge.as_str(), mark.mark.to_string(), mark.left_out))
        .collect();
    let marks: Vec<_> = marks.iter().map(|(j, m, out)| (*j, m.as_str(), *out)).collect();
    // Of the two lowest marks, the first judge's is left out.
    assert_eq!(
        marks,
        [
            ("j2", "2", Some(End::Lowest)),
            ("j4", "2", None),
            ("j3", "7", None),
            ("j5", "8", None),
            ("j1", "9", Some(End::Highest)),
        ]
    );
}

#[test]
fn median_of_odd_and_even_panels() {
    let mut rules = plain_rules(&[("c", "1")]);
    rules.aggregation = Aggregation::Median;
    let (pitches, cards) = cards(&[("odd", &["9", "1", "4"]), ("even", &["1", "9", "6", "4"])]);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(outcome(&ranking), [("even", 1, "5".to_owned()), ("odd", 2, "4".to_owned())]);
}

#[test]
fn half_rounds_up_on_a_scale_below_zero_too() {
    let mut rules = plain_rules(&[("c", "1")]);
    rules.scale = scale("-3", "3", "1");
    rules.round_total = Some(0);
    let (pitches, cards) = cards(&[("low", &["-2", "-3"]), ("high", &["2", "3"])]);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(outcome(&ranking), [("high", 1, "3".to_owned()), ("low", 2, "-2".to_owned())]);
}

#[test]
fn a_pitch_with_too_few_marks_is_unranked_and_says_why() {
    let mut rules = plain_rules(&[("c", "1")]);
    rules.least_marks = 2;
    let (pitches, cards) = cards(&[("none", &[]), ("one", &["10"]), ("two", &["1", "1"])]);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(outcome(&ranking), [("two", 1, "1".to_owned())]);
    assert_eq!(reason(&ranking, 1), ("none", Unranked::NoScorecards));
    assert_eq!(reason(&ranking, 2), ("one", Unranked::TooFewScorecards { have: 1, need: 2 }));
    let one = ranking.get("one").unwrap();
    assert_eq!(one.criteria[0].marks.len(), 1, "its marks are still shown");
    assert_eq!(one.criteria[0].steps, None);
}

#[test]
fn no_scorecard_is_too_few_even_if_the_rules_ask_for_none() {
    let mut rules = plain_rules(&[("c", "1")]);
    rules.least_marks = 0;
    let (pitches, cards) = cards(&[("none", &[]), ("zero", &["0"])]);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(outcome(&ranking), [("zero", 1, "0".to_owned())]);
    assert_eq!(reason(&ranking, 1), ("none", Unranked::NoScorecards));
}

#[test]
fn a_pitch_that_the_trim_would_empty_is_unranked() {
    let mut rules = plain_rules(&[("c", "1")]);
    rules.aggregation = Aggregation::TrimmedMean { trim: 1 };
    let (pitches, cards) = cards(&[("two", &["9", "9"]), ("three", &["1", "5", "9"])]);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(outcome(&ranking), [("three", 1, "5".to_owned())]);
    let (pitch, why) = reason(&ranking, 1);
    assert_eq!((pitch, why), ("two", Unranked::TrimmedAway { have: 2, trim: 1 }));
    assert_eq!(why.to_string(), "leaving out 1 at each end leaves none of this pitch's 2 marks");
}

#[test]
fn no_pitches_make_an_empty_ranking() {
    let ranking = tally(&plain_rules(&[("c", "1")]), &[], &[]).unwrap();
    assert!(ranking.pitches.is_empty());
}

#[test]
fn what_does_not_belong_is_refused() {
    let rules = plain_rules(&[("c", "1")]);
    let (pitches, cards) = cards(&[("a", &["1", "2"])]);
    let twice = [pitches.clone(), pitches.clone()].concat();
    let error = tally(&rules, &twice, &cards).unwrap_err();
    assert_eq!(error.to_string(), "pitch “a” is in the running order twice; leave one out");

    let error = tally(&rules, &[], &cards).unwrap_err();
    assert!(matches!(error, TallyError::UnknownPitch { ref pitch, .. } if pitch == "a"));

    let error = tally(&rules, &pitches, &[cards.clone(), cards].concat()).unwrap_err();
    assert!(matches!(error, TallyError::DuplicateScorecard { ref judge, .. } if judge == "j1"));

    let error = tally(&rules, &pitches, &[card("a", "j1", &[("c", "11")])]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "judge “j1” has wrong marks for the pitch “a”: “c” is marked 11; marks go from 0 to 10"
    );

    let error = tally(&plain_rules(&[]), &pitches, &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the rules of this round can't be applied: there are no criteria; name at least one"
    );
}

fn reason(ranking: &plaudit_tally::Ranking, place: usize) -> (&str, Unranked) {
    let derivation = &ranking.pitches[place];
    match derivation.standing {
        Standing::Unranked(reason) => (&derivation.pitch, reason),
        Standing::Ranked(_) => panic!("{} is ranked", derivation.pitch),
    }
}
