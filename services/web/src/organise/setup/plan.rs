//! What an organiser has settled so far: kept as the programme's draft of a
//! rulebook until it is published.

use std::collections::BTreeSet;

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use super::Step;

/// Everything that the wizard asks. A draft of an older shape reads as far as
/// it goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// The steps that somebody has looked at and saved.
    pub done: BTreeSet<Step>,
    pub about: String,
    /// Who runs it, and how to reach them.
    pub promoter: String,
    /// Who signs where one of the two has a conflict.
    pub stand_in: String,
    pub currency: String,
    pub prizes: Vec<PrizePlan>,
    pub invited: bool,
    pub gate: Vec<GatePlan>,
    pub deadline: DateTime,
    pub time_zone: String,
    pub grace_seconds: u32,
    pub form: Vec<QuestionPlan>,
    pub most_attachments: u32,
    pub round: RoundPlan,
    pub marks_public: bool,
    pub days_to_accept: u32,
    pub may_give_no_award: bool,
    pub days_kept: u32,
    pub embargo: Option<DateTime>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PrizePlan {
    pub name: String,
    pub rank: u32,
    /// In minor units; absent if it is support alone.
    pub amount: Option<i64>,
    /// In words; empty if there is none.
    pub support: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GatePlan {
    pub says: String,
    pub explained: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct QuestionPlan {
    pub says: String,
    pub explained: String,
    pub most_characters: u32,
    pub required: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CriterionPlan {
    pub name: String,
    pub weight: String,
    pub guidance: String,
}

/// A tie-break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// The higher mark on one criterion, by its place in the list.
    Criterion(usize),
    FirstPlaces,
    Median,
}

/// How pitches are judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoundPlan {
    /// `desk`, `interview` or `den`.
    pub kind: String,
    pub criteria: Vec<CriterionPlan>,
    pub min: String,
    pub max: String,
    pub step: String,
    /// 0: every judge marks every pitch.
    pub judges_per_pitch: u32,
    pub quorum: u32,
    pub independent: bool,
    pub anonymous: bool,
    /// `mean`, `median` or `trimmed_mean`.
    pub aggregation: String,
    pub trim: u32,
    pub round_criterion: Option<u32>,
    pub round_weighted: Option<u32>,
    pub round_total: Option<u32>,
    pub ties: Vec<Tie>,
    pub least_marks: u32,
}

/// Where to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// One prize, one evening: three finalists who were asked, one den.
    Evening,
    /// Anybody enters, judges read at their desks.
    Open,
}

impl Default for Plan {
    fn default() -> Self {
        Self::of(Template::Evening, Timestamp::now())
    }
}

impl Default for RoundPlan {
    fn default() -> Self {
        Self {
            kind: "den".to_owned(),
            criteria: criteria(),
            min: "0".to_owned(),
            max: "10".to_owned(),
            step: "0.5".to_owned(),
            judges_per_pitch: 0,
            quorum: 3,
            independent: false,
            anonymous: false,
            aggregation: "mean".to_owned(),
            trim: 0,
            round_criterion: Some(2),
            round_weighted: None,
            round_total: None,
            ties: vec![Tie::FirstPlaces, Tie::Median],
            least_marks: 0,
        }
    }
}

impl Plan {
    /// What a template says, with dates that lie ahead.
    pub fn of(template: Template, now: Timestamp) -> Self {
        let days = if template == Template::Evening { 7 } else { 42 };
        let plan = Self {
            done: BTreeSet::new(),
            about: String::new(),
            promoter: String::new(),
            stand_in: String::new(),
            currency: "GBP".to_owned(),
            prizes: vec![PrizePlan {
                name: "First prize".to_owned(),
                rank: 1,
                amount: Some(200_000),
                support: String::new(),
            }],
            invited: true,
            gate: Vec::new(),
            deadline: in_days(now, days),
            time_zone: "Europe/London".to_owned(),
            grace_seconds: 60,
            form: questions(),
            most_attachments: 0,
            round: RoundPlan::default(),
            marks_public: true,
            days_to_accept: 14,
            may_give_no_award: false,
            days_kept: 365,
            embargo: None,
        };
        match template {
            Template::Evening => plan,
            Template::Open => Self {
                invited: false,
                most_attachments: 1,
                marks_public: false,
                may_give_no_award: true,
                round: RoundPlan {
                    kind: "desk".to_owned(),
                    judges_per_pitch: 3,
                    independent: true,
                    ..RoundPlan::default()
                },
                ..plan
            },
        }
    }

    /// An instant of its own time zone; `None` if there is no such zone.
    pub fn instant(&self, at: DateTime) -> Option<Timestamp> {
        let zone = TimeZone::get(&self.time_zone).ok()?;
        Some(at.to_zoned(zone).ok()?.timestamp())
    }

    /// All the money there is: what the prizes come to.
    pub fn pot(&self) -> i64 {
        self.prizes.iter().filter_map(|prize| prize.amount).fold(0, i64::saturating_add)
    }
}

fn in_days(now: Timestamp, days: i64) -> DateTime {
    let at = Zoned::new(now, TimeZone::UTC).saturating_add(days.days());
    at.date().to_datetime(Time::constant(17, 30, 0, 0))
}

fn criteria() -> Vec<CriterionPlan> {
    let criterion = |name: &str, weight: &str, guidance: &str| CriterionPlan {
        name: name.to_owned(),
        weight: weight.to_owned(),
        guidance: guidance.to_owned(),
    };
    vec![
        criterion("The difference it makes", "3", "For whom, how many, and how anybody would notice."),
        criterion("A plan that works", "2", "Does it pay its way, and are the next steps clear?"),
        criterion("The people behind it", "2", "Can this team do it, and who else is on board?"),
    ]
}

fn questions() -> Vec<QuestionPlan> {
    let question = |says: &str, explained: &str, most_characters, required| QuestionPlan {
        says: says.to_owned(),
        explained: explained.to_owned(),
        most_characters,
        required,
    };
    vec![
        question("What do you want to do?", "In a few sentences that anybody understands.", 2_000, true),
        question("What would you use the prize for?", "", 1_000, true),
    ]
}
