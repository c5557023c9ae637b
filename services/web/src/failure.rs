//! What can go wrong with a page. A refusal that a form can explain is shown
//! there; whatever is left becomes a page of its own, on which nothing that
//! was typed is lost.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::components::Errors;

/// The API's own words (RFC 9457).
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: String,
    /// The HTTP status.
    pub status: u16,
    /// A sentence for a person.
    pub detail: String,
    /// What is wrong with which field.
    pub errors: Vec<FieldError>,
}

/// One field, and what is wrong with it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct FieldError {
    /// A path into the body, such as `marks.innovation`.
    pub field: String,
    /// A sentence for a person.
    pub detail: String,
}

impl Problem {
    /// Such as `not-signed-in`.
    pub fn code(&self) -> &str {
        self.kind.rsplit('/').next().unwrap_or_default()
    }

    /// Its fields' errors for a form; without any, its sentence, which then
    /// belongs to no field.
    pub fn to_errors(&self) -> Errors {
        let mut errors = Errors::default();
        for error in &self.errors {
            errors.push(error.field.clone(), sentence(&error.detail));
        }
        if self.errors.is_empty() {
            errors.push_general(self.detail.clone());
        }
        errors
    }
}

/// The API names a field's fault in half a sentence.
fn sentence(detail: &str) -> String {
    let mut letters = detail.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// Why there is no page.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The API said no, or that it can't.
    Problem(Problem),
    /// The API was not understood, or did not answer.
    Broken(String),
}

impl Failure {
    /// There is no such thing here, or not for this reader.
    pub fn not_found(what: &str) -> Self {
        Self::refused(StatusCode::NOT_FOUND, "not-found", &format!("There is no such {what} here."))
    }

    /// A refusal of the pages' own.
    pub fn refused(status: StatusCode, code: &str, detail: &str) -> Self {
        Self::Problem(Problem {
            kind: format!("/problems/{code}"),
            status: status.as_u16(),
            detail: detail.to_owned(),
            errors: Vec::new(),
        })
    }

    /// More was sent than is taken, which is as much as `most` says.
    pub fn too_large(most: &str) -> Self {
        let says = format!("What was sent is too large: {most} at most can be taken at once.");
        Self::refused(StatusCode::PAYLOAD_TOO_LARGE, "too-large", &says)
    }

    /// Nobody is signed in.
    pub fn signed_out() -> Self {
        Self::refused(StatusCode::UNAUTHORIZED, "not-signed-in", "Sign in first.")
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Problem(problem) => StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_GATEWAY),
            Self::Broken(_) => StatusCode::BAD_GATEWAY,
        }
    }

    /// The problem's code; empty if the API was not understood.
    pub fn code(&self) -> &str {
        match self {
            Self::Problem(problem) => problem.code(),
            Self::Broken(_) => "",
        }
    }

    /// The API's own words again, for a module of ours.
    pub fn to_json(&self) -> Response {
        let problem = match self {
            Self::Problem(problem) => problem.clone(),
            Self::Broken(_) => Problem {
                status: 502,
                detail: "The service does not answer.".to_owned(),
                ..Problem::default()
            },
        };
        let mut answer = (self.status(), axum::Json(problem)).into_response();
        let kind = axum::http::HeaderValue::from_static("application/problem+json");
        answer.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
        answer
    }

    /// What a form can say to its reader: a refusal of what was sent, which
    /// another try can mend. Anything else is a page of its own.
    pub fn for_the_form(self) -> Result<Problem, Self> {
        match self {
            Self::Problem(problem)
                if matches!(problem.status, 400 | 409 | 410 | 412 | 413 | 422 | 429)
                    || problem.status == 403 && problem.code() != "second-key-needed" =>
            {
                Ok(problem)
            }
            other => Err(other),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Problem(problem) => write!(f, "{} ({})", problem.detail, problem.code()),
            Self::Broken(why) => f.write_str(why),
        }
    }
}

impl IntoResponse for Failure {
    /// The reader's page is made where the reader is known.
    fn into_response(self) -> Response {
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}
