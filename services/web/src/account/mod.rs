//! Signing in, and what a person has here: programmes, sessions, tokens, what
//! is held about them.

mod home;
mod leaving;
mod own;
mod passkeys;
mod provider;
mod second_key;
mod sign_in;
mod tokens;

use axum::Router;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::visitor::Visitor;

/// The challenge of a sign-in under way: it binds the code to this browser.
const CHALLENGE: &str = "__Host-plaudit-challenge";
/// Where the visitor was going.
const NEXT: &str = "__Host-plaudit-next";
const TEN_MINUTES: u32 = 600;

pub fn routes() -> Router {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::ask))
        .route("/sign-in/code", get(sign_in::code).post(sign_in::answer))
        .route("/sign-in/passkey/begin", post(passkeys::begin_sign_in))
        .route("/sign-in/passkey", post(passkeys::sign_in))
        .route("/sign-in/oidc/begin", get(provider::begin))
        .route("/sign-in/oidc", get(provider::back))
        .route("/sign-out", post(sign_in::out))
        .route("/second-key", get(second_key::show).post(second_key::ask))
        .route("/second-key/code", get(second_key::code).post(second_key::answer))
        .route("/second-key/passkey/begin", post(passkeys::begin_second_key))
        .route("/second-key/passkey", post(passkeys::second_key))
        .route("/home", get(home::show))
        .route("/account", get(own::show))
        .route("/account/name", get(own::name).post(own::rename))
        .route("/account/sessions/{id}/end", post(own::end_session))
        .route("/account/everything.json", get(own::everything))
        .route("/account/tokens", get(tokens::show).post(tokens::make))
        .route("/account/tokens/{id}/revoke", post(tokens::revoke))
        .route("/account/passkeys/begin", post(passkeys::begin_new))
        .route("/account/passkeys", get(passkeys::show).post(passkeys::add))
        .route("/account/passkeys/{id}/delete", post(passkeys::delete))
        .route("/account/leave", get(leaving::show).post(leaving::leave))
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
struct Next {
    next: Option<String>,
}

impl Next {
    fn path(&self) -> &str {
        crate::words::ours(self.next.as_deref().unwrap_or("/home"))
    }
}

/// The API's answer to a question that a later one must answer.
#[derive(Debug, Deserialize)]
struct Challenge {
    challenge: String,
}

/// The API's answer to whoever has signed in.
#[derive(Debug, Deserialize)]
struct SignedIn {
    session_token: String,
}

/// Who the visitor is.
#[derive(Clone, Debug, Deserialize)]
struct Me {
    name: String,
    email: Option<String>,
    second_key_until: Option<jiff::Timestamp>,
}

/// Signs somebody in and takes them to where they were going, by way of their
/// name if they have none yet.
async fn entered(visitor: &Visitor, signed_in: &SignedIn, next: &str) -> axum::response::Response {
    visitor.enter(&signed_in.session_token);
    for cookie in [CHALLENGE, NEXT] {
        visitor.drop_cookie(cookie);
    }
    let me = visitor.api.acting_by(&signed_in.session_token).get::<Me>("accounts/me").await;
    if me.is_ok_and(|me| me.name.is_empty()) {
        return visitor.to(&format!("/account/name?next={}", crate::words::next_of(next)));
    }
    visitor.to(next)
}
