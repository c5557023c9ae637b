//! A proxy between callers and the program, with two faults planted in it: it
//! acknowledges what it never passes on, and it passes on twice what was asked
//! once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

/// One request in so many is acknowledged and dropped, and one done twice.
const ONE_IN: u64 = 25;

/// What the proxy did, so that it is known what must be found.
#[derive(Clone, Default)]
pub struct Planted {
    /// The keys of commands that were acknowledged and dropped.
    pub dropped: Arc<Mutex<Vec<String>>>,
    /// Where the second doing of a command lies.
    pub doubled: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Proxy {
    to: String,
    client: reqwest::Client,
    planted: Planted,
    asked: Arc<AtomicU64>,
}

/// Starts one; answers its address and what it plants.
pub async fn start(to: &str) -> (String, Planted) {
    let planted = Planted::default();
    let proxy = Proxy {
        to: to.to_owned(),
        client: reqwest::Client::new(),
        planted: planted.clone(),
        asked: Arc::default(),
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(pass_on).with_state(proxy);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (address, planted)
}

async fn pass_on(State(proxy): State<Proxy>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    let number = proxy.asked.fetch_add(1, Ordering::Relaxed);
    let pledged = uri.path().ends_with("/support");
    match number % ONE_IN {
        // What callers build on later is left alone: they'd be refused.
        7 if pledged || uri.path().ends_with("/submissions") => proxy.acknowledge_only(key),
        // A pledge makes a stream of its own each time: done twice, it is two.
        13 if pledged => {
            let (status, said) = proxy.ask(&uri, &headers, &format!("{key}-again"), &body).await;
            let position = said["position"].as_u64().filter(|_| status.is_success()).unwrap();
            proxy.planted.doubled.lock().unwrap().push(format!("awards/{position}"));
            proxy.answer(&uri, &headers, &key, &body).await
        }
        _ => proxy.answer(&uri, &headers, &key, &body).await,
    }
}

impl Proxy {
    /// As if it had been appended. Its position is one that will be somebody's.
    fn acknowledge_only(&self, key: String) -> Response {
        let position = 100 + self.asked.load(Ordering::Relaxed);
        let said = serde_json::json!({ "id": Uuid::new_v4(), "version": 1, "position": position });
        self.planted.dropped.lock().unwrap().push(key);
        (StatusCode::CREATED, axum::Json(said)).into_response()
    }

    async fn answer(&self, uri: &Uri, headers: &HeaderMap, key: &str, body: &Bytes) -> Response {
        let (status, said) = self.ask(uri, headers, key, body).await;
        (status, axum::Json(said)).into_response()
    }

    async fn ask(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        key: &str,
        body: &Bytes,
    ) -> (StatusCode, serde_json::Value) {
        let request = self
            .client
            .post(format!("{}{uri}", self.to))
            .header(header::AUTHORIZATION, &headers[header::AUTHORIZATION])
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(body.clone());
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
    }
}
