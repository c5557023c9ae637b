//! Asking services as whoever asks here: for what is put together at the edge.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use plaudit_chassis::Problem;
use plaudit_verifier::bundle::Opening;
use plaudit_verifier::event::Hash32;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Edge;
use super::gateway::gateway;

/// The most bytes of a service's answer that is read as a whole.
const MOST: usize = 32 << 20;

/// Asks a service; what it refuses is refused in its words.
pub async fn ask(edge: &Edge, headers: &HeaderMap, path: String) -> Result<Bytes, Problem> {
    whole(begin(edge, headers, path).await?).await
}

/// The same, answering as soon as the answer begins.
pub async fn begin(edge: &Edge, headers: &HeaderMap, path: String) -> Result<Response, Problem> {
    let mut question = Request::builder().uri(path).body(Body::empty()).map_err(Problem::internal)?;
    for name in [header::AUTHORIZATION, HeaderName::from_static("plaudit-position")] {
        question.headers_mut().extend(headers.get(&name).map(|value| (name, value.clone())));
    }
    let answer = gateway(State(edge.clone()), question).await?;
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let said: Refused = read(&whole(answer).await?)?;
    Err(Problem::new(status, said.kind.rsplit('/').next().unwrap_or_default(), said.detail))
}

async fn whole(answer: Response) -> Result<Bytes, Problem> {
    axum::body::to_bytes(answer.into_body(), MOST).await.map_err(Problem::internal)
}

/// A problem, as a service wrote it.
#[derive(Deserialize)]
struct Refused {
    #[serde(rename = "type")]
    kind: String,
    detail: String,
}

pub fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(Problem::internal)
}

/// What opens a seal, as a service says it: each in standard base64.
#[derive(Deserialize)]
pub struct Said {
    commitment: String,
    salt: String,
    content: String,
}

impl Said {
    pub fn opening(&self) -> Result<Opening, Problem> {
        let content = BASE64_STANDARD.decode(&self.content).ok();
        let hashes = Hash32::read(&self.commitment).zip(Hash32::read(&self.salt));
        let opening =
            hashes.zip(content).map(|((commitment, salt), content)| Opening { commitment, salt, content });
        opening.ok_or_else(|| Problem::internal("an opening is not written as it should be"))
    }
}

/// A file that is sent under a name of its own.
pub fn named(mut answer: Response, name: &str) -> Result<Response, Problem> {
    let name = format!("attachment; filename=\"{name}\"");
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Problem::internal)?);
    Ok(answer)
}
