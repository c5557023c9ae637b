//! What the edge tells a service about a request: a PASETO v4.public token
//! that lives for a minute and never says who the person is. Pages get another
//! of the same kind, which says only when a request had arrived, and whence.

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use pasetors::claims::{Claims as Paseto, ClaimsValidationRules};
use pasetors::keys::{AsymmetricPublicKey, AsymmetricSecretKey};
use pasetors::token::UntrustedToken;
use pasetors::version4::V4;
use pasetors::{Public, public};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Clock;
use crate::id::{MemberId, ProgrammeId};

/// How long a token is good for.
const LIFE: Duration = Duration::from_secs(60);

/// What a token says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// The service that it is for.
    pub audience: String,
    /// The programme that it is for.
    pub programme: ProgrammeId,
    /// Who asks, in that programme.
    pub member: MemberId,
    /// The session or API token that the edge was given.
    pub session: Uuid,
    /// What that session may do; empty: whatever the member may.
    pub scopes: Vec<String>,
    /// How the person signed in.
    pub signed_in_by: String,
    /// When.
    pub signed_in_at: Timestamp,
    /// When the last byte of the request had arrived at the edge.
    pub received_at: Timestamp,
    /// Whether whoever asks has proven a moment ago who they are.
    #[serde(default)]
    pub second_key: bool,
}

/// What the edge tells pages about a request that it passes on, for them to
/// repeat when they ask the API on its behalf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// When the last byte of the request had arrived at the edge.
    pub received_at: Timestamp,
    /// The network that it came from, for limits.
    pub network: Option<IpAddr>,
}

/// For whom an [`Arrival`] is: no service has this name.
const PAGES: &str = "pages";

/// A token that is not good here.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Forged, expired, for another service, or no token at all.
    #[error("the token is forged, expired, or meant for another service")]
    Refused,
    /// The key is none.
    #[error("a token key must be 32 bytes")]
    Key,
}

impl From<pasetors::errors::Error> for TokenError {
    fn from(_: pasetors::errors::Error) -> Self {
        Self::Refused
    }
}

/// Mints tokens: only the edge holds one.
#[derive(Clone)]
pub struct Minter {
    secret: AsymmetricSecretKey<V4>,
    public: [u8; 32],
    verifier: Verifier,
    clock: Clock,
}

/// Verifies tokens: every service holds one.
#[derive(Clone)]
pub struct Verifier {
    public: AsymmetricPublicKey<V4>,
    clock: Clock,
}

impl Minter {
    /// From the 32 secret bytes of an Ed25519 key.
    pub fn new(seed: &[u8; 32], clock: Clock) -> Result<Self, TokenError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = key.verifying_key().to_bytes();
        let secret = AsymmetricSecretKey::from(&key.to_keypair_bytes()).map_err(|_| TokenError::Key)?;
        let verifier = Verifier::new(&public, clock.clone())?;
        Ok(Self { secret, public, verifier, clock })
    }

    /// The public half's 32 bytes, for services elsewhere.
    pub fn public_key(&self) -> [u8; 32] {
        self.public
    }

    /// The public half, for services here.
    pub fn verifier(&self) -> Verifier {
        self.verifier.clone()
    }

    /// A token that is good from now for a minute.
    pub fn mint(&self, claims: &Claims) -> Result<String, TokenError> {
        self.sign(&claims.audience, claims)
    }

    /// The same for pages.
    pub fn mint_arrival(&self, arrival: &Arrival) -> Result<String, TokenError> {
        self.sign(PAGES, arrival)
    }

    fn sign(&self, audience: &str, said: &impl Serialize) -> Result<String, TokenError> {
        let now = self.clock.now();
        let until = now + jiff::SignedDuration::try_from(LIFE).map_err(|_| TokenError::Refused)?;
        let mut paseto = Paseto::new()?;
        paseto.issued_at(&now.to_string())?;
        paseto.not_before(&now.to_string())?;
        paseto.expiration(&until.to_string())?;
        paseto.audience(audience)?;
        let said = serde_json::to_value(said).map_err(|_| TokenError::Refused)?;
        paseto.add_additional("plaudit", said)?;
        Ok(public::sign(&self.secret, &paseto, None, None)?)
    }
}

impl Verifier {
    /// From the 32 bytes of an Ed25519 public key.
    pub fn new(public: &[u8; 32], clock: Clock) -> Result<Self, TokenError> {
        let public = AsymmetricPublicKey::from(public).map_err(|_| TokenError::Key)?;
        Ok(Self { public, clock })
    }

    /// What a token says, if it is good for this service now.
    pub fn verify(&self, audience: &str, token: &str) -> Result<Claims, TokenError> {
        let said: Claims = self.read(audience, token)?;
        if said.audience == audience { Ok(said) } else { Err(TokenError::Refused) }
    }

    /// What pages were told of a request, if they were told it within a minute.
    pub fn verify_arrival(&self, token: &str) -> Result<Arrival, TokenError> {
        self.read(PAGES, token)
    }

    fn read<T: DeserializeOwned>(&self, audience: &str, token: &str) -> Result<T, TokenError> {
        let untrusted = UntrustedToken::<Public, V4>::try_from(token)?;
        let mut rules = ClaimsValidationRules::new();
        // The program's one clock decides below, not the library's.
        rules.disable_valid_at();
        rules.validate_audience_with(audience);
        let trusted = public::verify(&self.public, &untrusted, &rules, None, None)?;
        let claims = trusted.payload_claims().ok_or(TokenError::Refused)?;
        let at = |name: &str| -> Result<Timestamp, TokenError> {
            let text = claims.get_claim(name).and_then(|value| value.as_str());
            text.and_then(|text| text.parse().ok()).ok_or(TokenError::Refused)
        };
        let now = self.clock.now();
        // A second of grace before, for two machines whose clocks differ.
        let early = now + jiff::SignedDuration::from_secs(1) < at("nbf")?;
        if early || now > at("exp")? {
            return Err(TokenError::Refused);
        }
        let said = claims.get_claim("plaudit").ok_or(TokenError::Refused)?;
        serde_json::from_value(said.clone()).map_err(|_| TokenError::Refused)
    }
}
