//! The ladder of tie-breaks.

use plaudit_tally::{Ranking, Rung, tally};

use crate::{card, cards, outcome, plain_rules};

fn ranks(ranking: &Ranking) -> Vec<(&str, u32)> {
    let ranked = outcome(ranking).into_iter();
    ranked.map(|(pitch, rank, _)| (pitch, rank)).collect()
}

#[test]
fn equal_totals_share_a_rank_and_the_next_is_skipped() {
    let rules = plain_rules(&[("c", "1")]);
    let (pitches, cards) =
        cards(&[("a", &["5"]), ("b", &["7"]), ("c", &["9"]), ("d", &["7"]), ("e", &["5"])]);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(ranks(&ranking), [("c", 1), ("b", 2), ("d", 2), ("a", 4), ("e", 4)]);
    assert!(ranking.ties.is_empty(), "there is no rung to climb");
}

/// One judge; e is far ahead, the others have 15 each: x tells b and d from a and
/// c, y then a from c, and nothing b from d.
fn two_rungs() -> Ranking {
    let mut rules = plain_rules(&[("x", "1"), ("y", "1"), ("z", "1")]);
    rules.ties = vec![Rung::Criterion("x".into()), Rung::Criterion("y".into())];
    let pitches = ["a", "b", "c", "d", "e"].map(str::to_owned);
    let marks = |x, y, z| [("x", x), ("y", y), ("z", z)];
    let cards = [
        card("a", "j", &marks("5", "3", "7")),
        card("b", "j", &marks("6", "3", "6")),
        card("c", "j", &marks("5", "4", "6")),
        card("d", "j", &marks("6", "3", "6")),
        card("e", "j", &marks("9", "9", "9")),
    ];
    tally(&rules, &pitches, &cards).unwrap()
}

#[test]
fn a_rung_splits_a_group_and_the_rest_goes_on_from_the_next() {
    let ranking = two_rungs();
    assert_eq!(ranks(&ranking), [("e", 1), ("b", 2), ("d", 2), ("c", 4), ("a", 5)]);

    let climbed = |pitch: &str| -> Vec<(String, usize, usize, usize)> {
        let ranked = ranking.get(pitch).unwrap().ranked().unwrap();
        let line = |r: &plaudit_tally::Applied| (r.value.to_string(), r.among, r.higher, r.equal);
        ranked.rungs.iter().map(line).collect()
    };
    assert_eq!(climbed("e"), []);
    assert_eq!(climbed("b"), [("6".into(), 4, 0, 1), ("3".into(), 2, 0, 1)]);
    assert_eq!(climbed("c"), [("5".into(), 4, 2, 1), ("4".into(), 2, 0, 0)]);
    assert_eq!(climbed("a"), [("5".into(), 4, 2, 1), ("3".into(), 2, 1, 0)]);
}

#[test]
fn every_comparison_is_told_in_the_order_it_was_made() {
    let ranking = two_rungs();
    let ties: Vec<_> = ranking
        .ties
        .iter()
        .map(|tie| {
            let pitches: Vec<_> = tie.compared.iter().map(|c| c.pitch.as_str()).collect();
            (tie.rank, tie.rung.clone(), pitches.join(" "))
        })
        .collect();
    let rung = |id: &str| Rung::Criterion(id.to_owned());
    assert_eq!(
        ties,
        [
            (2, rung("x"), "b d a c".to_owned()),
            (2, rung("y"), "b d".to_owned()),
            (4, rung("y"), "c a".to_owned()),
        ]
    );
}

#[test]
fn the_criterion_rung_compares_the_rounded_aggregate() {
    let mut rules = plain_rules(&[("x", "1"), ("y", "1")]);
    rules.round_criterion = Some(0);
    rules.ties = vec![Rung::Criterion("x".into())];
    let pitches = ["a".to_owned(), "b".to_owned()];
    // x is 6.5 and 7, both 7 as the rulebook counts them.
    let cards = [card("a", "j", &[("x", "6.5"), ("y", "4")]), card("b", "j", &[("x", "7"), ("y", "4")])];
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(outcome(&ranking), [("a", 1, "11".to_owned()), ("b", 1, "11".to_owned())]);
}

#[test]
fn most_first_places_counts_the_judges_who_liked_a_pitch_best() {
    let mut rules = plain_rules(&[("c", "1")]);
    rules.ties = vec![Rung::MostFirstPlaces];
    // Both come to 21. j1 likes a best, j2 and j3 like b best.
    let (pitches, cards) =
        cards(&[("a", &["9", "6", "6"]), ("b", &["6", "7.5", "7.5"]), ("z", &["1", "1", "1"])]);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(ranks(&ranking), [("b", 1), ("a", 2), ("z", 3)]);
    assert_eq!(ranking.pitches[0].ranked().unwrap().rungs[0].value.to_string(), "2");
}

#[test]
fn first_places_are_counted_among_all_ranked_pitches_and_shared_ones_count_for_each() {
    let mut rules = plain_rules(&[("c", "1")]);
    rules.least_marks = 2;
    rules.ties = vec![Rung::MostFirstPlaces];
    // j1 likes best: top. j2: a and top alike. j3 marks only the pitch that is
    // not ranked, and b: there b is j3's best.
    let cards = [
        card("top", "j1", &[("c", "10")]),
        card("top", "j2", &[("c", "8")]),
        card("a", "j1", &[("c", "4")]),
        card("a", "j2", &[("c", "8")]),
        card("b", "j2", &[("c", "7")]),
        card("b", "j3", &[("c", "5")]),
        card("c", "j1", &[("c", "6")]),
        card("c", "j2", &[("c", "6")]),
        card("out", "j3", &[("c", "10")]),
    ];
    let pitches = ["a", "b", "c", "out", "top"].map(str::to_owned);
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(ranks(&ranking), [("top", 1), ("a", 2), ("b", 2), ("c", 4)]);
}

#[test]
fn higher_median_compares_the_judges_own_totals_with_weights() {
    let mut rules = plain_rules(&[("x", "2"), ("y", "1")]);
    rules.ties = vec![Rung::HigherMedian];
    let pitches = ["a".to_owned(), "b".to_owned()];
    // a: own totals 4, 13, 19 (sum 36); b: 10, 12, 14 (sum 36).
    let cards = [
        card("a", "j1", &[("x", "1"), ("y", "2")]),
        card("a", "j2", &[("x", "5"), ("y", "3")]),
        card("a", "j3", &[("x", "8"), ("y", "3")]),
        card("b", "j1", &[("x", "4"), ("y", "2")]),
        card("b", "j2", &[("x", "4"), ("y", "4")]),
        card("b", "j3", &[("x", "6"), ("y", "2")]),
    ];
    let ranking = tally(&rules, &pitches, &cards).unwrap();
    assert_eq!(outcome(&ranking), [("a", 1, "12".to_owned()), ("b", 2, "12".to_owned())]);
    let medians: Vec<_> =
        ranking.ties[0].compared.iter().map(|compared| compared.value.to_string()).collect();
    assert_eq!(medians, ["13", "12"]);
}
