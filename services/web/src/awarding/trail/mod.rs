//! Check it yourself: what is proven, the file that proves it, and everything
//! that happened, line by line.

mod entries;
mod filter;
mod ids;
mod page;
mod sentences;

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use crate::failure::Failure;
use crate::visitor::Visitor;

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/trail", get(page::trail))
        .route("/programmes/{programme}/trail/bundle", get(bundle))
        .route("/programmes/{programme}/trail/auditors-bundle", get(auditors_bundle))
}

/// The file, for the reader of this session: the log's own address knows none.
async fn bundle(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    passed_on(visitor.api.open(&format!("audit/programmes/{id}/log/bundle")).await?)
}

/// The same with what auditors see besides.
async fn auditors_bundle(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    visitor.signed_in()?;
    passed_on(visitor.api.open(&format!("accounts/programmes/{id}/auditors/bundle")).await?)
}

/// An answer of the API as one of ours: its content and what that is, nothing else.
fn passed_on(answer: Response) -> Result<Response, Failure> {
    let (parts, body) = answer.into_parts();
    let mut answer = Response::new(body);
    for name in [header::CONTENT_TYPE, header::CONTENT_DISPOSITION, header::CONTENT_LENGTH] {
        if let Some(value) = parts.headers.get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    Ok(answer)
}
