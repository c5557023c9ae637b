//! Which letters somebody wants: the page that letters link to.

use axum::extract::Path;
use axum::http::Method;
use axum::response::Response;
use maud::html;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::api::Programme;
use crate::components::{Button, Choice, Errors, Radios};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::visitor::Visitor;

#[derive(Debug, Deserialize)]
struct Choices {
    optional: bool,
}

pub async fn show(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let choices: Choices = visitor.api.get(&format!("notify/programmes/{id}/letters/choices")).await?;
    page(&visitor, id, if choices.optional { "yes" } else { "no" }, &Errors::default()).await
}

async fn page(visitor: &Visitor, id: Uuid, wanted: &str, errors: &Errors) -> Result<Response, Failure> {
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{id}")).await?;
    let path = format!("/programmes/{id}/letters");
    let body = form(
        &path,
        html! {
            p.govuk-body { "Letters that you need to take part always come: a receipt, a question, a deadline, a result." }
            (Radios::new("optional", "May we also write when somebody pledges support?")
                .item(Choice::new("yes", "Yes"))
                .item(Choice::new("no", "No, only what is necessary"))
                .value(wanted)
                .errors(errors))
            (Button::new("Save").prevent_double_click())
        },
    );
    Ok(Page::new("Letters to you").of(&programme, Tab::About).errors(errors).show(visitor, body))
}

pub async fn choose(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let wanted = fields.text("optional");
    if !["yes", "no"].contains(&wanted) {
        let mut errors = Errors::default();
        errors.push("optional", "Choose yes or no");
        return page(&visitor, id, wanted, &errors).await;
    }
    let path = format!("notify/programmes/{id}/letters/choices");
    let body = json!({ "optional": wanted == "yes" });
    visitor.api.send::<serde_json::Value>(Method::PUT, &path, fields.key(), None, &body).await?;
    Ok(visitor.to_saying(&format!("/programmes/{id}/letters"), "Your choice is saved."))
}
