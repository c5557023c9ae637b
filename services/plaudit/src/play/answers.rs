//! What is read of the public API's answers: only what is needed.

use serde::Deserialize;
use uuid::Uuid;

/// What a command did.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Accepted {
    /// What it was about.
    pub id: Uuid,
    /// Where its last event lies in its service's log.
    pub position: u64,
}

/// Whom an invited address stands for.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Invited {
    pub member: Uuid,
}

/// How many scorecards are in.
#[derive(Clone, Debug, Deserialize)]
pub struct Round {
    pub progress: Option<Progress>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Progress {
    pub expected: u32,
    pub sealed: u32,
    pub abstained: u32,
}

/// A page of a list.
#[derive(Clone, Debug, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// A pitch's place in the result.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Place {
    pub pitch: Uuid,
    /// Absent: too few marks to be ranked.
    pub rank: Option<u32>,
    /// Exact.
    pub total: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Money {
    pub minor: u64,
    pub currency: String,
}

/// An award, as organisers see it.
#[derive(Clone, Debug, Deserialize)]
pub struct Award {
    pub amount: Money,
    pub status: String,
    /// How far the payment is, if it has begun.
    pub payout: Option<String>,
}

/// A pledge in the ledger.
#[derive(Clone, Debug, Deserialize)]
pub struct Support {
    pub id: Uuid,
    pub status: String,
    /// Quarters that are still to be given.
    pub owed: u32,
}
