//! What awards says of a payment.

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::Money;

/// How far a payment is.
#[derive(Clone, Debug, Deserialize)]
pub struct Payout {
    /// How much.
    pub amount: Money,
    /// Absent: no payee yet.
    pub stage: Option<String>,
    /// Who gets it.
    pub payee: Option<Payee>,
    /// Whether the account was checked.
    pub checked: bool,
    /// Whether the agreement is recorded.
    pub agreed: bool,
    /// What was agreed.
    pub agreement: Option<String>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// The bank's.
    pub reference: Option<String>,
    /// Why it failed last.
    pub reason: Option<String>,
    /// What was done, oldest first.
    pub steps: Vec<Taken>,
    /// What can be done now.
    pub next: Vec<Next>,
    /// When it is taken as received, if nobody says otherwise.
    pub taken_as_received_at: Option<Timestamp>,
}

/// Where the money goes. Absent parts are not for this reader at this step, or
/// were forgotten.
#[derive(Clone, Debug, Deserialize)]
pub struct Payee {
    /// In whose name the account is.
    pub name: Option<String>,
    /// Its number.
    pub account: Option<String>,
    /// Its bank's.
    pub sort_code: Option<String>,
}

/// A step that was taken.
#[derive(Clone, Debug, Deserialize)]
pub struct Taken {
    /// Which.
    pub step: String,
    /// Absent: by itself.
    pub by: Option<Uuid>,
    /// When.
    pub at: Timestamp,
}

/// A step that can be taken now.
#[derive(Clone, Debug, Deserialize)]
pub struct Next {
    /// Which.
    pub step: String,
    /// Who takes it.
    pub who: String,
    /// Whether that is the reader.
    pub yours: bool,
}
