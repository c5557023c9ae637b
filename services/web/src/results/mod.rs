//! What came out, in tables and in pictures.

mod charts;
pub mod csv;
mod derivation;
mod export;
pub mod hero;
pub mod names;
pub mod overview;
mod page;
mod pictures;
mod ranking;
pub mod shapes;
mod steps;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use crate::failure::Failure;
use crate::visitor::Visitor;

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/results", get(page::results))
        .route("/programmes/{programme}/results/{round}", get(round_or_file))
        .route("/programmes/{programme}/results/{round}/pictures", get(pictures::pictures))
        .route("/programmes/{programme}/results/{round}/{pitch}", get(derivation::derivation))
}

/// `/results/final` is a page, `/results/final.csv` and `.json` are files.
async fn round_or_file(
    visitor: Visitor,
    Path((programme, round)): Path<(Uuid, String)>,
    query: page::Asked,
) -> Result<Response, Failure> {
    match round.rsplit_once('.') {
        Some((round, "csv")) => export::as_csv(&visitor, programme, round).await,
        Some((round, "json")) => export::as_json(&visitor, programme, round).await,
        Some(_) => Err(Failure::not_found("file")),
        None => page::round(visitor, programme, round, query).await,
    }
}
