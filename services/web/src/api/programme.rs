//! What submissions says of a programme, as far as pages need it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use crate::files::File;

/// A programme. What is absent is not for this reader.
#[derive(Clone, Debug, Deserialize)]
pub struct Programme {
    /// Its id.
    pub id: Uuid,
    /// Absent if it was forgotten.
    pub title: Option<String>,
    /// How far it is.
    pub phase: Option<Phase>,
    /// Whether its winners are announced.
    #[serde(default)]
    pub announced: bool,
    /// As the rulebook or the last move says.
    pub deadline: Option<Timestamp>,
    /// The deadline and its grace.
    pub last_instant: Option<Timestamp>,
    /// When the call opened.
    pub opened_at: Option<Timestamp>,
    /// When it closed.
    pub closed_at: Option<Timestamp>,
    /// Once there is one.
    pub rulebook: Option<Rulebook>,
    /// SHA-256, in hexadecimal.
    pub rulebook_hash: Option<String>,
    /// The rules' own words.
    pub prose: Option<String>,
    /// What changed after the call had opened.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// How the screening ended.
    pub screening: Option<Screened>,
    /// For organisers and approvers.
    pub people: Option<People>,
    /// For members.
    pub you: Option<You>,
}

/// How far a programme is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Only its organisers know of it.
    Drafted,
    /// Its rules are public.
    Published,
    /// Pitches come in.
    Open,
    /// Pitches are screened.
    Closed,
    /// The eligible pitches are fixed.
    Screened,
    /// Over.
    Concluded,
    /// Called off.
    Cancelled,
}

/// Something that changed.
#[derive(Clone, Debug, Deserialize)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// `rulebook_amended`, `deadline_moved` or `cancelled`.
    pub change: String,
    /// A reason on the list.
    pub reason: Option<String>,
}

/// How the screening ended.
#[derive(Clone, Debug, Deserialize)]
pub struct Screened {
    /// How many go forward.
    pub eligible: u32,
    /// How many do not.
    pub refused: u32,
}

/// Who decides, who was asked, and what waits for a second person.
#[derive(Clone, Debug, Deserialize)]
pub struct People {
    /// Everybody with a role.
    pub roles: Vec<RolesOf>,
    /// Whom an invited call asks.
    pub invited: Vec<Invited>,
    /// Who proposed to open the call.
    pub opening_proposed_by: Option<Uuid>,
    /// Who proposed to close it early.
    pub closing_proposed_by: Option<Uuid>,
    /// Members who see unpublished marks.
    #[serde(default)]
    pub auditors: Vec<Uuid>,
    /// Whom somebody proposes.
    pub auditor_proposed: Option<Uuid>,
    /// Who does.
    pub auditor_proposed_by: Option<Uuid>,
}

/// A member's roles.
#[derive(Clone, Debug, Deserialize)]
pub struct RolesOf {
    /// Who.
    pub member: Uuid,
    /// Which.
    pub roles: Vec<Role>,
}

/// What a member may be in a programme.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs it.
    Organiser,
    /// Holds the second key.
    Approver,
    /// Enters things for others.
    Helper,
    /// Types paper marks.
    Teller,
}

/// Who was asked to enter.
#[derive(Clone, Debug, Deserialize)]
pub struct Invited {
    /// Who.
    pub member: Uuid,
    /// Whether they said no.
    pub declined: bool,
}

/// What the reader is here.
#[derive(Clone, Debug, Deserialize)]
pub struct You {
    /// Under which id.
    pub member: Uuid,
    /// With which roles.
    pub roles: Vec<Role>,
    /// Whether they were asked to enter.
    pub invited: bool,
    /// Whether they see what auditors see.
    #[serde(default)]
    pub auditor: bool,
    /// The pitches that they have a conflict with.
    #[serde(default)]
    pub conflicts: Vec<Uuid>,
}

