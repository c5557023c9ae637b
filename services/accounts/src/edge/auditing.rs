//! The bundle for auditors: the services that hold openings say who may see
//! which, audit gives the events; here both are only put together, while they
//! come.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use plaudit_chassis::Problem;
use plaudit_chassis::http::Path;
use plaudit_chassis::id::ProgrammeId;
use plaudit_verifier::bundle::{Opener, Opening};
use serde::Deserialize;

use super::Edge;
use super::asking::{Said, ask, begin, named, read};

/// The services that show auditors openings.
const OPENING: [&str; 2] = ["submissions", "scoring"];

#[derive(Deserialize)]
struct Page {
    openings: Vec<Said>,
    next: Option<u64>,
}

/// For those whom two people have admitted as auditors, once winners are
/// announced: all of the trail in one file that verifies offline, with what
/// opens unpublished marks and reasons. It says what stays closed.
#[utoipa::path(
    get, path = "/programmes/{programme}/auditors/bundle", tag = "auditors",
    params(("programme" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = "4XX", body = Problem)),
)]
pub async fn bundle(
    State(edge): State<Edge>,
    Path(programme): Path<ProgrammeId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut openings: Vec<Opening> = Vec::new();
    for service in OPENING {
        let mut after = Some(0);
        while let Some(from) = after {
            let path = format!("/api/{service}/programmes/{programme}/openings?after={from}");
            let page: Page = read(&ask(&edge, &headers, path).await?)?;
            for said in &page.openings {
                openings.push(said.opening()?);
            }
            after = page.next;
        }
    }
    let public = begin(&edge, &headers, format!("/api/audit/programmes/{programme}/log/bundle")).await?;
    let body = opened(public.into_body(), Opener::new(openings));
    named(body.into_response(), &format!("{programme}-auditors.plaudit-bundle"))
}

/// A file that breaks off is known by its last line.
fn opened(public: Body, opener: Opener) -> Body {
    let pieces = stream::unfold(Some((public.into_data_stream(), opener)), |state| async {
        let (mut pieces, mut opener) = state?;
        let (made, left) = match pieces.next().await {
            Some(Ok(piece)) => (opener.push(&piece).map_err(broken), Some((pieces, opener))),
            Some(Err(error)) => (Err(std::io::Error::other(error)), None),
            None => (opener.finish().map_err(broken), None),
        };
        let left = left.filter(|_| made.is_ok());
        Some((made.map(Bytes::from), left))
    });
    Body::from_stream(pieces)
}

fn broken(problem: plaudit_verifier::bundle::Problem) -> std::io::Error {
    tracing::error!(?problem, "audit's bundle can't be read");
    std::io::Error::other("the bundle can't be read")
}
