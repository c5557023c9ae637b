//! Whether everything behind the edge is ready.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use bytes::Bytes;
use futures_util::future::join_all;
use serde::Serialize;
use serde_json::{Value, json};

use super::Edge;
use super::upstream::{Question, Upstream};

/// How all services are doing.
#[derive(Serialize)]
pub struct Readiness {
    /// Whether all take commands.
    ready: bool,
    /// Whether something lags or has stopped though commands are taken.
    degraded: bool,
    /// What each says of itself.
    services: BTreeMap<&'static str, Value>,
}

/// The most that a service says of itself.
const MOST: usize = 1 << 20;

/// 200 if every service is ready, else 503.
pub async fn ready(State(edge): State<Edge>) -> (StatusCode, Json<Readiness>) {
    let asked = edge.0.upstreams.iter().map(async |(name, upstream)| (*name, health(&edge, upstream).await));
    let services: BTreeMap<&'static str, Value> = join_all(asked).await.into_iter().collect();
    let ready = services.values().all(|health| health["ready"] == true);
    let degraded = services.values().any(|health| health["degraded"] != false);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, degraded, services }))
}

async fn health(edge: &Edge, upstream: &Upstream) -> Value {
    let question = Question {
        method: Method::GET,
        path: "/readyz".to_owned(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
    };
    let said = match upstream.ask(&edge.0.client, question).await {
        Ok(answer) => axum::body::to_bytes(answer.into_body(), MOST).await.ok(),
        Err(_) => None,
    };
    said.and_then(|said| serde_json::from_slice(&said).ok())
        .unwrap_or_else(|| json!({ "ready": false, "degraded": true, "trouble": ["does not answer"] }))
}
