//! Who marks which pitch: the plan made once when a panel is complete, and the
//! least change to it when a judge stands aside later.
//!
//! Two doors, both pure: [`plan`] and [`replace`]. They read no clock and draw
//! no randomness of their own, so anybody who holds the published seed, the
//! seats, the pitches and the recusals gets the same plan, on any machine and
//! in whatever order the lists come.
//!
//! # Fair by minimum-cost flow
//! Each pitch sends k units to judges who may mark it; a judge's n-th pitch
//! costs 2n - 1, so that a judge's load l costs l². The cheapest flow is the
//! plan with the least sum of squared loads: loads that differ by at most one
//! where nothing stands in the way, and as even as recusals and caps permit
//! elsewhere. `flow` finds it by successive shortest paths. With late changes
//! a flow is first charged for every standing assignment it gives up, and only
//! then for uneven loads.
//!
//! Where every judge marks every pitch (k = 0) only caps leave anything to
//! decide: which pitches a capped judge leaves out. The same flow answers with
//! the sides exchanged: judges take as much as they may, and the *pitches*
//! share judges evenly, each at least one.
//!
//! # Why not somebody else's solver
//! Looked at in 2026: `petgraph` (0.8) and `pathfinding` (4.16) are well kept,
//! but have maximum flow and the square assignment problem, no flow with
//! costs; `mcmf` (2.0, of 2018) binds a C++ library through a retired build
//! crate; `network-flow` (0.1, of 2023) pulls in a Graphviz parser; `rs-graph`
//! (0.21) has a good network simplex, which says only that a problem has no
//! solution, not which pitches lack which judges. Above all, a general solver
//! picks among equally cheap plans by its own order of pivots: the same seed
//! would give another plan after an upgrade, and a published plan must be
//! repeatable for years. Costs here lie only on judges and on given-up pairs,
//! so the whole of ours is one labelling search (`flow`).

mod error;
mod flow;
mod lots;
mod table;

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashSet};
use std::fmt;

use uuid::Uuid;

pub use error::PlanError;
use table::Table;

/// A pitch's id, kept apart from judges' ids so that the two can't be swapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PitchId(pub Uuid);

impl fmt::Display for PitchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A judge who is to mark, and the most pitches they will take. `None` is no
/// limit; `Some(0)` takes none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    pub judge: Uuid,
    pub cap: Option<u32>,
}

/// One judge marks one pitch. Ordered by pitch, then judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assignment {
    pub pitch: PitchId,
    pub judge: Uuid,
}

/// What happened after the plan was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Judge and pitch of each new recusal.
    pub recused: Vec<(Uuid, PitchId)>,
    /// Judges who stood down.
    pub gone: Vec<Uuid>,
    /// Stand-ins. A judge both gone and arrived stays, with the new cap.
    pub arrived: Vec<Seat>,
}

/// The least change that makes a plan hold again, each list in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delta {
    pub withdrawn: Vec<Assignment>,
    pub made: Vec<Assignment>,
}

/// Gives every pitch `judges_per_pitch` judges (0: every judge marks every
/// pitch, as far as recusals and caps permit, and each pitch has at least one).
///
/// Recusals are pairs of judge and pitch. The answer is in order, without
/// repetition, and depends on the sets given, not on their order.
///
/// # Errors
/// [`PlanError`] when no plan exists, with the pitches and numbers to blame.
pub fn plan(
    pitches: &[PitchId],
    judges: &[Seat],
    recusals: &HashSet<(Uuid, PitchId)>,
    judges_per_pitch: u32,
    seed: [u8; 32],
) -> Result<Vec<Assignment>, PlanError> {
    Table::new(pitches, judges, recusals, seed)?.share_out(judges_per_pitch, &BTreeSet::new())
}

/// Repairs `current` after `change`, giving up as few standing assignments as
/// possible and then sharing the new ones as evenly as that permits.
///
/// The lists may be those from before the change or from after it: the change
/// is applied to them either way. Assignments of pitches no longer listed are
/// withdrawn; pitches listed without assignments get theirs. Nothing moves
/// merely because a new judge has an empty desk.
///
/// # Errors
/// [`PlanError`] when no plan exists any more, even with every assignment open.
pub fn replace(
    current: &[Assignment],
    change: &Change,
    pitches: &[PitchId],
    judges: &[Seat],
    recusals: &HashSet<(Uuid, PitchId)>,
    judges_per_pitch: u32,
    seed: [u8; 32],
) -> Result<Delta, PlanError> {
    let recusals: HashSet<_> = recusals.iter().chain(&change.recused).copied().collect();
    let seats: Vec<_> = judges
        .iter()
        .filter(|seat| !change.gone.contains(&seat.judge))
        .chain(&change.arrived)
        .copied()
        .collect();
    let before: BTreeSet<_> = current.iter().copied().collect();
    let table = Table::new(pitches, &seats, &recusals, seed)?;
    let after: BTreeSet<_> = table.share_out(judges_per_pitch, &before)?.into_iter().collect();
    Ok(Delta {
        withdrawn: before.difference(&after).copied().collect(),
        made: after.difference(&before).copied().collect(),
    })
}
