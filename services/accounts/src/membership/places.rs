use plaudit_chassis::Service;
use plaudit_chassis::http::Listed;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use serde::Serialize;
use uuid::Uuid;

/// A person's place in a programme, or one that waits for their address.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct Place {
    /// Of which programme.
    pub programme: ProgrammeId,
    /// Under which id.
    pub member: MemberId,
    /// Whether they have come.
    pub joined: bool,
}

/// Each half is found by an index; where somebody has come, an invitation to
/// the same programme says nothing more.
const PLACES: &str = "select distinct on (programme) programme, member, came from ( \
     select m.programme, m.member, true as came from members m \
     where m.person = $1 and ($2::uuid is null or m.programme > $2) \
     union all \
     select m.programme, m.member, false from members m join people p on p.email = m.email \
     where p.person = $1 and ($2::uuid is null or m.programme > $2) \
     ) places order by programme, came desc limit $3";

/// A page of a person's programmes, in the order of their ids.
pub async fn places(
    service: &Service,
    person: Uuid,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Listed<Place>, StoreError> {
    let client = service.pool().get().await?;
    let rows = client.query(PLACES, &[&person, &after, &(i64::from(limit) + 1)]).await?;
    let items = rows.iter().map(|row| Place {
        programme: ProgrammeId(row.get("programme")),
        member: MemberId(row.get("member")),
        joined: row.get("came"),
    });
    Ok(crate::page::page(items.collect(), limit, |place| place.programme.0))
}
