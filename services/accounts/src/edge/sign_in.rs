//! Signing in: by an emailed code, by a passkey, or at another provider.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use plaudit_chassis::Problem;
use plaudit_chassis::http::Path;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Edge;
use super::body::Sent;
use super::pages::Network;
use crate::mail::Mail;
use crate::refused::Refused;
use crate::session::{self, Way};
use crate::sign_in::{self, Tried};
use crate::{letter, person};

/// Which ways in there are.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct WaysIn {
    /// By a code that is sent to an address.
    pub email: bool,
    /// By a passkey.
    pub passkey: bool,
    /// At another provider: what it is called.
    pub oidc: Option<String>,
}

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

/// Which ways in there are here.
#[utoipa::path(get, path = "/sign-in", tag = "sign-in", responses((status = 200, body = WaysIn)))]
pub async fn ways(State(edge): State<Edge>) -> Json<WaysIn> {
    let oidc = edge.0.provider.as_ref().map(|provider| provider.name().to_owned());
    Json(WaysIn { email: true, passkey: edge.0.passkeys.is_some(), oidc })
}

/// Sends a code to an address, whether or not anybody with it was here before.
#[utoipa::path(
    post, path = "/sign-in", tag = "sign-in", request_body = SignIn,
    responses((status = 202, body = Challenge), (status = "4XX", body = Problem)),
)]
pub async fn ask(
    State(edge): State<Edge>,
    Network(network): Network,
    Sent(sign_in): Sent<SignIn>,
) -> Result<(StatusCode, Json<Challenge>), Refused> {
    let email = person::email(&sign_in.email)?;
    let now = edge.now();
    edge.0.limits.code_asked(network, &email, now)?;
    let asked = sign_in::ask(&edge.0.service, &email, None).await?;
    edge.post(letter::sign_in(email, &asked.code, &edge.0.public, now)).await?;
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
    Network(network): Network,
    headers: HeaderMap,
    Sent(code): Sent<Code>,
) -> Result<Json<SignedIn>, Refused> {
    let service = &edge.0.service;
    edge.0.limits.tried(network, None, edge.now())?;
    let email = right(sign_in::try_code(service, &challenge, code.code.trim(), None).await?)?;
    let person = sign_in::enter(service, &email).await?;
    Ok(Json(edge.signed_in(person, Way::EmailedCode, &headers).await?))
}

/// The address that a code was sent to, if it was the code.
pub fn right(tried: Tried) -> Result<String, Problem> {
    if !matches!(tried, Tried::Right(_)) {
        tracing::info!(over = tried == Tried::Over, "a code was refused");
    }
    match tried {
        Tried::Right(email) => Ok(email),
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

impl Edge {
    /// Begins a session for somebody who has proven who they are.
    pub async fn signed_in(&self, person: Uuid, way: Way, headers: &HeaderMap) -> Result<SignedIn, Problem> {
        let session_token = session::start(&self.0.service, person, way, &client_name(headers)).await?;
        Ok(SignedIn { session_token })
    }

    /// Sends a letter.
    pub async fn post(&self, mail: Mail) -> Result<(), Problem> {
        self.0.mail.send(mail).await.map_err(|error| {
            tracing::error!(%error, "a code was not sent");
            let detail = "The mail could not be sent just now. Try again in a moment.";
            Problem::unavailable("mail-unavailable", detail)
        })
    }
}

/// The longest name of a client that is kept.
const LONGEST_CLIENT: usize = 200;

fn client_name(headers: &HeaderMap) -> String {
    let named = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    named.unwrap_or_default().chars().take(LONGEST_CLIENT).collect()
}
