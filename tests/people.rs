//! People who talk to the program over HTTP.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use reqwest::{Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

/// What has been seen of every service, so that each reads what others wrote.
#[derive(Clone, Default)]
pub struct Seen(Arc<Mutex<BTreeMap<String, u64>>>);

impl Seen {
    fn learn(&self, place: &str) {
        if let Some((service, position)) = place.split_once('/') {
            let position: u64 = position.parse().unwrap();
            let mut seen = self.0.lock().unwrap();
            let at = seen.entry(service.to_owned()).or_default();
            *at = (*at).max(position);
        }
    }

    fn header(&self) -> String {
        let seen = self.0.lock().unwrap();
        let places: Vec<String> = seen.iter().map(|(service, at)| format!("{service}/{at}")).collect();
        places.join(",")
    }
}

/// Somebody with a token, or the public.
#[derive(Clone)]
pub struct Person {
    /// How they sign in.
    pub email: String,
    token: Option<String>,
    url: String,
    client: reqwest::Client,
    seen: Seen,
    headers: Vec<(String, String)>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body, `null` if it is none.
    pub body: Value,
    /// Of the body.
    pub content_type: String,
    /// The `ETag`.
    pub etag: Option<String>,
}

impl Answer {
    /// The code of the problem, if it is one.
    pub fn code(&self) -> &str {
        let kind = self.body["type"].as_str().unwrap_or_default();
        kind.rsplit('/').next().unwrap_or_default()
    }

    /// The id of what was made.
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("no id in {self:?}")).to_owned()
    }
}

impl Person {
    /// The public.
    pub fn anyone(url: &str, seen: &Seen) -> Self {
        Self {
            email: String::new(),
            token: None,
            url: url.to_owned(),
            client: reqwest::Client::new(),
            seen: seen.clone(),
            headers: Vec::new(),
        }
    }

    /// The same, sending one header more.
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.push((name.to_owned(), value.to_owned()));
        Self { headers, ..self.clone() }
    }

    /// The same, who has seen nothing: waits for nobody's news.
    pub fn alone(&self) -> Self {
        Self { seen: Seen::default(), ..self.clone() }
    }

    /// Somebody with a token.
    pub fn with_token(url: &str, seen: &Seen, email: &str, token: &str) -> Self {
        Self::anyone(url, seen).signed_in(email, token)
    }

    /// The same with a token, who shares what was seen.
    pub fn signed_in(&self, email: &str, token: &str) -> Self {
        Self { email: email.to_owned(), token: Some(token.to_owned()), ..self.clone() }
    }

    /// What they sign in with.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Asks, whatever comes.
    pub async fn asks(&self, method: Method, path: &str, key: Option<&str>, body: Option<Vec<u8>>) -> Answer {
        self.tries(method, path, key, body).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    async fn sends(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<Vec<u8>>,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let mut request = self.client.request(method, format!("{}/api/{path}", self.url));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let seen = self.seen.header();
        if !seen.is_empty() {
            request = request.header("plaudit-position", seen);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        request.send().await
    }

    /// A file, as it is, which must be given.
    pub async fn file(&self, path: &str) -> Vec<u8> {
        let answer = self.sends(Method::GET, path, None, None).await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.bytes().await.unwrap().to_vec()
    }

    /// Asks; an error is no answer.
    pub async fn tries(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<Vec<u8>>,
    ) -> Result<Answer, reqwest::Error> {
        let answer = self.sends(method, path, key, body).await?;
        let header =
            |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (status, etag, position) = (answer.status(), header("etag"), header("plaudit-position"));
        let content_type = header("content-type").unwrap_or_default();
        let body = answer.bytes().await?;
        if let Some(position) = position.filter(|_| status.is_success()) {
            self.seen.learn(&position);
        }
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Ok(Answer { status, body, content_type, etag })
    }

    /// Reads.
    pub async fn reads(&self, path: &str) -> Answer {
        self.asks(Method::GET, path, None, None).await
    }

    /// Does, with a key of its own; whatever comes.
    pub async fn attempts(&self, path: &str, body: Value) -> Answer {
        let key = Uuid::new_v4().to_string();
        self.asks(Method::POST, path, Some(&key), Some(body.to_string().into_bytes())).await
    }

    /// Does, which must succeed. What is only late is asked again.
    pub async fn does(&self, path: &str, body: Value) -> Answer {
        self.succeeds(Method::POST, path, body).await
    }

    /// Puts, which must succeed.
    pub async fn puts(&self, path: &str, body: Value) -> Answer {
        self.succeeds(Method::PUT, path, body).await
    }

    async fn succeeds(&self, method: Method, path: &str, body: Value) -> Answer {
        let key = Uuid::new_v4().to_string();
        for _ in 0..50 {
            let bytes = Some(body.to_string().into_bytes());
            let answer = self.asks(method.clone(), path, Some(&key), bytes).await;
            if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                assert!(answer.status.is_success(), "{method} {path} {body}: {answer:?}");
                return answer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        panic!("{method} {path}: not available for ten seconds");
    }
}
