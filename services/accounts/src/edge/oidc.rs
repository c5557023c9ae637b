//! Signing in at another provider, by OpenID Connect.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use plaudit_chassis::Problem;
use plaudit_chassis::http::Path;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Edge;
use super::body::Sent;
use super::pages::Network;
use super::passkeys::over;
use super::sign_in::SignedIn;
use crate::errand::{self, Purpose};
use crate::provider::{Provider, ProviderError};
use crate::refused::Refused;
use crate::session::Way;
use crate::{secret, sign_in};

/// Where to go.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Departure {
    /// Keep it in the browser that goes: it makes the answer yours alone.
    pub challenge: String,
    /// The provider's own page.
    pub location: String,
}

/// What the provider has sent the browser back with.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// Its code.
    pub code: String,
    /// The state that it was given.
    pub state: String,
}

/// Begins signing in at the provider.
#[utoipa::path(
    post, path = "/sign-in/oidc", tag = "sign-in",
    responses((status = 200, body = Departure), (status = "4XX", body = Problem)),
)]
pub async fn ask(State(edge): State<Edge>, Network(network): Network) -> Result<Json<Departure>, Refused> {
    let provider = edge.provider()?;
    edge.0.limits.asked(network, edge.now())?;
    let challenge = secret::challenge().secret;
    let location = provider.location(&challenge).await.map_err(problem)?;
    errand::begin(&edge.0.service, &challenge, Purpose::SignInAtProvider, None, &Value::Null).await?;
    Ok(Json(Departure { challenge, location: location.into() }))
}

/// Signs in by the provider's word, if it says that your address is proven.
#[utoipa::path(
    post, path = "/sign-in/oidc/{challenge}", tag = "sign-in", request_body = Return,
    params(("challenge" = String, Path)),
    responses((status = 200, body = SignedIn), (status = "4XX", body = Problem)),
)]
pub async fn answer(
    State(edge): State<Edge>,
    Path(challenge): Path<String>,
    Network(network): Network,
    headers: HeaderMap,
    Sent(back): Sent<Return>,
) -> Result<Json<SignedIn>, Refused> {
    let (service, provider) = (&edge.0.service, edge.provider()?);
    edge.0.limits.tried(network, None, edge.now())?;
    let begun = errand::end(service, &challenge, Purpose::SignInAtProvider, None).await?;
    begun.ok_or_else(over)?;
    let email = provider.email(&challenge, &back.code, &back.state).await.map_err(problem)?;
    let person = sign_in::enter(service, &email).await?;
    Ok(Json(edge.signed_in(person, Way::OpenIdConnect, &headers).await?))
}

impl Edge {
    fn provider(&self) -> Result<&Provider, Problem> {
        self.0.provider.as_ref().ok_or_else(|| Problem::not_found("provider"))
    }
}

fn problem(error: ProviderError) -> Problem {
    match error {
        ProviderError::Unproven => Problem::new(
            StatusCode::FORBIDDEN,
            "address-not-proven",
            "The provider does not say that your email address is proven. Sign in by a code instead.",
        ),
        ProviderError::Refused(why) => {
            tracing::warn!(why, "a sign-in at the provider was refused");
            let detail = "The provider's answer is not good. Begin again, or sign in by a code.";
            Problem::new(StatusCode::FORBIDDEN, "provider-refused", detail)
        }
        ProviderError::Away(why) | ProviderError::Address(why) => {
            tracing::error!(why, "the provider can't be asked");
            let detail = "The provider does not answer just now. Try again, or sign in by a code.";
            Problem::unavailable("provider-unavailable", detail)
        }
    }
}
