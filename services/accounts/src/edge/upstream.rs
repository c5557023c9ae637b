//! Where a service is, and how it is asked.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::response::Response;
use bytes::Bytes;
use plaudit_chassis::Problem;
use plaudit_chassis::http::REQUEST_TIME;
use tower::ServiceExt;

/// Where a service is.
#[derive(Clone)]
pub enum Upstream {
    /// In this process.
    Here(Router),
    /// At this base address, such as `http://10.0.0.7:4102`.
    There(String),
}

/// What a service is asked.
pub struct Question {
    pub method: Method,
    /// With its query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A client for services elsewhere.
pub fn client() -> reqwest::Client {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        // A proxy for the world outside is not to read what is said within.
        .no_proxy()
        .connect_timeout(std::time::Duration::from_secs(2))
        // The service itself gives up before.
        .read_timeout(REQUEST_TIME + std::time::Duration::from_secs(5));
    client.build().unwrap_or_default()
}

impl Upstream {
    /// Asks, and answers as soon as the head of the answer is there.
    pub async fn ask(&self, client: &reqwest::Client, question: Question) -> Result<Response, Problem> {
        let mut answer = match self {
            Self::Here(router) => here(router.clone(), question).await?,
            Self::There(base) => there(client, base, question).await?,
        };
        drop_hop_by_hop(answer.headers_mut());
        Ok(answer)
    }
}

async fn here(router: Router, question: Question) -> Result<Response, Problem> {
    let mut request = axum::http::Request::builder()
        .method(question.method)
        .uri(question.path)
        .body(Body::from(question.body))
        .map_err(Problem::internal)?;
    *request.headers_mut() = question.headers;
    let Ok(answer) = router.oneshot(request).await;
    Ok(answer)
}

async fn there(client: &reqwest::Client, base: &str, question: Question) -> Result<Response, Problem> {
    let address = format!("{}{}", base.trim_end_matches('/'), question.path);
    let asked =
        client.request(question.method, address).headers(question.headers).body(question.body).send().await;
    let answer = asked.map_err(|error| {
        tracing::warn!(error = %error.without_url(), "a service does not answer");
        Problem::unavailable(
            "service-unavailable",
            "The service does not answer just now. Send the same request again with the same Idempotency-Key.",
        )
    })?;
    Ok(axum::http::Response::from(answer).map(Body::new))
}

/// Headers that are about one connection only (RFC 9110, 7.6.1).
const HOP_BY_HOP: [HeaderName; 7] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Drops them, and those that the message itself names.
pub fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
    headers.remove("keep-alive");
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_one_connection_stays_there() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, x-own"),
            ("x-own", "1"),
            ("keep-alive", "5"),
            ("etag", "\"1\""),
            ("upgrade", "h2c"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        drop_hop_by_hop(&mut headers);
        assert_eq!(headers.len(), 1);
        assert!(headers.contains_key("etag"));
    }
}
