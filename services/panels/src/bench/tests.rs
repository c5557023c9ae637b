#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plaudit_chassis::id::{JudgeId, MemberId, PitchId};
use plaudit_proto::v1::{Reason, Round};
use proptest::prelude::*;
use uuid::Uuid;

use super::repair::Repair;
use super::*;
use crate::judge::{Connected, Judge, Status};
use crate::panel::Drawn;

fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(100 + number))
}

fn judge(number: u128) -> JudgeId {
    JudgeId(Uuid::from_u128(number))
}

/// The member in a judge's seat.
fn member(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(1000 + number))
}

fn bench(judges: u128, pitches: u128) -> Bench {
    let seat = |number| {
        let seat =
            Judge { member: member(number), status: Status::Accepted, declared: true, ..Judge::default() };
        (judge(number), Arc::new(seat))
    };
    let pitches = (1..=pitches).map(|number| (pitch(number), BTreeSet::new()));
    Bench { judges: (1..=judges).map(seat).collect(), pitches: pitches.collect() }
}

fn drawn(judges_per_pitch: u32) -> Drawn {
    Drawn { judges_per_pitch, seed: [5; 32] }
}

impl Bench {
    fn change(&mut self, number: u128, change: impl FnOnce(&mut Judge)) {
        change(Arc::make_mut(self.judges.get_mut(&judge(number)).unwrap()));
    }

    fn connect(&mut self, number: u128, to: PitchId, connected: Connected) {
        self.change(number, |judge| {
            judge.connections.insert(to, connected);
        });
    }

    fn wall(&mut self, number: u128, from: PitchId) {
        self.connect(number, from, Connected::Aside);
    }

    /// What the judges' streams would say after this.
    fn give(&mut self, assignments: impl IntoIterator<Item = (PitchId, JudgeId)>) {
        for (pitch, judge) in assignments {
            Arc::make_mut(self.judges.get_mut(&judge).unwrap()).assigned.insert(pitch);
        }
    }

    fn carry_out(&mut self, repair: &Repair) {
        for (judge, pitch, _) in &repair.withdrawn {
            let judge = Arc::make_mut(self.judges.get_mut(judge).unwrap());
            assert!(judge.assigned.remove(pitch));
        }
        self.give(repair.made.iter().map(|&(judge, pitch)| (pitch, judge)));
    }

    fn assigned(judges: u128, pitches: u128, judges_per_pitch: u32) -> Self {
        let mut bench = bench(judges, pitches);
        let plan = bench.plan(&drawn(judges_per_pitch)).unwrap();
        bench.give(plan);
        bench
    }
}

#[test]
fn the_quorum_counts_those_who_accepted_and_declared() {
    let mut bench = bench(4, 1);
    bench.change(1, |judge| judge.status = Status::Invited);
    bench.change(2, |judge| judge.declared = false);
    bench.change(2, |judge| judge.independent = true);
    bench.change(3, |judge| judge.status = Status::StoodDown);
    let round = Round { quorum: 3, independent_judge_needed: true, ..Round::default() };
    let quorum = bench.quorum(&round);
    assert_eq!((quorum.there, quorum.needed), (1, 3));
    assert!(quorum.independent_needed && !quorum.independent_there);
}

#[test]
fn nobody_is_given_their_own_teams_pitch() {
    let mut bench = bench(3, 2);
    bench.pitches.get_mut(&pitch(1)).unwrap().insert(member(2));
    let plan = bench.plan(&drawn(2)).unwrap();
    assert!(!plan.contains(&(pitch(1), judge(2))));
    assert_eq!(plan.len(), 4);
}

#[test]
fn a_recusal_is_replaced_and_nothing_else_moves() {
    let mut bench = Bench::assigned(4, 6, 2);
    let (walled, &of) =
        (pitch(3), bench.judges.keys().find(|j| bench.judges[j].assigned.contains(&pitch(3))).unwrap());
    bench.wall(of.0.as_u128(), walled);
    let repair = bench.repair(&drawn(2));
    assert_eq!(repair.withdrawn, [(of, walled, Reason::ConflictOfInterest)]);
    assert_eq!(repair.made.len(), 1);
    assert_eq!(repair.made[0].1, walled);
    bench.carry_out(&repair);
    assert_eq!(bench.short(&drawn(2)), []);
    assert_eq!(bench.repair(&drawn(2)), Repair::default(), "a second repair has nothing to do");
}

#[test]
fn a_recusal_that_nobody_can_replace_is_said() {
    let mut bench = Bench::assigned(2, 3, 2);
    bench.wall(1, pitch(2));
    let repair = bench.repair(&drawn(2));
    assert_eq!(repair.withdrawn, [(judge(1), pitch(2), Reason::ConflictOfInterest)]);
    assert_eq!(repair.made, []);
    bench.carry_out(&repair);
    assert_eq!(bench.short(&drawn(2)), [Short { pitch: pitch(2), judges: 1, needed: 2 }]);
    assert_eq!(bench.without(), None);
}

#[test]
fn one_hopeless_pitch_does_not_keep_others_from_being_repaired() {
    let mut bench = Bench::assigned(3, 3, 2);
    for number in [1, 2] {
        bench.wall(number, pitch(1));
    }
    bench.carry_out(&bench.repair(&drawn(2)));
    let &of = bench.judges.keys().find(|j| bench.judges[j].assigned.contains(&pitch(2))).unwrap();
    bench.wall(of.0.as_u128(), pitch(2));
    bench.carry_out(&bench.repair(&drawn(2)));
    assert_eq!(bench.short(&drawn(2)), [Short { pitch: pitch(1), judges: 1, needed: 2 }]);
}

