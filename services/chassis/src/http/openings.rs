//! Openings as they are shown: one's own, which prove to others what one
//! handed in, and those that auditors may see.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use plaudit_proto::v1::Round;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Caller, Path};
use crate::event::Recorded;
use crate::facts::{AnnouncementFacts, JudgeFacts};
use crate::id::{JudgeId, MemberId, ProgrammeId, RoundId};
use crate::problem::Problem;
use crate::service::Service;
use crate::vault::{Commitment, Shown};

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
    openings: Vec<Opened>,
}

/// What opens a seal. Each is in standard base64.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Opened {
    /// As the event has it.
    commitment: String,
    /// The key of the commitment.
    salt: String,
    /// What was sealed.
    content: String,
}

impl Opened {
    /// Those that are still there, in the order of their commitments here.
    fn all(commitments: &[Commitment], shown: &HashMap<Commitment, Shown>) -> Vec<Self> {
        let there = commitments.iter().filter_map(|commitment| Some((commitment, shown.get(commitment)?)));
        let opened = there.map(|(commitment, shown)| Self {
            commitment: BASE64_STANDARD.encode(commitment),
            salt: shown.salt_base64(),
            content: BASE64_STANDARD.encode(&shown.content),
        });
        opened.collect()
    }
}

/// What everybody else is told who asks for what only auditors see.
pub const ONLY_AUDITORS: &str =
    "Only an auditor of this programme may see this: two people admit one, who has no part in any pitch.";

/// Refuses auditors too: one before whom a wall stands as a judge, and all
/// until winners are announced. Whether somebody is one is decided before.
pub async fn auditors_may_open<'a>(
    service: &Service,
    programme: ProgrammeId,
    member: MemberId,
    rounds: impl Iterator<Item = &'a Round>,
) -> Result<(), Problem> {
    service.current_with("panels").await?;
    let seats: Vec<_> =
        rounds.map(|round| JudgeId::of(RoundId::of(programme, &round.id), member).stream()).collect();
    let seats = service.store().load_many::<JudgeFacts>(&seats).await?;
    if seats.values().any(|seat| seat.state.is_walled()) {
        return Err(Problem::forbidden(ONLY_AUDITORS));
    }
    let announcement = AnnouncementFacts::stream(programme);
    if !service.store().reload::<AnnouncementFacts>(&announcement).await?.state.made {
        return Err(Problem::forbidden("Auditors see what is sealed once winners are announced."));
    }
    Ok(())
}

/// Events that one page of openings looks through.
const EVENTS_A_PAGE: u32 = 2_000;

/// A page of what opens a programme's seals.
#[derive(Serialize, utoipa::ToSchema)]
pub struct OpenedPage {
    /// What was forgotten is missing.
    openings: Vec<Opened>,
    /// Send it as `after` for the next page; without it there is none.
    next: Option<u64>,
}

impl OpenedPage {
    /// Opens some fields, each by its message and its name in it, of those of
    /// a programme's events after a position that may be opened. Whether the
    /// caller may see them is to be decided before.
    pub async fn read(
        service: &Service,
        programme: ProgrammeId,
        after: Option<u64>,
        fields: &[(&str, &str)],
        may_open: impl Fn(&Recorded) -> bool,
    ) -> Result<Self, Problem> {
        let after = after.unwrap_or_default();
        let events = service.store().of_programme(programme, after, EVENTS_A_PAGE).await?;
        let full = events.len() as u32 == EVENTS_A_PAGE;
        let next = events.last().map(|event| event.position).filter(|_| full);
        let open = events.iter().filter(|event| may_open(event));
        let commitments: Vec<Commitment> = open.flat_map(|event| event.commitments_in(fields)).collect();
        let shown = service.vault().show(&commitments).await?;
        Ok(Self { openings: Opened::all(&commitments, &shown), next })
    }
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
    let commitments: Vec<Commitment> = event.commitments();
    let shown = service.vault().show(&commitments).await?;
    let openings = Opened::all(&commitments, &shown);
    let event = String::from_utf8(event.bytes.to_vec()).map_err(Problem::internal)?;
    Ok(Json(OwnEvent { event, openings }))
}
