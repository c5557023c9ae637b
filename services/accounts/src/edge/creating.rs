//! A new programme. It needs a member before there is a programme to be a
//! member of, and its id must be the same when the request is repeated.

use axum::http::{HeaderMap, Method, StatusCode};
use plaudit_chassis::Problem;
use plaudit_chassis::id::ProgrammeId;

use super::authentication::Identity;
use super::path::{About, Route};
use super::{Edge, still_here};
use crate::membership::{self, Seat};

/// A programme that is being made, and its first member.
pub struct Founding {
    pub programme: ProgrammeId,
    pub seat: Seat,
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
        let seat = still_here(membership::seat(&self.0.service, programme, identity.person).await?)?;
        Ok(Founding { programme, seat })
    }

    /// The programme was made, or was not. What fails here is done at the
    /// member's next request.
    pub async fn founded(&self, founding: Founding, status: StatusCode) {
        if !status.is_success() {
            return;
        }
        if let Err(problem) = membership::join(&self.0.service, founding.programme, founding.seat).await {
            tracing::warn!(%problem, "a programme's first member is not in the log yet");
        }
    }
}
