//! What the module is told: an outcome without a page around it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::super::desk::Desk;
use super::super::seen::Content;
use super::commands::{self, Outcome};
use crate::components::Errors;
use crate::failure::Failure;
use crate::visitor::Visitor;

/// The answer to what the module sent.
pub fn of(visitor: &Visitor, outcome: Result<(Desk, Outcome), Failure>) -> Response {
    match outcome {
        Ok((_, Outcome::Saved { version })) => Json(json!({ "saved": version })).into_response(),
        Ok((_, Outcome::HandedIn { next, says, card })) => {
            // The notice is for the page that comes next; the module goes there.
            let goes = visitor.to_saying(&next, &says);
            drop(goes);
            Json(json!({ "handed_in": true, "next": next, "sheet": card })).into_response()
        }
        Ok((_, Outcome::Moved { other, version, card })) => {
            let moved = json!({ "version": version, "sheet": card, "fields": fields(&other) });
            (StatusCode::PRECONDITION_FAILED, Json(json!({ "moved": moved }))).into_response()
        }
        Ok((desk, Outcome::Refused { problem })) => {
            let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
            let says = sentences(&commands::errors(&problem, &desk));
            (status, Json(json!({ "refused": says }))).into_response()
        }
        Err(failure) => (failure.status(), Json(json!({ "refused": why(&failure) }))).into_response(),
    }
}

/// By the names of the form's fields.
fn fields(content: &Content) -> Value {
    let marks = content.marks.iter().map(|(id, mark)| (format!("marks.{id}"), mark.clone()));
    let mut fields: Map<String, Value> = marks.map(|(name, mark)| (name, Value::String(mark))).collect();
    fields.insert("comment_to_panel".to_owned(), content.comment_to_panel.clone().into());
    fields.insert("comment_to_entrant".to_owned(), content.comment_to_entrant.clone().into());
    fields.into()
}

fn sentences(errors: &Errors) -> String {
    let said = errors.iter().map(|(_, message)| {
        let message = message.trim();
        if message.ends_with('.') { message.to_owned() } else { format!("{message}.") }
    });
    said.collect::<Vec<_>>().join(" ")
}

fn why(failure: &Failure) -> String {
    match failure {
        Failure::Problem(problem) if problem.status == StatusCode::NOT_FOUND.as_u16() => {
            "This sheet is no longer yours, or you are signed in as somebody else.".to_owned()
        }
        Failure::Problem(problem) => problem.detail.clone(),
        Failure::Broken(_) => "This does not work just now.".to_owned(),
    }
}
