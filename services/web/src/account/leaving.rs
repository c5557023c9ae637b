//! Deleting one's account.

use axum::http::{HeaderValue, Method};
use axum::response::Response;
use maud::html;
use serde_json::json;

use crate::components::{Button, Checkboxes, Choice, Errors, WarningText};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, form};
use crate::visitor::Visitor;

pub async fn show(visitor: Visitor) -> Result<Response, Failure> {
    visitor.signed_in()?;
    Ok(page(&visitor, &Errors::default()))
}

fn page(visitor: &Visitor, errors: &Errors) -> Response {
    let body = html! {
        p.govuk-body { "Your name, your address and every way in are deleted at once, and everything private that you wrote with them. Pitches go with the last of their team." }
        p.govuk-body { "What must stay for the proof stays without you: that somebody did something, and when." }
        (WarningText::new("This can't be undone by anybody."))
        (form("/account/leave", html! {
            (Checkboxes::bare("sure").item(Choice::new("yes", "Delete my account and what I wrote")).errors(errors))
            div.govuk-button-group {
                (Button::new("Delete my account").warning().prevent_double_click())
                a.govuk-link href="/account" { "Keep it" }
            }
        }))
    };
    Page::new("Delete your account").back("/account", "Account").errors(errors).show(visitor, body)
}

pub async fn leave(visitor: Visitor, fields: Fields) -> Result<Response, Failure> {
    if !fields.has("sure") {
        let mut errors = Errors::default();
        errors.push("sure", "Tick the box if you want your account to be deleted");
        return Ok(page(&visitor, &errors));
    }
    visitor.api.send::<()>(Method::DELETE, "accounts/me", "", None, &json!({})).await?;
    visitor.leave();
    let mut answer = visitor.to_saying("/", "Your account is deleted.");
    // What they had not sent goes from this device too.
    answer.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    Ok(answer)
}
