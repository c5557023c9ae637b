//! The way from the public address to the pages: whatever is not the API's.
//! Pages ask the API in their turn, and so that a form counts from when it had
//! arrived here, and limits count its sender, they are told both in a token
//! that they repeat.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use jiff::Timestamp;
use plaudit_chassis::Problem;
use plaudit_chassis::token::Arrival;
use plaudit_chassis::trace::TraceParent;

use super::body::{self, Arrived};
use super::upstream::{Question, drop_hop_by_hop};
use super::{Edge, not_with_this_method, served};

/// What pages are told, and repeat.
pub const RECEIVED_AT: HeaderName = HeaderName::from_static("plaudit-received-at");

/// Says in place of a body that it was larger than what is taken.
const TOO_LARGE: HeaderName = HeaderName::from_static("plaudit-too-large");

/// The first parts of paths that are never a page's.
const NOT_PAGES: [&str; 5] = ["api", "log", "dev", "livez", "readyz"];

/// Of a request's headers, those that pages don't get: what is about the
/// connection or said anew, a bearer that is the API's, and whatever a client
/// would like to be true of itself.
const KEPT_BACK: [HeaderName; 10] = [
    header::AUTHORIZATION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::FORWARDED,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
    RECEIVED_AT,
    TOO_LARGE,
];

/// Answers by asking the pages.
pub async fn pages(State(edge): State<Edge>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let upstream = edge.0.pages.as_ref().filter(|_| !NOT_PAGES.contains(&first));
    let upstream = upstream.ok_or_else(|| Problem::not_found("page"))?;
    if !served(&parts.method) {
        return Err(not_with_this_method());
    }
    let mut headers = passed_on(&parts.headers)?;
    let arrived = match edge.read(&parts.headers, body, body::PAGE).await {
        // A page says so: a browser would show the problem as it is written.
        Err(problem) if problem.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            headers.insert(TOO_LARGE, HeaderValue::from_static("1"));
            Arrived { bytes: Bytes::new(), at: edge.0.service.clock().now() }
        }
        arrived => arrived?,
    };
    let network = peer(&parts).map(network);
    let token = edge.0.minter.mint_arrival(&Arrival { received_at: arrived.at, network });
    headers.insert(RECEIVED_AT, value(&token.map_err(Problem::internal)?)?);
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let question = Question { method: parts.method, path, headers, body: arrived.bytes };
    upstream.ask(&edge.0.client, question).await
}

fn passed_on(sent: &HeaderMap) -> Result<HeaderMap, Problem> {
    let mut headers = sent.clone();
    drop_hop_by_hop(&mut headers);
    for name in &KEPT_BACK {
        headers.remove(name);
    }
    headers.insert("traceparent", value(TraceParent::of(sent).as_str())?);
    Ok(headers)
}

fn value(text: &str) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(text).map_err(Problem::internal)
}

/// Who is at the other end of the connection.
fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip())
}

/// What stands for one asker: of IPv6, the 64 bits that a household has.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

impl Edge {
    /// What the pages repeat of the request behind this one, if it is true.
    pub fn behind(&self, headers: &HeaderMap) -> Option<Arrival> {
        let token = headers.get(RECEIVED_AT)?.to_str().ok()?;
        self.0.minter.verifier().verify_arrival(token).ok()
    }

    /// When a request counts as arrived: with the one behind it.
    pub fn received_at(&self, headers: &HeaderMap, arrived: Timestamp) -> Timestamp {
        self.behind(headers).map_or(arrived, |behind| behind.received_at.min(arrived))
    }
}

/// The network that a request comes from, by way of the pages or straight.
pub struct Network(pub Option<IpAddr>);

impl axum::extract::FromRequestParts<Edge> for Network {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Self::Rejection> {
        let behind = edge.behind(&parts.headers).and_then(|behind| behind.network);
        Ok(Self(behind.or_else(|| peer(parts).map(network))))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_household_is_one_asker() {
        let same = |one: &str, other: &str| network(one.parse().unwrap()) == network(other.parse().unwrap());
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("::ffff:192.0.2.1", "192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }
}
