use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request};
use axum::response::Response;
use tower::ServiceExt;

use crate::failure::Failure;

/// Where the public API is.
#[derive(Clone)]
pub enum Way {
    /// In this process, once it is there.
    Here(Arc<OnceLock<Router>>),
    /// At a base address, such as `https://plaudit.example`.
    There {
        /// Keeps connections open.
        client: reqwest::Client,
        /// Without a slash at its end.
        base: String,
    },
}

impl Way {
    /// At a base address.
    pub fn there(base: &str) -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // A proxy for the world outside is not to read sessions.
            .no_proxy()
            .connect_timeout(Duration::from_secs(2))
            .read_timeout(Duration::from_secs(60));
        let base = base.trim_end_matches('/').to_owned();
        Self::There { client: client.build().unwrap_or_default(), base }
    }

    /// Asks, and answers as soon as the head of the answer is there.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Body,
    ) -> Result<Response, Failure> {
        match self {
            Self::Here(router) => {
                let router =
                    router.get().ok_or_else(|| Failure::Broken("it has not started yet".to_owned()))?;
                let mut request = Request::builder()
                    .method(method)
                    .uri(path)
                    .body(body)
                    .map_err(|error| Failure::Broken(error.to_string()))?;
                *request.headers_mut() = headers;
                let Ok(answer) = router.clone().oneshot(request).await;
                Ok(answer)
            }
            Self::There { client, base } => {
                let body = axum::body::to_bytes(body, usize::MAX)
                    .await
                    .map_err(|error| Failure::Broken(error.to_string()))?;
                let asked = client.request(method, format!("{base}{path}")).headers(headers).body(body);
                let answer =
                    asked.send().await.map_err(|error| Failure::Broken(error.without_url().to_string()))?;
                Ok(axum::http::Response::from(answer).map(Body::new))
            }
        }
    }
}
