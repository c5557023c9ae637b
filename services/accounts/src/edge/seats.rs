//! Which member a person is.

use std::time::Duration;

use plaudit_chassis::Problem;
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use uuid::Uuid;

use super::{Edge, still_here};
use crate::membership::{self, Seat};

/// How long a programme that was made a moment ago may take to be known here.
const NEWS_TAKE: Duration = Duration::from_millis(1500);

impl Edge {
    /// The person's member in a programme, made now if this is the first time
    /// that they come.
    pub async fn member(&self, programme: ProgrammeId, person: Uuid) -> Result<MemberId, Problem> {
        if let Some(seat) = self.0.seats.get(&(programme, person)) {
            return Ok(seat.member);
        }
        let service = &self.0.service;
        let taken = membership::taken(service, programme, person).await?;
        let seat = match taken {
            Some(seat) if seat.joined => seat,
            _ => {
                self.exists(programme).await?;
                let seat = still_here(membership::seat(service, programme, person).await?)?;
                membership::join(service, programme, seat).await?;
                Seat { joined: true, ..seat }
            }
        };
        self.0.seats.put((programme, person), seat);
        Ok(seat.member)
    }

    /// 404 unless there is such a programme: nobody fills the log with members
    /// of nothing.
    async fn exists(&self, programme: ProgrammeId) -> Result<(), Problem> {
        let (store, stream) = (self.0.service.store(), programme.stream());
        let known = async {
            let mut head = store.head();
            loop {
                head.borrow_and_update();
                if store.reload::<ProgrammeFacts>(&stream).await?.version > 0 {
                    return Ok(true);
                }
                if head.changed().await.is_err() {
                    return Ok(false);
                }
            }
        };
        match tokio::time::timeout(NEWS_TAKE, known).await.unwrap_or(Ok(false)) {
            Ok(true) => Ok(()),
            Ok(false) if self.0.service.health().degraded => Err(Problem::unavailable(
                "programme-not-known-yet",
                "News of programmes is late here. Try again in a moment.",
            )),
            Ok(false) => Err(Problem::not_found("programme")),
            Err(problem) => Err(problem),
        }
    }
}
