#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::*;

type Headers = &'static [(&'static str, &'static str)];
type Answer = (StatusCode, Headers, &'static str);

/// Answers as it was told to, in that order, and keeps what it was asked.
#[derive(Clone, Default)]
struct Stub {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    asked: Arc<Mutex<Vec<HeaderMap>>>,
}

impl Stub {
    fn then(self, status: u16, headers: Headers, body: &'static str) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        self.answers.lock().unwrap().push_back((status, headers, body));
        self
    }

    async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    fn asked(&self, header: &str) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let value =
            |headers: &HeaderMap| headers.get(header).map_or("-", |value| value.to_str().unwrap()).to_owned();
        asked.iter().map(value).collect()
    }
}

async fn answer(State(stub): State<Stub>, headers: HeaderMap) -> Response {
    stub.asked.lock().unwrap().push(headers);
    let (status, headers, body) = stub.answers.lock().unwrap().pop_front().unwrap();
    let mut answer = (status, body).into_response();
    for (name, value) in headers {
        answer.headers_mut().append(*name, HeaderValue::from_static(value));
    }
    answer
}

fn client(url: &str) -> Client {
    let patience = Patience {
        total: Duration::from_secs(3),
        answer: Duration::from_secs(1),
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(20),
    };
    Client::new(reqwest::Client::builder().no_proxy().build().unwrap(), url, patience)
}

fn ada() -> Person {
    Person { email: "ada@example.org".to_owned(), name: "Ada".to_owned(), token: "t0ken".to_owned() }
}

#[tokio::test]
async fn not_now_is_asked_again_with_the_same_key() {
    let stub = Stub::default()
        .then(503, &[], "{}")
        .then(503, &[("retry-after", "0")], "not even JSON")
        .then(200, &[], r#"{"ok": true}"#)
        .then(200, &[], r#"{"ok": true}"#);
    let (client, ada) = (client(&stub.serve().await), ada());
    for _ in 0..2 {
        let _: Value = client.speaker(&ada).post("/api/x", &json!({"a": 1})).await.unwrap();
    }
    let keys = stub.asked("idempotency-key");
    assert_eq!((&keys[0], &keys[1]), (&keys[1], &keys[2]));
    assert_ne!(keys[2], keys[3]);
    assert_eq!(stub.asked("authorization"), ["Bearer t0ken"; 4]);
}

#[tokio::test]
async fn a_retry_after_is_waited_for() {
    let stub = Stub::default().then(503, &[("retry-after", "1")], "{}").then(200, &[], "{}");
    let (client, ada) = (client(&stub.serve().await), ada());
    let started = Instant::now();
    let _: Value = client.speaker(&ada).get("/api/x").await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_lost_connection_is_survived_with_the_same_key() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stub = Stub::default().then(200, &[], "{}");
    let served = stub.clone();
    tokio::spawn(async move {
        // Heard, and gone without an answer.
        drop(listener.accept().await.unwrap());
        drop(listener);
        tokio::time::sleep(Duration::from_millis(50)).await;
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        axum::serve(listener, Router::new().fallback(answer).with_state(served)).await.unwrap();
    });
    let _: Value =
        client(&format!("http://{address}")).speaker(&ada()).post("/api/x", &json!({})).await.unwrap();
    assert_eq!(stub.asked("idempotency-key").len(), 1);
}

#[tokio::test]
async fn every_answer_raises_what_the_next_request_has_seen() {
    let stub = Stub::default()
        .then(200, &[("plaudit-position", "submissions/12")], "{}")
        .then(404, &[("plaudit-position", "scoring/7")], "{}")
        .then(200, &[("plaudit-position", "submissions/11")], "{}")
        .then(200, &[("plaudit-position", "scoring/1234")], "{}")
        .then(200, &[], "{}");
    let (client, ada) = (client(&stub.serve().await), ada());
    for _ in 0..5 {
        let _: Result<Value, _> = client.speaker(&ada).get("/api/x").await;
    }
    let seen = "scoring/7,submissions/12";
    assert_eq!(
        stub.asked("plaudit-position"),
        ["-", "submissions/12", seen, seen, "scoring/1234,submissions/12"]
    );
}

#[tokio::test]
async fn a_refusal_says_what_was_wrong_and_is_not_repeated() {
    let problem =
        r#"{"detail": "The marks are wrong.", "errors": [{"field": "marks.wit", "detail": "Too high."}]}"#;
    let stub = Stub::default().then(422, &[], problem).then(404, &[], "{}");
    let (client, ada) = (client(&stub.serve().await), ada());
    let refused = client.speaker(&ada).post::<Value>("/api/x", &json!({})).await.unwrap_err();
    let words =
        "POST /api/x was refused: 422 Unprocessable Entity: The marks are wrong. [marks.wit: Too high.]";
    assert_eq!(refused.to_string(), words);
    assert!(!refused.is_not_found());
    assert!(client.speaker(&ada).get::<Value>("/api/x").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn patience_ends() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let silent = client(&url).speaker(&ada()).get::<Value>("/api/x").await.unwrap_err();
    assert!(matches!(silent, ClientError::Silent { .. }), "{silent}");
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let stub = Stub::default().then(200, &[], r#"{"items": [1, 2], "next": "a b/ü"}"#).then(
        200,
        &[],
        r#"{"items": [3], "next": null}"#,
    );
    let (client, ada) = (client(&stub.serve().await), ada());
    let numbers: Vec<u32> = client.speaker(&ada).list("/api/x").await.unwrap();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(escaped("a b/ü"), "a%20b%2F%C3%BC");
}
