//! The one moment in which the winners become public: seen before, now or at
//! a set time.

pub mod moment;
mod page;

use axum::Router;
use axum::extract::Path;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::api::{Done, Programme};
use crate::components::Errors;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visitor::Visitor;
use crate::words::when;

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/organise/announcement", get(show).post(announce))
        .route("/programmes/{programme}/organise/announcement/moment", post(set))
        .route("/programmes/{programme}/organise/announcement/cancellation", post(cancel))
}

async fn show(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    page::page(&visitor, id, &Errors::default(), &Fields::default()).await
}

fn api(id: Uuid) -> String {
    format!("awards/programmes/{id}/announcement")
}

async fn announce(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let done = visitor.api.post::<Done>(&api(id), fields.key(), &json!({})).await;
    let to = format!("/programmes/{id}/results");
    settle(&visitor, id, &fields, done, &to, "The winners are announced. Everybody sees this page now.").await
}

/// Sets the moment, or another one.
async fn set(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{id}")).await?;
    let zone = programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str());
    let at = match moment::read(&fields) {
        Ok(at) => at,
        Err(errors) => return page::page(&visitor, id, &errors, &fields).await,
    };
    let done =
        visitor.api.send::<Done>(Method::PUT, &api(id), fields.key(), None, &json!({ "at": at })).await;
    let says = format!("The winners will be announced on {} ({zone}).", when(at, zone));
    settle(&visitor, id, &fields, done, &here(id), &says).await
}

async fn cancel(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    let done = visitor.api.send::<Value>(Method::DELETE, &api(id), fields.key(), None, &json!({})).await;
    settle(
        &visitor,
        id,
        &fields,
        done,
        &here(id),
        "The set moment is called off. Nothing is announced by itself.",
    )
    .await
}

fn here(id: Uuid) -> String {
    format!("/programmes/{id}/organise/announcement")
}

async fn settle<T>(
    visitor: &Visitor,
    id: Uuid,
    fields: &Fields,
    done: Result<T, Failure>,
    to: &str,
    says: &str,
) -> Result<Response, Failure> {
    match done {
        Ok(_) => Ok(visitor.to_saying(to, says)),
        Err(failure) => {
            let errors = moment::renamed(&failure.for_the_form()?);
            page::page(visitor, id, &errors, fields).await
        }
    }
}
