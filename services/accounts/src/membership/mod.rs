//! Who is which member: the one link between people and programmes. A row
//! comes before its event and goes after it, so that whatever is interrupted
//! is found and finished.

mod allowance;
mod forgetting;
mod list;
mod places;
mod seat;

use plaudit_chassis::id::{MemberId, ProgrammeId, StreamId};
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Actor, Ask, Decision, Problem, Scope, Service};
use uuid::Uuid;

pub use allowance::{InvitationsADay, NotInvited};
pub use forgetting::ForgetAsked;
pub use list::{Listing, list};
pub use places::{Place, places};
pub use seat::{Guest, Seat, give_up, invite, is_invited, seat, taken};

use crate::member::{Member, MemberCommand};

/// Makes sure that the log knows of a seat that was taken.
pub async fn join(service: &Service, programme: ProgrammeId, seat: Seat) -> Result<(), Problem> {
    if seat.joined {
        return Ok(());
    }
    record(service, programme, seat, MemberCommand::Join).await?;
    let client = service.pool().get().await.map_err(StoreError::from)?;
    let joined = "update members set joined = true where member = $1 and person is not null";
    client.execute(joined, &[&seat.member.0]).await.map_err(StoreError::from)?;
    Ok(())
}

/// The same for whoever made a programme. Should another request with the same
/// key have been refused meanwhile and given the seat up, it is there again.
pub async fn join_founded(
    service: &Service,
    programme: ProgrammeId,
    seat: Seat,
    person: Uuid,
) -> Result<(), Problem> {
    join(service, programme, seat).await?;
    seat::keep(service, programme, seat, person).await?;
    Ok(())
}

/// Appends what happens to a member by its person's doing. The same again is
/// the same command.
pub async fn record(
    service: &Service,
    programme: ProgrammeId,
    seat: Seat,
    command: MemberCommand,
) -> Result<(), Problem> {
    let what = format!("{command:?}");
    let ask = Ask {
        command: service.command_of(&[b"member", what.as_bytes(), seat.member.0.as_bytes()]),
        mac: None,
        programme,
        actor: Actor::Member(seat.member),
        on_behalf: None,
        received_at: service.clock().now(),
        if_match: None,
        cause: None,
    };
    service.run(&ask, &Step { member: seat.member, command }).await.map(drop)
}

struct Step {
    member: MemberId,
    command: MemberCommand,
}

impl Decision for Step {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.member.stream();
        scope.handle::<Member>(&stream, self.command).await?;
        Ok(stream)
    }
}
