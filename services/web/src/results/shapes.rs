//! What scoring and awards say of results, as far as pages need it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::api::{Money, Rung, Scale};

/// How far a round is.
#[derive(Clone, Debug, Deserialize)]
pub struct RoundState {
    /// Whether marks are published.
    pub marks_public: Option<bool>,
    /// When the result was declared.
    pub declared_at: Option<Timestamp>,
    /// Whether the winners are known to everybody.
    #[serde(default)]
    pub announced: bool,
    /// For organisers and approvers.
    pub progress: Option<Progress>,
}

/// Who has which seat.
#[derive(Clone, Debug, Deserialize)]
pub struct Progress {
    /// By seat.
    #[serde(default)]
    pub judges: Vec<Seat>,
}

/// A judge's seat.
#[derive(Clone, Debug, Deserialize)]
pub struct Seat {
    /// What score sheets say.
    pub judge: Uuid,
    /// Whose it is.
    pub member: Uuid,
}

/// A pitch's place in a round.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    /// Whose.
    pub pitch: Uuid,
    /// Absent: unranked.
    pub rank: Option<u32>,
    /// How many share it.
    pub shared_by: u32,
    /// A decimal or a fraction.
    pub total: Option<String>,
    /// How many score sheets counted.
    pub scorecards: u32,
    /// In the running order, from 1.
    pub order: u32,
}

/// How marks became a ranking: `plaudit/tally/v1`.
#[derive(Clone, Debug, Deserialize)]
pub struct Derivation {
    /// What it was reckoned by.
    pub rules: Rules,
    /// By rank.
    pub pitches: Vec<PitchDerivation>,
    /// Every comparison that a tie led to.
    #[serde(default)]
    pub ties: Vec<TieBreak>,
}

/// The rules of a tally.
#[derive(Clone, Debug, Deserialize)]
pub struct Rules {
    /// The marks there are.
    pub scale: Scale,
    /// `"mean"`, `"median"` or an object.
    pub aggregation: Value,
    /// Decimals.
    pub round_criterion: Option<u32>,
    /// Decimals.
    pub round_weighted: Option<u32>,
    /// Decimals.
    pub round_total: Option<u32>,
}

/// One pitch's part.
#[derive(Clone, Debug, Deserialize)]
pub struct PitchDerivation {
    /// Whose.
    pub pitch: Uuid,
    /// Where it stands.
    pub standing: Standing,
    /// In the rules' order.
    pub criteria: Vec<CriterionDerivation>,
}

/// A rank, or why there is none.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It has a rank.
    Ranked(Ranked),
    /// It has none.
    Unranked(Unranked),
}

/// A rank.
#[derive(Clone, Debug, Deserialize)]
pub struct Ranked {
    /// What it is ranked by.
    pub total: String,
    /// Before the last rounding.
    pub sum: String,
    /// The tie-breaks that it went through.
    #[serde(default)]
    pub rungs: Vec<Applied>,
}

/// Why there is no rank.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unranked {
    /// Nobody's marks count.
    NoScorecards,
    /// Too few do.
    TooFewScorecards {
        /// So many do.
        have: u32,
        /// So many must.
        need: u32,
    },
    /// Nothing is left at the middle.
    TrimmedAway {
        /// So many marks.
        have: u32,
        /// So many left out at each end.
        trim: u32,
    },
}

/// A tie-break, as one pitch went through it.
#[derive(Clone, Debug, Deserialize)]
pub struct Applied {
    /// Which.
    pub rung: Rung,
    /// What it had.
    pub value: String,
    /// How many were compared.
    pub among: u32,
    /// How many of them had more.
    pub higher: u32,
    /// How many others had as much.
    pub equal: u32,
}

/// A tie-break, as all of the tied went through it.
#[derive(Clone, Debug, Deserialize)]
pub struct TieBreak {
    /// The best rank at stake.
    pub rank: u32,
    /// Which.
    pub rung: Rung,
    /// Highest first.
    pub compared: Vec<Compared>,
}

/// What one had.
#[derive(Clone, Debug, Deserialize)]
pub struct Compared {
    /// Who.
    pub pitch: Uuid,
    /// What.
    pub value: String,
}

/// One criterion of one pitch.
#[derive(Clone, Debug, Deserialize)]
pub struct CriterionDerivation {
    /// Its id.
    pub criterion: String,
    /// A decimal.
    pub weight: String,
    /// Lowest first.
    pub marks: Vec<CountedMark>,
    /// Absent: unranked.
    pub steps: Option<Steps>,
}

/// One judge's mark.
#[derive(Clone, Debug, Deserialize)]
pub struct CountedMark {
    /// The seat.
    pub judge: Uuid,
    /// A decimal.
    pub mark: String,
    /// `lowest` or `highest`.
    pub left_out: Option<String>,
}

/// The arithmetic.
#[derive(Clone, Debug, Deserialize)]
pub struct Steps {
    /// Exact.
    pub aggregate: String,
    /// Rounded.
    pub rounded: String,
    /// Times the weight.
    pub weighted: String,
    /// Rounded again.
    pub weighted_rounded: String,
}

