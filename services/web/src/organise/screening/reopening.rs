//! Reopening one pitch after the deadline.

use axum::extract::Path;
use axum::response::Response;
use jiff::tz::TimeZone;
use maud::html;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{chosen, reasons};
use crate::api::Programme;
use crate::components::{Button, DateInput, Errors, Input};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::organise::known::organised_around;
use crate::organise::setup::Reader;
use crate::page::{Page, Tab, form};
use crate::visitor::Visitor;

const FOR_REOPENING: [&str; 4] = ["our_fault", "service_fault", "adjustment", "late_appeal_accepted"];

async fn organised(visitor: &Visitor, id: Uuid, pitch: Uuid) -> Result<Programme, Failure> {
    organised_around(visitor, id, &format!("submissions/programmes/{id}/pitches/{pitch}")).await
}

pub async fn show(visitor: Visitor, Path((id, pitch)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    let programme = organised(&visitor, id, pitch).await?;
    Ok(page(&visitor, &programme, pitch, &Fields::default(), &Errors::new()))
}

pub async fn act(
    visitor: Visitor,
    Path((id, pitch)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    match fields.text("act") {
        "confirm" => confirm(&visitor, id, pitch, &fields).await,
        _ => propose(&visitor, id, pitch, &fields).await,
    }
}

/// Of what is no pitch yet: one that is in is confirmed on its own page.
async fn confirm(visitor: &Visitor, id: Uuid, pitch: Uuid, fields: &Fields) -> Result<Response, Failure> {
    let path = format!("submissions/programmes/{id}/pitches/{pitch}/reopening/confirmation");
    let done: Result<Value, Failure> = visitor.api.post(&path, fields.key(), &json!({})).await;
    match done {
        Ok(_) => {
            let to = format!("/programmes/{id}/organise/pitches");
            Ok(visitor.to_saying(&to, "Reopened: the team can hand in again."))
        }
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            let programme = organised(visitor, id, pitch).await?;
            Ok(page(visitor, &programme, pitch, &Fields::default(), &errors))
        }
    }
}

async fn propose(visitor: &Visitor, id: Uuid, pitch: Uuid, fields: &Fields) -> Result<Response, Failure> {
    let programme = organised(visitor, id, pitch).await?;
    let mut reader = Reader::of(fields);
    let at = reader.moment("until", "until_time");
    let zone = programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str());
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let until = at.and_then(|at| at.to_zoned(zone).ok()).map(|at| at.timestamp());
    let body = json!({ "until": until, "reason": chosen(&mut reader, "reason", &FOR_REOPENING) });
    let mut errors = reader.errors;
    if errors.is_empty() {
        let path = format!("submissions/programmes/{id}/pitches/{pitch}/reopening");
        let done: Result<Value, Failure> = visitor.api.post(&path, fields.key(), &body).await;
        match done {
            Ok(_) => {
                let to = format!("/programmes/{id}/organise/pitches?show=proposals");
                return Ok(visitor.to_saying(&to, "Proposed. Another person must confirm it."));
            }
            Err(failure) => errors = failure.for_the_form()?.to_errors(),
        }
    }
    Ok(page(visitor, &programme, pitch, fields, &errors))
}

/// Also for what came too late and is no pitch yet, so nothing of it is read.
fn page(visitor: &Visitor, programme: &Programme, pitch: Uuid, fields: &Fields, errors: &Errors) -> Response {
    let part = |part: &str| fields.raw(&format!("until.{part}")).to_owned();
    let at = format!("/programmes/{}/organise", programme.id);
    let body = html! {
        p.govuk-body { "The team can then hand in again until the moment that you name. Two people decide it, and the reason is public." }
        (form(&format!("{at}/screening/{pitch}/reopening"), html! {
            (DateInput::new("until", "Until which day?").values(part("day"), part("month"), part("year")).errors(errors))
            (Input::new("until_time", "At what time").hint("For example, 17:30").width(5).value(fields.raw("until_time")).errors(errors))
            (reasons("reason", &FOR_REOPENING, fields, errors))
            (Button::new("Propose to reopen it").prevent_double_click())
        }))
    };
    Page::new("Reopen a pitch")
        .of(programme, Tab::Organise)
        .back(format!("{at}/pitches"), "All pitches")
        .errors(errors)
        .show(visitor, body)
}
