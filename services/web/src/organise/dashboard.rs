//! What needs doing today, and where everything is.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::facts::Facts;
use super::known::organised;
use super::todo::{Todo, Turn, todos};
use crate::api::{Phase, Programme, Role};
use crate::components::{Button, Details, Errors, InsetText, Tag};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, confirm};
use crate::visitor::Visitor;
use crate::words::{instant, phase};

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/organise", get(show))
        .route("/programmes/{programme}/organise/conclude", post(conclude))
}

async fn show(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let programme = organised(&visitor, id).await?;
    let facts = Facts::gather(&visitor, &programme, Timestamp::now()).await?;
    Ok(page(&visitor, &programme, &facts, &Errors::new()))
}

async fn conclude(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let path = format!("submissions/programmes/{id}/conclusion");
    let done: Result<Value, Failure> = visitor.api.post(&path, fields.key(), &json!({})).await;
    match done {
        Ok(_) => {
            Ok(visitor.to_saying(&format!("/programmes/{id}/organise"), "The programme is over. Thank you."))
        }
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            let programme = organised(&visitor, id).await?;
            let facts = Facts::gather(&visitor, &programme, Timestamp::now()).await?;
            Ok(page(&visitor, &programme, &facts, &errors))
        }
    }
}

fn page(visitor: &Visitor, programme: &Programme, facts: &Facts, errors: &Errors) -> Response {
    let at = format!("/programmes/{}", programme.id);
    let body = html! {
        p.govuk-body { (Tag::new(phase(programme.phase, programme.announced))) }
        (tasks(&todos(facts), &at))
        (numbers(programme, facts))
        (places(programme, facts, &at))
        (ending(programme, facts, &at))
    };
    Page::new("What needs doing today")
        .of(programme, Tab::Organise)
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}

fn tasks(todos: &[Todo], at: &str) -> Markup {
    let (yours, others): (Vec<&Todo>, Vec<&Todo>) = todos.iter().partition(|todo| todo.turn == Turn::Yours);
    html! {
        @if yours.is_empty() {
            (InsetText::new("Nothing waits for you just now."))
        } @else {
            ol.plaudit-todos {
                @for todo in yours {
                    li.plaudit-todo {
                        a.govuk-link.plaudit-todo__link href={ (at) (todo.at) } { (todo.what) }
                    }
                }
            }
        }
        @if !others.is_empty() {
            h2.govuk-heading-s { "Waiting for others" }
            ul.govuk-list {
                @for todo in others {
                    li {
                        @if todo.at.is_empty() { (todo.what) } @else { a.govuk-link href={ (at) (todo.at) } { (todo.what) } }
                    }
                }
            }
        }
    }
}

fn numbers(programme: &Programme, facts: &Facts) -> Markup {
    let pitches = &facts.pitches;
    let zone = programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str());
    let more = if pitches.more { "+" } else { "" };
    html! {
        ul.plaudit-cards {
            @if let Some(deadline) = programme.deadline {
                li.plaudit-card {
                    h2.govuk-heading-s { "Pitches until" }
                    p { (instant(deadline, zone)) }
                    @if let Some(closed) = programme.closed_at { p { "Closed on " (instant(closed, zone)) } }
                }
            }
            @if facts.phase >= Some(Phase::Open) {
                li.plaudit-card {
                    h2.govuk-heading-s { "Pitches handed in" }
                    p.plaudit-figure { (pitches.all()) (more) }
                    @if facts.phase >= Some(Phase::Closed) { p { (pitches.eligible) " may go forward, " (pitches.ineligible) " may not" } }
                }
            }
            @for round in &facts.rounds {
                @if let Some(panel) = &round.panel {
                    li.plaudit-card {
                        h2.govuk-heading-s { "Judges: " (round.name) }
                        p.plaudit-figure { (panel.counts.accepted) }
                        p { "have accepted; at least " (round.quorum) " are needed" }
                    }
                }
                @if let Some(marking) = round.marking.as_ref().filter(|one| one.progress.expected > 0) {
                    li.plaudit-card {
                        h2.govuk-heading-s { "Score sheets: " (round.name) }
                        p.plaudit-figure { (marking.progress.expected.saturating_sub(marking.progress.missing)) " of " (marking.progress.expected) }
                        p { "are in" }
                    }
                }
            }
        }
    }
}

/// Every other page of the organisers, in the order of a programme's life.
fn places(programme: &Programme, facts: &Facts, at: &str) -> Markup {
    let organise = format!("{at}/organise");
    let mut places = vec![
        ("The rules".to_owned(), format!("{organise}/setup")),
        ("People and roles".to_owned(), format!("{organise}/people")),
    ];
    if programme.phase > Some(Phase::Drafted) {
        places.push(("The call".to_owned(), format!("{organise}/call")));
    }
    if programme.phase >= Some(Phase::Open) {
        places.push(("All pitches".to_owned(), format!("{organise}/pitches")));
        places.push(("Checking pitches".to_owned(), format!("{organise}/screening")));
        for round in &facts.rounds {
            places.push((format!("Panel: {}", round.name), format!("{organise}/panel/{}", round.id)));
            places.push((format!("Marking: {}", round.name), format!("{organise}/rounds/{}", round.id)));
        }
    }
    if facts.rounds.iter().any(|round| round.marking.as_ref().is_some_and(|one| one.declared)) {
        places.push(("The result".to_owned(), format!("{at}/results")));
        places.push(("Awards".to_owned(), format!("{organise}/awards")));
        places.push(("The announcement".to_owned(), format!("{organise}/announcement")));
    }
    html! {
        h2.govuk-heading-m { "Everything in its place" }
        ul.govuk-list.plaudit-places {
            @for (name, href) in places { li { a.govuk-link href=(href) { (name) } } }
        }
    }
}

fn ending(programme: &Programme, facts: &Facts, at: &str) -> Markup {
    if facts.phase != Some(Phase::Screened) || !programme.you_are(Role::Organiser) {
        return html! {};
    }
    let awards = &facts.awards;
    let open = awards.proposed_by.len()
        + awards.approved
        + awards.announced
        + awards.accepted.saturating_sub(awards.paid);
    let body = html! {
        @if open > 0 { p.govuk-body { strong { "Something is still open: " } "awards that are not announced, accepted or paid." } }
        p.govuk-body { "When everything has happened, conclude the programme. Nothing about it changes any more, and the days begin after which what is private is deleted." }
        (confirm(&format!("{at}/organise/conclude"), Button::new("Conclude the programme").warning()))
    };
    html! { (Details::new("Conclude the programme", body)) }
}
