//! What every answer of the public address says to browsers and to whoever is
//! on the way.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use url::Url;

/// For what brings no policy of its own: it asks for nothing, and stands in no
/// frame.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A year. Names below this host's may be somebody else's: they are not spoken for.
const HTTPS_ALONE: &str = "max-age=31536000";

/// What depends on the installation.
#[derive(Clone, Copy)]
pub struct Careful {
    https: bool,
}

impl Careful {
    /// Of the address that people know it by.
    pub fn of(public: &Url) -> Self {
        Self { https: public.scheme() == "https" }
    }
}

/// What is about people is kept by nobody on the way, and where people come by
/// HTTPS, they come by that alone.
pub async fn careful(State(Careful { https }): State<Careful>, mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_ALONE));
    }
    answer
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    async fn answered(public: &str, answer: Response) -> Response {
        careful(State(Careful::of(&public.parse().unwrap())), answer).await
    }

    #[tokio::test]
    async fn browsers_come_by_https_alone_where_it_is_spoken() {
        let named = |answer: &Response| answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY);
        assert!(named(&answered("https://prizes.example", Response::default()).await));
        assert!(!named(&answered("http://localhost:8080", Response::default()).await));
    }

    #[tokio::test]
    async fn what_says_nothing_may_do_nothing_and_what_says_more_is_left_as_it_is() {
        let plain = answered("http://localhost:8080", Response::default()).await;
        assert_eq!(plain.headers()[header::CONTENT_SECURITY_POLICY], POLICY);
        assert_eq!(plain.headers()[header::CACHE_CONTROL], "no-store");
        let mut own = Response::default();
        for (name, value) in [
            (header::CONTENT_SECURITY_POLICY, "sandbox"),
            (header::CACHE_CONTROL, "public"),
            (header::X_CONTENT_TYPE_OPTIONS, "none"),
        ] {
            own.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        let own = answered("http://localhost:8080", own).await;
        assert_eq!(own.headers()[header::CONTENT_SECURITY_POLICY], "sandbox");
        assert_eq!(own.headers()[header::CACHE_CONTROL], "public");
        assert_eq!(own.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}
