//! Passkeys: making, listing and deleting them, signing in by one, and the
//! second key by one.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use plaudit_chassis::Problem;
use plaudit_chassis::http::{Listed, Path, Query, limit};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Webauthn, WebauthnBuilder,
};

use super::authentication::{Me, MySession};
use super::body::Sent;
use super::pages::Network;
use super::second_key::Confirmed;
use super::sign_in::SignedIn;
use super::{Edge, needed_name, still_here};
use crate::errand::{self, Purpose};
use crate::passkey::{self, Passkey};
use crate::refused::Refused;
use crate::session::Way;
use crate::{page, person, secret};

/// What to ask the browser's own `navigator.credentials` for.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Question {
    /// Comes back with the browser's answer.
    pub challenge: String,
    /// For `navigator.credentials`: binary parts in URL-safe base64.
    #[schema(value_type = Object)]
    pub options: Value,
}

/// A new passkey.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// Of the question.
    pub challenge: String,
    /// In your own words, such as the device's name.
    pub name: String,
    /// What `navigator.credentials.create` gave.
    #[schema(value_type = Object)]
    pub credential: RegisterPublicKeyCredential,
}

/// The answer of a passkey.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// What `navigator.credentials.get` gave.
    #[schema(value_type = Object)]
    pub credential: PublicKeyCredential,
}

/// Checks passkeys for the installation of this address. `None` where browsers
/// take none: an address that is only a number.
pub fn webauthn(public: &Url) -> Option<Webauthn> {
    let domain = public.domain()?;
    let built = WebauthnBuilder::new(domain, public).and_then(|builder| builder.rp_name("Plaudit").build());
    built.inspect_err(|error| tracing::warn!(%error, "passkeys can't be used at this address")).ok()
}

/// Begins a new passkey. For sessions with a fresh second key.
#[utoipa::path(
    post, path = "/me/passkeys/begin", tag = "passkeys",
    responses((status = 200, body = Question), (status = "4XX", body = Problem)),
)]
pub async fn begin(State(edge): State<Edge>, me: MySession) -> Result<Json<Question>, Problem> {
    me.second_key(edge.now())?;
    let (service, identity) = (&edge.0.service, me.0);
    let person = still_here(person::find(service, identity.person).await?)?;
    let known = passkey::credentials(service, identity.person).await?;
    let account = person.email.as_deref().unwrap_or(&person.name);
    let account = if account.is_empty() { "Plaudit" } else { account };
    let named = if person.name.is_empty() { account } else { &person.name };
    let begun = edge.webauthn()?.start_passkey_registration(identity.person, account, named, Some(known));
    let (options, state) = begun.map_err(Problem::internal)?;
    let mut options = serde_json::to_value(options).map_err(Problem::internal)?;
    // So that it can be found without an address being typed.
    let choice = &mut options["publicKey"]["authenticatorSelection"];
    choice["residentKey"] = "required".into();
    choice["requireResidentKey"] = true.into();
    edge.question(Purpose::NewPasskey, Some(identity.session), &options, &state).await
}

/// Adds a passkey. For sessions with a fresh second key.
#[utoipa::path(
    post, path = "/me/passkeys", tag = "passkeys", request_body = NewPasskey,
    responses((status = 201, body = Passkey), (status = "4XX", body = Problem)),
)]
pub async fn add(
    State(edge): State<Edge>,
    me: MySession,
    Sent(new): Sent<NewPasskey>,
) -> Result<(StatusCode, Json<Passkey>), Problem> {
    me.second_key(edge.now())?;
    let (service, identity) = (&edge.0.service, me.0);
    let name = needed_name(&new.name)?;
    let session = Some(identity.session);
    let state: PasskeyRegistration = edge.back(&new.challenge, Purpose::NewPasskey, session).await?;
    let key = edge.webauthn()?.finish_passkey_registration(&new.credential, &state).map_err(|error| {
        tracing::info!(%error, "a new passkey was refused");
        Problem::field("credential", "this is not a passkey that was made for this question; begin again")
    })?;
    let added = passkey::add(service, identity.person, &name, &key).await?;
    let too_many = || {
        let detail = "This passkey is known already, or you have twenty: delete one first.";
        Problem::conflict("passkey-not-added", detail)
    };
    Ok((StatusCode::CREATED, Json(added.ok_or_else(too_many)?)))
}

/// Your passkeys.
#[utoipa::path(
    get, path = "/me/passkeys", tag = "passkeys", params(page::Asked),
    responses((status = 200, body = Listed<Passkey>), (status = "4XX", body = Problem)),
)]
pub async fn list(
    State(edge): State<Edge>,
    Me(identity): Me,
    Query(asked): Query<page::Asked>,
) -> Result<Listed<Passkey>, Problem> {
    let limit = limit(asked.limit);
    let rows = passkey::list(&edge.0.service, identity.person, asked.after, limit + 1).await?;
    Ok(page::page(rows, limit, |passkey| passkey.id))
}

/// Deletes a passkey. For sessions with a fresh second key.
#[utoipa::path(
    delete, path = "/me/passkeys/{id}", tag = "passkeys", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)),
)]
pub async fn delete(
    State(edge): State<Edge>,
    me: MySession,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    me.second_key(edge.now())?;
    let deleted = passkey::delete(&edge.0.service, me.0.person, id).await?;
    if deleted { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found("passkey")) }
}

