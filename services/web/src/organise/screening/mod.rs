//! Checking pitches: the queue, one pitch with everything that can be decided
//! about it, and reopening one.

mod pitch;
mod reopening;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use maud::html;
use serde_json::{Value, json};
use uuid::Uuid;

use super::facts::Pitches;
use super::known::organised;
use super::setup::Reader;
use crate::api::{Listed, Phase, Pitch, Programme, Role};
use crate::components::{Button, Choice, Errors, Radios};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, confirm};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{count, reason};

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/organise/screening", get(queue).post(complete))
        .route("/programmes/{programme}/organise/screening/{pitch}", get(pitch::show).post(pitch::act))
        .route(
            "/programmes/{programme}/organise/screening/{pitch}/reopening",
            get(reopening::show).post(reopening::act),
        )
}

async fn all(visitor: &Visitor, id: Uuid) -> Result<Listed<Pitch>, Failure> {
    visitor.api.get(&format!("submissions/programmes/{id}/pitches?names=true&limit=1000")).await
}

/// The next pitch that waits to be checked.
fn next(pitches: &Listed<Pitch>, but: Option<Uuid>) -> Option<Uuid> {
    let waits = |pitch: &&Pitch| {
        let standing = pitch.progress.as_ref().and_then(|progress| progress.standing.as_deref());
        matches!(standing, Some("submitted" | "answered")) && Some(pitch.id) != but
    };
    pitches.items.iter().find(waits).map(|pitch| pitch.id)
}

async fn queue(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let (programme, pitches) = together!(organised(&visitor, id), all(&visitor, id))?;
    Ok(queue_page(&visitor, &programme, &pitches, &Errors::new()))
}

async fn complete(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let path = format!("submissions/programmes/{id}/screening/completion");
    let done: Result<Value, Failure> = visitor.api.post(&path, fields.key(), &json!({})).await;
    match done {
        Ok(_) => Ok(visitor
            .to_saying(&format!("/programmes/{id}/organise"), "The pitches that go forward are fixed.")),
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            let (programme, pitches) = together!(organised(&visitor, id), all(&visitor, id))?;
            Ok(queue_page(&visitor, &programme, &pitches, &errors))
        }
    }
}

fn queue_page(
    visitor: &Visitor,
    programme: &Programme,
    pitches: &Listed<Pitch>,
    errors: &Errors,
) -> Response {
    let at = format!("/programmes/{}/organise", programme.id);
    let counted = Pitches::of(pitches);
    let organiser = programme.you_are(Role::Organiser);
    let figures = [
        (counted.undecided, "to check", "submitted"),
        (counted.queried, "asked something", "queried"),
        (counted.eligible, "may go forward", "eligible"),
        (counted.ineligible, "may not", "ineligible"),
    ];
    let body = html! {
        ul.plaudit-cards {
            @for (number, what, filter) in figures {
                li.plaudit-card {
                    p.plaudit-figure { (number) }
                    p { a.govuk-link href={ (at) "/pitches?show=" (filter) } { (what) } }
                }
            }
        }
        @match programme.phase {
            Some(Phase::Closed) => {
                @if let Some(next) = next(pitches, None) {
                    (Button::new("Check the next pitch").href(format!("{at}/screening/{next}")).start())
                } @else if counted.queried > 0 {
                    p.govuk-body { "The rest waits for answers of the teams." }
                } @else if organiser && counted.eligible > 0 {
                    h2.govuk-heading-m { "Everything is checked" }
                    p.govuk-body { (count(counted.eligible, "pitch goes", "pitches go")) " forward. Once you complete the check this is fixed, and judges are told what they judge." }
                    (confirm(&format!("{at}/screening"), Button::new("Complete the check")))
                } @else if counted.eligible == 0 {
                    p.govuk-body { "No pitch may go forward. Let another person look at one again, or " a.govuk-link href={ (at) "/call/cancel" } { "call the programme off" } "." }
                }
            }
            Some(Phase::Open) => { p.govuk-body { "The call is still open. Pitches are checked once it has closed." } }
            _ => { p.govuk-body { "The check is complete." } }
        }
    };
    Page::new("Checking pitches")
        .of(programme, Tab::Organise)
        .back(at, "What needs doing")
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}

fn chosen(reader: &mut Reader, name: &str, known: &[&str]) -> String {
    let chosen = reader.fields.text(name).to_owned();
    if !known.contains(&chosen.as_str()) {
        reader.wrong(name, "Choose why");
    }
    chosen
}

fn reasons(name: &str, known: &[&str], fields: &Fields, errors: &Errors) -> Radios {
    let items = known.iter().map(|code| Choice::new(*code, reason(code)));
    Radios::new(name, "Why?").items(items).value(fields.raw(name)).errors(errors)
}
