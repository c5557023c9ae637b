//! An entrant's journey: from the first question to the receipt, and what comes after.

mod after;
mod attachments;
mod award;
mod begin;
mod call;
mod check;
mod draft;
mod feedback;
mod form;
mod hub;
mod moved;
mod part;
mod payee;
mod payout;
mod pitch;
mod replace;
mod saving;
mod standing;
mod support;
mod tasks;
mod team;
mod too_late;
mod uploading;
mod writing;

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;

use crate::api::Pitch;
use crate::failure::Failure;
use crate::visitor::Visitor;

pub fn routes() -> Router {
    let of_programme = Router::new()
        .route("/enter", get(begin::show).post(begin::begin))
        .route("/join", get(team::joining).post(team::join))
        .route("/invitation", get(call::show).post(call::decline))
        .route("/pitches", get(hub::show))
        .nest("/pitches/{pitch}", of_pitch())
        .nest("/drafts/{draft}", of_draft())
        .nest("/awards/{award}", of_award());
    Router::new().nest("/programmes/{id}", of_programme)
}

fn of_draft() -> Router {
    Router::new()
        .route("/", get(tasks::show))
        .route("/names", get(writing::names).post(writing::save_names))
        .route("/gate", get(writing::gate).post(writing::save_gate))
        .route("/rules", get(writing::rules).post(writing::save_rules))
        .route("/questions/{question}", get(writing::question).post(writing::save_question))
        .route("/team", get(team::show).post(team::change))
        .route("/check", get(check::show).post(check::submit))
        .route("/delete", get(tasks::delete).post(tasks::deleted))
        .merge(attachments::routes("drafts"))
        .route_layer(from_fn(entered))
}

fn of_pitch() -> Router {
    Router::new()
        .route("/", get(pitch::show))
        .route("/receipt", get(after::receipt))
        .route("/receipt/{position}", get(after::log_receipt))
        .route("/replace", get(replace::show).post(replace::replace))
        .route("/withdraw", get(after::withdrawing).post(after::withdraw))
        .route("/answer", get(after::answering).post(after::answer))
        .merge(attachments::routes("pitches"))
}

fn of_award() -> Router {
    Router::new()
        .route("/", get(award::show))
        .route("/answer", get(award::show).post(award::answer))
        .route("/payee", get(payee::show).post(payee::name_payee))
        .route("/agreement", get(payout::agreement).post(payout::agree))
        .route("/received", get(payout::receiving).post(payout::received))
        .route("/support/{support}", get(support::show).post(support::change))
}

/// A draft that is no longer there may have become the pitch of the same id:
/// whoever looks for it finds that.
async fn entered(
    visitor: Visitor,
    Path(ids): Path<HashMap<String, String>>,
    request: Request,
    next: Next,
) -> Response {
    let reads = request.method() == Method::GET;
    let answer = next.run(request).await;
    let gone = answer.extensions().get::<Failure>().is_some_and(|why| why.status() == StatusCode::NOT_FOUND);
    let (Some(id), Some(draft)) = (ids.get("id"), ids.get("draft")) else { return answer };
    if reads && gone {
        let pitch = visitor.api.find::<Pitch>(&format!("submissions/programmes/{id}/pitches/{draft}")).await;
        if let Ok(Some(pitch)) = pitch
            && pitch.receipt.is_some()
        {
            return visitor.to(&format!("/programmes/{id}/pitches/{draft}"));
        }
    }
    answer
}
