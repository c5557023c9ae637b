//! One person finishes the scoring.

use axum::extract::Path;
use axum::response::Response;
use maud::html;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{evening, irregularities, steps, stopped};
use crate::api::{Programme, Role};
use crate::components::{Button, Errors};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::organise::facts::{Marking, RoundFacts};
use crate::page::{Page, Tab, confirm};
use crate::visitor::Visitor;

pub async fn page(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let (programme, _, round, marking) = evening(&visitor, id).await?;
    Ok(finishing(&visitor, &programme, &round, &marking, &Errors::new()))
}

/// Locks, and proposes to open the marks. Sent again, it goes on where it stopped.
pub async fn finish(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let (programme, _, round, marking) = evening(&visitor, id).await?;
    let here = format!("/programmes/{id}/organise/finish-scoring");
    if !irregularities(&round).is_empty() {
        return Ok(finishing(&visitor, &programme, &round, &marking, &Errors::new()));
    }
    let at = format!("scoring/programmes/{id}/rounds/{}", round.id);
    let post = async |path: &str| -> Result<(), Failure> {
        let _: Value = visitor
            .api
            .post(&format!("{at}/{path}"), &format!("{}/{path}", fields.key()), &json!({}))
            .await?;
        Ok(())
    };
    let mut done = if marking.phase == "open" { post("lock").await } else { Ok(()) };
    if done.is_ok() {
        // What came in between the look and the lock stops it here.
        let (_, _, round, _) = evening(&visitor, id).await?;
        if !irregularities(&round).is_empty() {
            return Ok(visitor.to(&here));
        }
        done = post("unsealing").await;
    }
    match done {
        Ok(()) => Ok(visitor.to_saying(
            &format!("/programmes/{id}/organise"),
            "Scoring is finished. Now a second person confirms the winners.",
        )),
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            let (programme, _, round, marking) = evening(&visitor, id).await?;
            Ok(finishing(&visitor, &programme, &round, &marking, &errors))
        }
    }
}

fn finishing(
    visitor: &Visitor,
    programme: &Programme,
    round: &RoundFacts,
    marking: &Marking,
    errors: &Errors,
) -> Response {
    let at = format!("/programmes/{}/organise", programme.id);
    let found = irregularities(round);
    let locked = marking.phase != "open";
    let proposed = marking.progress.unsealing_proposed_by;
    let in_all = format!("All {} score sheets are in", marking.progress.expected);
    let body = html! {
        p.govuk-body-l { "One press, and a second person can confirm the winners." }
        (steps(&[
            (marking.progress.missing == 0 && marking.progress.expected > 0, in_all.as_str()),
            (locked, "The marking is locked: no mark changes any more"),
            (proposed.is_some() || marking.phase == "unsealed", "You propose to open the marks"),
            (marking.phase == "unsealed", "A second person confirms, and the result follows by itself"),
        ]))
        @if !found.is_empty() { (stopped(&found, programme, round)) }
        @else if marking.phase == "unsealed" || proposed.is_some() {
            p.govuk-body { a.govuk-link href={ (at) "/confirm-winners" } { "Go on to the winners" } }
        } @else if programme.you_are(Role::Organiser) {
            (confirm(&format!("{at}/finish-scoring"), Button::new("Finish scoring")))
        } @else { p.govuk-body { "An organiser finishes the scoring; then you confirm the winners." } }
    };
    Page::new("Finish scoring")
        .of(programme, Tab::Organise)
        .back(at, "What needs doing")
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}