/// Everything that decides the outcome.
#[derive(Clone, Debug, Deserialize)]
pub struct Rulebook {
    /// `open` or `invited`.
    pub call: String,
    /// The first deadline.
    pub deadline: Timestamp,
    /// What comes after it and still counts.
    #[serde(default)]
    pub grace_seconds: u32,
    /// An IANA name.
    pub time_zone: String,
    /// BCP 47.
    pub languages: Vec<String>,
    /// Questions that must be answered with yes.
    #[serde(default)]
    pub gate: Vec<Gate>,
    /// The pitch form.
    #[serde(default)]
    pub form: Vec<Question>,
    /// In their order.
    pub rounds: Vec<Round>,
    /// By rank.
    pub prizes: Vec<Prize>,
    /// All the money there is.
    pub pot: Money,
    /// `public` or `own_entrant`.
    pub marks: String,
    /// Winners are not announced before.
    pub embargo: Option<Timestamp>,
    /// How long a winner has to answer.
    pub days_to_accept: u32,
    /// Whether the panel may give none.
    #[serde(default)]
    pub may_give_no_award: bool,
    /// After how many days what is private is deleted.
    pub days_kept: u32,
    /// The most files that come with a pitch.
    #[serde(default)]
    pub most_attachments: u32,
}

/// A gate question.
#[derive(Clone, Debug, Deserialize)]
pub struct Gate {
    /// What the words call it.
    pub id: String,
}

/// A question of the pitch form.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    /// What the words call it.
    pub id: String,
    /// Whether it must be answered.
    #[serde(default)]
    pub required: bool,
    /// Its limit.
    pub most_characters: u32,
}

/// Money in whole minor units.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Money {
    /// Such as pence.
    pub minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// A prize.
#[derive(Clone, Debug, Deserialize)]
pub struct Prize {
    /// What the words call it.
    pub id: String,
    /// Of which rank.
    pub rank: u32,
    /// Absent if it is support alone.
    pub amount: Option<Money>,
    /// Whether support comes with it.
    #[serde(default)]
    pub support: bool,
}

/// A round.
#[derive(Clone, Debug, Deserialize)]
pub struct Round {
    /// What paths and words call it.
    pub id: String,
    /// `desk`, `interview` or `den`.
    pub kind: String,
    /// How marks become a ranking.
    pub tally: Tally,
    /// 0: every judge marks every pitch.
    #[serde(default)]
    pub judges_per_pitch: u32,
    /// Whether judges don't know whose a pitch is.
    #[serde(default)]
    pub anonymous: bool,
    /// The least number of judges.
    pub quorum: u32,
    /// Whether one of them must be independent.
    #[serde(default)]
    pub independent_judge_needed: bool,
}

/// How marks become a ranking.
#[derive(Clone, Debug, Deserialize)]
pub struct Tally {
    /// The marks that a judge may give.
    pub scale: Scale,
    /// What is marked.
    pub criteria: Vec<Criterion>,
    /// `mean`, `median` or `trimmed_mean`.
    pub aggregation: String,
    /// Marks left out at each end.
    #[serde(default)]
    pub trim: u32,
    /// Decimals of each criterion's aggregate.
    pub round_criterion: Option<u32>,
    /// Decimals after the weight.
    pub round_weighted: Option<u32>,
    /// Decimals of the total.
    pub round_total: Option<u32>,
    /// The ladder of tie-breaks.
    #[serde(default)]
    pub ties: Vec<Rung>,
    /// Marks that a pitch needs at least.
    #[serde(default)]
    pub least_marks: u32,
}

/// Decimals.
#[derive(Clone, Debug, Deserialize)]
pub struct Scale {
    /// The lowest mark.
    pub min: String,
    /// The highest.
    pub max: String,
    /// Between two.
    pub step: String,
}

/// One thing that every judge marks.
#[derive(Clone, Debug, Deserialize)]
pub struct Criterion {
    /// What the words call it.
    pub id: String,
    /// A decimal.
    pub weight: String,
}

/// A tie-break.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The higher mark on one criterion.
    Criterion(String),
    /// More judges whose highest it is.
    MostFirstPlaces,
    /// The higher median of totals.
    HigherMedian,
}

