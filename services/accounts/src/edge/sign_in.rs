//! Signing in by an emailed code.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use jiff::SignedDuration;
use plaudit_chassis::Problem;
use plaudit_chassis::http::Path;
use serde::{Deserialize, Serialize};

use super::Edge;
use super::body::Sent;
use crate::mail::Mail;
use crate::sign_in::{self, Tried};
use crate::{person, secret, session};

/// Where to send a code.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Anybody's who can read what arrives there.
    pub email: String,
}

/// What makes the code yours alone: keep it where you asked.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Challenge {
    /// The rest of the address to send the code to.
    pub challenge: String,
}

/// What was in the mail.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Six digits.
    pub code: String,
}

/// You are signed in.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SignedIn {
    /// Send it as `Authorization: Bearer`.
    pub session_token: String,
}

/// A refusal that may say how long to wait.
pub enum Refused {
    Problem(Problem),
    TooOften(SignedDuration),
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
                let seconds = wait.as_secs() + 1;
                let detail = format!("Too many codes were asked for. Wait {seconds} seconds.");
                let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often", detail);
                ([(header::RETRY_AFTER, seconds.to_string())], problem).into_response()
            }
        }
    }
}

/// Sends a code to an address, whether or not anybody with it was here before.
#[utoipa::path(
    post, path = "/sign-in", tag = "sign-in", request_body = SignIn,
    responses((status = 202, body = Challenge), (status = "4XX", body = Problem)),
)]
pub async fn ask(
    State(edge): State<Edge>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    Sent(sign_in): Sent<SignIn>,
) -> Result<(StatusCode, Json<Challenge>), Refused> {
    let email = person::email(&sign_in.email)?;
    let now = edge.0.service.clock().now();
    let network = peer.map(|peer| network(peer.0.0.ip()));
    edge.0.codes_for.take(network, now).map_err(Refused::TooOften)?;
    edge.0.codes_to.take(secret::hash(&email), now).map_err(Refused::TooOften)?;
    let asked = sign_in::ask(&edge.0.service, &email).await?;
    let text = format!(
        "Your code for Plaudit is {}\n\nIt works once, for ten minutes, where you asked for it. \
         If you did not ask for it, do nothing: without it nobody gets in.\n",
        asked.code,
    );
    let mail =
        Mail { to: email, subject: "Your code for Plaudit".to_owned(), text, html: None, sent_at: now };
    edge.0.mail.send(mail).await.map_err(|error| {
        tracing::error!(%error, "a code was not sent");
        Problem::unavailable(
            "mail-unavailable",
            "The mail could not be sent just now. Try again in a moment.",
        )
    })?;
    Ok((StatusCode::ACCEPTED, Json(Challenge { challenge: asked.challenge })))
}

/// Signs in with the code.
#[utoipa::path(
    post, path = "/sign-in/{challenge}", tag = "sign-in", request_body = Code,
    params(("challenge" = String, Path)),
    responses((status = 200, body = SignedIn), (status = "4XX", body = Problem)),
)]
pub async fn answer(
    State(edge): State<Edge>,
    Path(challenge): Path<String>,
    headers: HeaderMap,
    Sent(code): Sent<Code>,
) -> Result<Json<SignedIn>, Problem> {
    let service = &edge.0.service;
    match sign_in::try_code(service, &challenge, code.code.trim()).await? {
        Tried::Right(person) => {
            let session_token = session::start(service, person, &client_name(&headers)).await?;
            Ok(Json(SignedIn { session_token }))
        }
        Tried::Wrong(left) => {
            Err(Problem::field("code", format!("this is not the code that was sent; tries left: {left}")))
        }
        Tried::Over => Err(Problem::new(
            StatusCode::GONE,
            "code-over",
            "This code works no more: it was used, ten minutes have passed, or it was tried too often. Ask for a new one.",
        )),
    }
}

/// The longest name of a client that is kept.
const LONGEST_CLIENT: usize = 200;

fn client_name(headers: &HeaderMap) -> String {
    let named = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    named.unwrap_or_default().chars().take(LONGEST_CLIENT).collect()
}

/// What stands for one asker: of IPv6, the 64 bits that a household has.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_one_asker() {
        let same = |one: &str, other: &str| network(one.parse().unwrap()) == network(other.parse().unwrap());
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }

    #[test]
    fn whoever_asks_too_often_is_told_how_long_to_wait() {
        let answer = Refused::TooOften(SignedDuration::from_secs(41)).into_response();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers()["retry-after"], "42");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
}
