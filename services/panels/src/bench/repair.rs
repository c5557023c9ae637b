//! After a recusal, a stand-in, a pitch that left or came back: the least
//! change that makes the assignments hold again.

use std::collections::{BTreeMap, BTreeSet};

use plaudit_chassis::id::{JudgeId, PitchId};
use plaudit_proto::v1::Reason;

use super::Bench;
use crate::assignment::{self, Assignment, Change, Delta, Seat};
use crate::judge::Status;
use crate::panel::Drawn;

/// Assignments to withdraw and to make, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repair {
    pub withdrawn: Vec<(JudgeId, PitchId, Reason)>,
    pub made: Vec<(JudgeId, PitchId)>,
}

type Pairs = BTreeSet<(PitchId, JudgeId)>;

impl Bench {
    /// What no longer holds goes; what is missing is given by a new plan that
    /// moves as little as it can. Where no whole plan exists any more, each
    /// pitch keeps what it has and gets whoever is free: [`Bench::short`]
    /// then says which have too few.
    pub fn repair(&self, drawn: &Drawn) -> Repair {
        let before = self.assignments();
        let standing = before.iter().copied().filter(|&(pitch, judge)| self.may_give(pitch, judge));
        let mut after: Pairs = standing.collect();
        if let Some(delta) = self.replan(drawn, &after) {
            for gone in delta.withdrawn {
                after.remove(&super::pair(gone));
            }
            after.extend(delta.made.into_iter().map(super::pair));
        }
        self.top_up(drawn, &mut after);
        let withdrawn = before.difference(&after);
        Repair {
            withdrawn: withdrawn.map(|&(pitch, judge)| (judge, pitch, self.why(pitch, judge))).collect(),
            made: after.difference(&before).map(|&(pitch, judge)| (judge, pitch)).collect(),
        }
    }

    /// A whole plan for the pitches that can have one; the others keep theirs,
    /// which count against their judges' caps.
    fn replan(&self, drawn: &Drawn, standing: &Pairs) -> Option<Delta> {
        let needed = drawn.judges_per_pitch.max(1) as usize;
        let walls = self.walls();
        let mut seats = self.seats();
        let pitches = self.planned().into_iter().filter(|&pitch| {
            seats.iter().filter(|seat| !walls.contains(&(seat.judge, pitch))).count() >= needed
        });
        let pitches: BTreeSet<assignment::PitchId> = pitches.collect();
        let (ours, theirs): (Vec<Assignment>, Vec<Assignment>) = standing
            .iter()
            .map(|&(pitch, judge)| planned(pitch, judge))
            .partition(|a| pitches.contains(&a.pitch));
        for Assignment { judge, .. } in theirs {
            take_place(&mut seats, judge);
        }
        let pitches: Vec<_> = pitches.into_iter().collect();
        let (judges_per_pitch, seed) = (drawn.judges_per_pitch, drawn.seed);
        assignment::replace(&ours, &Change::default(), &pitches, &seats, &walls, judges_per_pitch, seed).ok()
    }

    /// Gives pitches that are short whoever is free, the least busy first.
    fn top_up(&self, drawn: &Drawn, pairs: &mut Pairs) {
        let needed = match drawn.judges_per_pitch {
            0 => usize::MAX,
            needed => needed as usize,
        };
        let mut loads: BTreeMap<JudgeId, usize> = self.sitting().map(|(id, _)| (id, 0)).collect();
        let mut has: BTreeMap<PitchId, usize> = BTreeMap::new();
        for &(pitch, judge) in pairs.iter() {
            *loads.entry(judge).or_default() += 1;
            *has.entry(pitch).or_default() += 1;
        }
        for &pitch in self.pitches.keys() {
            let missing = needed.saturating_sub(has.get(&pitch).copied().unwrap_or_default());
            if missing == 0 {
                continue;
            }
            let mut free: Vec<(usize, JudgeId)> = loads.iter().map(|(&judge, &load)| (load, judge)).collect();
            free.retain(|&(load, judge)| {
                self.has_room(judge, load) && !pairs.contains(&(pitch, judge)) && self.may_give(pitch, judge)
            });
            free.sort_unstable();
            for (_, judge) in free.into_iter().take(missing) {
                pairs.insert((pitch, judge));
                *loads.entry(judge).or_default() += 1;
            }
        }
    }

    fn has_room(&self, judge: JudgeId, load: usize) -> bool {
        self.judges.get(&judge).is_some_and(|judge| judge.cap == 0 || load < judge.cap as usize)
    }

    fn why(&self, pitch: PitchId, judge: JudgeId) -> Reason {
        let state = self.judges.get(&judge);
        if !self.pitches.contains_key(&pitch) {
            Reason::PitchLeft
        } else if state.is_none_or(|judge| judge.status == Status::StoodDown) {
            Reason::StoodDown
        } else if self.may_give(pitch, judge) {
            Reason::Reassigned
        } else {
            Reason::ConflictOfInterest
        }
    }
}

fn planned(pitch: PitchId, judge: JudgeId) -> Assignment {
    Assignment { pitch: assignment::PitchId(pitch.0), judge: judge.0 }
}

fn take_place(seats: &mut [Seat], judge: uuid::Uuid) {
    for seat in seats.iter_mut().filter(|seat| seat.judge == judge) {
        seat.cap = seat.cap.map(|cap| cap.saturating_sub(1));
    }
}
