//! Pitches, judges and who may meet whom, put in the order of their lots and
//! numbered, and the two flows that share them out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use fixedbitset::FixedBitSet;
use uuid::Uuid;

use super::flow::{Flow, Stuck, Terms};
use super::lots::Lots;
use super::{Assignment, PitchId, PlanError, Seat};

pub(super) struct Table {
    pitches: Vec<PitchId>,
    judges: Vec<Seat>,
    /// By pitch, the judges who need not stand aside.
    allowed: Vec<FixedBitSet>,
    lots: Vec<Vec<u64>>,
}

impl Table {
    pub fn new(
        pitches: &[PitchId],
        judges: &[Seat],
        recusals: &HashSet<(Uuid, PitchId)>,
        seed: [u8; 32],
    ) -> Result<Self, PlanError> {
        let lots = Lots::new(seed);
        let pitches: BTreeSet<_> = pitches.iter().copied().collect();
        let mut pitches: Vec<_> = pitches.into_iter().collect();
        pitches.sort_by_key(|&pitch| lots.pitch(pitch));
        let mut judges = one_seat_each(judges)?;
        judges.sort_by_key(|seat| lots.judge(seat.judge));

        let may_mark = |pitch| {
            let seats = judges.iter().enumerate();
            let free = seats.filter(move |(_, seat)| !recusals.contains(&(seat.judge, pitch)));
            bits(judges.len(), free.map(|(column, _)| column))
        };
        let draw = |&pitch| judges.iter().map(|seat| lots.pair(pitch, seat.judge)).collect();
        Ok(Self {
            allowed: pitches.iter().map(|&pitch| may_mark(pitch)).collect(),
            lots: pitches.iter().map(draw).collect(),
            pitches,
            judges,
        })
    }

    /// The fairest plan among those that keep the most of what `stood`.
    pub fn share_out(
        &self,
        judges_per_pitch: u32,
        stood: &BTreeSet<Assignment>,
    ) -> Result<Vec<Assignment>, PlanError> {
        let stood = self.numbered(stood);
        let mut plan = if judges_per_pitch > 0 {
            self.so_many_each(judges_per_pitch, stood)?
        } else {
            self.everyone_marks_everything(stood)?
        };
        plan.sort();
        Ok(plan)
    }

    /// Pitches ask, judges share the load.
    fn so_many_each(
        &self,
        judges_per_pitch: u32,
        stood: Vec<FixedBitSet>,
    ) -> Result<Vec<Assignment>, PlanError> {
        self.check_each_pitch(judges_per_pitch)?;
        self.check_caps(judges_per_pitch)?;
        let mut flow = Flow::new(Terms {
            open: self.allowed.clone(),
            stood,
            need: vec![judges_per_pitch as usize; self.pitches.len()],
            room: self.judges.iter().map(room).collect(),
            lots: self.lots.clone(),
        });
        flow.keep_standing();
        flow.settle().map_err(|stuck| self.bottleneck(judges_per_pitch, &stuck))?;
        Ok(flow.pairs().map(|(pitch, judge)| self.assignment(pitch, judge)).collect())
    }

    /// Judges take all they may, and the pitches share them out.
    fn everyone_marks_everything(&self, stood: Vec<FixedBitSet>) -> Result<Vec<Assignment>, PlanError> {
        // Asks only whether each pitch can have a judge at all; whoever it is
        // can then go on to mark all the rest that their cap permits.
        self.so_many_each(1, self.numbered(&BTreeSet::new()))?;

        let open = self.by_judge(&self.allowed);
        let need = self.judges.iter().zip(&open);
        let mut flow = Flow::new(Terms {
            need: need.map(|(seat, open)| room(seat).min(open.count_ones(..))).collect(),
            room: vec![usize::MAX; self.pitches.len()],
            stood: self.by_judge(&stood),
            lots: (0..self.judges.len())
                .map(|judge| self.lots.iter().map(|lots| lots[judge]).collect())
                .collect(),
            open,
        });
        flow.keep_standing();
        flow.take_forced();
        flow.settle().expect("a pitch has room for every judge who asks only for open ones");
        flow.fill_empty();
        Ok(flow.pairs().map(|(judge, pitch)| self.assignment(pitch, judge)).collect())
    }

