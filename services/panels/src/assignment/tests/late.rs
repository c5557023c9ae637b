//! Late changes: what stood stays wherever it can.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::case::{Case, judge, late_changes, pair, pitch};
use crate::assignment::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_late_change_moves_nothing_that_could_stay((case, current, change) in late_changes()) {
        let after = case.after(&change);
        let delta = case.replace(&current, &change);
        let best = after.best(&current);
        prop_assert_eq!(delta.is_ok(), best.is_some());
        let (Ok(delta), Some((given_up, squares))) = (delta, best) else { return Ok(()) };

        let mut plan: BTreeSet<_> = current.iter().copied().collect();
        prop_assert!(delta.withdrawn.iter().all(|at| plan.remove(at)));
        prop_assert!(delta.made.iter().all(|at| plan.insert(*at)));
        let plan: Vec<_> = plan.into_iter().collect();
        after.assert_holds(&plan);
        let forced = current.iter().filter(|&&at| !after.allows(at)).count();
        prop_assert_eq!(delta.withdrawn.len(), forced + given_up as usize);
        prop_assert_eq!(after.squares(&plan), squares);
        prop_assert_eq!(after.replace(&current, &change), Ok(delta), "lists from after the change");
    }

    #[test]
    fn a_late_recusal_replaces_one_judge_of_one_pitch(seed: [u8; 32], which in 0..90usize) {
        let case = Case { seed, ..Case::open(30, 8, 3) };
        let plan = case.plan().unwrap();
        let out = plan[which];
        let change = Change { recused: vec![(out.judge, out.pitch)], ..Change::default() };
        let delta = case.replace(&plan, &change).unwrap();
        prop_assert_eq!(delta.withdrawn, vec![out]);
        prop_assert_eq!(delta.made.len(), 1);
        prop_assert_eq!(delta.made[0].pitch, out.pitch);
    }
}

#[test]
fn filling_one_pitch_never_empties_another() {
    for seed in 0..100 {
        let mut case = Case { seed: [seed; 32], ..Case::open(3, 3, 0) };
        case.seats.iter_mut().for_each(|seat| seat.cap = Some(1));
        let delta = case.replace(&[pair(2, 0), pair(2, 1)], &Change::default()).unwrap();
        assert_eq!((delta.withdrawn.len(), delta.made.len()), (1, 2));
        let made: BTreeSet<_> = delta.made.iter().map(|at| at.pitch).collect();
        assert_eq!(made, BTreeSet::from([pitch(0), pitch(1)]));
    }
}

#[test]
fn a_judge_who_leaves_takes_along_only_their_own_pitches() {
    let case = Case::open(30, 8, 3);
    let plan = case.plan().unwrap();
    let change = Change { gone: vec![judge(3)], ..Change::default() };
    let delta = case.replace(&plan, &change).unwrap();
    let theirs: Vec<_> = plan.iter().filter(|at| at.judge == judge(3)).copied().collect();
    let pitches = |list: &[Assignment]| list.iter().map(|at| at.pitch).collect::<Vec<_>>();
    assert_eq!(delta.withdrawn, theirs);
    assert_eq!(pitches(&delta.made), pitches(&theirs));
}

#[test]
fn a_stand_in_alone_moves_nobody() {
    let case = Case::open(30, 8, 3);
    let change = Change { arrived: vec![Seat { judge: judge(8), cap: None }], ..Change::default() };
    let delta = case.replace(&case.plan().unwrap(), &change).unwrap();
    assert_eq!(delta, Delta::default());
}

#[test]
fn a_standing_assignment_yields_only_when_nothing_else_will_do() {
    let mut case = Case::open(2, 2, 1);
    case.seats.iter_mut().for_each(|seat| seat.cap = Some(1));
    let change = Change { recused: vec![(judge(0), pitch(0))], ..Change::default() };
    let delta = case.replace(&[pair(0, 0), pair(1, 1)], &change).unwrap();
    assert_eq!(delta.withdrawn, [pair(0, 0), pair(1, 1)]);
    assert_eq!(delta.made, [pair(0, 1), pair(1, 0)]);
}

#[test]
fn a_pitch_that_lost_its_only_judge_gets_one_though_all_are_at_their_caps() {
    let mut case = Case::open(2, 2, 0);
    case.seats.iter_mut().for_each(|seat| seat.cap = Some(1));
    let change = Change { recused: vec![(judge(1), pitch(1))], ..Change::default() };
    let delta = case.replace(&[pair(0, 0), pair(1, 1)], &change).unwrap();
    assert_eq!(delta.made, [pair(0, 1), pair(1, 0)]);
}

#[test]
fn a_pitch_without_a_judge_takes_one_from_the_pitch_with_most() {
    for seed in 0..100 {
        let mut case = Case { seed: [seed; 32], ..Case::open(3, 5, 0) };
        case.seats.iter_mut().for_each(|seat| seat.cap = Some(1));
        let crowd = [pair(1, 0), pair(1, 1), pair(1, 2), pair(2, 3), pair(2, 4)];
        let delta = case.replace(&crowd, &Change::default()).unwrap();
        assert_eq!(delta.withdrawn.len(), 1);
        assert_eq!(delta.withdrawn[0].pitch, pitch(1));
    }
}

#[test]
fn a_pitch_with_one_judge_too_many_keeps_the_other() {
    for seed in 0..200 {
        let mut case = Case { seed: [seed; 32], ..Case::open(3, 4, 1) };
        case.seats[..2].iter_mut().for_each(|seat| seat.cap = Some(1));
        let delta = case.replace(&[pair(0, 0), pair(0, 1)], &Change::default()).unwrap();
        assert_eq!(delta.withdrawn.len(), 1);
    }
}
