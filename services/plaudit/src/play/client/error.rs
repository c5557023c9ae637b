use std::time::Duration;

use reqwest::StatusCode;
use serde::Deserialize;

use super::Sending;

/// Why there is no answer, or none that helps.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A rule said no.
    #[error("{request} was refused: {problem}")]
    Refused {
        /// Method and path.
        request: String,
        status: StatusCode,
        /// What the answer says.
        problem: String,
    },
    /// Sent again and again, in vain.
    #[error("{request} had no answer for {} seconds: {why}", waited.as_secs())]
    Silent {
        /// Method and path.
        request: String,
        waited: Duration,
        /// What happened last.
        why: String,
    },
    /// An answer of another shape.
    #[error("{request} was answered with something else than expected: {error}")]
    Unreadable {
        /// Method and path.
        request: String,
        error: serde_json::Error,
    },
}

impl ClientError {
    /// Whether there is no such thing, or not for this person, or not yet.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: StatusCode::NOT_FOUND, .. })
    }
}

impl Sending<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(super) fn refused(&self, status: StatusCode, body: &[u8]) -> ClientError {
        ClientError::Refused { request: self.name(), status, problem: problem(status, body) }
    }

    pub(super) fn silent(&self, waited: Duration, why: String) -> ClientError {
        ClientError::Silent { request: self.name(), waited, why }
    }

    pub(super) fn unreadable(&self, error: serde_json::Error) -> ClientError {
        ClientError::Unreadable { request: self.name(), error }
    }
}

/// RFC 9457, as far as a person wants to read it.
#[derive(Deserialize)]
struct Problem {
    detail: String,
    #[serde(default)]
    errors: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    field: String,
    detail: String,
}

/// What an answer says went wrong.
pub(super) fn problem(status: StatusCode, body: &[u8]) -> String {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) => {
            let fields = problem.errors.iter().map(|error| format!(" [{}: {}]", error.field, error.detail));
            format!("{status}: {}{}", problem.detail, fields.collect::<String>())
        }
        Err(_) => status.to_string(),
    }
}