#[test]
fn a_stand_in_takes_what_lacks_a_judge_and_nothing_more() {
    let mut bench = Bench::assigned(3, 3, 3);
    bench.change(2, |judge| judge.status = Status::StoodDown);
    let repair = bench.repair(&drawn(3));
    let reasons: BTreeSet<_> = repair.withdrawn.iter().map(|(judge, _, reason)| (*judge, *reason)).collect();
    assert_eq!(reasons, BTreeSet::from([(judge(2), Reason::StoodDown)]));
    assert_eq!((repair.withdrawn.len(), repair.made.len()), (3, 0));
    bench.carry_out(&repair);
    assert_eq!(bench.short(&drawn(3)).len(), 3);
    let stand_in = Judge { status: Status::Accepted, declared: true, ..Judge::default() };
    bench.judges.insert(judge(4), Arc::new(stand_in));
    let repair = bench.repair(&drawn(3));
    assert_eq!(repair.withdrawn, []);
    assert_eq!(repair.made, [1, 2, 3].map(|number| (judge(4), pitch(number))));
}

#[test]
fn where_everybody_marks_everything_a_stand_in_does_too() {
    let mut bench = Bench::assigned(2, 3, 0);
    let stand_in = Judge { status: Status::Accepted, declared: true, ..Judge::default() };
    bench.judges.insert(judge(3), Arc::new(stand_in));
    let repair = bench.repair(&drawn(0));
    assert_eq!(repair.made, [1, 2, 3].map(|number| (judge(3), pitch(number))));
}

#[test]
fn a_connection_is_given_once_it_is_allowed() {
    let mut bench = bench(2, 2);
    bench.connect(1, pitch(1), Connected::Known);
    let plan = bench.plan(&drawn(0)).unwrap();
    assert!(!plan.contains(&(pitch(1), judge(1))));
    bench.give(plan);
    bench.connect(1, pitch(1), Connected::Allowed);
    assert_eq!(bench.repair(&drawn(0)).made, [(judge(1), pitch(1))]);
}

#[test]
fn a_pitch_that_left_gives_its_judges_up() {
    let mut bench = Bench::assigned(3, 3, 2);
    bench.pitches.remove(&pitch(2));
    let repair = bench.repair(&drawn(2));
    assert_eq!(repair.withdrawn.len(), 2);
    assert!(repair.withdrawn.iter().all(|&(_, of, why)| of == pitch(2) && why == Reason::PitchLeft));
    assert_eq!(repair.made, []);
}

#[test]
fn a_pitch_found_eligible_later_gets_its_judges() {
    let mut bench = Bench::assigned(3, 3, 2);
    bench.pitches.insert(pitch(4), BTreeSet::new());
    let repair = bench.repair(&drawn(2));
    assert_eq!(repair.withdrawn, []);
    assert_eq!(repair.made.len(), 2);
    assert!(repair.made.iter().all(|&(_, of)| of == pitch(4)));
}

#[test]
fn a_pitch_found_eligible_later_gets_those_who_are_free_where_they_are_too_few() {
    let mut bench = Bench::assigned(3, 3, 3);
    bench.pitches.insert(pitch(4), BTreeSet::new());
    bench.wall(1, pitch(4));
    let repair = bench.repair(&drawn(3));
    assert_eq!(repair.made, [(judge(2), pitch(4)), (judge(3), pitch(4))]);
}

proptest! {
    /// Whatever happens to judges and pitches: walls and caps hold, and a
    /// pitch is short only where nobody who may mark it has room.
    #[test]
    fn a_repair_leaves_no_wall_open_and_no_pitch_needlessly_short(
        judges_per_pitch in 0_u32..4,
        caps in proptest::collection::vec(0_u32..6, 2..6),
        pitches in 1_u128..8,
        stands in proptest::collection::btree_set((1_u128..6, 1_u128..10), 0..20),
        walls in proptest::collection::btree_set((1_u128..6, 1_u128..10), 0..8),
        left in proptest::option::of(1_u128..6),
    ) {
        let judges = caps.len() as u128;
        let mut bench = bench(judges, pitches);
        for (number, &cap) in (1..).zip(&caps) {
            let before = stands.iter().filter(|(judge, _)| *judge == number).count() as u32;
            bench.change(number, |judge| judge.cap = if cap == 0 { 0 } else { cap.max(before) });
        }
        bench.give(stands.iter().filter(|(j, _)| *j <= judges).map(|&(j, p)| (pitch(p), judge(j))));
        for &(number, of) in walls.iter().filter(|(number, _)| *number <= judges) {
            bench.wall(number, pitch(of));
        }
        if let Some(number) = left.filter(|number| *number <= judges) {
            bench.change(number, |judge| judge.status = Status::StoodDown);
        }
        let drawn = drawn(judges_per_pitch);
        bench.carry_out(&bench.repair(&drawn));
        let mut has: BTreeMap<PitchId, u32> = BTreeMap::new();
        for (pitch, judge) in bench.assignments() {
            prop_assert!(bench.may_give(pitch, judge));
            *has.entry(pitch).or_default() += 1;
        }
        let needed = if judges_per_pitch == 0 { u32::MAX } else { judges_per_pitch };
        for (&judge, state) in &bench.judges {
            let load = state.assigned.len() as u32;
            prop_assert!(state.cap == 0 || load <= state.cap);
            for &pitch in bench.pitches.keys() {
                let short = has.get(&pitch).copied().unwrap_or_default() < needed;
                let room = state.cap == 0 || load < state.cap;
                let idle = !state.assigned.contains(&pitch);
                prop_assert!(!(short && room && idle && bench.may_give(pitch, judge)));
            }
        }
    }
}