/// Begins signing in by a passkey. No address is needed.
#[utoipa::path(
    post, path = "/sign-in/passkey", tag = "sign-in",
    responses((status = 200, body = Question), (status = "4XX", body = Problem)),
)]
pub async fn ask(State(edge): State<Edge>, Network(network): Network) -> Result<Json<Question>, Refused> {
    edge.0.limits.asked(network, edge.now())?;
    Ok(edge.any_passkey(Purpose::SignInByPasskey, None).await?)
}

/// Signs in by the passkey.
#[utoipa::path(
    post, path = "/sign-in/passkey/{challenge}", tag = "sign-in", request_body = Shown,
    params(("challenge" = String, Path)),
    responses((status = 200, body = SignedIn), (status = "4XX", body = Problem)),
)]
pub async fn answer(
    State(edge): State<Edge>,
    Path(challenge): Path<String>,
    Network(network): Network,
    headers: HeaderMap,
    Sent(shown): Sent<Shown>,
) -> Result<Json<SignedIn>, Refused> {
    edge.0.limits.tried(network, None, edge.now())?;
    let person = edge.owner(&challenge, Purpose::SignInByPasskey, None, &shown.credential).await?;
    Ok(Json(edge.signed_in(person, Way::Passkey, &headers).await?))
}

/// Begins proving by a passkey that it is you. For sessions only.
#[utoipa::path(
    post, path = "/me/second-key/passkey", tag = "second-key",
    responses((status = 200, body = Question), (status = "4XX", body = Problem)),
)]
pub async fn ask_second_key(
    State(edge): State<Edge>,
    MySession(identity): MySession,
    Network(network): Network,
) -> Result<Json<Question>, Refused> {
    edge.0.limits.asked(network, edge.now())?;
    Ok(edge.any_passkey(Purpose::SecondKeyByPasskey, Some(identity.session)).await?)
}

/// Gives this session the second key, for 15 minutes.
#[utoipa::path(
    post, path = "/me/second-key/passkey/{challenge}", tag = "second-key", request_body = Shown,
    params(("challenge" = String, Path)),
    responses((status = 200, body = Confirmed), (status = "4XX", body = Problem)),
)]
pub async fn answer_second_key(
    State(edge): State<Edge>,
    Path(challenge): Path<String>,
    MySession(identity): MySession,
    Network(network): Network,
    Sent(shown): Sent<Shown>,
) -> Result<Json<Confirmed>, Refused> {
    let session = identity.session;
    edge.0.limits.tried(network, Some(identity.person), edge.now())?;
    let purpose = Purpose::SecondKeyByPasskey;
    let owner = edge.owner(&challenge, purpose, Some(session), &shown.credential).await?;
    if owner != identity.person {
        return Err(not_good().into());
    }
    Ok(Json(edge.confirmed(session).await?))
}

impl Edge {
    fn webauthn(&self) -> Result<&Webauthn, Problem> {
        let detail = "Passkeys can't be used at this installation's address.";
        self.0.passkeys.as_ref().ok_or_else(|| Problem::conflict("no-passkeys", detail))
    }

    /// Asks for whichever passkey the browser has for this installation.
    async fn any_passkey(&self, purpose: Purpose, session: Option<Uuid>) -> Result<Json<Question>, Problem> {
        let begun = self.webauthn()?.start_discoverable_authentication();
        let (mut options, state) = begun.map_err(Problem::internal)?;
        // Whether it is asked for by a button or offered in a field is the page's choice.
        options.mediation = None;
        self.question(purpose, session, &options, &state).await
    }

    async fn question(
        &self,
        purpose: Purpose,
        session: Option<Uuid>,
        options: &impl Serialize,
        state: &impl Serialize,
    ) -> Result<Json<Question>, Problem> {
        let challenge = secret::challenge().secret;
        let state = serde_json::to_value(state).map_err(Problem::internal)?;
        errand::begin(&self.0.service, &challenge, purpose, session, &state).await?;
        let options = serde_json::to_value(options).map_err(Problem::internal)?;
        Ok(Json(Question { challenge, options }))
    }

    async fn back<T: DeserializeOwned>(
        &self,
        challenge: &str,
        purpose: Purpose,
        session: Option<Uuid>,
    ) -> Result<T, Problem> {
        let state = errand::end(&self.0.service, challenge, purpose, session).await?;
        serde_json::from_value(state.ok_or_else(over)?).map_err(Problem::internal)
    }

    /// Whose passkey has answered.
    async fn owner(
        &self,
        challenge: &str,
        purpose: Purpose,
        session: Option<Uuid>,
        credential: &PublicKeyCredential,
    ) -> Result<Uuid, Problem> {
        let (service, webauthn) = (&self.0.service, self.webauthn()?);
        let state: DiscoverableAuthentication = self.back(challenge, purpose, session).await?;
        let (person, id) =
            webauthn.identify_discoverable_authentication(credential).map_err(|_| not_good())?;
        let kept = passkey::find(service, id).await?.filter(|kept| kept.person == person);
        let kept = kept.ok_or_else(|| {
            tracing::info!("a passkey that is not known was refused");
            not_good()
        })?;
        let checked = webauthn.finish_discoverable_authentication_v2(credential, state, &kept.key);
        let result = checked.map_err(|error| {
            tracing::info!(%error, "a passkey was refused");
            not_good()
        })?;
        passkey::used(service, kept, &result).await?;
        Ok(person)
    }
}

/// The same for every way in which it can be wrong.
fn not_good() -> Problem {
    Problem::field(
        "credential",
        "this passkey is not known here, or did not answer this question; begin again",
    )
}

/// What was begun can't be finished any more.
pub fn over() -> Problem {
    Problem::new(
        StatusCode::GONE,
        "attempt-over",
        "This attempt is over: it was finished before, or ten minutes have passed. Begin again.",
    )
}
