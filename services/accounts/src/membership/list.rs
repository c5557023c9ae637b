use plaudit_chassis::Service;
use plaudit_chassis::http::Listed;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use serde::Serialize;
use uuid::Uuid;

/// A member as organisers and approvers see them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Listing {
    /// Under which id.
    pub member: MemberId,
    /// As they call themselves, or as the invitation does; may be empty.
    pub name: String,
    /// Where the invitation went, for organisers, until they came: afterwards the
    /// address is theirs alone to give.
    pub email: Option<String>,
    /// `invited` or `joined`.
    pub state: &'static str,
}

const LIST: &str = "select m.member, coalesce(p.name, m.name, '') as name, m.email, m.person is not null as came \
     from members m left join people p on p.person = m.person \
     where m.programme = $1 and ($2::uuid is null or m.member > $2) order by m.member limit $3";

/// A page of a programme's members, in the order of their ids.
pub async fn list(
    service: &Service,
    programme: ProgrammeId,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Listed<Listing>, StoreError> {
    let client = service.pool().get().await?;
    let one_more = i64::from(limit) + 1;
    let rows = client.query(LIST, &[&programme.0, &after, &one_more]).await?;
    let items = rows.iter().map(|row| Listing {
        member: MemberId(row.get("member")),
        name: row.get("name"),
        email: row.get("email"),
        state: if row.get("came") { "joined" } else { "invited" },
    });
    Ok(crate::page::page(items.collect(), limit, |item| item.member.0))
}
