//! The public API, as the pages ask it.

mod payout;
mod programme;
mod way;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use payout::{Next, Payee, Payout, Taken};
pub use programme::*;
pub use way::Way;

use crate::failure::{Failure, Problem};

/// The API, asked as one visitor in one request. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    way: Way,
    session: Option<String>,
    /// Says when the page's own request had arrived.
    received: Option<HeaderValue>,
    agent: Option<HeaderValue>,
    written: Arc<Mutex<Written>>,
}

/// How far each service must have read before it answers.
#[derive(Default)]
struct Written {
    positions: BTreeMap<String, u64>,
    changed: bool,
}

/// What a command did.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Done {
    /// What it was about.
    pub id: Uuid,
    /// Its version afterwards.
    pub version: u64,
    /// Where its last event lies.
    pub position: u64,
}

/// A page of a list.
#[derive(Clone, Debug, Deserialize)]
pub struct Listed<T> {
    /// In order.
    pub items: Vec<T>,
    /// `after` for what comes next.
    pub next: Option<String>,
}

/// An answer, and the version of what it is about.
#[derive(Clone, Debug)]
pub struct Versioned<T> {
    /// The answer.
    pub body: T,
    /// What `If-Match` would name.
    pub version: Option<u64>,
}

/// How long a page goes on asking a service that says “not now”.
const PATIENCE: Duration = Duration::from_secs(4);
const A_MOMENT: Duration = Duration::from_millis(300);

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const POSITION: HeaderName = HeaderName::from_static("plaudit-position");

/// The longest answer that a page reads.
const MOST: usize = 32 * 1024 * 1024;
/// The most pages of a list that one of ours reads.
const MOST_PAGES: usize = 10;

impl Api {
    /// For one request of a visitor.
    pub fn new(
        way: Way,
        session: Option<String>,
        received: Option<HeaderValue>,
        agent: Option<HeaderValue>,
        written: Option<&str>,
    ) -> Self {
        let positions = written.unwrap_or_default().split('_').filter_map(|part| {
            let (service, position) = part.split_once('.')?;
            let known = service.bytes().all(|byte| byte.is_ascii_lowercase());
            Some((service.to_owned(), position.parse().ok()?)).filter(|_| known)
        });
        let written = Written { positions: positions.take(20).collect(), changed: false };
        Self { way, session, received, agent, written: Arc::new(Mutex::new(written)) }
    }

    /// The same, as whoever has this session.
    pub fn acting_by(&self, session: &str) -> Self {
        Self { session: Some(session.to_owned()), ..self.clone() }
    }