    fn check_each_pitch(&self, judges_per_pitch: u32) -> Result<(), PlanError> {
        let needed = judges_per_pitch as usize;
        let counted = self.pitches.iter().zip(&self.allowed);
        let mut short: Vec<_> = counted
            .map(|(&pitch, allowed)| (pitch, allowed.count_ones(..)))
            .filter(|&(_, left)| left < needed)
            .collect();
        short.sort();
        let Some(&(pitch, left)) = short.first() else {
            return Ok(());
        };
        Err(PlanError::TooFewJudges {
            pitch,
            needed: judges_per_pitch,
            left: count(left),
            seated: count(self.judges.len()),
            more: count(short.len() - 1),
        })
    }

    fn check_caps(&self, judges_per_pitch: u32) -> Result<(), PlanError> {
        let needed = self.pitches.len() as u64 * u64::from(judges_per_pitch);
        let open = self.by_judge(&self.allowed);
        let places = self.judges.iter().zip(&open);
        let available = places.map(|(seat, open)| room(seat).min(open.count_ones(..)) as u64).sum();
        if needed > available {
            return Err(PlanError::CapsTooSmall { needed, available });
        }
        Ok(())
    }

    /// The pitches reached from a stuck one and the full judges they compete
    /// for, as Hall's theorem counts: the full judges give their caps, any
    /// other judge of such a pitch is its own already and gives one place.
    fn bottleneck(&self, judges_per_pitch: u32, stuck: &Stuck) -> PlanError {
        let full = stuck.columns.ones();
        let caps: u64 = full.map(|judge| room(&self.judges[judge]) as u64).sum();
        let elsewhere = stuck.rows.iter().map(|&pitch| &self.allowed[pitch]);
        let elsewhere = elsewhere.map(|allowed| allowed.difference_count(&stuck.columns) as u64);
        let mut judges: Vec<_> = stuck.columns.ones().map(|judge| self.judges[judge].judge).collect();
        judges.sort();
        PlanError::Bottleneck {
            pitch: self.pitches[stuck.row],
            others: count(stuck.rows.len() - 1),
            needed: stuck.rows.len() as u64 * u64::from(judges_per_pitch),
            available: caps + elsewhere.sum::<u64>(),
            judges,
        }
    }

    fn assignment(&self, pitch: usize, judge: usize) -> Assignment {
        Assignment { pitch: self.pitches[pitch], judge: self.judges[judge].judge }
    }

    /// Standing pairs that are still allowed, by pitch.
    fn numbered(&self, stood: &BTreeSet<Assignment>) -> Vec<FixedBitSet> {
        let rows = self.pitches.iter().enumerate();
        let rows: HashMap<_, _> = rows.map(|(row, &pitch)| (pitch, row)).collect();
        let columns = self.judges.iter().enumerate();
        let columns: HashMap<_, _> = columns.map(|(column, seat)| (seat.judge, column)).collect();
        let mut numbered = vec![bits(self.judges.len(), []); self.pitches.len()];
        for Assignment { pitch, judge } in stood {
            let (Some(&row), Some(&column)) = (rows.get(pitch), columns.get(judge)) else {
                continue;
            };
            numbered[row].set(column, self.allowed[row].contains(column));
        }
        numbered
    }

    /// The same pairs with the sides exchanged.
    fn by_judge(&self, by_pitch: &[FixedBitSet]) -> Vec<FixedBitSet> {
        let mut by_judge = vec![bits(self.pitches.len(), []); self.judges.len()];
        for (pitch, judges) in by_pitch.iter().enumerate() {
            for judge in judges.ones() {
                by_judge[judge].insert(pitch);
            }
        }
        by_judge
    }
}

/// A seat given twice alike is one seat; with two caps nobody can tell which
/// was meant.
fn one_seat_each(judges: &[Seat]) -> Result<Vec<Seat>, PlanError> {
    let mut seats = BTreeMap::new();
    for seat in judges {
        if *seats.entry(seat.judge).or_insert(*seat) != *seat {
            return Err(PlanError::SeatTwice { judge: seat.judge });
        }
    }
    Ok(seats.into_values().collect())
}

fn room(seat: &Seat) -> usize {
    seat.cap.map_or(usize::MAX, |cap| cap as usize)
}

fn bits(size: usize, ones: impl IntoIterator<Item = usize>) -> FixedBitSet {
    let mut bits = FixedBitSet::with_capacity(size);
    bits.extend(ones);
    bits
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
