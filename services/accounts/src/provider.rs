//! Another provider's word for who somebody is, by OpenID Connect: the code
//! flow with PKCE. State, nonce and verifier all follow from the challenge,
//! which only the browser that was sent away holds; so none of them is kept.

use std::error::Error;
use std::pin::Pin;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreTokenResponse,
};
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use plaudit_chassis::https::{self, Client};
use tokio::sync::Mutex;
use url::Url;

use crate::{person, secret};

/// The page that the provider sends people back to.
const BACK: &str = "/sign-in/oidc";
/// How long what the provider says of itself is believed, its keys too.
const BELIEVED: Duration = Duration::from_secs(3600);
/// How long one of its answers may take, and how large it may be.
const PATIENCE: Duration = Duration::from_secs(10);
const MOST: usize = 1 << 20;
/// Never one whose key is the client's secret, nor none.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// A provider, as the operator names it.
#[derive(Clone)]
pub struct ProviderConfig {
    /// Its address, such as `https://login.example.org`.
    pub issuer: String,
    /// What it calls this installation.
    pub client_id: String,
    /// What proves to it that this is this installation.
    pub client_secret: Option<String>,
    /// What people call it.
    pub name: String,
}

/// Why a provider's word is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The configuration is wrong.
    #[error("the provider's address must be https://…, or http://… on this machine: {0}")]
    Address(String),
    /// It can't be reached, or says what can't be understood.
    #[error("the provider can't be asked: {0}")]
    Away(String),
    /// It doesn't take the code, or what it says of the person can't be true.
    #[error("the provider's word is not good: {0}")]
    Refused(String),
    /// It doesn't say that the person owns an address.
    #[error("the provider does not say that the address is proven")]
    Unproven,
}

/// A provider.
pub struct Provider {
    config: ProviderConfig,
    issuer: IssuerUrl,
    back: RedirectUrl,
    http: Network,
    known: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

impl Provider {
    /// The provider of an installation at this public address.
    pub fn new(config: ProviderConfig, public: &Url) -> Result<Self, ProviderError> {
        let wrong = || ProviderError::Address(config.issuer.clone());
        let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|_| wrong())?;
        let url = issuer.url();
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
            return Err(wrong());
        }
        let back = public.join(BACK).map_err(|_| ProviderError::Address(public.to_string()))?;
        let http = Network(https::client(url.scheme() == "https"));
        let back = RedirectUrl::from_url(back);
        Ok(Self { config, issuer, back, http, known: Mutex::default() })
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// Where to send the browser that holds this challenge.
    pub async fn location(&self, challenge: &str) -> Result<Url, ProviderError> {
        let client = CoreClient::from_provider_metadata(self.metadata().await?, self.id(), self.secret())
            .set_redirect_uri(self.back.clone());
        let (state, nonce) = (state(challenge), nonce(challenge));
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let asked = client.authorize_url(flow, move || CsrfToken::new(state), move || nonce);
        let pkce = PkceCodeChallenge::from_code_verifier_sha256(&verifier(challenge));
        let (location, _, _) = asked.add_scope(Scope::new("email".to_owned())).set_pkce_challenge(pkce).url();
        Ok(location)
    }

    /// The proven address of whoever comes back with a code, and with the state
    /// that they were sent away with.
    pub async fn email(
        &self,
        challenge: &str,
        code: &str,
        sent_state: &str,
    ) -> Result<String, ProviderError> {
        if !secret::same(state(challenge).as_bytes(), sent_state.as_bytes()) {
            return Err(ProviderError::Refused("the state is another".to_owned()));
        }
        let client = CoreClient::from_provider_metadata(self.metadata().await?, self.id(), self.secret())
            .set_redirect_uri(self.back.clone());
        let exchange = client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let exchange = exchange.map_err(|error| ProviderError::Away(error.to_string()))?;
        let answer = exchange.set_pkce_verifier(verifier(challenge)).request_async(&self.http).await;
        let answer = answer.map_err(|error| match error {
            openidconnect::RequestTokenError::Request(error) => error,
            other => ProviderError::Refused(other.to_string()),
        })?;
        let proof = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
        let claims = claims(&answer, &proof, &nonce(challenge))?;
        proven(claims)
    }

    fn id(&self) -> ClientId {
        ClientId::new(self.config.client_id.clone())
    }

    fn secret(&self) -> Option<ClientSecret> {
        self.config.client_secret.clone().map(ClientSecret::new)
    }

    async fn metadata(&self) -> Result<CoreProviderMetadata, ProviderError> {
        let mut known = self.known.lock().await;
        if let Some((since, metadata)) = known.as_ref()
            && since.elapsed() < BELIEVED
        {
            return Ok(metadata.clone());
        }
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await;
        let metadata = found.map_err(|error| ProviderError::Away(causes(&error)))?;
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }
}

/// Asks over the network, following nobody elsewhere.
struct Network(Client);

impl<'c> AsyncHttpClient<'c> for Network {
    type Error = ProviderError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, ProviderError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let late = |_| ProviderError::Away(format!("no answer in {} seconds", PATIENCE.as_secs()));
        Box::pin(async move { tokio::time::timeout(PATIENCE, self.ask(request)).await.map_err(late)? })
    }
}

impl Network {
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, ProviderError> {
        let away = |error: &dyn Error| ProviderError::Away(causes(error));
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let answer = self.0.request(request).await.map_err(|error| away(&error))?;
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, MOST).collect().await.map_err(|error| away(error.as_ref()))?;
        Ok(HttpResponse::from_parts(parts, body.to_bytes().to_vec()))
    }
}

type IdTokenVerifier<'a> = openidconnect::core::CoreIdTokenVerifier<'a>;

fn claims<'a>(
    answer: &'a CoreTokenResponse,
    proof: &IdTokenVerifier<'_>,
    nonce: &Nonce,
) -> Result<&'a CoreIdTokenClaims, ProviderError> {
    let refused = |error: String| ProviderError::Refused(error);
    let token = answer.id_token().ok_or_else(|| refused("it has no ID token".to_owned()))?;
    token.claims(proof, nonce).map_err(|error| refused(causes(&error)))
}

/// An address that is only claimed is nobody's.
fn proven(claims: &CoreIdTokenClaims) -> Result<String, ProviderError> {
    let email = claims.email().filter(|_| claims.email_verified() == Some(true));
    let email = email.and_then(|email| person::email(email.as_str()).ok());
    email.ok_or(ProviderError::Unproven)
}

fn state(challenge: &str) -> String {
    secret::derived(challenge, "state")
}

fn nonce(challenge: &str) -> Nonce {
    Nonce::new(secret::derived(challenge, "nonce"))
}

fn verifier(challenge: &str) -> PkceCodeVerifier {
    PkceCodeVerifier::new(secret::derived(challenge, "verifier"))
}

fn causes(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
