//! A service's whole router: its API and what surrounds every request.

use std::time::{Duration, Instant};

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use super::answer::WrittenAt;
use crate::problem::Problem;
use crate::service::Service;
use crate::trace::TraceParent;

/// The most bytes that a request's body may have.
pub const MOST_BYTES: usize = 1 << 20;

/// The most bytes of a file that one request brings, where files are taken.
pub const MOST_PART: usize = 4 << 20;

/// The most bytes of a file, also where it comes in one request.
pub const MOST_FILE: usize = 20 << 20;

/// How long a request may take.
pub const REQUEST_TIME: Duration = Duration::from_secs(30);

/// How long a reader waits for the position that it asked for.
const CATCH_UP: Duration = Duration::from_secs(5);

/// The header that says where a write lies and how far a read has come.
const POSITION: &str = "plaudit-position";

/// Everything that a service answers, and its description.
pub fn router(service: &Service, api: OpenApiRouter<Service>) -> (Router, OpenApi) {
    let (routes, mut described) = api.split_for_parts();
    super::describe(&mut described, service.name());
    let served = described.clone();
    let router = routes
        .route("/openapi.json", get(move || std::future::ready(Json(served.clone()))))
        .route("/head", get(head))
        .route("/livez", get(|| std::future::ready("alive")))
        .route("/readyz", get(ready))
        .fallback(|| std::future::ready(Problem::not_found("page")))
        .method_not_allowed_fallback(|| {
            std::future::ready(Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "This can be read or written, but not with this method.",
            ))
        })
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn_with_state(service.clone(), around))
        .layer(CatchPanicLayer::custom(|_| Problem::internal("a handler panicked").into_response()))
        .with_state(service.clone());
    (router, described)
}

/// Around every request: a span, a time limit, the position that the caller
/// has seen, and the position that it is answered at.
async fn around(State(service): State<Service>, mut request: Request, next: Next) -> Response {
    let trace = TraceParent::of(request.headers());
    request.extensions_mut().insert(trace.clone());
    let span = tracing::info_span!(
        "request",
        service = service.name(),
        method = %request.method(),
        path = request.uri().path(),
        trace = %trace.trace_id(),
    );
    let seen = request.headers().get(POSITION).cloned();
    let reads = request.method().is_safe();
    let started = Instant::now();
    let answered = async {
        if let Err(problem) = caught_up(&service, seen, reads).await {
            return problem.into_response();
        }
        match tokio::time::timeout(REQUEST_TIME, trace.clone().scope(next.run(request))).await {
            Ok(answer) => answer,
            Err(_) => Problem::unavailable(
                "too-slow",
                "This took too long. Send the same request again with the same Idempotency-Key.",
            )
            .into_response(),
        }
    };
    let mut answer = answered.instrument(span.clone()).await;
    let milliseconds = started.elapsed().as_millis() as u64;
    span.in_scope(|| tracing::debug!(status = answer.status().as_u16(), milliseconds, "answered"));
    let position = match answer.extensions().get::<WrittenAt>() {
        Some(WrittenAt(position)) => *position,
        None => service.read_position(),
    };
    let position = format!("{}/{position}", service.name());
    if let Ok(position) = HeaderValue::from_str(&position) {
        answer.headers_mut().insert(POSITION, position);
    }
    if let Ok(id) = HeaderValue::from_str(&trace.trace_id()) {
        answer.headers_mut().insert("x-request-id", id);
    }
    let headers = answer.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

/// Waits until this service has come as far as the caller has seen: its own
/// read models, and what it takes in from others.
async fn caught_up(service: &Service, seen: Option<HeaderValue>, reads: bool) -> Result<(), Problem> {
    let Some(seen) = seen else { return Ok(()) };
    let seen = seen.to_str().unwrap_or_default();
    for place in seen.split(',').map(str::trim).filter(|place| !place.is_empty()) {
        let place = place.split_once('/').and_then(|(source, at)| Some((source, at.parse::<u64>().ok()?)));
        let (source, position) = place.ok_or_else(|| {
            Problem::bad_request(
                "position-malformed",
                "Plaudit-Position is written service/position, such as scoring/1234.",
            )
        })?;
        // A decision reads the log itself, also while read models wait for NATS.
        let needed = reads || source != service.name();
        if needed && !service.reaches(source, position, CATCH_UP).await {
            return Err(Problem::unavailable(
                "behind",
                format!("{} has not come to {source}/{position} yet. Try again in a moment.", service.name()),
            ));
        }
    }
    Ok(())
}

/// The head that other services compare themselves with.
async fn head(State(service): State<Service>) -> Result<Json<serde_json::Value>, Problem> {
    let position = crate::store::head(service.pool()).await?;
    Ok(Json(serde_json::json!({ "service": service.name(), "position": position })))
}

async fn ready(State(service): State<Service>) -> Response {
    let health = service.health();
    let status = if health.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health)).into_response()
}
