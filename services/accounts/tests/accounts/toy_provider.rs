//! A small OpenID Connect provider that believes everybody and signs ES256.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as BASE64};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use plaudit_accounts::provider::{Provider, ProviderConfig};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::house::ORIGIN;

/// What it was asked at its own page, by the code that it gave.
type Asked = HashMap<String, (HashMap<String, String>, Value)>;

#[derive(Clone, Default)]
pub struct Toy(Arc<Mutex<Asked>>, Arc<Mutex<String>>);

impl Toy {
    /// Starts it, and answers what an installation is told of it.
    pub async fn provider(&self) -> Provider {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        *self.1.lock().unwrap() = issuer.clone();
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(self.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        let config = ProviderConfig {
            issuer,
            client_id: "plaudit".to_owned(),
            client_secret: Some("secret".to_owned()),
            name: "Toy".to_owned(),
        };
        Provider::new(config, &ORIGIN.parse().unwrap()).unwrap()
    }

    pub fn issuer(&self) -> String {
        self.1.lock().unwrap().clone()
    }

    /// Somebody signs in at the provider's own page. Answers the code and the
    /// state that they are sent back with. `claims` overrides what it says.
    pub fn consents(&self, location: &str, claims: Value) -> Value {
        let asked: HashMap<String, String> =
            Url::parse(location).unwrap().query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["redirect_uri"], format!("{ORIGIN}/sign-in/oidc"));
        assert_eq!(asked["scope"], "openid email");
        let mut codes = self.0.lock().unwrap();
        let code = format!("code-{}", codes.len());
        let state = asked["state"].clone();
        codes.insert(code.clone(), (asked, claims));
        json!({ "code": code, "state": state })
    }
}

fn key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

async fn configuration(State(toy): State<Toy>) -> Json<Value> {
    let issuer = toy.issuer();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorise"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256"],
    }))
}

async fn keys() -> Json<Value> {
    let point = key().verifying_key().to_sec1_point(false);
    let part = |from: usize| BASE64.encode(&point.as_bytes()[from..from + 32]);
    Json(json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "use": "sig", "kid": "k", "alg": "ES256", "x": part(1), "y": part(33) },
    ] }))
}

async fn token(State(toy): State<Toy>, headers: HeaderMap, body: String) -> (StatusCode, Json<Value>) {
    let basic = format!("Basic {}", BASE64_STANDARD.encode("plaudit:secret"));
    assert_eq!(headers["authorization"].to_str().unwrap(), basic);
    let sent: HashMap<String, String> =
        Url::parse(&format!("http://x/?{body}")).unwrap().query_pairs().into_owned().collect();
    let refused = (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    let Some((asked, claims)) = toy.0.lock().unwrap().remove(&sent["code"]) else { return refused };
    let verifier = BASE64.encode(Sha256::digest(&sent["code_verifier"]));
    if verifier != asked["code_challenge"] || sent["redirect_uri"] != asked["redirect_uri"] {
        return refused;
    }
    let now = jiff::Timestamp::now().as_second();
    let mut said = json!({
        "iss": toy.issuer(), "aud": "plaudit", "sub": "1", "nonce": asked["nonce"],
        "iat": now, "exp": now + 300,
    });
    said.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    let forged = said["forged"] == true;
    let id_token = signed(&said, forged);
    (StatusCode::OK, Json(json!({ "access_token": "x", "token_type": "Bearer", "id_token": id_token })))
}

fn signed(claims: &Value, forged: bool) -> String {
    let header = json!({ "alg": "ES256", "kid": "k", "typ": "JWT" });
    let text = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()));
    let key = if forged { SigningKey::from_slice(&[8; 32]).unwrap() } else { key() };
    let signature: Signature = key.sign(text.as_bytes());
    format!("{text}.{}", BASE64.encode(signature.to_bytes()))
}
