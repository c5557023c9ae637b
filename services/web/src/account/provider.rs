//! Signing in at another provider, by OpenID Connect.

use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::sign_in::{going, is_plain, page};
use super::{CHALLENGE, NEXT, Next, SignedIn, TEN_MINUTES, entered};
use crate::components::Errors;
use crate::failure::Failure;
use crate::visitor::{Cookies, Visitor};
use crate::words::next_of;

#[derive(Debug, Deserialize)]
struct Departure {
    challenge: String,
    location: String,
}

/// What the provider sends the browser back with; without a code, why not.
#[derive(Debug, Deserialize)]
pub struct Back {
    code: Option<String>,
    state: Option<String>,
}

pub async fn begin(visitor: Visitor, Query(next): Query<Next>) -> Result<Response, Failure> {
    let departure: Departure = visitor.api.post("accounts/sign-in/oidc", "", &json!({})).await?;
    visitor.set(CHALLENGE, &departure.challenge, Some(TEN_MINUTES));
    visitor.set(NEXT, &next_of(next.path()), Some(TEN_MINUTES));
    Ok(visitor.to(&departure.location))
}

pub async fn back(visitor: Visitor, cookies: Cookies, Query(back): Query<Back>) -> Result<Response, Failure> {
    let next = going(&cookies);
    let challenge = cookies.get(CHALLENGE).filter(|challenge| is_plain(challenge));
    let (Some(challenge), Some(code), Some(state)) = (challenge, back.code, back.state) else {
        return refused(&visitor, &next, "The provider did not sign you in. Try again, or use a code.").await;
    };
    let path = format!("accounts/sign-in/oidc/{challenge}");
    match visitor.api.post::<SignedIn>(&path, "", &json!({ "code": code, "state": state })).await {
        Ok(signed_in) => Ok(entered(&visitor, &signed_in, &next).await),
        Err(failure) => {
            let problem = failure.for_the_form()?;
            refused(&visitor, &next, &problem.detail).await
        }
    }
}

async fn refused(visitor: &Visitor, next: &str, why: &str) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    errors.push_general(why);
    page(visitor, next, "", &errors).await
}