    /// What was written in this request, for a cookie; `None` if nothing was.
    pub fn written(&self) -> Option<String> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let parts = written.positions.iter().map(|(service, position)| format!("{service}.{position}"));
        written.changed.then(|| parts.collect::<Vec<_>>().join("_"))
    }

    /// Reads: `path` is what follows `/api/`.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        Ok(self.get_versioned(path).await?.body)
    }

    /// Reads something with its version.
    pub async fn get_versioned<T: DeserializeOwned>(&self, path: &str) -> Result<Versioned<T>, Failure> {
        let (headers, body) = self.whole(Method::GET, path, self.headers(None, None), Bytes::new()).await?;
        Ok(Versioned { body: read(&body)?, version: version(&headers) })
    }

    /// Reads what may not be there, or not for this visitor.
    pub async fn find<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, Failure> {
        match self.get(path).await {
            Ok(found) => Ok(Some(found)),
            Err(failure) if matches!(failure.status().as_u16(), 401 | 403 | 404) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Reads a list, all its pages (at most ten thousand entries).
    pub async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Failure> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let mut page: Listed<T> = self.get(&format!("{path}{mark}limit=1000")).await?;
        let mut items = page.items;
        for _ in 1..MOST_PAGES {
            let Some(next) = page.next else { break };
            let after: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            page = self.get(&format!("{path}{mark}limit=1000&after={after}")).await?;
            items.append(&mut page.items);
        }
        Ok(items)
    }

    /// A command, known by its key however often it is sent. What is no command
    /// to a programme, such as signing in, has none: an empty one.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        key: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        self.send(Method::POST, path, key, None, body).await
    }

    /// A command about the version that was seen.
    pub async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        key: &str,
        seen: Option<u64>,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let mut headers = self.headers(Some(key), seen);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let body = serde_json::to_vec(body).map_err(|error| Failure::Broken(error.to_string()))?;
        let (_, body) = self.whole(method, path, headers, Bytes::from(body)).await?;
        // Some commands have nothing to say but that it is done.
        read(if body.is_empty() { b"null" } else { &body })
    }

    /// Asks for something that is passed on as it comes, such as a file.
    pub async fn open(&self, path: &str) -> Result<Response, Failure> {
        self.patiently(Method::GET, path, self.headers(None, None), Bytes::new()).await
    }

    /// Sends bytes, with headers of its own besides the usual ones.
    pub async fn upload<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        key: &str,
        kind: &str,
        content: Bytes,
    ) -> Result<T, Failure> {
        let mut headers = self.headers(Some(key), None);
        if let Ok(kind) = HeaderValue::from_str(kind) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        let (_, body) = self.whole(method, path, headers, content).await?;
        read(if body.is_empty() { b"null" } else { &body })
    }

    async fn whole(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<(HeaderMap, Bytes), Failure> {
        let (parts, answer) = self.patiently(method, path, headers, body).await?.into_parts();
        Ok((parts.headers, collect(answer).await?))
    }

    /// Asks, again for a moment if the answer is “not now”: a command is the
    /// same by its key, however often it is sent.
    async fn patiently(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response, Failure> {
        let patience = tokio::time::Instant::now() + PATIENCE;
        loop {
            let sent = Body::from(body.clone());
            let answer = self.ask(method.clone(), path, headers.clone(), sent).await?;
            let status = answer.status();
            if status.is_success() {
                return Ok(answer);
            }
            let said = collect(answer.into_body()).await?;
            if status != StatusCode::SERVICE_UNAVAILABLE || tokio::time::Instant::now() > patience {
                return Err(problem(&said));
            }
            tokio::time::sleep(A_MOMENT).await;
        }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Body,
    ) -> Result<Response, Failure> {
        let writes = method != Method::GET;
        let answer = self.way.ask(method, &format!("/api/{path}"), headers, body).await?;
        if writes && let Some(position) = answer.headers().get(POSITION) {
            self.note(position.to_str().unwrap_or_default());
        }
        Ok(answer)
    }

    fn note(&self, position: &str) {
        let Some((service, position)) = position.split_once('/') else { return };
        let Ok(position) = position.parse::<u64>() else { return };
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let known = written.positions.entry(service.to_owned()).or_default();
        *known = position.max(*known);
        written.changed = true;
    }

    fn headers(&self, key: Option<&str>, seen: Option<u64>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let session = self.session.as_ref().map(|session| format!("Bearer {session}"));
        let positions = {
            let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            let each = written.positions.iter().map(|(service, position)| format!("{service}/{position}"));
            each.collect::<Vec<_>>().join(", ")
        };
        for (name, value) in [
            (header::AUTHORIZATION, session),
            (KEY, key.filter(|key| !key.is_empty()).map(str::to_owned)),
            (header::IF_MATCH, seen.map(|seen| format!("\"{seen}\""))),
            (POSITION, Some(positions).filter(|positions| !positions.is_empty())),
        ] {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                headers.insert(name, value);
            }
        }
        if let Some(received) = &self.received {
            headers.insert("plaudit-received-at", received.clone());
        }
        if let Some(agent) = &self.agent {
            headers.insert(header::USER_AGENT, agent.clone());
        }
        headers
    }
}

async fn collect(body: Body) -> Result<Bytes, Failure> {
    let whole = Limited::new(body, MOST).collect().await;
    whole.map(http_body_util::Collected::to_bytes).map_err(|error| Failure::Broken(error.to_string()))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    // The error's own words would repeat what stands there, and are logged.
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failure::Broken(format!("an answer is not understood at line {line}, column {column}"))
    })
}

fn problem(body: &[u8]) -> Failure {
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) if problem.status >= StatusCode::BAD_REQUEST.as_u16() => Failure::Problem(problem),
        _ => Failure::Broken("an answer is neither what was asked for nor a problem".to_owned()),
    }
}

fn version(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::ETAG)?.to_str().ok()?.trim_matches('"').parse().ok()
}
