//! What is about to be announced, and when.

use axum::response::Response;
use jiff::{Timestamp, Zoned};
use maud::{Markup, html};
use uuid::Uuid;

use crate::awarding::letters::AT_THE_ANNOUNCEMENT;
use crate::components::{Button, DateInput, Errors, Input, InsetText, WarningText};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::organise::known::holds_a_key;
use crate::page::{Page, Tab, confirm, form};
use crate::results::hero::preview;
use crate::results::overview::Overview;
use crate::results::shapes::{Announcement, Waiting};
use crate::visitor::Visitor;
use crate::words::{count, instant};

/// The page, with what was wrong with its forms.
pub async fn page(visitor: &Visitor, id: Uuid, errors: &Errors, typed: &Fields) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let overview = Overview::of(&visitor.api, id).await?;
    holds_a_key(&overview.programme)?;
    let announcement = overview.announcement.clone().unwrap_or_default();
    let organises = overview.programme.you_are(crate::api::Role::Organiser);
    let zone = overview.programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str());
    let waiting = waiting(&overview, &announcement);
    let body = html! {
        @if let Some(at) = announcement.announced_at {
            p.govuk-body-l { "The winners were announced on " (instant(at, zone)) "." }
        } @else {
            p.govuk-body-l { "All winners become public in one moment. Before it, only organisers and approvers know them; at it, everybody sees them, every entrant is told by email, and feedback is released." }
        }
        (obstacles(&overview, &announcement, waiting, zone))
        @if waiting.approved > 0 || announcement.announced_at.is_some() { (shown(&overview)) }
        @if announcement.announced_at.is_none() || waiting.approved > 0 {
            @if organises && announcement.announced_at.is_none() { (comments(&overview)) }
            h2.govuk-heading-m { "The letters that go out" }
            p.govuk-body { "Read them once more, and word them as you like:" }
            ul.govuk-list.govuk-list--bullet {
                @for (kind, says) in AT_THE_ANNOUNCEMENT {
                    li { a.govuk-link href={ "/programmes/" (id) "/organise/letters/" (kind) } { (says) } }
                }
            }
            @if organises { (moments(&overview, &announcement, zone, errors, typed)) }
            @else { (InsetText::new("An organiser announces the winners.")) }
        }
    };
    let page = Page::new("Announce the winners").of(&overview.programme, Tab::Organise).errors(errors);
    let page = page
        .style("results.css")
        .style("awards.css")
        .back(format!("/programmes/{id}/organise/awards"), "Awards");
    Ok(page.show(visitor, body))
}

/// What waits, as awards says or as the awards themselves do.
fn waiting(overview: &Overview, announcement: &Announcement) -> Waiting {
    announcement.waiting.unwrap_or_else(|| {
        let with = |status| overview.awards.iter().filter(|award| award.status == status).count() as u32;
        Waiting { approved: with("approved"), proposed: with("proposed") }
    })
}

fn obstacles(overview: &Overview, announcement: &Announcement, waiting: Waiting, zone: &str) -> Markup {
    let awards = format!("/programmes/{}/organise/awards", overview.programme.id);
    html! {
        @if waiting.proposed > 0 {
            (WarningText::new(html! {
                (count(waiting.proposed as usize, "award waits", "awards wait")) " for a second person. "
                "Each must be approved or refused before the announcement: "
                a.govuk-link href=(awards) { "awards" } "."
            }))
        } @else if waiting.approved == 0 && announcement.announced_at.is_none() {
            (InsetText::new(html! { "There is nothing to announce yet: no award is approved. " a.govuk-link href=(awards) { "Awards" } }))
        }
        @if let Some(embargo) = announcement.embargo.filter(|embargo| *embargo > Timestamp::now()) {
            (InsetText::new(html! { "The rules say: not before " (instant(embargo, zone)) "." }))
        }
        @if let Some(code) = &announcement.refused {
            (WarningText::new(html! { "The set moment came, and nothing was announced: " (refused(code)) }))
        }
    }
}

fn refused(code: &str) -> &'static str {
    match code {
        "still-proposed" => "an award was still waiting for its second person.",
        "nothing-to-announce" => "no award was approved.",
        "embargo" => "the rules did not allow it yet.",
        _ => "something stood in the way. Set another moment, or announce them now.",
    }
}

/// Exactly what everybody will see.
fn shown(overview: &Overview) -> Markup {
    html! {
        h2.govuk-heading-m { "What everybody will see" }
        @match preview(overview) {
            Some(winners) => div.plaudit-preview {
                p.plaudit-preview__label { "The top of the page of results, with the ranking below it" }
                (winners)
            },
            None => p.govuk-body { "No prize is given." },
        }
    }
}

/// What judges wrote for entrants goes out with the announcement, and can be
/// returned only before.
fn comments(overview: &Overview) -> Markup {
    html! {
        @for result in overview.rounds.iter().filter(|result| !result.places.is_empty()) {
            @let at = format!("/programmes/{}/organise/rounds/{}/comments", overview.programme.id, result.round.id);
            p.govuk-body {
                "What the judges wrote for entrants"
                @if overview.rounds.len() > 1 { " in the round “" (overview.wording.says(&result.round.id)) "”" }
                " goes out too: " a.govuk-link href=(at) { "read it first" } "."
            }
        }
    }
}

fn moments(
    overview: &Overview,
    announcement: &Announcement,
    zone: &str,
    errors: &Errors,
    typed: &Fields,
) -> Markup {
    let at = format!("/programmes/{}/organise/announcement", overview.programme.id);
    html! {
        h2.govuk-heading-m { "Now" }
        (confirm(&at, Button::new("Announce the winners now")))
        h2.govuk-heading-m { @if announcement.scheduled_for.is_some() { "At the set moment" } @else { "Or at a set moment" } }
        @if let Some(set) = announcement.scheduled_for {
            (InsetText::new(html! {
                "The winners are announced by themselves on " (instant(set, zone))
                @if let Some(by) = announcement.scheduled_by { ", as " (overview.names.member(by)) " has set it" } "."
            }))
        }
        (form(&format!("{at}/moment"), moment_fields(announcement.scheduled_for, zone, errors, typed)))
        @if announcement.scheduled_for.is_some() {
            (confirm(&format!("{at}/cancellation"), Button::new("Call the set moment off").warning()))
        }
    }
}

/// The fields: as typed, else the set moment, else this evening.
fn moment_fields(set: Option<Timestamp>, zone: &str, errors: &Errors, typed: &Fields) -> Markup {
    let there = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let known: Option<Zoned> = set.map(|set| set.to_zoned(there));
    let part = |name: &str, format: &str| match &known {
        _ if typed.has("zone") => typed.text(name).to_owned(),
        Some(known) => known.strftime(format).to_string(),
        None => String::new(),
    };
    let zone_typed = if typed.has("zone") { typed.text("zone") } else { zone };
    html! {
        (DateInput::new("date", "The day").hint("For example, 27 11 2026")
            .values(part("date.day", "%-d"), part("date.month", "%-m"), part("date.year", "%Y")).errors(errors))
        (Input::new("time", "The time").hint("For example, 19:30").width(5).value(part("time", "%H:%M")).errors(errors))
        (Input::new("zone", "In the time of").hint("A time zone’s name, such as Europe/London").width(20).value(zone_typed).spellcheck(false).errors(errors))
        (Button::new(if set.is_some() { "Move it to this moment" } else { "Set this moment" }).secondary().prevent_double_click())
    }
}
