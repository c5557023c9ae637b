#![allow(clippy::unwrap_used)]

mod case;
mod late;
mod oracle;

use std::collections::{BTreeSet, HashSet};
use std::time::Instant;

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;
use case::{Case, cases, judge, late_changes, pair, pitch};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_plan_is_the_fairest_there_is_or_there_is_none(case in cases(4, 4)) {
        match (case.plan(), case.best(&[])) {
            (Ok(plan), Some((_, squares))) => {
                case.assert_holds(&plan);
                prop_assert_eq!(case.squares(&plan), squares);
            }
            (Err(PlanError::Bottleneck { needed, available, .. }), None)
            | (Err(PlanError::CapsTooSmall { needed, available }), None) => {
                prop_assert!(needed > available);
            }
            (Err(PlanError::TooFewJudges { needed, left, .. }), None) => {
                prop_assert!(needed > left);
            }
            (plan, best) => prop_assert!(false, "{plan:?}, but by trying everything {best:?}"),
        }
    }

    #[test]
    fn loads_differ_by_at_most_one_when_nothing_stands_in_the_way(
        pitches in 1..60usize, judges in 1..12usize, each in 1..5u32, seed: [u8; 32],
    ) {
        let each = each.min(judges as u32);
        let case = Case { seed, ..Case::open(pitches, judges, each) };
        let plan = case.plan().unwrap();
        case.assert_holds(&plan);
        let loads = case.loads(&plan);
        prop_assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1);
    }

    /// Too large to try everything: instead no judge can hand a pitch on,
    /// through any chain of others, to one with two fewer.
    #[test]
    fn no_chain_of_handovers_makes_a_larger_plan_fairer(case in cases(40, 9)) {
        let case = Case { each: case.each.max(1), ..case };
        let Ok(plan) = case.plan() else { return Ok(()) };
        case.assert_holds(&plan);
        let made: HashSet<_> = plan.iter().copied().collect();
        let loads = case.loads(&plan);
        for (giver, load) in case.seats.iter().zip(&loads) {
            let mut reached = vec![giver.judge];
            let mut next = 0;
            while let Some(&from) = reached.get(next) {
                next += 1;
                for at in plan.iter().filter(|at| at.judge == from) {
                    for to in case.seats.iter().map(|seat| seat.judge) {
                        let moved = Assignment { judge: to, ..*at };
                        if case.allows(moved) && !made.contains(&moved) && !reached.contains(&to) {
                            reached.push(to);
                        }
                    }
                }
            }
            for (taker, light) in case.seats.iter().zip(&loads) {
                let room = *light < taker.cap.unwrap_or(u32::MAX);
                prop_assert!(!(reached.contains(&taker.judge) && room && light + 2 <= *load));
            }
        }
    }

    #[test]
    fn the_seed_alone_decides_whatever_the_order_of_the_lists(
        (case, current, change) in late_changes(),
    ) {
        let mut turned = case.clone();
        turned.pitches.reverse();
        turned.seats.reverse();
        turned.pitches.extend(case.pitches.first());
        turned.recusals = case.recusals.iter().copied().collect();
        let backwards: Vec<_> = current.iter().rev().copied().collect();
        prop_assert_eq!(case.plan(), turned.plan());
        let (ahead, back) = (case.replace(&current, &change), turned.replace(&backwards, &change));
        prop_assert_eq!(ahead, back);
    }

    #[test]
    fn another_seed_moves_people_and_not_the_fairness(case in cases(12, 6), seed: [u8; 32]) {
        let other = Case { seed, ..case.clone() };
        let (Ok(one), Ok(two)) = (case.plan(), other.plan()) else {
            prop_assert_eq!(case.plan().is_ok(), other.plan().is_ok());
            return Ok(());
        };
        let (mut one, mut two) = if case.each > 0 {
            (case.loads(&one), other.loads(&two))
        } else {
            (case.judges_each(&one), other.judges_each(&two))
        };
        one.sort();
        two.sort();
        prop_assert_eq!(one, two);
    }

}

#[test]
fn everyone_marks_everything_but_what_they_stand_aside_for() {
    let mut case = Case::open(3, 2, 0);
    case.recusals.insert((judge(1), pitch(2)));
    let all = [pair(0, 0), pair(0, 1), pair(1, 0), pair(1, 1), pair(2, 0)];
    assert_eq!(case.plan().unwrap(), all);
}

