//! The rulebook, as far as checks read it, and the messages that carry parts of it word for word.

use plaudit_tally::{Aggregation, Criterion, Decimal, Normalisation, Rules, Rung, Scale};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Commitment;
use super::words::Money;
use crate::time::Time;

/// `plaudit.submissions.v1.RulebookPublished`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RulebookPublished<'a> {
    /// Word for word: its hash is taken of these bytes.
    #[serde(borrow)]
    pub rulebook: Option<&'a RawValue>,
    /// SHA-256 of the rulebook and the commitment of its prose.
    pub hash: Commitment,
    /// What is shown of it.
    pub prose: Commitment,
}

/// `plaudit.scoring.v1.RoundOpened`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RoundOpened<'a> {
    /// Of the rulebook.
    pub rulebook_hash: Commitment,
    /// As the rulebook calls it.
    pub round: String,
    /// Word for word.
    #[serde(borrow)]
    pub tally: Option<&'a RawValue>,
    /// How it ends.
    pub end: String,
    /// Who sees marks.
    pub marks: String,
    /// How many score sheets are expected.
    pub scorecards: u32,
}

/// `plaudit.v1.Rulebook`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Rulebook {
    /// Open or by invitation.
    pub call: String,
    /// Of the call.
    pub deadline: Time,
    /// What arrived so much later still counts.
    pub grace_seconds: u32,
    /// In their order.
    pub rounds: Vec<Round>,
    /// What can be won.
    pub prizes: Vec<Prize>,
    /// The most that awards may come to.
    pub pot: Money,
    /// Who sees marks.
    pub marks: String,
    /// No announcement before it.
    pub embargo: Time,
    /// Days a winner has to accept.
    pub days_to_accept: u32,
}

/// `plaudit.v1.Round`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Round {
    /// What the rulebook calls it.
    pub id: String,
    /// How it ends.
    pub end: String,
    /// Word for word.
    pub tally: Option<Box<RawValue>>,
    /// 0: every judge marks every pitch.
    pub judges_per_pitch: u32,
}

/// `plaudit.v1.Prize`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Prize {
    /// What the rulebook calls it.
    pub id: String,
    /// The rank that wins it.
    pub rank: u32,
    /// What it is worth.
    pub amount: Money,
}

impl Rulebook {
    /// Whether the call is by invitation.
    pub fn is_invited(&self) -> bool {
        self.call == "CALL_KIND_INVITED"
    }

    /// The round of this name.
    pub fn round(&self, slug: &str) -> Option<&Round> {
        self.rounds.iter().find(|round| round.id == slug)
    }
}

/// Whether marks are for everybody.
pub fn is_public(marks: &str) -> bool {
    marks == "MARKS_VISIBILITY_PUBLIC"
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct TallyRead {
    scale: Option<Scale>,
    criteria: Vec<Criterion>,
    aggregation: String,
    trim: u32,
    normalisation: String,
    round_criterion: Option<u32>,
    round_weighted: Option<u32>,
    round_total: Option<u32>,
    ties: Vec<RungRead>,
    least_marks: u32,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RungRead {
    criterion: Option<String>,
    most_first_places: bool,
    higher_median: bool,
}

/// The rules that `plaudit.v1.Tally` says; `None` if they can't be read or make no sense.
pub fn rules(tally: &RawValue) -> Option<Rules> {
    let read: TallyRead = serde_json::from_str(tally.get()).ok()?;
    let zero = Decimal::ZERO;
    let rules = Rules {
        scale: read.scale.unwrap_or(Scale { min: zero, max: zero, step: zero }),
        criteria: read.criteria,
        aggregation: match read.aggregation.as_str() {
            "AGGREGATION_MEAN" => Aggregation::Mean,
            "AGGREGATION_MEDIAN" => Aggregation::Median,
            "AGGREGATION_TRIMMED_MEAN" => Aggregation::TrimmedMean { trim: read.trim },
            _ => return None,
        },
        normalisation: match read.normalisation.as_str() {
            "" | "NORMALISATION_UNSPECIFIED" | "NORMALISATION_NONE" => Normalisation::None,
            _ => return None,
        },
        round_criterion: read.round_criterion,
        round_weighted: read.round_weighted,
        round_total: read.round_total,
        ties: read.ties.into_iter().map(rung).collect::<Option<_>>()?,
        least_marks: read.least_marks,
    };
    rules.validate().ok().map(|()| rules)
}

fn rung(read: RungRead) -> Option<Rung> {
    match read {
        RungRead { criterion: Some(criterion), .. } => Some(Rung::Criterion(criterion)),
        RungRead { most_first_places: true, .. } => Some(Rung::MostFirstPlaces),
        RungRead { higher_median: true, .. } => Some(Rung::HigherMedian),
        RungRead { .. } => None,
    }
}
