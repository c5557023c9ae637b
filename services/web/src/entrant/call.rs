//! An invitation to enter: accepted by beginning, or declined.

use axum::extract::Path;
use axum::response::Response;
use maud::html;
use serde_json::json;
use uuid::Uuid;

use super::draft::zone;
use crate::api::{Done, Programme};
use crate::components::{Button, Errors};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, confirm};
use crate::visitor::Visitor;
use crate::words::instant;

pub async fn show(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    visitor.signed_in()?;
    page(&visitor, id, &Errors::default()).await
}

async fn page(visitor: &Visitor, id: Uuid, errors: &Errors) -> Result<Response, Failure> {
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{id}")).await?;
    let invited = programme.you.as_ref().is_some_and(|you| you.invited);
    let body = html! {
        @if invited {
            p.govuk-body-l {
                "The organisers would like you to enter"
                @if let Some(deadline) = programme.deadline { ", until " (instant(deadline, zone(&programme))) } "."
            }
            (Button::new("Begin your pitch").start().href(format!("/programmes/{id}/enter")))
            h2.govuk-heading-m { "You would rather not?" }
            p.govuk-body {
                "Say so, and nobody waits for you: the call can close as soon as everyone invited has answered. "
                "You cannot enter afterwards."
            }
            (confirm(&format!("/programmes/{id}/invitation"), Button::new("Decline the invitation").secondary()))
        } @else {
            p.govuk-body-l { "No invitation is open for you here. If you had one, it has been answered." }
            p.govuk-body { a.govuk-link href={ "/programmes/" (id) } { "About " (programme.name()) } }
        }
    };
    let title = if invited { "You are invited" } else { "Your invitation" };
    Ok(Page::new(title).of(&programme, Tab::Pitches).errors(errors).show(visitor, body))
}

pub async fn decline(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let path = format!("submissions/programmes/{id}/call/refusal");
    match visitor.api.post::<Done>(&path, fields.key(), &json!({})).await {
        Ok(_) => {
            let notice = "The organisers know that you will not enter. Thank you for telling them.";
            Ok(visitor.to_saying(&format!("/programmes/{id}"), notice))
        }
        Err(failure) => {
            let problem = failure.for_the_form()?;
            page(&visitor, id, &problem.to_errors()).await
        }
    }
}
