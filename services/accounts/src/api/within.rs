//! Who members are: for the one service that writes to them, and nobody else.

use axum::Json;
use axum::extract::State;
use plaudit_chassis::http::Within;
use plaudit_chassis::id::MemberId;
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where it is answered.
pub const PATH: &str = "/within/members";

/// Of whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    members: Vec<MemberId>,
}

/// Those who are known, in no order.
#[derive(Serialize)]
pub struct Known {
    items: Vec<Person>,
}

#[derive(Serialize)]
struct Person {
    member: MemberId,
    name: String,
    address: Option<String>,
}

/// Whoever leaves is unknown from that moment on.
const FIND: &str = "select m.member, coalesce(p.name, m.name, '') as name, coalesce(m.email, p.email) as address \
     from members m left join people p on p.person = m.person \
     where m.member = any($1) and not coalesce(p.leaving, false)";

/// Names and addresses, in one query.
pub async fn members(
    _: Within,
    State(service): State<Service>,
    Json(asked): Json<Asked>,
) -> Result<Json<Known>, Problem> {
    let ids: Vec<Uuid> = asked.members.iter().map(|member| member.0).collect();
    let client = service.pool().get().await.map_err(StoreError::from)?;
    let rows = client.query(FIND, &[&ids]).await.map_err(StoreError::from)?;
    let items = rows.iter().map(|row| Person {
        member: MemberId(row.get("member")),
        name: row.get("name"),
        address: row.get("address"),
    });
    Ok(Json(Known { items: items.collect() }))
}
