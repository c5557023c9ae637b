//! Replacing what was submitted, until the deadline: the whole form, filled in.

use axum::extract::Path;
use axum::response::Response;
use jiff::Timestamp;
use maud::html;
use uuid::Uuid;

use super::draft::{Content, Draft, zone};
use super::form::{accepts, among, names};
use super::part::Part;
use super::pitch::Own;
use super::standing::Said;
use super::too_late;
use crate::api::Done;
use crate::components::{Button, Errors};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, key};
use crate::visitor::Visitor;
use crate::words::{Wording, instant};

pub async fn show(visitor: Visitor, Path((id, pitch)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    let own = Own::of(&visitor, id, pitch).await?;
    let said = Said::of(&own.programme, &own.pitch, Timestamp::now());
    if said.replaceable.is_none() {
        return Ok(visitor.to_saying(&own.path(""), "It can no longer be replaced."));
    }
    // What came too late before it was reopened is there to be submitted.
    let late = format!("submissions/programmes/{id}/drafts/{pitch}");
    let late = visitor.api.find::<Draft>(&late).await?.filter(|draft| draft.late);
    let content = late.map_or_else(|| submitted(&own), |draft| draft.content);
    Ok(page(&visitor, &own, &content, own.version, &Errors::default()))
}

/// What it says now, as a form starts with it.
fn submitted(own: &Own) -> Content {
    Content {
        title: own.pitch.title.clone().unwrap_or_default(),
        team_name: own.pitch.team_name.clone().unwrap_or_default(),
        answers: own.pitch.answers.clone().unwrap_or_default(),
        ..Content::default()
    }
}

fn page(visitor: &Visitor, own: &Own, content: &Content, version: Option<u64>, errors: &Errors) -> Response {
    let wording = Wording::of(&own.programme);
    let questions = own.programme.rulebook.as_ref().map_or(&[][..], |rulebook| &rulebook.form);
    let until = Said::of(&own.programme, &own.pitch, Timestamp::now()).replaceable;
    let body = html! {
        p.govuk-body-l {
            "What you submit here takes the place of what is in"
            @if let Some(until) = until { ", until " (instant(until, zone(&own.programme))) } "."
        }
        form method="post" action=(own.path("/replace")) novalidate autocomplete="off"
            data-autosave={ (own.pitch.id) "/replace" } data-autosave-only="device"
            data-unsaved=[(!errors.is_empty()).then_some("")] {
            (key())
            @if let Some(version) = version { input type="hidden" name="_version" value=(version); }
            (names(content, errors))
            @for question in questions { (among(&wording, question, content, errors)) }
            @if own.programme.rulebook.as_ref().is_some_and(|rulebook| rulebook.most_attachments > 0) {
                h2.govuk-heading-m { "Files" }
                p.govuk-body { a.govuk-link href=(own.path("/attachments")) { "Look at the files, or change them" } }
            }
            (accepts(content, errors))
            p.entrant-saved role="status" data-saved {}
            (Button::new("Submit this version").prevent_double_click())
        }
        p.govuk-body { a.govuk-link href=(own.path("")) { "Leave it as it is" } }
    };
    Page::new("Replace your pitch")
        .of(&own.programme, Tab::Pitches)
        .back(own.path(""), "Your pitch")
        .errors(errors)
        .style("entrant.css")
        .script("autosave.mjs")
        .show(visitor, body)
}

/// What a form sent, as the API takes it.
fn entry(own: &Own, fields: &Fields) -> Content {
    let mut content = Content::default();
    let questions = own.programme.rulebook.iter().flat_map(|rulebook| &rulebook.form);
    let questions = questions.map(|question| Part::Question(question.id.clone()));
    for part in [Part::Names, Part::Rules].into_iter().chain(questions) {
        part.write(fields, &mut content);
    }
    // It was answered with yes before it could be submitted at all.
    let gate = own.programme.rulebook.iter().flat_map(|rulebook| &rulebook.gate);
    content.gate = gate.map(|gate| (gate.id.clone(), true)).collect();
    content
}

pub async fn replace(
    visitor: Visitor,
    Path((id, pitch)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let own = Own::of(&visitor, id, pitch).await?;
    let content = entry(&own, &fields);
    let body = serde_json::json!({
        "title": content.title, "team_name": content.team_name, "gate": content.gate,
        "answers": content.answers, "accept_rules": content.accept_rules,
    });
    let (path, method) = (own.api_path("/submissions"), axum::http::Method::POST);
    let sent = visitor.api.send(method, &path, fields.key(), fields.version(), &body).await;
    match sent {
        Ok(Done { position, .. }) => {
            let path = own.path(&format!("?entry={position}"));
            Ok(visitor.to_saying(&path, "The new version is in. Keep its receipt."))
        }
        Err(failure) if too_late::is(&failure) => Ok(too_late::of_version(&visitor, &own, &failure, &fields)),
        Err(failure) => {
            let mut problem = failure.for_the_form()?;
            if problem.code() == "changed-since" {
                problem.detail = "Somebody in your team changed it since you opened this form. Look at your pitch in another tab; submit this version only if it is to take the place of theirs.".to_owned();
                return Ok(page(&visitor, &own, &content, own.version, &problem.to_errors()));
            }
            Ok(page(&visitor, &own, &content, fields.version(), &problem.to_errors()))
        }
    }
}