/// Whatever the order of the lots: even if others took both judges first.
#[test]
fn the_seed_decides_who_meets_whom_and_mixes_the_panel() {
    let plans: Vec<_> =
        (0..240).map(|n| Case { seed: [n; 32], ..Case::open(20, 6, 3) }.plan().unwrap()).collect();
    assert_eq!(plans.iter().collect::<BTreeSet<_>>().len(), 240);
    for number in 0..6 {
        let met = plans.iter().filter(|plan| plan.contains(&pair(0, number))).count();
        assert!((85..=155).contains(&met), "judge {number} met the first pitch {met} times of 240");
    }
    let trios: BTreeSet<_> =
        plans[0].chunks(3).map(|trio| [trio[0].judge, trio[1].judge, trio[2].judge]).collect();
    assert!(trios.len() >= 8, "only {} trios judged 20 pitches", trios.len());
}

/// Published plans must come out the same for years: a change here needs a
/// new version in the lots.
#[test]
fn the_plan_of_a_known_seed_never_changes() {
    let mut case = Case::open(40, 7, 3);
    case.seats[2].cap = Some(5);
    case.recusals.extend([(judge(0), pitch(0)), (judge(1), pitch(0)), (judge(4), pitch(9))]);
    let lines = case.plan().unwrap();
    let lines = lines.iter().map(|at| format!("{} {}\n", at.pitch, at.judge));
    let digest = Sha256::digest(lines.collect::<String>());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let pinned = "f3ab37c7e8c1cf919a6e20d6a260e61716581972b7403147cd6383727f60ec88";
    assert_eq!(digest, pinned);
}

#[test]
fn an_impossible_plan_says_which_pitch_and_what_to_do() {
    let mut case = Case::open(3, 3, 2);
    case.recusals.extend([(judge(0), pitch(1)), (judge(1), pitch(1)), (judge(2), pitch(2))]);
    let short = case.plan().unwrap_err();
    let expected = PlanError::TooFewJudges { pitch: pitch(1), needed: 2, left: 1, seated: 3, more: 0 };
    assert_eq!(short, expected);
    assert_eq!(
        short.to_string(),
        "pitch 00000000-0000-0000-0000-000000001001 needs 2 judges, but only 1 of the 3 on the \
         panel may mark it: invite 1 more without a connection to it, or lower the number of \
         judges a pitch"
    );

    let mut case = Case::open(3, 3, 2);
    case.seats.iter_mut().for_each(|seat| seat.cap = Some(1));
    let caps = PlanError::CapsTooSmall { needed: 6, available: 3 };
    assert_eq!(case.plan().unwrap_err(), caps);

    let mut case = Case::open(4, 3, 1);
    case.seats[0].cap = Some(1);
    case.recusals.extend([0, 1].map(|n| (judge(1), pitch(n))));
    case.recusals.extend([0, 1].map(|n| (judge(2), pitch(n))));
    let stuck = case.plan().unwrap_err();
    assert!(matches!(
        &stuck,
        PlanError::Bottleneck { others: 1, needed: 2, available: 1, judges, .. }
            if judges == &[judge(0)]
    ));
    assert!(stuck.to_string().ends_with(&format!("raise the cap of one of {}", judge(0))));

    let mut case = Case::open(1, 1, 1);
    case.seats.push(Seat { judge: judge(0), cap: Some(3) });
    assert_eq!(case.plan().unwrap_err(), PlanError::SeatTwice { judge: judge(0) });
}

#[test]
fn a_programme_without_pitches_needs_no_judges() {
    assert_eq!(Case::open(0, 0, 3).plan().unwrap(), []);
}

#[test]
fn three_thousand_pitches_and_sixty_judges() {
    let mut case = Case::open(3000, 60, 3);
    let timed = |what: &str, start: Instant| println!("{what}: {:?}", start.elapsed());

    let start = Instant::now();
    let open = case.plan().unwrap();
    timed("nothing in the way", start);
    case.assert_holds(&open);
    assert!(case.loads(&open).iter().all(|&load| load == 150));

    // Half the panel knows nine pitches in ten, and some have little time.
    let knows = |p: usize, j: usize| j < 30 && !p.is_multiple_of(10);
    case.recusals.extend(
        (0..3000).flat_map(|p| (0..60).filter(move |&j| knows(p, j)).map(move |j| (judge(j), pitch(p)))),
    );
    case.seats.iter_mut().skip(50).for_each(|seat| seat.cap = Some(20));
    let start = Instant::now();
    let walled = case.plan().unwrap();
    timed("recusals and caps", start);
    case.assert_holds(&walled);

    let change = Change { gone: vec![judge(40), judge(41)], ..Change::default() };
    let start = Instant::now();
    let delta = case.replace(&walled, &change).unwrap();
    timed("two judges gone", start);
    let theirs = walled.iter().filter(|at| change.gone.contains(&at.judge)).count();
    assert_eq!((delta.withdrawn.len(), delta.made.len()), (theirs, theirs));

    case.each = 0;
    let start = Instant::now();
    let everyone = case.plan().unwrap();
    timed("everyone marks everything", start);
    case.assert_holds(&everyone);
}
