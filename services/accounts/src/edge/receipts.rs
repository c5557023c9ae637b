//! Receipts: what one handed in, that it is in the log, and one's own copy that
//! proves it, in one file (`docs/trail.md`). The service that holds the event
//! says whose it is and what opens it, audit proves that it is in the log; here
//! both are only put together.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use plaudit_chassis::Problem;
use plaudit_chassis::http::Path;
use plaudit_chassis::id::ProgrammeId;
use plaudit_verifier::bundle::{Opening, Receipt, write_receipt};
use plaudit_verifier::event::Hash32;
use plaudit_verifier::id::Id;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Edge;
use super::gateway::gateway;

/// The most bytes of a service's answer.
const MOST: usize = 4 << 20;

/// What the owning service says.
#[derive(Deserialize)]
struct OwnEvent {
    event: String,
    openings: Vec<OwnOpening>,
}

#[derive(Deserialize)]
struct OwnOpening {
    commitment: String,
    salt: String,
    content: String,
}

/// What audit says of the log.
#[derive(Deserialize)]
struct Described {
    policy: String,
}

/// The receipt of an event that you made: `service` and `position` as the
/// answer to your command named them.
#[utoipa::path(
    get, path = "/programmes/{programme}/receipts/{service}/{position}", tag = "receipts",
    params(("programme" = Uuid, Path), ("service" = String, Path), ("position" = u64, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = "4XX", body = Problem)),
)]
pub async fn receipt(
    State(edge): State<Edge>,
    Path((programme, service, position)): Path<(ProgrammeId, String, u64)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !service.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return Err(Problem::not_found("service"));
    }
    let place = format!("{service}/{position}");
    let asks = |path: String| ask(&edge, &headers, path);
    let own: OwnEvent =
        read(&asks(format!("/api/{service}/programmes/{programme}/openings/{position}")).await?)?;
    let log = format!("/api/audit/programmes/{programme}/log");
    let proof = asks(format!("{log}/events/{place}")).await?;
    let described: Described = read(&asks(log).await?)?;
    let openings = own.openings.iter().map(opening).collect::<Option<Vec<Opening>>>();
    let receipt = write_receipt(Receipt {
        programme: Id(programme.0.as_u128()),
        made: edge.0.service.clock().now().to_string(),
        policy: described.policy,
        event: (place, own.event.into_bytes()),
        openings: openings.ok_or_else(|| Problem::internal("an opening is not written as it should be"))?,
        proof: String::from_utf8(proof.to_vec()).map_err(Problem::internal)?,
    });
    let name = format!("attachment; filename=\"{service}-{position}.plaudit-receipt\"");
    let mut answer = receipt.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Problem::internal)?);
    Ok(answer)
}

/// Asks a service as whoever asks here; what it refuses is refused in its words.
async fn ask(edge: &Edge, headers: &HeaderMap, path: String) -> Result<Bytes, Problem> {
    let mut question = Request::builder().uri(path).body(Body::empty()).map_err(Problem::internal)?;
    for name in [header::AUTHORIZATION, header::HeaderName::from_static("plaudit-position")] {
        question.headers_mut().extend(headers.get(&name).map(|value| (name, value.clone())));
    }
    let answer = gateway(State(edge.clone()), question).await?;
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), MOST).await.map_err(Problem::internal)?;
    if status.is_success() {
        return Ok(body);
    }
    let said: Refused = read(&body)?;
    Err(Problem::new(status, said.kind.rsplit('/').next().unwrap_or_default(), said.detail))
}

/// A problem, as a service wrote it.
#[derive(Deserialize)]
struct Refused {
    #[serde(rename = "type")]
    kind: String,
    detail: String,
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(Problem::internal)
}

fn opening(own: &OwnOpening) -> Option<Opening> {
    let content = BASE64_STANDARD.decode(&own.content).ok()?;
    Some(Opening { commitment: Hash32::read(&own.commitment)?, salt: Hash32::read(&own.salt)?, content })
}
