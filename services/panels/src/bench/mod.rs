//! The bench: all that a panel's assignments depend on, side by side. It plans
//! them once, repairs them after every change, and says where judges are
//! missing. Pure: `load` fills it, commands write down what it says.

mod load;
mod repair;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use plaudit_chassis::id::{JudgeId, MemberId, PitchId};
use plaudit_proto::v1::Round;
use uuid::Uuid;

use crate::assignment::{self, Assignment, Seat};
use crate::judge::Judge;
use crate::panel::{Drawn, PanelError, Quorum};

pub use load::to_be_judged;

/// Judges and pitches of one panel.
#[derive(Clone, Debug, Default)]
pub struct Bench {
    /// Everybody who was ever asked.
    pub judges: BTreeMap<JudgeId, Arc<Judge>>,
    /// What is to be judged, each with those who can't be its judge whatever
    /// they declare: its team, and organisers with a conflict.
    pub pitches: BTreeMap<PitchId, BTreeSet<MemberId>>,
}

/// A pitch with fewer judges than it should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// Which.
    pub pitch: PitchId,
    /// How many it has.
    pub judges: u32,
    /// How many it should have.
    pub needed: u32,
}

impl Bench {
    /// Who has accepted and declared, against what the rulebook asks for.
    pub fn quorum(&self, round: &Round) -> Quorum {
        Quorum {
            needed: round.quorum.max(1),
            there: count(self.sitting().count()),
            independent_needed: round.independent_judge_needed,
            independent_there: self.sitting().any(|(_, judge)| judge.independent),
        }
    }

    /// Who marks what, shared out for the first time.
    ///
    /// # Errors
    /// [`PanelError::NoPlan`], which says who is missing where.
    pub fn plan(&self, drawn: &Drawn) -> Result<Vec<(PitchId, JudgeId)>, PanelError> {
        let (seats, pitches) = (self.seats(), self.planned());
        let plan = assignment::plan(&pitches, &seats, &self.walls(), drawn.judges_per_pitch, drawn.seed)?;
        Ok(plan.into_iter().map(pair).collect())
    }

    /// The assignments that stand, by pitch.
    pub fn assignments(&self) -> BTreeSet<(PitchId, JudgeId)> {
        let of = |(&judge, state): (&JudgeId, &Arc<Judge>)| {
            let pitches = state.assigned.clone();
            pitches.into_iter().map(move |pitch| (pitch, judge))
        };
        self.judges.iter().flat_map(of).collect()
    }

    /// Pitches that have fewer judges than they should.
    pub fn short(&self, drawn: &Drawn) -> Vec<Short> {
        let needed = drawn.judges_per_pitch.max(1);
        let loads = self.loads();
        let counted = self.pitches.keys().map(|&pitch| {
            let judges = loads.get(&pitch).copied().unwrap_or_default();
            Short { pitch, judges, needed }
        });
        counted.filter(|short| short.judges < short.needed).collect()
    }

    /// A pitch that nobody is to mark.
    pub fn without(&self) -> Option<PitchId> {
        let loads = self.loads();
        self.pitches.keys().find(|pitch| !loads.contains_key(pitch)).copied()
    }

    /// Leaves out what lies behind somebody's walls.
    pub fn hide(&mut self, walls: &BTreeSet<PitchId>) {
        self.pitches.retain(|pitch, _| !walls.contains(pitch));
        for judge in self.judges.values_mut().filter(|judge| !judge.assigned.is_disjoint(walls)) {
            Arc::make_mut(judge).assigned.retain(|pitch| !walls.contains(pitch));
        }
    }

    /// How many judges each pitch has.
    fn loads(&self) -> BTreeMap<PitchId, u32> {
        let mut loads = BTreeMap::new();
        for (pitch, _) in self.assignments() {
            *loads.entry(pitch).or_default() += 1;
        }
        loads
    }

    /// Those who may be given pitches.
    fn sitting(&self) -> impl Iterator<Item = (JudgeId, &Judge)> {
        let judges = self.judges.iter().map(|(&id, judge)| (id, &**judge));
        judges.filter(|(_, judge)| judge.sits())
    }

    fn seats(&self) -> Vec<Seat> {
        let seats =
            self.sitting().map(|(id, judge)| Seat { judge: id.0, cap: (judge.cap > 0).then_some(judge.cap) });
        seats.collect()
    }

    fn planned(&self) -> Vec<assignment::PitchId> {
        self.pitches.keys().map(|pitch| assignment::PitchId(pitch.0)).collect()
    }

    /// Judge and pitch that must not meet: declared, recused, or of the team.
    fn walls(&self) -> HashSet<(Uuid, assignment::PitchId)> {
        let between = |(id, judge): (JudgeId, &Judge)| {
            let walled = self.pitches.iter().filter(|&(&pitch, barred)| !may_meet(judge, pitch, barred));
            walled.map(|(pitch, _)| (id.0, assignment::PitchId(pitch.0))).collect::<Vec<_>>()
        };
        self.sitting().flat_map(between).collect()
    }

    /// Whether a judge may be given a pitch, caps aside.
    pub fn may_give(&self, pitch: PitchId, judge: JudgeId) -> bool {
        let state = self.judges.get(&judge).filter(|judge| judge.sits());
        match (state, self.pitches.get(&pitch)) {
            (Some(judge), Some(barred)) => may_meet(judge, pitch, barred),
            _ => false,
        }
    }
}

/// Nobody marks their own team's pitch, declared or not.
fn may_meet(judge: &Judge, pitch: PitchId, barred: &BTreeSet<MemberId>) -> bool {
    judge.may_mark(pitch).is_ok() && !barred.contains(&judge.member)
}

fn pair(assignment: Assignment) -> (PitchId, JudgeId) {
    (PitchId(assignment.pitch.0), JudgeId(assignment.judge))
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
