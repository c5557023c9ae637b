//! Answers.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use crate::scope::Done;

/// What a command did.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Accepted {
    /// What the command was about.
    pub id: Uuid,
    /// Its version afterwards: send it as `If-Match` to change just this.
    pub version: u64,
    /// Where the command's last event lies: send it as `Plaudit-Position` to
    /// read what you wrote.
    pub position: u64,
    #[serde(skip)]
    created: bool,
}

impl From<Done> for Accepted {
    fn from(done: Done) -> Self {
        Self { id: done.stream.id(), version: done.version, position: done.position, created: false }
    }
}

impl Accepted {
    /// 201 rather than 200.
    pub fn created(done: Done) -> Self {
        Self { created: true, ..done.into() }
    }
}

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        let status = if self.created { StatusCode::CREATED } else { StatusCode::OK };
        let etag = format!("\"{}\"", self.version);
        let mut answer = (status, axum::Json(&self)).into_response();
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            answer.headers_mut().insert(header::ETAG, etag);
        }
        answer.extensions_mut().insert(WrittenAt(self.position));
        answer
    }
}

/// Tells the layer that writes `Plaudit-Position` what was written.
#[derive(Clone, Copy)]
pub(super) struct WrittenAt(pub u64);

/// One thing, with its version as `ETag`.
pub struct Shown<T> {
    /// What is shown.
    pub body: T,
    /// Its version, if it has one.
    pub version: Option<u64>,
}

impl<T: Serialize> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        let mut answer = axum::Json(self.body).into_response();
        let etag = self.version.map(|version| format!("\"{version}\""));
        if let Some(etag) = etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
            answer.headers_mut().insert(header::ETAG, etag);
        }
        answer
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Listed<T> {
    /// In order.
    pub items: Vec<T>,
    /// Send this as `after` for what comes next; absent: that was all.
    pub next: Option<String>,
}

impl<T: Serialize> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        axum::Json(self).into_response()
    }
}

/// How many rows a page has: as asked, 1 to 1000; 100 unless asked.
pub fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(100).clamp(1, 1000)
}
