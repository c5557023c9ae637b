//! What came too late, as those who run the prize see it: that it came, and
//! not what it says; and what becomes of it.

use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::known::me;
use crate::api::{Phase, Programme, Proposal, Role};
use crate::components::{Button, Tag};
use crate::page::form;
use crate::results::names::Names;
use crate::words::{instant, lateness, reason};

/// Something that came too late.
#[derive(Clone, Debug, Deserialize)]
pub struct Late {
    id: Uuid,
    author: Uuid,
    received_at: Timestamp,
    /// After the last instant, in milliseconds.
    late_by_ms: i64,
    /// An earlier version is in.
    entered: bool,
    /// What waits for a second person.
    reopening: Option<Proposal>,
    reopened_until: Option<Timestamp>,
}

impl Late {
    /// Nobody has proposed to reopen it, nor has it been.
    pub fn is_undecided(&self) -> bool {
        self.reopening.is_none() && self.reopened_until.is_none()
    }

    /// Who proposes to reopen what never entered, and so is in no list of
    /// pitches.
    pub fn proposed_by(&self) -> Option<Uuid> {
        self.reopening.as_ref().filter(|_| !self.entered).map(|proposal| proposal.by)
    }
}

/// A card for each.
pub fn list(programme: &Programme, names: &Names, late: &[Late]) -> Markup {
    html! {
        @if !late.is_empty() {
            h2.govuk-heading-m #late { "Came too late" }
            p.govuk-body {
                "These were sent after the last instant. Nothing of them is lost, and what they say stays with those who wrote it. "
                "If the cause was yours or the service’s, two people can reopen one."
            }
            ul.plaudit-cards { @for one in late { li.plaudit-card { (card(programme, names, one)) } } }
        }
    }
}

fn card(programme: &Programme, names: &Names, late: &Late) -> Markup {
    let zone = zone(programme);
    let who = names.member(late.author);
    let at = format!("/programmes/{}/organise/screening/{}/reopening", programme.id, late.id);
    let may = programme.you_are(Role::Organiser) && programme.phase >= Some(Phase::Closed);
    let open = late.reopened_until.filter(|until| *until >= Timestamp::now());
    html! {
        h3.govuk-heading-s { (who) }
        p {
            (instant(late.received_at, zone)) ", " (lateness(SignedDuration::from_millis(late.late_by_ms))) " too late."
            @if late.entered { " An earlier version is in." }
        }
        @if let Some(proposal) = &late.reopening {
            (proposed(programme, names, proposal, &at))
        } @else if let Some(until) = open {
            p { (Tag::new("Reopened").green()) " They can hand it in until " (instant(until, zone)) "." }
        } @else if may {
            p { a.govuk-link href=(at) { "Reopen it" span.govuk-visually-hidden { ", by " (who) } } }
        }
    }
}

/// Whoever proposed it has no button.
fn proposed(programme: &Programme, names: &Names, proposal: &Proposal, at: &str) -> Markup {
    html! {
        p {
            (names.member(proposal.by)) " proposes to reopen it"
            @if let Some(until) = proposal.until { " until " (instant(until, zone(programme))) }
            "." @if let Some(code) = &proposal.reason { " " (reason(code)) "." }
        }
        @if proposal.by == me(programme) {
            p { "Another organiser or an approver must confirm it." }
        } @else {
            (form(at, html! { (Button::new("Confirm: reopen it").name("act").value("confirm").prevent_double_click()) }))
        }
    }
}

fn zone(programme: &Programme) -> &str {
    programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn late(entered: bool, reopening: Value, until: Value) -> Late {
        let one = json!({
            "id": Uuid::from_u128(1), "author": Uuid::from_u128(2), "received_at": "2026-11-23T12:00:05Z",
            "late_by_ms": 5_000, "entered": entered, "reopening": reopening, "reopened_until": until,
        });
        serde_json::from_value(one).unwrap()
    }

    #[test]
    fn what_is_proposed_or_reopened_is_decided_about() {
        let by = Uuid::from_u128(3);
        let proposal = json!({ "by": by, "reason": "our_fault", "until": null });
        assert!(late(false, Value::Null, Value::Null).is_undecided());
        assert!(!late(false, proposal.clone(), Value::Null).is_undecided());
        assert!(!late(false, Value::Null, json!("2026-11-24T12:00:00Z")).is_undecided());
        assert_eq!(late(false, proposal.clone(), Value::Null).proposed_by(), Some(by));
        assert_eq!(late(true, proposal, Value::Null).proposed_by(), None, "the list of pitches has it");
    }
}