/// A pitch. What is absent is not for this reader, or was forgotten.
#[derive(Clone, Debug, Deserialize)]
pub struct Pitch {
    /// Its id.
    pub id: Uuid,
    /// `existence`, `names`, `anonymous`, `content` or `everything`.
    pub sight: String,
    /// What it is called.
    pub title: Option<String>,
    /// Whose it is.
    pub team_name: Option<String>,
    /// By the id of the question.
    pub answers: Option<BTreeMap<String, String>>,
    /// What comes with it.
    #[serde(default)]
    pub attachments: Option<Vec<File>>,
    /// For its team, organisers and approvers.
    pub progress: Option<Progress>,
    /// For organisers and approvers.
    pub proposals: Option<Proposals>,
    /// For its team.
    pub receipt: Option<Receipt>,
}

/// How a pitch stands.
#[derive(Clone, Debug, Deserialize)]
pub struct Progress {
    /// `submitted`, `eligible`, `ineligible`, `queried`, `answered`, `withdrawn`, `disqualified`.
    pub standing: Option<String>,
    /// How often it was submitted.
    pub submission: u32,
    /// The first entered it.
    pub team: Vec<Uuid>,
    /// When its last byte had arrived.
    pub received_at: Timestamp,
    /// A draft that entered itself.
    pub by_itself: bool,
    /// Until when it may be replaced.
    pub reopened_until: Option<Timestamp>,
    /// What screening said.
    pub screening: Option<ScreenedAs>,
    /// What was asked.
    pub question: Option<String>,
    /// What was answered.
    pub answer: Option<String>,
}

/// What screening said of a pitch.
#[derive(Clone, Debug, Deserialize)]
pub struct ScreenedAs {
    /// `eligible` or `ineligible`.
    pub outcome: String,
    /// A reason on the list.
    pub reason: Option<String>,
    /// In more words.
    pub words: Option<String>,
    /// The second and last look.
    pub again: bool,
    /// Who.
    pub by: Uuid,
}

/// What waits for a second person.
#[derive(Clone, Debug, Deserialize)]
pub struct Proposals {
    /// To put it out.
    pub disqualification: Option<Proposal>,
    /// To let it be replaced.
    pub reopening: Option<Proposal>,
}

/// Something proposed.
#[derive(Clone, Debug, Deserialize)]
pub struct Proposal {
    /// By whom.
    pub by: Uuid,
    /// Why.
    pub reason: Option<String>,
    /// For a reopening.
    pub until: Option<Timestamp>,
}

/// What proves that it was handed in.
#[derive(Clone, Debug, Deserialize)]
pub struct Receipt {
    /// What the seals are bound to.
    pub stream: String,
    /// Which version.
    pub submission: u32,
    /// When its last byte had arrived.
    pub received_at: Timestamp,
    /// SHA-256 of the rules that stood, in hexadecimal.
    pub rulebook_hash: String,
    /// One a sealed field.
    pub seals: Vec<Seal>,
}

/// A private copy that opens a commitment.
#[derive(Clone, Debug, Deserialize)]
pub struct Seal {
    /// Such as `PitchSubmitted.title`.
    pub field: String,
    /// In hexadecimal.
    pub commitment: String,
    /// In base64.
    pub salt: Option<String>,
    /// What was sealed.
    pub content: Option<String>,
}

/// Who somebody is, to organisers and approvers.
#[derive(Clone, Debug, Deserialize)]
pub struct Member {
    /// Under which id.
    pub member: Uuid,
    /// May be empty.
    pub name: String,
    /// Until they come.
    pub email: Option<String>,
    /// `invited` or `joined`.
    pub state: String,
}

impl Programme {
    /// What people call it.
    pub fn name(&self) -> &str {
        self.title.as_deref().unwrap_or("A programme whose name was forgotten")
    }

    /// Its rulebook's round of this id.
    pub fn round(&self, id: &str) -> Option<&Round> {
        self.rulebook.as_ref()?.rounds.iter().find(|round| round.id == id)
    }

    /// Whether the reader has a role here.
    pub fn you_are(&self, role: Role) -> bool {
        self.you.as_ref().is_some_and(|you| you.roles.contains(&role))
    }

    /// Whether the reader runs it or holds its second key.
    pub fn you_hold_a_key(&self) -> bool {
        self.you_are(Role::Organiser) || self.you_are(Role::Approver)
    }
}
