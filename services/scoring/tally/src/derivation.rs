//! A ranking with everything that led to it, and its bytes and digests.
//!
//! The order of the fields is the order of the keys in `plaudit/tally/v1`: see
//! the crate's documentation before changing anything here.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::decimal::Decimal;
use crate::exact::Exact;
use crate::rules::{Rules, Rung};

/// The version of the arithmetic and of its serialisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Version {
    /// The first: `plaudit/tally/v1`.
    #[serde(rename = "plaudit/tally/v1")]
    V1,
}

/// The outcome of a round: all its pitches, and why each stands where it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranking {
    /// How to read the rest.
    pub version: Version,
    /// The rules that were applied.
    pub rules: Rules,
    /// Every pitch: by rank, a shared rank in running order, then the unranked
    /// in running order.
    pub pitches: Vec<PitchDerivation>,
    /// Every comparison that a tie led to.
    pub ties: Vec<TieBreak>,
}

/// Where one pitch stands, and how that came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PitchDerivation {
    /// How to read the rest.
    pub version: Version,
    /// The pitch's id.
    pub pitch: String,
    /// Its place in the running order, from 1.
    pub order: u32,
    /// Its rank, or why it has none.
    pub standing: Standing,
    /// Its marks and what was made of them, in the rules' order.
    pub criteria: Vec<CriterionDerivation>,
}

/// A pitch's rank, or why it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The pitch has a rank.
    Ranked(Ranked),
    /// The pitch has none.
    Unranked(Unranked),
}

/// A rank, and the total and tie-breaks that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// The rank, from 1; shared by what the ladder left equal.
    pub rank: u32,
    /// What the pitches are ranked by.
    pub total: Exact,
    /// The total before `round_total`.
    pub sum: Exact,
    /// The rungs that the pitch climbed with those of the same total.
    pub rungs: Vec<Applied>,
}

/// Why a pitch has no rank. Prints as a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unranked {
    /// Nobody's marks of it count.
    #[error("no judge's marks count for this pitch")]
    NoScorecards,
    /// Fewer judges' marks count than the rulebook asks for.
    #[error("{have} of the at least {need} scorecards that this pitch needs are in")]
    TooFewScorecards {
        /// Scorecards counted.
        have: usize,
        /// The rulebook's `least_marks`.
        need: u32,
    },
    /// Leaving out the lowest and highest marks leaves none.
    #[error("leaving out {trim} at each end leaves none of this pitch's {have} marks")]
    TrimmedAway {
        /// Scorecards counted.
        have: usize,
        /// Marks left out at each end.
        trim: u32,
    },
}

/// One rung as one pitch climbed it. It tells how many others were compared, not
/// what they had, so that a pitch's derivation can be shown to its entrant alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The rung.
    pub rung: Rung,
    /// What this pitch had there.
    pub value: Exact,
    /// How many pitches were compared, this one included.
    pub among: usize,
    /// How many of them had more.
    pub higher: usize,
    /// How many others had just as much.
    pub equal: usize,
}

/// One rung that a group of equals climbed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TieBreak {
    /// The best rank at stake.
    pub rank: u32,
    /// The rung.
    pub rung: Rung,
    /// What each had there, highest first.
    pub compared: Vec<Compared>,
}

/// What one pitch had on a rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// The pitch's id.
    pub pitch: String,
    /// What it had.
    pub value: Exact,
}

/// One pitch's marks on one criterion, and what was made of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionDerivation {
    /// The criterion's id.
    pub criterion: String,
    /// Its weight.
    pub weight: Decimal,
    /// Every counted mark, lowest first, equal ones by judge.
    pub marks: Vec<CountedMark>,
    /// The arithmetic; `None` if the pitch is unranked.
    pub steps: Option<Steps>,
}

/// One judge's mark, and whether it was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedMark {
    /// The judge's id.
    pub judge: String,
    /// The mark.
    pub mark: Decimal,
    /// The end at which it was left out, if it was.
    pub left_out: Option<End>,
}

/// An end of the sorted marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Among the lowest.
    Lowest,
    /// Among the highest.
    Highest,
}

/// From the marks of one criterion to its part of the total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steps {
    /// The mean or median.
    pub aggregate: Exact,
    /// That, after `round_criterion`.
    pub rounded: Exact,
    /// That, times the weight.
    pub weighted: Exact,
    /// That, after `round_weighted`: the part of the total.
    pub weighted_rounded: Exact,
}

/// A SHA-256 digest. Prints in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Ranking {
    /// The specified serialisation of the whole: `plaudit/tally/v1`.
    pub fn derivation_bytes(&self) -> Vec<u8> {
        bytes(self)
    }

    /// SHA-256 over [`Self::derivation_bytes`].
    pub fn digest(&self) -> Digest {
        Digest::of(&self.derivation_bytes())
    }

    /// One pitch's derivation, by its id.
    pub fn get(&self, pitch: &str) -> Option<&PitchDerivation> {
        self.pitches.iter().find(|derivation| derivation.pitch == pitch)
    }
}

impl PitchDerivation {
    /// The specified serialisation of this pitch: the same bytes that stand for it
    /// in [`Ranking::derivation_bytes`].
    pub fn derivation_bytes(&self) -> Vec<u8> {
        bytes(self)
    }

    /// SHA-256 over [`Self::derivation_bytes`].
    pub fn digest(&self) -> Digest {
        Digest::of(&self.derivation_bytes())
    }

    /// Its rank and total, if it has any.
    pub fn ranked(&self) -> Option<&Ranked> {
        match &self.standing {
            Standing::Ranked(ranked) => Some(ranked),
            Standing::Unranked(_) => None,
        }
    }

    /// Its rank, if it has one.
    pub fn rank(&self) -> Option<u32> {
        self.ranked().map(|ranked| ranked.rank)
    }

    /// Its total, if it has one.
    pub fn total(&self) -> Option<&Exact> {
        self.ranked().map(|ranked| &ranked.total)
    }
}

impl Digest {
    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn bytes(derivation: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(derivation)
        .expect("writing to memory can't fail, and there is no map whose keys aren't strings")
}
