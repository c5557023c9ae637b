//! A new programme. It needs a member before there is a programme to be a
//! member of, and its id must be the same when the request is repeated.

use axum::http::{HeaderMap, Method, StatusCode};
use plaudit_chassis::Problem;
use plaudit_chassis::id::ProgrammeId;
use uuid::Uuid;

use super::authentication::Identity;
use super::path::{About, Route};
use super::{Edge, still_here};
use crate::membership::{self, Seat};

/// A programme that is being made, and its first member.
pub struct Founding {
    pub programme: ProgrammeId,
    pub seat: Seat,
    person: Uuid,
    /// Whether the seat was made for this request.
    fresh: bool,
}

/// Whether a request makes a programme.
pub fn is_founding(route: &Route<'_>, method: &Method) -> bool {
    route.service == "submissions" && route.about == About::Programmes && *method == Method::POST
}

impl Edge {
    /// The programme that this request makes. Its member is in the table from
    /// now on, but not in the log before the programme is.
    pub async fn founding(&self, identity: &Identity, headers: &HeaderMap) -> Result<Founding, Problem> {
        let key = headers.get("idempotency-key").ok_or_else(|| {
            Problem::bad_request(
                "key-missing",
                "Send an Idempotency-Key header: a text of your own, new for each new command and the same when you repeat one.",
            )
        })?;
        // A secret goes into it: nobody else's key leads there, and nobody can
        // tell by a programme's id who made it.
        let whose = identity.person.as_bytes();
        let programme = ProgrammeId(self.0.service.command_of(&[b"programme", whose, key.as_bytes()]));
        let (service, person) = (&self.0.service, identity.person);
        let fresh = membership::taken(service, programme, person).await?.is_none();
        let seat = still_here(membership::seat(service, programme, person).await?)?;
        Ok(Founding { programme, seat, person, fresh })
    }

    /// The programme was made, or was not. What fails here is done at the
    /// member's next request. An answer that leaves it open leaves the seat.
    pub async fn founded(&self, founding: Founding, status: StatusCode) {
        let service = &self.0.service;
        let Founding { programme, seat, person, fresh } = founding;
        let ended = if status.is_success() {
            membership::join_founded(service, programme, seat, person).await
        } else if status.is_client_error() && fresh {
            membership::give_up(service, seat).await.map_err(Problem::from)
        } else {
            Ok(())
        };
        if let Err(problem) = ended {
            tracing::warn!(%problem, "what became of a programme is not yet said of its first member");
        }
    }
}
