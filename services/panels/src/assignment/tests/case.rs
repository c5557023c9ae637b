//! Panels to test with: small enough to try everything, drawn at random.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::oracle::{Price, Sides};
use crate::assignment::*;

/// One panel, its pitches and rules.
#[derive(Debug, Clone)]
pub struct Case {
    pub pitches: Vec<PitchId>,
    pub seats: Vec<Seat>,
    pub recusals: HashSet<(Uuid, PitchId)>,
    pub each: u32,
    pub seed: [u8; 32],
}

pub fn pitch(number: usize) -> PitchId {
    PitchId(Uuid::from_u128(0x1000 + number as u128))
}

pub fn judge(number: usize) -> Uuid {
    Uuid::from_u128(0x2000 + number as u128)
}

pub fn pair(pitch_number: usize, judge_number: usize) -> Assignment {
    Assignment { pitch: pitch(pitch_number), judge: judge(judge_number) }
}

impl Case {
    pub fn open(pitches: usize, judges: usize, each: u32) -> Self {
        Self {
            pitches: (0..pitches).map(pitch).collect(),
            seats: (0..judges).map(|n| Seat { judge: judge(n), cap: None }).collect(),
            recusals: HashSet::new(),
            each,
            seed: [7; 32],
        }
    }

    pub fn plan(&self) -> Result<Vec<Assignment>, PlanError> {
        plan(&self.pitches, &self.seats, &self.recusals, self.each, self.seed)
    }

    pub fn replace(&self, current: &[Assignment], change: &Change) -> Result<Delta, PlanError> {
        let Self { pitches, seats, recusals, each, seed } = self;
        replace(current, change, pitches, seats, recusals, *each, *seed)
    }

    /// The panel as it is once the change has happened.
    pub fn after(&self, change: &Change) -> Self {
        let mut after = self.clone();
        after.seats.retain(|seat| !change.gone.contains(&seat.judge));
        after.seats.extend(&change.arrived);
        after.recusals.extend(&change.recused);
        after
    }

    pub fn allows(&self, at: Assignment) -> bool {
        self.pitches.contains(&at.pitch)
            && self.seats.iter().any(|seat| seat.judge == at.judge)
            && !self.recusals.contains(&(at.judge, at.pitch))
    }

    pub fn loads(&self, plan: &[Assignment]) -> Vec<u32> {
        let mut loads: BTreeMap<_, _> = self.seats.iter().map(|seat| (seat.judge, 0)).collect();
        plan.iter().for_each(|at| *loads.get_mut(&at.judge).unwrap() += 1);
        loads.into_values().collect()
    }

    pub fn judges_each(&self, plan: &[Assignment]) -> Vec<u32> {
        let mut counts: BTreeMap<_, _> = self.pitches.iter().map(|&pitch| (pitch, 0)).collect();
        plan.iter().for_each(|at| *counts.get_mut(&at.pitch).unwrap() += 1);
        counts.into_values().collect()
    }

    fn most(&self, seat: &Seat) -> u32 {
        let pitches = self.pitches.iter();
        let open = pitches.filter(|&&pitch| !self.recusals.contains(&(seat.judge, pitch))).count();
        seat.cap.unwrap_or(u32::MAX).min(open as u32)
    }

    /// Every rule but fairness.
    pub fn assert_holds(&self, plan: &[Assignment]) {
        assert!(plan.is_sorted_by(|a, b| a < b), "in order, nobody twice");
        assert!(plan.iter().all(|&at| self.allows(at)), "recusals hold");
        let mut seats = self.seats.clone();
        seats.sort_by_key(|seat| seat.judge);
        for (seat, load) in seats.iter().zip(self.loads(plan)) {
            assert!(load <= seat.cap.unwrap_or(u32::MAX), "caps hold");
            assert!(self.each > 0 || load == self.most(seat), "every judge marks all they may");
        }
        for judges in self.judges_each(plan) {
            assert!(if self.each > 0 { judges == self.each } else { judges > 0 });
        }
    }

