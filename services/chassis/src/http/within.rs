//! What services ask each other besides for their heads: never through the
//! public address, and only with the secret that they share.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::problem::Problem;

/// The header that carries the secret.
pub const WITHIN: HeaderName = HeaderName::from_static("plaudit-within");

/// The secret of those who may ask. A router has it only where it is laid
/// over the router as an [`Extension`]: without it nobody is let in.
#[derive(Clone)]
pub struct WithinSecret(pub [u8; 32]);

impl WithinSecret {
    /// The header's value.
    pub fn header(&self) -> HeaderValue {
        let text = BASE64_URL_SAFE_NO_PAD.encode(self.0);
        // Base64 is ASCII.
        let mut value = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""));
        value.set_sensitive(true);
        value
    }

    /// Lets those in who know it.
    pub fn admits(&self, router: axum::Router) -> axum::Router {
        router.layer(Extension(self.clone()))
    }
}

/// The caller is another service of this installation. Everybody else is told
/// that there is nothing here.
#[derive(Clone, Copy, Debug)]
pub struct Within;

impl<S: Sync> FromRequestParts<S> for Within {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let wanted = parts.extensions.get::<WithinSecret>().map(WithinSecret::header);
        let sent = parts.headers.get(WITHIN);
        let same = wanted
            .zip(sent)
            .is_some_and(|(wanted, sent)| bool::from(wanted.as_bytes().ct_eq(sent.as_bytes())));
        if same { Ok(Self) } else { Err(Problem::not_found("page")) }
    }
}

/// Asks another service: a path, a body, and its answer or why there is none.
pub type AskWithin = Arc<
    dyn Fn(&'static str, Value) -> Pin<Box<dyn Future<Output = Result<Value, String>> + Send>> + Send + Sync,
>;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn asks(router: Router, header: Option<HeaderValue>) -> StatusCode {
        let mut request = Request::builder().uri("/").body(Body::empty()).unwrap();
        request.headers_mut().extend(header.map(|value| (WITHIN, value)));
        router.oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn only_who_knows_the_secret_is_let_in_and_without_one_nobody() {
        let door = || Router::new().route("/", get(|_: Within| std::future::ready("in")));
        let secret = WithinSecret([7; 32]);
        let shut = door();
        let open = secret.admits(door());
        for wrong in [None, Some(HeaderValue::from_static("")), Some(WithinSecret([8; 32]).header())] {
            assert_eq!(asks(open.clone(), wrong.clone()).await, StatusCode::NOT_FOUND);
            assert_eq!(asks(shut.clone(), wrong).await, StatusCode::NOT_FOUND);
        }
        assert_eq!(asks(shut, Some(secret.header())).await, StatusCode::NOT_FOUND);
        assert_eq!(asks(open, Some(secret.header())).await, StatusCode::OK);
    }
}
