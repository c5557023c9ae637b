//! Receipts: what one handed in, that it is in the log, and one's own copy that
//! proves it, in one file (`docs/trail.md`). The service that holds the event
//! says whose it is and what opens it, audit proves that it is in the log; here
//! both are only put together.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use plaudit_chassis::Problem;
use plaudit_chassis::http::Path;
use plaudit_chassis::id::ProgrammeId;
use plaudit_verifier::bundle::{Receipt, write_receipt};
use plaudit_verifier::id::Id;
use serde::Deserialize;

use super::Edge;
use super::asking::{Said, ask, named, read};

/// What the owning service says.
#[derive(Deserialize)]
struct OwnEvent {
    event: String,
    openings: Vec<Said>,
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
    let openings = own.openings.iter().map(Said::opening).collect::<Result<_, _>>()?;
    let receipt = write_receipt(Receipt {
        programme: Id(programme.0.as_u128()),
        made: edge.0.service.clock().now().to_string(),
        policy: described.policy,
        event: (place, own.event.into_bytes()),
        openings,
        proof: String::from_utf8(proof.to_vec()).map_err(Problem::internal)?,
    });
    named(receipt.into_response(), &format!("{service}-{position}.plaudit-receipt"))
}
