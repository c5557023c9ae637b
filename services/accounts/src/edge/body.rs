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
use tokio::sync::{Semaphore, SemaphorePermit};

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

/// How large a body may be, and how long it may take to arrive.
#[derive(Clone, Copy)]
pub struct Limit {
    bytes: usize,
    time: Duration,
}

/// A request to the API.
pub const API: Limit = Limit { bytes: MOST_BYTES, time: REQUEST_TIME };

/// A file, or a piece of one.
pub fn file(bytes: usize) -> Limit {
    Limit { bytes, ..PAGE }
}

/// A form of a page, with its attachment: over a slow line that takes a while.
pub const PAGE: Limit = Limit { bytes: 25 << 20, time: Duration::from_secs(180) };

/// What all bodies together may hold beyond their first [`MOST_BYTES`], so that
/// many large ones don't fill the memory.
pub struct Room(Semaphore);

impl Room {
    /// For so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Semaphore::new(bytes))
    }

    fn take(&self, bytes: usize) -> Result<SemaphorePermit<'_>, Problem> {
        let bytes = u32::try_from(bytes).map_err(Problem::internal)?;
        self.0.try_acquire_many(bytes).map_err(|_| {
            Problem::unavailable(
                "too-many-large",
                "Too many large requests come in just now. Send yours again in a moment.",
            )
        })
    }
}

/// Reads a body to its end, within a limit. Its share of the room is kept for
/// as long as it is read: what is done with it then is short.
pub async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: Limit,
    room: &Room,
    clock: &Clock,
) -> Result<Arrived, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let mut chunks = body.into_data_stream();
    if let Some(length) = announced.filter(|length: &usize| *length > limit.bytes) {
        return Err(too_large(chunks, limit, length <= THROWN_AWAY.max(2 * limit.bytes)).await);
    }
    let bytes =
        tokio::time::timeout(limit.time, collect(&mut chunks, limit, room)).await.map_err(|_| {
            Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "too-slow",
                format!("The request had not arrived after {} seconds. Send it again.", limit.time.as_secs()),
            )
        })??;
    match bytes {
        Some(bytes) => Ok(Arrived { bytes, at: clock.now() }),
        None => Err(too_large(chunks, limit, true).await),
    }
}

/// The whole body, or nothing of one that is too large.
async fn collect(chunks: &mut BodyDataStream, limit: Limit, room: &Room) -> Result<Option<Bytes>, Problem> {
    let mut whole = BytesMut::new();
    let mut taken = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::bad_request("body-broken", "The request's body broke off. Send it again.")
        })?;
        let length = whole.len() + chunk.len();
        if length > limit.bytes {
            return Ok(None);
        }
        if length > MOST_BYTES {
            taken.push(room.take(chunk.len())?);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(Some(whole.freeze()))
}

/// The refusal, once the client has said the rest where that is worth waiting
/// for.
async fn too_large(mut rest: BodyDataStream, limit: Limit, wait: bool) -> Problem {
    if wait {
        let thrown_away = async {
            let mut left = THROWN_AWAY.max(2 * limit.bytes);
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
        format!("The body is larger than the {} bytes that are taken.", limit.bytes),
    )
}

impl Edge {
    /// Reads a request's body.
    pub async fn read(&self, headers: &HeaderMap, body: Body, limit: Limit) -> Result<Arrived, Problem> {
        read(headers, body, limit, &self.0.room, self.0.service.clock()).await
    }
}

/// The body of a request to the edge itself.
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Edge> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let arrived = edge.read(&parts.headers, body, API).await?;
        parse(&arrived.bytes).map(Self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    async fn read(headers: &HeaderMap, body: Body, clock: &Clock) -> Result<Arrived, Problem> {
        super::read(headers, body, API, &Room::new(0), clock).await
    }

    #[tokio::test]
    async fn large_bodies_share_their_room() {
        let (clock, room) = (Clock::system(), Room::new(4 << 20));
        let send = async |bytes: usize| {
            super::read(&HeaderMap::new(), Body::from(vec![0; bytes]), PAGE, &room, &clock).await
        };
        assert_eq!(send(4 << 20).await.unwrap().bytes.len(), 4 << 20);
        assert_eq!(send(4 << 20).await.unwrap().bytes.len(), 4 << 20, "given back");
        assert_eq!(send(5 << 20).await.err().unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(send((25 << 20) + 1).await.err().unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert!(send(MOST_BYTES).await.is_ok(), "a small one needs none");
    }

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

    #[tokio::test(start_paused = true)]
    async fn what_announces_itself_too_large_is_waited_for_only_a_moment() {
        for length in [MOST_BYTES + 1, usize::MAX] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_LENGTH, length.into());
            let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
            let started = tokio::time::Instant::now();
            let refused = read(&headers, never, &Clock::system()).await;
            assert_eq!(refused.err().unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
            let waited = if length > THROWN_AWAY { Duration::ZERO } else { THROWING };
            assert!(started.elapsed() <= waited + Duration::from_millis(5), "{:?}", started.elapsed());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_is_given_up() {
        let never = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
        let late = read(&HeaderMap::new(), never, &Clock::system()).await;
        assert_eq!(late.err().unwrap().status(), StatusCode::REQUEST_TIMEOUT);
    }
}