/// What would be otherwise.
#[derive(Clone, Debug, Deserialize)]
pub struct Robustness {
    /// The first of the ranking.
    pub pitches: Vec<RobustPlace>,
    /// Whether some judge's leaving would change the winners.
    pub winner_depends: bool,
    /// Without each of them.
    pub judges: Vec<WithoutJudge>,
    /// With each judge's marks brought to the same scale.
    pub normalised: Option<Value>,
}

/// A place as declared.
#[derive(Clone, Debug, Deserialize)]
pub struct RobustPlace {
    /// Whose.
    pub pitch: Uuid,
    /// Absent: unranked.
    pub rank: Option<u32>,
}

/// The ranking without one judge.
#[derive(Clone, Debug, Deserialize)]
pub struct WithoutJudge {
    /// From 1.
    pub number: u32,
    /// Who, for organisers and approvers.
    pub member: Option<Uuid>,
    /// What it would be.
    pub without: Otherwise,
}

/// Another ranking, in the order of the declared one.
#[derive(Clone, Debug, Deserialize)]
pub struct Otherwise {
    /// All of rank 1.
    #[serde(default)]
    pub winners: Vec<Uuid>,
    /// Whether they are others.
    pub winner_changes: bool,
    /// Of each place.
    pub ranks: Vec<Option<u32>>,
}

/// A score sheet, as far as it is shown.
#[derive(Clone, Debug, Deserialize)]
pub struct Sheet {
    /// From which seat.
    pub judge: Uuid,
    /// Whether the reader wrote it.
    pub own: bool,
    /// By criterion.
    pub marks: Option<BTreeMap<String, String>>,
    /// For the panel and those who run the prize.
    pub comment_to_panel: Option<String>,
}

/// The score sheets of a pitch.
#[derive(Clone, Debug, Deserialize)]
pub struct Sheets {
    /// All that the reader may see.
    pub scorecards: Vec<Sheet>,
}

/// An award. What is absent is not for this reader, or is not there.
#[derive(Clone, Debug, Deserialize)]
pub struct Award {
    /// Its id.
    pub id: Uuid,
    /// Who wins.
    pub pitch: Uuid,
    /// The prize's name in the rulebook.
    pub prize: String,
    /// How much.
    pub amount: Money,
    /// The pitch's rank.
    pub rank: Option<u32>,
    /// Why it departs from the ranking.
    pub departure: Option<String>,
    /// `proposed`, `approved`, `refused`, `announced`, `accepted`, `declined`,
    /// `lapsed` or `withdrawn`.
    pub status: String,
    /// The round's name in the rulebook.
    pub round: Option<String>,
    /// Who proposed it.
    pub proposed_by: Option<Uuid>,
    /// Who approved it.
    pub approved_by: Option<Uuid>,
    /// Why it was refused or withdrawn.
    pub reason: Option<String>,
    /// The last instant to answer.
    pub accept_by: Option<Timestamp>,
    /// A withdrawal that waits for its second person.
    pub withdrawal: Option<Withdrawal>,
    /// To whom the prize falls.
    #[serde(default)]
    pub reserve: Option<Vec<Reserve>>,
    /// When it was proposed.
    pub proposed_at: Option<Timestamp>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was announced.
    pub announced_at: Option<Timestamp>,
    /// When the winner answered.
    pub answered_at: Option<Timestamp>,
}

/// A withdrawal that waits.
#[derive(Clone, Debug, Deserialize)]
pub struct Withdrawal {
    /// Who proposed it.
    pub by: Uuid,
    /// Why, if the code says anything.
    pub reason: Option<String>,
}

/// Next in rank.
#[derive(Clone, Debug, Deserialize)]
pub struct Reserve {
    /// Who.
    pub pitch: Uuid,
    /// Where they stand.
    pub rank: Option<u32>,
    /// What they would get.
    pub amount: Money,
}

/// When the winners are announced.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Announcement {
    /// Not before this.
    pub embargo: Option<Timestamp>,
    /// By itself at this.
    pub scheduled_for: Option<Timestamp>,
    /// Who set that.
    pub scheduled_by: Option<Uuid>,
    /// When it happened.
    pub announced_at: Option<Timestamp>,
    /// Why it did not.
    pub refused: Option<String>,
    /// What it is about.
    pub waiting: Option<Waiting>,
}

/// Awards that are not announced.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Waiting {
    /// Two people have said so.
    pub approved: u32,
    /// One has.
    pub proposed: u32,
}

impl Award {
    /// Whether its pitch has won and may still have the prize.
    pub fn wins(&self) -> bool {
        matches!(self.status.as_str(), "approved" | "announced" | "accepted")
    }

    /// Whether everybody knows of it.
    pub fn is_announced(&self) -> bool {
        !matches!(self.status.as_str(), "proposed" | "approved" | "refused")
            && (self.status != "withdrawn" || self.accept_by.is_some())
    }
}

impl Standing {
    /// Its rank, if it has one.
    pub fn ranked(&self) -> Option<&Ranked> {
        match self {
            Self::Ranked(ranked) => Some(ranked),
            Self::Unranked(_) => None,
        }
    }
}
