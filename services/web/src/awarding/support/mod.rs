//! Business support: what was pledged, what was given, what is owed.

mod act;
mod amount;
mod ledger;
mod one;
mod pledge;

use axum::Router;
use axum::routing::{get, post};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/pledge", get(pledge::pledge).post(pledge::send))
        .route("/programmes/{programme}/organise/support", get(ledger::ledger).post(ledger::record))
        .route("/programmes/{programme}/organise/support/{support}", get(one::support))
        .route("/programmes/{programme}/organise/support/{support}/{step}", post(act::take))
}

/// A pledge, and what of it is owed. Amounts are quarters of its unit.
#[derive(Clone, Debug, Deserialize)]
struct Support {
    id: Uuid,
    by: Uuid,
    /// Absent if it was forgotten.
    what: Option<String>,
    quarters: u32,
    unit: String,
    award: Option<Uuid>,
    pitch: Option<Uuid>,
    status: String,
    #[serde(default)]
    scheduled: Vec<Scheduled>,
    #[serde(default)]
    deliveries: Vec<Delivery>,
    owed: u32,
    version: u64,
}

#[derive(Clone, Debug, Deserialize)]
struct Scheduled {
    at: Timestamp,
    quarters: u32,
}

#[derive(Clone, Debug, Deserialize)]
struct Delivery {
    quarters: u32,
    evidence: Option<String>,
    confirmed: bool,
    at: Option<Timestamp>,
}

impl Support {
    /// What was given so far.
    fn delivered(&self) -> u32 {
        self.deliveries.iter().map(|delivery| delivery.quarters).sum()
    }

    /// What of it the winner confirmed.
    fn confirmed(&self) -> u32 {
        self.deliveries.iter().filter(|delivery| delivery.confirmed).map(|delivery| delivery.quarters).sum()
    }

    /// What is agreed on for a day.
    fn planned(&self) -> u32 {
        self.scheduled.iter().map(|scheduled| scheduled.quarters).sum()
    }

    fn says(&self) -> &str {
        self.what.as_deref().unwrap_or("A pledge whose words were forgotten")
    }
}
