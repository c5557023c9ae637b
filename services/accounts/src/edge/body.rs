//! A request's body, whole, and the instant at which it was.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
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

/// What of a body that is too large is still read, and thrown away: a client
/// that is cut off while it writes doesn't see why.
const THROWN_AWAY: usize = 16 * MOST_BYTES;
const THROWING: Duration = Duration::from_secs(5);

/// Reads a body to its end: at most so many bytes, in at most
/// [`REQUEST_TIME`].
pub async fn read(headers: &HeaderMap, body: Body, clock: &Clock, most: usize) -> Result<Arrived, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let mut chunks = body.into_data_stream();
    if let Some(length) = announced.filter(|length: &usize| *length > most) {
        return Err(too_large(chunks, most, length <= most.max(THROWN_AWAY)).await);
    }
    let bytes = tokio::time::timeout(REQUEST_TIME, collect(&mut chunks, most)).await.map_err(|_| {
        Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            format!("The request had not arrived after {} seconds. Send it again.", REQUEST_TIME.as_secs()),
        )
    })??;
    match bytes {
        Some(bytes) => Ok(Arrived { bytes, at: clock.now() }),
        None => Err(too_large(chunks, most, true).await),
    }
}

/// The whole body, or nothing of one that is too large.
async fn collect(chunks: &mut BodyDataStream, most: usize) -> Result<Option<Bytes>, Problem> {
    let mut whole = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::bad_request("body-broken", "The request's body broke off. Send it again.")
        })?;
        if whole.len() + chunk.len() > most {
            return Ok(None);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(Some(whole.freeze()))
}

/// The refusal, once the client has said the rest where that is worth waiting
/// for.
async fn too_large(mut rest: BodyDataStream, most: usize, wait: bool) -> Problem {
    if wait {
        let thrown_away = async {
            let mut left = THROWN_AWAY;
            while let Some(Ok(chunk)) = rest.next().await {
                left = left.saturating_sub(chunk.len());
                if left == 0 {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(THROWING, thrown_away).await;
    }
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too-large",
        format!("The body is larger than the {most} bytes that are taken."),
    )
}

/// The body of a request to the edge itself.
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Edge> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let arrived = read(&parts.headers, body, edge.0.service.clock(), MOST_BYTES).await?;
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
        let fits =
            read(&HeaderMap::new(), Body::from(vec![0; MOST_BYTES]), &clock, MOST_BYTES).await.unwrap();
        assert_eq!(fits.bytes.len(), MOST_BYTES);
        assert!(fits.at >= before);
        let more = read(&HeaderMap::new(), Body::from(vec![0; MOST_BYTES + 1]), &clock, MOST_BYTES).await;
        assert_eq!(more.err().unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[tokio::test(start_paused = true)]
    async fn what_announces_itself_too_large_is_waited_for_only_a_moment() {
        for length in [MOST_BYTES + 1, usize::MAX] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_LENGTH, length.into());
            let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
            let started = tokio::time::Instant::now();
            let refused = read(&headers, never, &Clock::system(), MOST_BYTES).await;
            assert_eq!(refused.err().unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
            let waited = if length > THROWN_AWAY { Duration::ZERO } else { THROWING };
            assert!(started.elapsed() <= waited + Duration::from_millis(5), "{:?}", started.elapsed());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_given_up() {
        let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let late = read(&HeaderMap::new(), never, &Clock::system(), MOST_BYTES).await;
        assert_eq!(late.err().unwrap().status(), StatusCode::REQUEST_TIMEOUT);
    }
}
