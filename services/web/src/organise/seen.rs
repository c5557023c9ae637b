//! What panels, scoring and awards say, as far as an organiser's pages need it.

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

/// A round's panel.
#[derive(Clone, Debug, Deserialize)]
pub struct Panel {
    /// `convened`, `assigned` or `ready`.
    pub state: String,
    /// For organisers and approvers.
    pub counts: Option<Counts>,
}

/// Where a panel stands.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Counts {
    pub invited: usize,
    pub accepted: usize,
    pub declared: usize,
    #[serde(default)]
    pub short: Vec<Short>,
}

/// A pitch with too few judges.
#[derive(Clone, Debug, Deserialize)]
pub struct Short {
    pub pitch: Uuid,
    pub judges: usize,
    pub needed: usize,
}

/// A judge's seat.
#[derive(Clone, Debug, Deserialize)]
pub struct Seat {
    pub judge: Uuid,
    pub member: Uuid,
    /// `judge`, `chair` or `deputy`.
    pub office: String,
    pub independent: bool,
    /// 0: no limit.
    pub cap: u32,
    /// `invited`, `accepted`, `declined` or `stood_down`.
    pub status: String,
    pub declared: bool,
    pub assigned: usize,
    /// For organisers.
    pub interests: Option<String>,
    #[serde(default)]
    pub connections: Vec<Connection>,
}

/// What stands between a judge and a pitch.
#[derive(Clone, Debug, Deserialize)]
pub struct Connection {
    pub pitch: Uuid,
    /// `known` or `stand_aside`.
    pub connection: String,
    pub allowed: bool,
    /// For organisers.
    pub nature: Option<String>,
}

/// Judges and pitches, and what stands between them.
#[derive(Clone, Debug, Deserialize)]
pub struct Matrix {
    pub pitches: Vec<MatrixRow>,
    pub next: Option<String>,
}

/// One pitch of it.
#[derive(Clone, Debug, Deserialize)]
pub struct MatrixRow {
    pub pitch: Uuid,
    /// Seats.
    pub judges: Vec<Uuid>,
    /// Unknown before the pitches are dealt out.
    pub needed: Option<usize>,
    #[serde(rename = "connections")]
    pub barred: Vec<Barred>,
}

/// Why a judge doesn't mark a pitch, or only by leave.
#[derive(Clone, Debug, Deserialize)]
pub struct Barred {
    pub judge: Uuid,
    /// `known`, `allowed`, `stand_aside` or `team_or_conflict`.
    pub because: String,
}

/// A round.
#[derive(Clone, Debug, Deserialize)]
pub struct Round {
    /// `waiting`, `ready`, `open`, `locked`, `unsealed` or `voided`.
    pub phase: String,
    pub opened_at: Option<Timestamp>,
    pub locked_at: Option<Timestamp>,
    pub unsealed_at: Option<Timestamp>,
    pub declared_at: Option<Timestamp>,
    pub progress: Option<Progress>,
}

/// How many score sheets are in.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Progress {
    pub unsealing_proposed_by: Option<Uuid>,
    pub late_facts: usize,
    pub expected: usize,
    pub abstained: usize,
    pub set_aside: usize,
    pub missing: usize,
    pub judges: Vec<JudgeProgress>,
}

/// One judge's.
#[derive(Clone, Debug, Deserialize)]
pub struct JudgeProgress {
    pub member: Uuid,
    pub expected: usize,
    pub sealed: usize,
    pub abstained: usize,
}

/// An award, as far as its state goes.
#[derive(Clone, Debug, Deserialize)]
pub struct Award {
    pub id: Uuid,
    pub pitch: Uuid,
    pub prize: String,
    /// `proposed`, `approved`, `announced`, …
    pub status: String,
    pub proposed_by: Option<Uuid>,
    pub payout: Option<String>,
}

/// A place in the ranking, with what the rules give to it.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    pub pitch: Uuid,
    pub rank: Option<u32>,
    pub shared_by: u32,
    pub wins: Vec<Win>,
}

/// A prize that the ranking gives.
#[derive(Clone, Debug, Deserialize)]
pub struct Win {
    pub prize: String,
    pub amount: crate::api::Money,
}
