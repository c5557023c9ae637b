//! A refusal that may say how long to wait.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use plaudit_chassis::Problem;

use crate::InvitationsADay;

/// What was not done.
pub enum Refused {
    Problem(Problem),
    TooOften(SignedDuration),
    TooManyInvitations { most: InvitationsADay, wait: SignedDuration },
}

impl<P: Into<Problem>> From<P> for Refused {
    fn from(problem: P) -> Self {
        Self::Problem(problem.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::TooOften(wait) => {
                tracing::warn!("somebody asks or tries too often");
                let seconds = seconds(wait);
                later("too-often", wait, format!("This was asked for too often. Wait {seconds} seconds."))
            }
            Self::TooManyInvitations { most, wait } => {
                tracing::warn!("somebody invites too many");
                let (most, hours) = (most.0, wait.as_hours() + 1);
                let detail = format!(
                    "You have invited {most} new people within a day, which is the most. Invite the next in {hours} h, ask \
                     another organiser to, or ask whoever runs this installation for more."
                );
                later("too-many-invitations", wait, detail)
            }
        }
    }
}

fn seconds(wait: SignedDuration) -> i64 {
    wait.as_secs() + 1
}

fn later(code: &str, wait: SignedDuration, detail: String) -> Response {
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, code, detail);
    ([(header::RETRY_AFTER, seconds(wait).to_string())], problem).into_response()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_too_often_is_told_how_long_to_wait() {
        let answer = Refused::TooOften(SignedDuration::from_secs(41)).into_response();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers()["retry-after"], "42");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
}
