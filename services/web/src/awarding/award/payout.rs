//! The steps of a payment, and where each stands.

use jiff::Timestamp;
use uuid::Uuid;

use crate::api::Payout;

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
            r#"{"amount":{"minor":200000,"currency":"GBP"},"stage":"failed","payee":{"name":null,"account":null,"sort_code":null},"checked":true,"agreed":true,
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
            r#"{"amount":{"minor":200000,"currency":"GBP"},"stage":"taken_as_received","payee":null,"checked":true,"agreed":true,
                "steps":[{"step":"taken_as_received","by":null,"at":"2026-01-15T00:00:00Z"}],"next":[]}"#,
        )
        .unwrap();
        assert!(matches!(done.standing("confirm", "confirmed"), Standing::Done(None, Some(_))));
        assert!(matches!(done.standing("send", "sent"), Standing::Done(None, None)));
    }
}
