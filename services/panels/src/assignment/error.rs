use uuid::Uuid;

use super::PitchId;

/// Why no plan exists, and what would make one possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Fewer judges may mark this pitch than it needs, whatever the others do.
    #[error(
        "pitch {pitch} needs {needed} judges, but only {left} of the {seated} on the panel may \
         mark it{rest}: invite {missing} more without a connection to it, or lower the number of \
         judges a pitch",
        rest = also_short(*more),
        missing = needed - left,
    )]
    TooFewJudges {
        pitch: PitchId,
        needed: u32,
        /// Judges on the panel who don't stand aside for this pitch.
        left: u32,
        seated: u32,
        /// Other pitches with fewer unrecused judges than they need.
        more: u32,
    },

    /// All judges at their caps give fewer places than the pitches need.
    #[error(
        "the pitches need {needed} places with judges, but within their caps the judges have \
         only {available}: raise some caps, invite more judges, or lower the number of judges a \
         pitch"
    )]
    CapsTooSmall { needed: u64, available: u64 },

    /// Enough places in all, but these pitches depend on too few judges.
    #[error(
        "pitch {pitch} can't get its judges: together with {others} pitches that need the same \
         judges it asks for {needed} places, and recusals and caps leave {available}: invite a \
         judge who need not stand aside, or raise the cap of one of {names}",
        names = listed(judges),
    )]
    Bottleneck {
        pitch: PitchId,
        others: u32,
        needed: u64,
        available: u64,
        /// Those who are full and whose higher cap would help, in order.
        judges: Vec<Uuid>,
    },

    /// The same judge is seated with two different caps.
    #[error("judge {judge} is seated twice with different caps: keep one of the two seats")]
    SeatTwice { judge: Uuid },
}

fn also_short(more: u32) -> String {
    match more {
        0 => String::new(),
        1 => ", and 1 more pitch is short in the same way".to_owned(),
        _ => format!(", and {more} more pitches are short in the same way"),
    }
}

fn listed(judges: &[Uuid]) -> String {
    let names: Vec<_> = judges.iter().map(Uuid::to_string).collect();
    names.join(", ")
}
