//! Files in parts, for the module that shows their progress and goes on where
//! a lost connection stopped.

use axum::extract::{Path, Query};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::draft::api_path;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visitor::Visitor;

fn path_of(id: Uuid, draft: Uuid, rest: &str) -> String {
    format!("{}/attachments{rest}", api_path(id, draft))
}

/// What the API says, or its refusal, for a module.
fn told(answer: Result<Value, Failure>) -> Response {
    match answer {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(failure) => {
            let detail = match &failure {
                Failure::Problem(problem) => problem.detail.as_str(),
                Failure::Broken(_) => "",
            };
            (failure.status(), axum::Json(json!({ "code": failure.code(), "detail": detail })))
                .into_response()
        }
    }
}

/// A file is to come: its name and size.
pub async fn announce(visitor: Visitor, Path((id, draft)): Path<(Uuid, Uuid)>, fields: Fields) -> Response {
    let size = fields.text("size").parse::<u64>().unwrap_or_default();
    let body = json!({ "name": fields.text("name"), "size": size });
    told(visitor.api.post(&path_of(id, draft, ""), fields.key(), &body).await)
}

/// How much of each, or of one, has arrived.
pub async fn state(visitor: Visitor, Path((id, draft, attachment)): Path<(Uuid, Uuid, Uuid)>) -> Response {
    told(visitor.api.get(&path_of(id, draft, &format!("/{attachment}"))).await)
}

/// Where a part begins, and its key.
#[derive(Deserialize)]
pub struct Part {
    offset: u64,
    key: String,
}

/// The next part.
pub async fn part(
    visitor: Visitor,
    Path((id, draft, attachment)): Path<(Uuid, Uuid, Uuid)>,
    Query(Part { offset, key }): Query<Part>,
    content: Bytes,
) -> Response {
    let path = path_of(id, draft, &format!("/{attachment}?offset={offset}"));
    told(visitor.api.upload(Method::PATCH, &path, &key, "application/octet-stream", content).await)
}

/// All has arrived.
pub async fn complete(
    visitor: Visitor,
    Path((id, draft, attachment)): Path<(Uuid, Uuid, Uuid)>,
    fields: Fields,
) -> Response {
    let path = path_of(id, draft, &format!("/{attachment}/completion"));
    told(visitor.api.post(&path, fields.key(), &json!({})).await)
}
