//! One's own openings: what proves to others what one handed in.

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Caller, Path};
use crate::id::ProgrammeId;
use crate::problem::Problem;
use crate::service::Service;

/// The route, for the API of a service that has a vault.
pub fn own_openings() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(own))
}

/// An event that the caller made, and their private copy of what it seals.
#[derive(Serialize, utoipa::ToSchema)]
struct OwnEvent {
    /// The event, byte for byte as it is in the log.
    event: String,
    /// One's own; what was forgotten is missing.
    openings: Vec<OwnOpening>,
}

/// What opens a seal. Each is in standard base64.
#[derive(Serialize, utoipa::ToSchema)]
struct OwnOpening {
    /// As the event has it.
    commitment: String,
    /// The key of the commitment.
    salt: String,
    /// What was sealed.
    content: String,
}

/// An event that you made, with your private copy that proves it.
#[utoipa::path(get, path = "/programmes/{programme}/openings/{position}", tag = "receipts",
    params(("programme" = Uuid, Path), ("position" = u64, Path)),
    responses((status = 200, body = OwnEvent), (status = "4XX", body = Problem)))]
async fn own(
    State(service): State<Service>,
    Path((programme, position)): Path<(ProgrammeId, u64)>,
    caller: Caller,
) -> Result<Json<OwnEvent>, Problem> {
    let missing = || Problem::not_found("event of yours");
    let before =
        position.checked_sub(1).filter(|before| i64::try_from(*before).is_ok()).ok_or_else(missing)?;
    let event = service.store().read_after(before, 1).await?.pop();
    let actor = format!("member/{}", caller.member);
    let event = event
        .filter(|event| event.position == position)
        .filter(|event| event.envelope.programme == programme && event.envelope.actor == actor)
        .ok_or_else(missing)?;
    let commitments: Vec<Bytes> = event.commitments().into_iter().map(Bytes::from).collect();
    let shown = service.vault().show(&commitments).await?;
    let openings = commitments.iter().filter_map(|commitment| {
        let shown = shown.get(commitment)?;
        Some(OwnOpening {
            commitment: BASE64_STANDARD.encode(commitment),
            salt: shown.salt_base64(),
            content: BASE64_STANDARD.encode(&shown.content),
        })
    });
    let openings = openings.collect();
    let event = String::from_utf8(event.bytes.to_vec()).map_err(Problem::internal)?;
    Ok(Json(OwnEvent { event, openings }))
}
