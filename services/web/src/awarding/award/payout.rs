//! What awards says of a payment.

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

/// How far a payment is.
#[derive(Clone, Debug, Deserialize)]
pub struct Payout {
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
    /// The bank's.
    pub reference: Option<String>,
    /// Why it failed last.
    pub reason: Option<String>,
    /// What was done, oldest first.
    #[serde(default)]
    pub steps: Vec<Taken>,
    /// What can be done now.
    #[serde(default)]
    pub next: Vec<Next>,
    /// When it is taken as received by itself.
    pub received_by: Option<Timestamp>,
}

/// Where the money goes. Absent parts are not for this reader at this step.
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

/// Where a step stands.
#[derive(Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Taken, the last time of several.
    Done(Option<&'a Uuid>, Option<Timestamp>),
    /// Can be taken now.
    Now(&'a str, bool),
    /// Comes later.
    Later,
}

/// The steps in their order: as it is called when it can be taken, when it was
/// taken, and for people.
pub const STEPS: [(&str, &str, &str); 7] = [
    ("name_payee", "payee_named", "The winner says where the money goes"),
    ("check_payee", "payee_checked", "The account is checked"),
    ("record_agreement", "agreement_recorded", "The agreement is recorded"),
    ("request", "requested", "The payment is requested"),
    ("authorise", "authorised", "Somebody else authorises it"),
    ("send", "sent", "The money is sent"),
    ("confirm", "confirmed", "The winner confirms that it came"),
];

impl Payout {
    /// Where a step stands. What a failed payment begins again with is not
    /// done, however often it was.
    pub fn standing(&self, next: &str, taken: &str) -> Standing<'_> {
        if let Some(next) = self.next.iter().find(|known| known.step == next) {
            return Standing::Now(&next.who, next.yours);
        }
        let done = self.is_done(taken);
        let also = if taken == "confirmed" { "taken_as_received" } else { taken };
        let last = self.steps.iter().rev().find(|step| step.step == taken || step.step == also);
        match last {
            Some(last) if done => Standing::Done(last.by.as_ref(), Some(last.at)),
            None if done => Standing::Done(None, None),
            _ => Standing::Later,
        }
    }

    fn is_done(&self, step: &str) -> bool {
        let stages = ["requested", "authorised", "sent", "confirmed"];
        let stage = match self.stage.as_deref() {
            Some("taken_as_received") => Some("confirmed"),
            stage => stage,
        };
        let reached = stage.and_then(|stage| stages.iter().position(|known| *known == stage));
        match step {
            "payee_named" => self.payee.is_some(),
            "payee_checked" => self.checked,
            "agreement_recorded" => self.agreed,
            step => reached >= stages.iter().position(|known| *known == step) && reached.is_some(),
        }
    }

    /// Whether it can still fail.
    pub fn is_under_way(&self) -> bool {
        matches!(self.stage.as_deref(), Some("requested" | "authorised" | "sent"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_payment_begins_again() {
        let failed: Payout = serde_json::from_str(
            r#"{"stage":"failed","payee":{"name":null,"account":null,"sort_code":null},"checked":true,"agreed":true,
                "steps":[{"step":"requested","by":null,"at":"2026-01-01T00:00:00Z"},{"step":"failed","by":null,"at":"2026-01-02T00:00:00Z"}],
                "next":[{"step":"request","who":"organiser","yours":true}]}"#,
        )
        .unwrap();
        assert!(matches!(failed.standing("check_payee", "payee_checked"), Standing::Done(None, None)));
        assert_eq!(failed.standing("request", "requested"), Standing::Now("organiser", true));
        assert_eq!(failed.standing("authorise", "authorised"), Standing::Later);
        assert!(!failed.is_under_way());
    }

    #[test]
    fn what_was_taken_as_received_is_done() {
        let done: Payout = serde_json::from_str(
            r#"{"stage":"taken_as_received","payee":null,"checked":true,"agreed":true,
                "steps":[{"step":"taken_as_received","by":null,"at":"2026-01-15T00:00:00Z"}]}"#,
        )
        .unwrap();
        assert!(matches!(done.standing("confirm", "confirmed"), Standing::Done(None, Some(_))));
        assert!(matches!(done.standing("send", "sent"), Standing::Done(None, None)));
    }
}
