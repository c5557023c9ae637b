//! What a member wants no letters about. Most letters are needed for taking
//! part, and are not asked about.

use axum::Json;
use axum::extract::State;
use plaudit_chassis::http::{Caller, Command, Path};
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::command;

/// Which letters a member gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// Also those that taking part doesn't need: that somebody promises you
    /// help.
    optional: bool,
}

const READ: &str = "select optional from choices where member = $1";
const CHOOSE: &str = "insert into choices (member, programme, optional) values ($1, $2, $3) \
     on conflict (member) do update set optional = excluded.optional";

/// Which letters the caller gets.
#[utoipa::path(get, path = "/programmes/{programme}/letters/choices", tag = "letters",
    params(("programme" = Uuid, Path)),
    responses((status = 200, body = Choices), (status = "4XX", body = Problem)))]
pub async fn show(State(service): State<Service>, caller: Caller) -> Result<Json<Choices>, Problem> {
    read(&service, caller.member).await.map(Json)
}

async fn read(service: &Service, member: MemberId) -> Result<Choices, Problem> {
    let client = service.pool().get().await.map_err(StoreError::from)?;
    let row = client.query_opt(READ, &[&member.0]).await.map_err(StoreError::from)?;
    Ok(Choices { optional: row.is_none_or(|row| row.get(0)) })
}

/// Changes which letters the caller gets.
#[utoipa::path(put, path = "/programmes/{programme}/letters/choices", tag = "letters",
    params(("programme" = Uuid, Path)), request_body = Choices,
    responses((status = 200, body = Choices), (status = "4XX", body = Problem)))]
pub async fn choose(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Choices>,
) -> Result<Json<Choices>, Problem> {
    let mut client = service.pool().get().await.map_err(StoreError::from)?;
    let transaction = client.transaction().await.map_err(StoreError::from)?;
    if let Some(before) = command::known(&transaction, &command.ask).await? {
        return Ok(Json(before));
    }
    command::in_version(&command.ask, None)?;
    let chosen = command.body;
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
        [&command.caller.member.0, &programme.0, &chosen.optional];
    transaction.execute(CHOOSE, &parameters).await.map_err(StoreError::from)?;
    command::answered(transaction, &command.ask, &chosen).await?;
    Ok(Json(chosen))
}
