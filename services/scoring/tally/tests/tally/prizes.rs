//! Prizes over shared ranks.

use plaudit_tally::{Prize, PrizeError, Ranking, split_prizes, split_ranks, tally};

use crate::{cards, plain_rules};

fn ranking(marks: &[(&str, &str)]) -> Ranking {
    let marks: Vec<_> = marks.iter().map(|(pitch, mark)| (*pitch, [*mark])).collect();
    let lines: Vec<(&str, &[&str])> = marks.iter().map(|(p, m)| (*p, m.as_slice())).collect();
    let (pitches, cards) = cards(&lines);
    tally(&plain_rules(&[("c", "1")]), &pitches, &cards).unwrap()
}

fn split(prizes: &[(u32, u64)], marks: &[(&str, &str)]) -> Vec<(String, u64)> {
    let prizes: Vec<_> = prizes.iter().map(|&(rank, minor)| Prize { rank, minor }).collect();
    let shares = split_prizes(&prizes, &ranking(marks)).unwrap();
    shares.into_iter().map(|share| (share.pitch, share.minor)).collect()
}

fn won(lines: &[(&str, u64)]) -> Vec<(String, u64)> {
    lines.iter().map(|(pitch, minor)| ((*pitch).to_owned(), *minor)).collect()
}

const PRIZES: [(u32, u64); 3] = [(1, 500_000), (2, 300_000), (3, 200_000)];

#[test]
fn without_ties_each_rank_wins_its_own() {
    let shares = split(&PRIZES, &[("a", "1"), ("b", "9"), ("c", "5"), ("d", "3")]);
    assert_eq!(shares, won(&[("b", 500_000), ("c", 300_000), ("d", 200_000), ("a", 0)]));
}

#[test]
fn two_firsts_share_the_first_and_second_prize() {
    let shares = split(&PRIZES, &[("a", "9"), ("b", "9"), ("c", "5")]);
    assert_eq!(shares, won(&[("a", 400_000), ("b", 400_000), ("c", 200_000)]));
}

#[test]
fn a_tie_across_the_last_prize_shares_it() {
    let shares = split(&[(1, 100)], &[("a", "1"), ("b", "9"), ("c", "9"), ("d", "9")]);
    assert_eq!(shares, won(&[("b", 34), ("c", 33), ("d", 33), ("a", 0)]));
}

#[test]
fn the_pennies_left_go_by_running_order() {
    let shares = split(&[(1, 3), (2, 2)], &[("z", "9"), ("m", "9"), ("a", "9")]);
    assert_eq!(shares, won(&[("z", 2), ("m", 2), ("a", 1)]));
}

#[test]
fn prizes_of_one_rank_add_up_and_those_of_empty_ranks_stay() {
    let shares = split(&[(1, 100), (1, 50), (4, 1_000)], &[("a", "9"), ("b", "5")]);
    assert_eq!(shares, won(&[("a", 150), ("b", 0)]));
}

#[test]
fn ranks_alone_split_as_the_ranking_they_come_from() {
    let prizes = PRIZES.map(|(rank, minor)| Prize { rank, minor });
    let whole = ranking(&[("d", "1"), ("z", "9"), ("c", "5"), ("a", "9")]);
    let ranks = [(1, "z"), (1, "a"), (3, "c"), (4, "d")];
    assert_eq!(split_ranks(&prizes, &ranks), split_prizes(&prizes, &whole));
    let shares = split_ranks(&prizes, &ranks).unwrap();
    let minor: Vec<_> = shares.iter().map(|share| share.minor).collect();
    assert_eq!(minor, [400_000, 400_000, 200_000, 0]);
    assert_eq!(split_ranks(&prizes, &[]), Ok(Vec::new()));
}

#[test]
fn impossible_prizes_are_refused() {
    let ranking = ranking(&[("a", "9")]);
    let refused = |prizes: &[Prize]| split_prizes(prizes, &ranking).unwrap_err();
    assert_eq!(refused(&[Prize { rank: 0, minor: 1 }]), PrizeError::RankZero);
    let most = Prize { rank: 1, minor: u64::MAX };
    assert_eq!(refused(&[most, Prize { rank: 2, minor: 1 }]), PrizeError::TooMuch);
}
