//! The page “Check it yourself”.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::entries::{Event, Events, read};
use super::filter::{Filter, called, kind};
use super::sentences::{Known, sentence};
use crate::api::Programme;
use crate::components::{Details, InsetText, Pagination, Row, SummaryList};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab};
use crate::results::names::{Names, maybe, visible};
use crate::results::shapes::Award;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{Wording, count, instant};

/// What audit says of a log.
#[derive(Clone, Debug, Deserialize)]
struct Log {
    origin: String,
    key: String,
    size: u64,
    #[serde(default)]
    witnesses: Vec<Witness>,
}

#[derive(Clone, Debug, Deserialize)]
struct Witness {
    name: String,
    cosigned: Option<String>,
}

/// What the file proves, in the order of an evening.
const PROVEN: [&str; 9] = [
    "The rules stood before the call opened, and how marks become a result never changed.",
    "Every pitch that came in time was counted, and everyone that went forward had come in time.",
    "Every judge declared their interests first, and nobody marked where they stand aside.",
    "No mark changed after the lock, and marks were opened only then, by two people.",
    "The ranking follows from the marks by the rules: whoever has the marks can reckon it again, to the last decimal.",
    "Every award follows the ranking or says openly why not, and two people decided it.",
    "All winners were announced in one moment, and what was paid is what was awarded.",
    "What was pledged besides money, and how much of it came.",
    "Nothing was left out or changed afterwards: the log only grows at its end. What was forgotten is said, and when.",
];

pub async fn trail(
    visitor: Visitor,
    Path(id): Path<Uuid>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let query = Fields::parse(query.unwrap_or_default().as_bytes());
    let (at, log) = (format!("submissions/programmes/{id}"), format!("audit/programmes/{id}/log"));
    let awards = format!("awards/programmes/{id}/awards");
    let (programme, log, names, awards) = together!(
        visitor.api.get::<Programme>(&at),
        async { maybe(visitor.api.get::<Log>(&log).await) },
        Names::of(&visitor.api, id),
        async { visible(visitor.api.list::<Award>(&awards).await) },
    )?;
    let wording = Wording::of(&programme);
    let zone = programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str());
    let filter = Filter::read(&query, zone);
    let size = log.as_ref().map_or(0, |log| log.size);
    let before = query.text("before").parse().unwrap_or(size).min(size);
    let events = if size == 0 { None } else { read(&visitor.api, id, before, &filter).await? };
    let known = Known::of(&programme, &wording, &names, &awards);
    let body = html! {
        (proven())
        @if let Some(log) = &log { (file(&programme, log, events.is_some())) }
        (lines(&programme, &known, events.as_ref(), &filter, zone))
    };
    let page =
        Page::new("Check it yourself").of(&programme, Tab::Trail).errors(filter.errors()).style("trail.css");
    Ok(page.show(&visitor, body))
}

fn proven() -> Markup {
    html! {
        p.govuk-body-l { "Nobody need trust the organisers, or us. Everything that happened here stands in one log, and one file from it shows:" }
        ul.plaudit-proven { @for says in PROVEN { li { (says) } } }
    }
}

fn file(programme: &Programme, log: &Log, is_readable: bool) -> Markup {
    let at = format!("/programmes/{}/trail", programme.id);
    let is_auditor = programme.you.as_ref().is_some_and(|you| you.auditor);
    html! {
        h2.govuk-heading-m { "The file" }
        @if is_readable {
            ol.govuk-list.govuk-list--number {
                li { a.govuk-link href={ (at) "/bundle" } download { "Download the file" } " (" (count(log.size as usize, "event", "events")) ")." }
                @if is_auditor { li { a.govuk-link href={ (at) "/auditors-bundle" } download { "Download the auditors’ file" } ": the same, with what only auditors see. Keep it to yourself." } }
                li { a.govuk-link href="/verify" { "Open it on the page that checks files" } ". The page works in your browser, without a connection, and sends nothing." }
                li { "Or check it with the tool: " code { "plaudit verify <file>" } "." }
            }
        } @else {
            (InsetText::new("The file and the events are published with the winners. Until then everybody can see that the log grows, and nobody can change what is in it."))
        }
        (Details::new("The log’s address and key", identity(programme, log)))
    }
}

fn identity(programme: &Programme, log: &Log) -> Markup {
    let mut list = SummaryList::new()
        .row(Row::new("Address", html! { code.plaudit-code { (log.origin) } }))
        .row(Row::new("Key", html! { code.plaudit-code { (log.key) } }))
        .row(Row::new("Events so far", log.size.to_string()))
        .row(Row::new(
            "Its last signed state",
            html! { a.govuk-link href={ "/log/" (programme.id) "/checkpoint" } { "Checkpoint" } },
        ));
    if let Some(hash) = &programme.rulebook_hash {
        list = list.row(Row::new("Fingerprint of the rules", html! { code.plaudit-code { (hash) } }));
    }
    html! {
        p.govuk-body { "Whoever writes these down now can show later that the log is still the same one." }
        (list)
        @if log.witnesses.is_empty() { p.govuk-body { "No other house has been asked to witness this log." } }
        @else {
            p.govuk-body { "These houses have seen that the log only ever grew:" }
            ul.govuk-list.govuk-list--bullet {
                @for witness in &log.witnesses {
                    li { (witness.name) @match &witness.cosigned { Some(at) => { ", last on " (at) }, None => ", not yet for its last state" } }
                }
            }
        }
    }
}

fn lines(
    programme: &Programme,
    known: &Known,
    events: Option<&Events>,
    filter: &Filter,
    zone: &str,
) -> Markup {
    let Some(events) = events else { return html! {} };
    let at = format!("/programmes/{}/trail", programme.id);
    html! {
        h2.govuk-heading-m #events { "Everything that happened" }
        (filter.form(&at))
        @if events.shown.is_empty() {
            p.govuk-body { @if events.before.is_some() { "Nothing of this kind among the latest events." } @else { "Nothing of this kind has happened." } }
        } @else {
            ol.plaudit-trail { @for event in &events.shown { (line(event, known, zone)) } }
        }
        @if let Some(before) = events.before {
            (Pagination::new().next_called(format!("{at}?{}#events", filter.query(before)), "Earlier events", None::<&str>))
        }
    }
}

fn line(event: &Event, known: &Known, zone: &str) -> Markup {
    html! {
        li.plaudit-trail__line {
            p.plaudit-trail__says { (sentence(event, known)) }
            p.plaudit-trail__when {
                (instant(event.time, zone)) " · " (called(kind(event))) " · event " (event.index + 1)
            }
        }
    }
}
