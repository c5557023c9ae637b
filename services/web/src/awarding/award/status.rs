//! How an award stands, in words.

use maud::{Markup, html};

use crate::awarding::desk::Desk;
use crate::components::{Select, Tag};
use crate::results::shapes::Award;
use crate::words::{instant, reason};

/// Why an award may depart from the ranking.
pub const FOR_DEPARTING: &[&str] = &[
    "panel_departure",
    "ineligible_winner",
    "condition_not_met",
    "withdrawn_by_entrant",
    "pitch_left",
    "rules_broken",
];

/// Why an award may be refused or taken back.
pub const FOR_TAKING_BACK: &[&str] = &[
    "panel_departure",
    "ineligible_winner",
    "condition_not_met",
    "withdrawn_by_entrant",
    "not_answered",
    "pitch_left",
    "rules_broken",
    "made_in_error",
    "conflict_of_interest",
];

/// Why a payment may fail.
pub const FOR_FAILING: &[&str] = &["bank_refused", "details_wrong", "condition_not_met", "made_in_error"];

/// A choice of reasons.
pub fn reasons(name: &'static str, label: &'static str, codes: &[&str]) -> Select {
    let choices = std::iter::once((String::new(), "Choose a reason".to_owned()));
    Select::new(name, label, choices.chain(codes.iter().map(|code| ((*code).to_owned(), reason(code)))))
}

/// A word for it.
pub fn tag(award: &Award) -> Tag {
    match award.status.as_str() {
        "proposed" => Tag::new("Waits for a second person").yellow(),
        "approved" => Tag::new("Approved, not announced").blue(),
        "refused" => Tag::new("Refused").grey(),
        "announced" => Tag::new("Announced, waits for an answer").yellow(),
        "accepted" => Tag::new("Accepted").green(),
        "declined" => Tag::new("Declined").grey(),
        "lapsed" => Tag::new("Not accepted in time").grey(),
        "withdrawn" => Tag::new("Withdrawn").red(),
        other => Tag::new(other.to_owned()).grey(),
    }
}

/// How it came to stand there.
pub fn story(desk: &Desk, award: &Award) -> Markup {
    let zone = desk.zone();
    let on = |at: Option<jiff::Timestamp>| html! { @if let Some(at) = at { ", " (instant(at, zone)) } };
    html! {
        ul.govuk-list {
            @if let Some(by) = award.proposed_by { li { "Proposed by " (desk.who(Some(by))) (on(award.proposed_at)) } }
            @if let Some(by) = award.approved_by { li { "Approved by " (desk.who(Some(by))) (on(award.approved_at)) } }
            @if let Some(at) = award.announced_at { li { "Announced " (instant(at, zone)) } }
            @if award.status == "announced" && let Some(by) = award.accept_by { li { "The winner answers by " (instant(by, zone)) } }
            @match award.status.as_str() {
                "accepted" => { li { "The winner accepted" (on(award.answered_at)) } },
                "declined" => { li { "The winner declined" (on(award.answered_at)) } },
                "lapsed" => { li { "The winner did not answer in time" } },
                _ => {},
            }
            @if let Some(code) = &award.departure { li { "It departs from the ranking: " (reason(code)) } }
            @if let Some(code) = &award.reason { li { "Reason: " (reason(code)) } }
        }
    }
}
