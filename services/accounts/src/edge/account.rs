//! A person's own account.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use plaudit_chassis::store::Gate;
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::authentication::Me;
use super::body::Sent;
use super::{Edge, needed_name, still_here};
use crate::passkey;
use crate::person::{self, Everything, Person};

/// What a person is called.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// One line, at most 200 characters.
    pub name: String,
}

/// Who you are, and how you are here.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MyAccount {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// Until when this session may do what needs the second key; absent: first
    /// prove again that it is you.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub second_key_until: Option<Timestamp>,
    /// Whether you have passkeys.
    pub passkeys: bool,
}

/// Who you are.
#[utoipa::path(
    get, path = "/me", tag = "account",
    responses((status = 200, body = MyAccount), (status = "4XX", body = Problem)),
)]
pub async fn me(State(edge): State<Edge>, Me(identity): Me) -> Result<Json<MyAccount>, Problem> {
    let service = &edge.0.service;
    let person = still_here(person::find(service, identity.person).await?)?;
    let passkeys = !passkey::list(service, identity.person, None, 1).await?.is_empty();
    Ok(Json(MyAccount { person, second_key_until: identity.second_key_until(edge.now()), passkeys }))
}

/// Says what you want to be called.
#[utoipa::path(
    put, path = "/me", tag = "account", request_body = Named,
    responses((status = 200, body = Person), (status = "4XX", body = Problem)),
)]
pub async fn rename(
    State(edge): State<Edge>,
    Me(identity): Me,
    Sent(named): Sent<Named>,
) -> Result<Json<Person>, Problem> {
    let name = needed_name(&named.name)?;
    still_here(person::rename(&edge.0.service, identity.person, &name).await?).map(Json)
}

/// Everything that is held here about you.
#[utoipa::path(
    get, path = "/me/everything", tag = "account",
    responses((status = 200, body = Everything), (status = "4XX", body = Problem)),
)]
pub async fn everything(State(edge): State<Edge>, Me(identity): Me) -> Result<Json<Everything>, Problem> {
    still_here(person::everything(&edge.0.service, identity.person).await?).map(Json)
}

/// How long an answer waits for the events that say you are forgotten.
const PATIENCE: Duration = Duration::from_secs(5);

/// Forgets you: name, address and every way in are gone at once, and your
/// members are linked to nobody for ever.
#[utoipa::path(
    delete, path = "/me", tag = "account",
    responses((status = 204), (status = "4XX", body = Problem)),
)]
pub async fn leave(State(edge): State<Edge>, Me(identity): Me) -> Result<StatusCode, Problem> {
    let (service, person) = (&edge.0.service, identity.person);
    let found = still_here(person::find(service, person).await?)?;
    person::begin_to_leave(service, person).await?;
    edge.0.identities.drop_if(|_, identity| identity.person == person);
    edge.0.seats.drop_if(|(_, whose), _| *whose == person);
    if let Some(email) = &found.email {
        edge.0.mail.forget(email);
    }
    let finished = tokio::spawn(finish(service.clone(), person));
    // Nothing names the person any more; what is late is finished without
    // anybody waiting for it.
    let _ = tokio::time::timeout(PATIENCE, finished).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Finishes what an end of the process interrupted.
pub fn finish_what_was_left(edge: &Edge) {
    let service = edge.0.service.clone();
    tokio::spawn(async move {
        let mut gate = service.store().gate();
        if gate.wait_for(|gate| *gate == Gate::Open).await.is_err() {
            return;
        }
        match person::leaving(&service).await {
            Ok(left) => {
                for person in left {
                    finish(service.clone(), person).await;
                }
            }
            Err(error) => tracing::warn!(%error, "who was leaving can't be read; the next start tries again"),
        }
    });
}

async fn finish(service: Service, person: Uuid) {
    let mut wait = Duration::from_secs(1);
    while let Err(problem) = person::finish_leaving(&service, person).await {
        tracing::warn!(%problem, "forgetting somebody is not finished yet");
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_secs(60));
    }
}
