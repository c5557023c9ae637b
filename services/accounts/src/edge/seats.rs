//! Which member a person is.

use std::time::Duration;

use plaudit_chassis::Problem;
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use uuid::Uuid;

use super::{Edge, still_here};
use crate::membership::{self, Seat};

/// How long a programme that was made public a moment ago may take to be known
/// here.
const NEWS_TAKE: Duration = Duration::from_millis(1500);

impl Edge {
    /// The person's member in a programme, made now if this is the first time
    /// that they come. Before its rules are public nobody comes who was not asked.
    pub async fn member(&self, programme: ProgrammeId, person: Uuid) -> Result<MemberId, Problem> {
        if let Some(seat) = self.0.seats.get(&(programme, person)) {
            return Ok(seat.member);
        }
        let service = &self.0.service;
        let taken = membership::taken(service, programme, person).await?;
        let seat = match taken {
            Some(seat) if seat.joined => seat,
            _ => {
                let asked = taken.is_some() || membership::is_invited(service, programme, person).await?;
                self.may_be_known(programme, asked).await?;
                let seat = still_here(membership::seat(service, programme, person).await?)?;
                membership::join(service, programme, seat).await?;
                Seat { joined: true, ..seat }
            }
        };
        self.0.seats.put((programme, person), seat);
        Ok(seat.member)
    }

    /// 404 unless there is such a programme, and its rules are public or the
    /// person was asked: nobody fills the log with members of nothing, nor finds
    /// out what is being drafted.
    async fn may_be_known(&self, programme: ProgrammeId, asked: bool) -> Result<(), Problem> {
        let (store, stream) = (self.0.service.store(), programme.stream());
        let known = async {
            let mut head = store.head();
            loop {
                head.borrow_and_update();
                let facts = store.reload::<ProgrammeFacts>(&stream).await?;
                if facts.version > 0 && (asked || facts.state.rulebook().is_some()) {
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
