//! The outbox of a machine without a mail server, for whoever sits at it.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Json};
use plaudit_chassis::Problem;
use plaudit_chassis::http::Listed;
use plaudit_chassis::mail::page;

use super::Edge;

/// What was sent, newest first, as JSON or for a browser as a page; 404 for
/// everybody else and wherever a mail server is configured.
pub async fn mail(
    State(edge): State<Edge>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let sits_here = peer.is_some_and(|peer| peer.0.0.ip().to_canonical().is_loopback());
    let held = Some(&edge.0.mail).filter(|_| sits_here && is_direct(&headers)).and_then(|mail| mail.held());
    let items = held.ok_or_else(|| Problem::not_found("page"))?;
    if !wants_a_page(&headers) {
        return Ok(Json(Listed { items, next: None }).into_response());
    }
    Ok(Html(page(&items)).into_response())
}

/// Browsers say so; whoever takes anything gets JSON.
fn wants_a_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|kind| kind.trim().split(';').next() == Some("text/html"))
}

/// Not passed on by a proxy on this machine, and not asked by a page from
/// elsewhere whose name was made to point here.
fn is_direct(headers: &HeaderMap) -> bool {
    let passed_on = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    passed_on.iter().all(|name| !headers.contains_key(*name))
        && matches!(name, Some("localhost" | "127.0.0.1" | "::1"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_who_speaks_to_this_machine_by_its_own_name() {
        let host = |host: &str| HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
        for own in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "localhost"] {
            assert!(is_direct(&host(own)), "{own}");
        }
        for other in ["plaudit.example", "localhost.evil.example:8080", "127.0.0.1.evil.example", ""] {
            assert!(!is_direct(&host(other)), "{other}");
        }
        let mut proxied = host("localhost:8080");
        proxied.insert("x-forwarded-for", "192.0.2.1".parse().unwrap());
        assert!(!is_direct(&proxied));
    }
}
