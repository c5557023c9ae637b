//! The second key: proving within a session, a moment before an act that
//! matters, that it is still the same person. By a code to their own address;
//! by a passkey it is done in [`super::passkeys`].

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::Problem;
use plaudit_chassis::http::Path;
use serde::Serialize;
use uuid::Uuid;

use super::authentication::MySession;
use super::body::Sent;
use super::pages::Network;
use super::sign_in::{Challenge, Code, right};
use super::{Edge, still_here};
use crate::refused::Refused;
use crate::{letter, person, session, sign_in};

/// You have proven that it is you.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Confirmed {
    /// Until when this session may do what needs the second key.
    #[schema(value_type = String, format = DateTime)]
    pub second_key_until: Timestamp,
}

/// Sends a code to your own address. For sessions only.
#[utoipa::path(
    post, path = "/me/second-key", tag = "second-key",
    responses((status = 202, body = Challenge), (status = "4XX", body = Problem)),
)]
pub async fn ask(
    State(edge): State<Edge>,
    MySession(identity): MySession,
    Network(network): Network,
) -> Result<(StatusCode, Json<Challenge>), Refused> {
    let (service, now) = (&edge.0.service, edge.now());
    let person = still_here(person::find(service, identity.person).await?)?;
    let email = person.email.ok_or_else(|| {
        Problem::conflict("no-address", "There is no address in your account. Use a passkey.")
    })?;
    edge.0.limits.code_asked(network, &email, now)?;
    let asked = sign_in::ask(service, &email, Some(identity.session)).await?;
    edge.post(letter::second_key(email, &asked.code, now)).await?;
    Ok((StatusCode::ACCEPTED, Json(Challenge { challenge: asked.challenge })))
}

/// Gives this session the second key, for 15 minutes.
#[utoipa::path(
    post, path = "/me/second-key/{challenge}", tag = "second-key", request_body = Code,
    params(("challenge" = String, Path)),
    responses((status = 200, body = Confirmed), (status = "4XX", body = Problem)),
)]
pub async fn answer(
    State(edge): State<Edge>,
    Path(challenge): Path<String>,
    MySession(identity): MySession,
    Network(network): Network,
    Sent(code): Sent<Code>,
) -> Result<Json<Confirmed>, Refused> {
    let session = identity.session;
    edge.0.limits.tried(network, Some(identity.person), edge.now())?;
    right(sign_in::try_code(&edge.0.service, &challenge, code.code.trim(), Some(session)).await?)?;
    Ok(Json(edge.confirmed(session).await?))
}

impl Edge {
    /// Notes that the person in a session has just proven who they are.
    pub async fn confirmed(&self, session: Uuid) -> Result<Confirmed, Problem> {
        let until = session::confirm(&self.0.service, session).await?;
        self.changed(session);
        let ended = || Problem::unauthorised("This session has ended. Sign in again.");
        Ok(Confirmed { second_key_until: until.ok_or_else(ended)? })
    }
}
