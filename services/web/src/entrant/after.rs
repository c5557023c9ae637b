//! What a team does with a pitch that is in: keep the receipt, withdraw it,
//! answer a question.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::{Value, json};
use uuid::Uuid;

use super::pitch::Own;
use super::standing::Said;
use crate::api::Done;
use crate::components::{Button, Errors, InsetText, Textarea};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, confirm};
use crate::visitor::Visitor;

/// The receipt as a file: what the API says of it, with nothing left out.
pub async fn receipt(visitor: Visitor, Path((id, pitch)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let known: Value = visitor.api.get(&format!("submissions/programmes/{id}/pitches/{pitch}")).await?;
    let receipt = known.get("receipt").filter(|receipt| receipt.is_object());
    let receipt = receipt.ok_or_else(|| Failure::not_found("receipt"))?;
    let whole = json!({ "programme": id, "pitch": pitch, "receipt": receipt });
    let text = serde_json::to_string_pretty(&whole).map_err(|error| Failure::Broken(error.to_string()))?;
    Ok(file(&format!("receipt-{pitch}.json"), "application/json", text.into()))
}

/// The log's word that it took the entry in.
pub async fn log_receipt(
    visitor: Visitor,
    Path((id, pitch, position)): Path<(Uuid, Uuid, u64)>,
) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let path = format!("accounts/programmes/{id}/receipts/submissions/{position}");
    let body = visitor.api.open(&path).await?.into_body();
    Ok(file(&format!("log-receipt-{pitch}.txt"), "text/plain; charset=utf-8", body))
}

fn file(name: &str, kind: &str, content: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], content)
        .into_response()
}

pub async fn withdrawing(
    visitor: Visitor,
    Path((id, pitch)): Path<(Uuid, Uuid)>,
) -> Result<Response, Failure> {
    let own = Own::of(&visitor, id, pitch).await?;
    Ok(withdraw_page(&visitor, &own, &Errors::default()))
}

fn withdraw_page(visitor: &Visitor, own: &Own, errors: &Errors) -> Response {
    let body = html! {
        p.govuk-body-l { "“" (own.title()) "” leaves the competition, for good: it cannot be brought back." }
        p.govuk-body {
            "If you only want to change it, "
            a.govuk-link href=(own.path("/replace")) { "replace it" } " instead. "
            "That a pitch was withdrawn stays in the trail; what it said does not become public."
        }
        (confirm(&own.path("/withdraw"), Button::new("Withdraw this pitch").warning()))
        p.govuk-body { a.govuk-link href=(own.path("")) { "Keep it in" } }
    };
    Page::new("Withdraw this pitch?")
        .of(&own.programme, Tab::Pitches)
        .back(own.path(""), "Your pitch")
        .errors(errors)
        .show(visitor, body)
}

pub async fn withdraw(
    visitor: Visitor,
    Path((id, pitch)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let path = format!("submissions/programmes/{id}/pitches/{pitch}/withdrawal");
    match visitor.api.post::<Done>(&path, fields.key(), &json!({})).await {
        Ok(_) => {
            let back = format!("/programmes/{id}/pitches/{pitch}");
            Ok(visitor.to_saying(&back, "Your pitch is withdrawn."))
        }
        Err(failure) => {
            let problem = failure.for_the_form()?;
            let own = Own::of(&visitor, id, pitch).await?;
            Ok(withdraw_page(&visitor, &own, &problem.to_errors()))
        }
    }
}

pub async fn answering(visitor: Visitor, Path((id, pitch)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    let own = Own::of(&visitor, id, pitch).await?;
    if !Said::of(&own.programme, &own.pitch, jiff::Timestamp::now()).asked {
        return Ok(visitor.to_saying(&own.path(""), "There is nothing to answer just now."));
    }
    Ok(answer_page(&visitor, &own, "", &Errors::default()))
}

fn answer_page(visitor: &Visitor, own: &Own, text: &str, errors: &Errors) -> Response {
    let question = own.pitch.progress.as_ref().and_then(|progress| progress.question.as_deref());
    let body = html! {
        @if let Some(question) = question { (InsetText::new(html! { div.plaudit-answer { (question) } })) }
        form method="post" action=(own.path("/answer")) novalidate autocomplete="off"
            data-autosave={ (own.pitch.id) "/answer" } data-autosave-only="device"
            data-unsaved=[(!errors.is_empty()).then_some("")] {
            (crate::page::key())
            (Textarea::new("answer", "Your answer")
                .hint("Only the organisers read it. Up to 5,000 characters.")
                .value(text).rows(8).most_characters(5_000).errors(errors))
            p.entrant-saved role="status" data-saved {}
            (Button::new("Send your answer").prevent_double_click())
        }
    };
    Page::new("Answer the organisers")
        .of(&own.programme, Tab::Pitches)
        .back(own.path(""), "Your pitch")
        .errors(errors)
        .style("entrant.css")
        .script("autosave.mjs")
        .show(visitor, body)
}

pub async fn answer(
    visitor: Visitor,
    Path((id, pitch)): Path<(Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let path = format!("submissions/programmes/{id}/pitches/{pitch}/answer");
    let body = json!({ "answer": fields.raw("answer") });
    match visitor.api.post::<Done>(&path, fields.key(), &body).await {
        Ok(_) => {
            let back = format!("/programmes/{id}/pitches/{pitch}?answered=1");
            Ok(visitor.to_saying(&back, "Your answer is with the organisers."))
        }
        Err(failure) => {
            let problem = failure.for_the_form()?;
            let own = Own::of(&visitor, id, pitch).await?;
            Ok(answer_page(&visitor, &own, fields.raw("answer"), &problem.to_errors()))
        }
    }
}