    /// What fairness costs: squared loads, on the side that shares.
    pub fn squares(&self, plan: &[Assignment]) -> u32 {
        let counts = if self.each > 0 { self.loads(plan) } else { self.judges_each(plan) };
        counts.iter().map(|count| count * count).sum()
    }

    /// The least price by trying everything.
    pub fn best(&self, current: &[Assignment]) -> Option<Price> {
        let mark = |pitch: PitchId, judge: Uuid, stood: bool| {
            let at = Assignment { pitch, judge };
            self.allows(at) && (!stood || current.contains(&at))
        };
        let side = |stood: bool| -> Vec<u32> {
            let (pitches, seats) = (self.pitches.iter(), self.seats.iter());
            if self.each > 0 {
                let row = |&pitch| bits(seats.clone().map(|seat| mark(pitch, seat.judge, stood)));
                pitches.map(row).collect()
            } else {
                let row = |seat: &Seat| bits(pitches.clone().map(|&p| mark(p, seat.judge, stood)));
                seats.map(row).collect()
            }
        };
        let (allowed, stood) = (side(false), side(true));
        let caps = self.seats.iter().map(|seat| seat.cap.unwrap_or(99));
        let (need, room) = if self.each > 0 {
            (vec![self.each; self.pitches.len()], caps.collect())
        } else {
            let most = self.seats.iter().map(|seat| self.most(seat));
            (most.collect(), vec![99; self.pitches.len()])
        };
        Sides { allowed, stood, need, room, cover: self.each == 0 }.best()
    }
}

fn bits(marks: impl Iterator<Item = bool>) -> u32 {
    marks.enumerate().map(|(bit, mark)| u32::from(mark) << bit).sum()
}

prop_compose! {
    pub fn cases(most_pitches: usize, most_judges: usize)(
        pitches in 0..=most_pitches,
        caps in prop::collection::vec(prop_oneof![Just(None), (0..=4u32).prop_map(Some), (1..=2u32).prop_map(Some)], 0..=most_judges),
        recused in prop::collection::vec(prop::bool::weighted(0.25), most_pitches * most_judges),
        each in 0..=3u32,
        seed: [u8; 32],
    ) -> Case {
        let seats = caps.iter().enumerate();
        let pairs = (0..pitches).flat_map(|p| (0..caps.len()).map(move |j| (judge(j), pitch(p))));
        Case {
            pitches: (0..pitches).map(pitch).collect(),
            seats: seats.map(|(n, &cap)| Seat { judge: judge(n), cap }).collect(),
            recusals: pairs.zip(recused).filter(|(_, out)| *out).map(|(pair, _)| pair).collect(),
            each,
            seed,
        }
    }
}

prop_compose! {
    /// A panel before a change, any set of assignments, and the change.
    pub fn late_changes()(
        case in cases(4, 4),
        assigned in prop::collection::vec(any::<bool>(), 16),
        fate in prop::collection::vec(0..5u8, 4),
        late in prop::collection::vec(any::<bool>(), 16),
    ) -> (Case, Vec<Assignment>, Change) {
        let mut before = case.clone();
        let fate = |judge: Uuid| fate[(judge.as_u128() - 0x2000) as usize];
        before.seats.retain(|seat| fate(seat.judge) != 4);
        let mut recusals: Vec<_> = case.recusals.iter().copied().collect();
        recusals.sort();
        let late: Vec<_> = recusals.into_iter().zip(late).filter(|l| l.1).map(|l| l.0).collect();
        before.recusals.retain(|recusal| !late.contains(recusal));
        let judges = case.seats.iter().map(|seat| seat.judge);
        let change = Change {
            recused: late,
            gone: judges.filter(|&judge| fate(judge) == 3).collect(),
            arrived: case.seats.iter().filter(|seat| fate(seat.judge) == 4).copied().collect(),
        };
        let all = (0..4).flat_map(|p| (0..4).map(move |j| pair(p, j)));
        let current = all.zip(assigned).filter(|(_, made)| *made).map(|(at, _)| at).collect();
        (before, current, change)
    }
}
