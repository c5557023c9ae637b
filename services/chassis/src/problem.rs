//! What can go wrong, as the person who asked is told it: RFC 9457.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

/// An answer that says what was wrong, with which field, and what to do.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// `/problems/` and the code.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: String,
    /// The status's own words.
    title: &'static str,
    /// The HTTP status code.
    status: u16,
    /// A sentence for a person.
    detail: String,
    /// What is wrong with which field, if fields are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// What it is about, where that isn't what was asked for. In a box, since
    /// few problems have it and all are passed on by value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    id: Option<Box<Uuid>>,
    /// Its version now.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
}

/// One field, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// A path into the body, such as `marks.innovation`.
    pub field: String,
    /// A sentence for a person.
    pub detail: String,
}

/// The error of what is never refused: a fact, or what was decided before.
#[derive(Debug, thiserror::Error)]
pub enum Never {}

impl Refusal for Never {
    fn code(&self) -> &'static str {
        match *self {}
    }
}

/// A noun's errors: each variant a sentence, a code and a status.
pub trait Refusal: std::error::Error {
    /// From the published list: lower-case words with hyphens.
    fn code(&self) -> &'static str;

    /// 409 (the state forbids it) unless said otherwise.
    fn status(&self) -> StatusCode {
        StatusCode::CONFLICT
    }

    /// The fields at fault, if any.
    fn fields(&self) -> Vec<FieldError> {
        Vec::new()
    }
}

impl<R: Refusal> From<R> for Problem {
    fn from(refusal: R) -> Self {
        Self::new(refusal.status(), refusal.code(), refusal.to_string()).with(refusal.fields())
    }
}

impl Problem {
    /// A problem of any kind.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{code}"),
            title: status.canonical_reason().unwrap_or("Problem"),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            id: None,
            version: None,
        }
    }

    /// What it is about, and its version now.
    pub fn about(mut self, id: Uuid, version: u64) -> Self {
        (self.id, self.version) = (Some(Box::new(id)), Some(version));
        self
    }

    /// The fields at fault.
    pub fn with(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// 422: one field is wrong.
    pub fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let (field, detail) = (field.into(), detail.into());
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-field", format!("{field}: {detail}"))
            .with(vec![FieldError { field, detail }])
    }

    /// 400: the request can't be understood.
    pub fn bad_request(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 401: sign in first.
    pub fn unauthorised(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", detail)
    }

    /// 403: not for this member.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-allowed", detail)
    }

    /// 403: only for who has just proven again who they are.
    pub fn second_key_needed() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "second-key-needed",
            "First prove again that it is you: ask for a code at /api/accounts/me/second-key, or use your \
             passkey, and then send this again within 15 minutes. An API token needs the scope 'second-key'.",
        )
    }

    /// 404. Also the answer where even the existence is not for the caller.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", format!("There is no such {what} here."))
    }

    /// 409: the state forbids it.
    pub fn conflict(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 503: not now; nothing was done.
    pub fn unavailable(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
    }

    /// 500: our fault. The cause goes to the log, never to the answer.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong on our side. Send the same request again with the same Idempotency-Key.",
        )
    }

    /// The code at the end of its type.
    pub fn code(&self) -> &str {
        self.kind.rsplit('/').next().unwrap_or_default()
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Whether a rule said no, rather than that something broke.
    pub fn is_refusal(&self) -> bool {
        (400..500).contains(&self.status)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Problem {}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let body: Cow<'static, [u8]> =
            serde_json::to_vec(&self).map(Cow::Owned).unwrap_or(Cow::Borrowed(b"{}"));
        let mut answer = (status, body).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        answer
    }
}
