//! A request's body, whole, and the instant at which it was.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use jiff::Timestamp;
use plaudit_chassis::http::{MOST_BYTES, REQUEST_TIME, parse};
use plaudit_chassis::{Clock, Problem};
use serde::de::DeserializeOwned;

use super::Edge;

/// A body, and when its last byte had arrived.
pub struct Arrived {
    pub bytes: Bytes,
    pub at: Timestamp,
}

/// Reads a body to its end: at most [`MOST_BYTES`], in at most
/// [`REQUEST_TIME`].
pub async fn read(headers: &HeaderMap, body: Body, clock: &Clock) -> Result<Arrived, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > MOST_BYTES) {
        return Err(too_large());
    }
    let bytes = tokio::time::timeout(REQUEST_TIME, collect(body)).await.map_err(|_| {
        Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            format!("The request had not arrived after {} seconds. Send it again.", REQUEST_TIME.as_secs()),
        )
    })??;
    Ok(Arrived { bytes, at: clock.now() })
}

async fn collect(body: Body) -> Result<Bytes, Problem> {
    let mut chunks = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::bad_request("body-broken", "The request's body broke off. Send it again.")
        })?;
        if whole.len() + chunk.len() > MOST_BYTES {
            return Err(too_large());
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        format!("The body is larger than the {MOST_BYTES} bytes that are taken."),
    )
}

/// The body of a request to the edge itself.
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Edge> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let arrived = read(&parts.headers, body, edge.0.service.clock()).await?;
        parse(&arrived.bytes).map(Self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_last_byte_that_fits_is_taken_and_the_next_is_not() {
        let clock = Clock::system();
        let before = clock.now();
        let fits = read(&HeaderMap::new(), Body::from(vec![0; MOST_BYTES]), &clock).await.unwrap();
        assert_eq!(fits.bytes.len(), MOST_BYTES);
        assert!(fits.at >= before);
        let more = read(&HeaderMap::new(), Body::from(vec![0; MOST_BYTES + 1]), &clock).await;
        assert_eq!(more.err().unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[tokio::test]
    async fn what_announces_itself_too_large_is_not_read() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, (MOST_BYTES + 1).into());
        let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let refused = read(&headers, never, &Clock::system()).await;
        assert_eq!(refused.err().unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_given_up() {
        let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let late = read(&HeaderMap::new(), never, &Clock::system()).await;
        assert_eq!(late.err().unwrap().status(), StatusCode::REQUEST_TIMEOUT);
    }
}
