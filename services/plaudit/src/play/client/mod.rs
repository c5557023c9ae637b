//! A small client of the public API: one for each programme that is played.
//!
//! A command carries a fresh `Idempotency-Key`; whatever had no answer, or was
//! answered with "not now", is sent again with the same key, so that it has one
//! effect. And every request says how far each service had come in what was
//! answered before (`Plaudit-Position`), so that each has taken in what the
//! others said by the time it answers.

mod error;
mod patience;
mod positions;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

pub use error::ClientError;
pub use patience::Patience;
use positions::Positions;

use super::answers::Page;
use super::people::Person;

const POSITION: HeaderName = HeaderName::from_static("plaudit-position");
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Speaks to an installation about one programme.
pub struct Client {
    http: reqwest::Client,
    url: String,
    patience: Patience,
    positions: Positions,
}

/// Somebody who speaks to it.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    client: &'a Client,
    /// Who.
    pub person: &'a Person,
}

/// A request, as it is sent again and again.
struct Sending<'a> {
    method: Method,
    path: &'a str,
    token: &'a str,
    /// What a command says, and its key.
    command: Option<(String, String)>,
}

/// What came of sending once.
enum Attempt {
    Answered(StatusCode, Vec<u8>),
    /// Send it again, after a pause if one was asked for.
    Again {
        why: String,
        after: Option<Duration>,
    },
}

impl Client {
    /// `url` is where the installation answers, such as `http://localhost:8080`.
    pub fn new(http: reqwest::Client, url: &str, patience: Patience) -> Self {
        let url = url.trim_end_matches('/').to_owned();
        Self { http, url, patience, positions: Positions::default() }
    }

    /// Somebody takes the floor.
    pub fn speaker<'a>(&'a self, person: &'a Person) -> Speaker<'a> {
        Speaker { client: self, person }
    }

    async fn send(&self, sending: &Sending<'_>) -> Result<Vec<u8>, ClientError> {
        let started = Instant::now();
        let mut pauses = self.patience.pauses();
        loop {
            let (why, after) = match self.attempt(sending).await {
                Attempt::Answered(status, body) if status.is_success() => return Ok(body),
                Attempt::Answered(status, body) => return Err(sending.refused(status, &body)),
                Attempt::Again { why, after } => (why, after),
            };
            let pause = pauses.next(after);
            if started.elapsed() + pause > self.patience.total {
                return Err(sending.silent(started.elapsed(), why));
            }
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt(&self, sending: &Sending<'_>) -> Attempt {
        let mut request = self
            .http
            .request(sending.method.clone(), format!("{}{}", self.url, sending.path))
            .bearer_auth(sending.token)
            .timeout(self.patience.answer);
        if let Some(seen) = self.positions.header() {
            request = request.header(POSITION, seen);
        }
        if let Some((key, body)) = &sending.command {
            let json = HeaderValue::from_static("application/json");
            request = request.header(KEY, key).header("content-type", json).body(body.clone());
        }
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return again(error),
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = match answer.bytes().await {
            Ok(body) => body.to_vec(),
            Err(error) => return again(error),
        };
        if status == StatusCode::SERVICE_UNAVAILABLE {
            return Attempt::Again { why: error::problem(status, &body), after: asked_for(&headers) };
        }
        for header in headers.get_all(POSITION) {
            self.positions.take(header.to_str().unwrap_or_default());
        }
        Attempt::Answered(status, body)
    }
}

/// The pause that an answer asks for, in whole seconds.
fn asked_for(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The connection was refused or lost: nobody knows whether it was heard.
fn again(error: reqwest::Error) -> Attempt {
    let mut why = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(deeper) = cause {
        why = format!("{why}: {deeper}");
        cause = deeper.source();
    }
    Attempt::Again { why, after: None }
}

impl Speaker<'_> {
    /// Their name.
    pub fn name(&self) -> &str {
        &self.person.name
    }

    /// A command.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, ClientError> {
        self.command(Method::POST, path, body).await
    }

    /// A command that puts something in its place.
    pub async fn put<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, ClientError> {
        self.command(Method::PUT, path, body).await
    }

    /// A question.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.ask(Method::GET, path, None).await
    }

    /// A file, as it is.
    pub async fn file(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        let sending = Sending { method: Method::GET, path, token: &self.person.token, command: None };
        self.client.send(&sending).await
    }

    /// A whole list, page by page.
    pub async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, ClientError> {
        let mut items = Vec::new();
        let mut after = String::new();
        loop {
            let page: Page<T> = self.get(&format!("{path}{after}")).await?;
            items.extend(page.items);
            match page.next {
                Some(next) => after = format!("?after={}", escaped(&next)),
                None => return Ok(items),
            }
        }
    }

    async fn command<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<T, ClientError> {
        let key = Uuid::new_v4().to_string();
        self.ask(method, path, Some((key, body.to_string()))).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        command: Option<(String, String)>,
    ) -> Result<T, ClientError> {
        let sending = Sending { method, path, token: &self.person.token, command };
        let body = self.client.send(&sending).await?;
        serde_json::from_slice(&body).map_err(|error| sending.unreadable(error))
    }
}

/// As part of a query: everything but letters and digits escaped.
fn escaped(text: &str) -> String {
    let escaped = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    escaped.collect()
}
