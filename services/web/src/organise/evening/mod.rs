//! The small evening's two buttons: one person finishes the scoring, a second
//! confirms the winners. Each page lists every event inside, and stops at
//! whatever is out of order.

mod finishing;
#[cfg(test)]
mod tests;
mod winners;

use axum::Router;
use axum::routing::get;
use jiff::Timestamp;
use maud::{Markup, html};
use uuid::Uuid;

use super::facts::{Facts, Marking, RoundFacts};
use super::known::organised;
use crate::api::Programme;
use crate::components::{InsetText, Tag};
use crate::failure::Failure;
use crate::visitor::Visitor;
use crate::words::count;

pub fn routes() -> Router {
    Router::new()
        .route(
            "/programmes/{programme}/organise/finish-scoring",
            get(finishing::page).post(finishing::finish),
        )
        .route("/programmes/{programme}/organise/confirm-winners", get(winners::page).post(winners::winners))
}

/// What is out of order, in words. Any of it stops the short way; the long way
/// is open, where each step is looked at by itself.
fn irregularities(round: &RoundFacts) -> Vec<String> {
    let Some(marking) = &round.marking else { return vec!["The marking has not been opened.".to_owned()] };
    let progress = &marking.progress;
    let mut found = Vec::new();
    let mut note = |number: usize, one: &str, more: &str| {
        if number > 0 {
            found.push(format!("{}.", count(number, one, more)));
        }
    };
    note(progress.missing, "score sheet is missing", "score sheets are missing");
    note(progress.abstained, "score sheet has no marks", "score sheets have no marks");
    note(
        progress.set_aside,
        "score sheet is not counted, because its judge stands aside",
        "score sheets are not counted, because their judges stand aside",
    );
    note(
        progress.late_facts,
        "thing was said after the marking was locked",
        "things were said after the marking was locked",
    );
    let short = round.panel.as_ref().map_or(0, |panel| panel.counts.short.len());
    note(short, "pitch has too few judges", "pitches have too few judges");
    if !matches!(marking.phase.as_str(), "open" | "locked" | "unsealed") {
        found.push("The marking is not open.".to_owned());
    }
    found
}

/// The programme, and its only round.
async fn evening(visitor: &Visitor, id: Uuid) -> Result<(Programme, Facts, RoundFacts, Marking), Failure> {
    let programme = organised(visitor, id).await?;
    let facts = Facts::gather(visitor, &programme, Timestamp::now()).await?;
    if !facts.is_evening() {
        return Err(Failure::not_found("page"));
    }
    let round = facts.rounds.first().cloned().unwrap_or_default();
    let marking = round.marking.clone().unwrap_or_default();
    Ok((programme, facts, round, marking))
}

/// Each event, and whether it has happened.
fn steps(steps: &[(bool, &str)]) -> Markup {
    html! {
        ol.plaudit-steps {
            @for (done, what) in steps {
                li { (if *done { Tag::new("Done").green() } else { Tag::new("To come").grey() }) span { (what) } }
            }
        }
    }
}

fn stopped(found: &[String], programme: &Programme, round: &RoundFacts) -> Markup {
    html! {
        (InsetText::new(html! {
            p.govuk-body { strong { "This needs a closer look first." } }
            ul.govuk-list.govuk-list--bullet { @for what in found { li { (what) } } }
        }))
        p.govuk-body {
            "Go on step by step: "
            a.govuk-link href={ "/programmes/" (programme.id) "/organise/rounds/" (round.id) } { "the marking" } ", "
            a.govuk-link href={ "/programmes/" (programme.id) "/organise/panel/" (round.id) } { "the panel" } " and "
            a.govuk-link href={ "/programmes/" (programme.id) "/organise/awards" } { "the awards" } "."
        }
    }
}
