//! The log: to whom went what. It has no addresses and no names.

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::http::{Caller, Listed, Path, Query, limit};
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::letter::{self, Kind};
use crate::{access, row};

/// A letter in the log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Logged {
    /// Also the first part of its Message-ID.
    letter: Uuid,
    kind: Kind,
    /// To whom; absent where that would say who has a draft: drafts are
    /// private to their authors.
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<MemberId>,
    state: Standing,
    /// Why it was dropped or given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Why>,
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// When it was sent, dropped or given up.
    #[schema(value_type = Option<String>, format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_at: Option<Timestamp>,
    attempts: i32,
    /// It may have gone more than once, with the same Message-ID: something
    /// broke down before the mail server had answered.
    maybe_twice: bool,
}

/// How a letter stands.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = LetterState)]
enum Standing {
    /// Its time has not come, or it is tried again later.
    Waiting,
    /// It is being sent.
    Claimed,
    Sent,
    /// There was no need for it, or nobody to send it to.
    Dropped,
    /// It could not be sent.
    GivenUp,
}

/// Why a letter was not sent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = LetterWhy)]
enum Why {
    /// The member was forgotten.
    Forgotten,
    /// The member has no email address: tell them in another way.
    NoAddress,
    /// The member wants no letters that taking part doesn't need.
    NotWanted,
    /// The draft has been entered or deleted since.
    NoDraft,
    /// Another letter says it better.
    SaidOtherwise,
    /// The programme was cancelled.
    Cancelled,
    /// It would be of no use any more.
    TooLate,
    /// The mail server refuses it for good.
    Refused,
    /// It was tried for a day.
    TriedTooOften,
}

/// Where a page begins and how long it is.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
pub struct Asked {
    /// `next` of the page before.
    after: Option<i64>,
    /// How many, 1 to 1000; 100 unless asked.
    limit: Option<u32>,
}

/// What was written to whom, newest first; for organisers.
#[utoipa::path(get, path = "/programmes/{programme}/letters", tag = "letters",
    params(("programme" = Uuid, Path), Asked),
    responses((status = 200, body = Listed<Logged>), (status = "4XX", body = Problem)))]
pub async fn list(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    Query(asked): Query<Asked>,
    caller: Caller,
) -> Result<Listed<Logged>, Problem> {
    let known = access::organised(&service, programme, caller.member).await?;
    let walls = access::walls(caller.member, &known);
    let limit = limit(asked.limit);
    let mut rows = letter::page(&service, programme, &walls, asked.after, limit).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| last.get::<_, i64>("number").to_string());
    let items: Result<Vec<Logged>, serde_json::Error> = rows.iter().map(logged).collect();
    Ok(Listed { items: items.map_err(Problem::internal)?, next })
}

fn logged(row: &Row) -> Result<Logged, serde_json::Error> {
    let word = |column| row.get::<_, Option<&str>>(column).map(serde_json::Value::from);
    let settled: Option<i64> = row.get("settled_ms");
    Ok(Logged {
        letter: row.get("letter"),
        kind: serde_json::from_value(row.get::<_, &str>("kind").into())?,
        member: (!row.get::<_, bool>("discreet")).then(|| MemberId(row.get("member"))),
        state: serde_json::from_value(row.get::<_, &str>("state").into())?,
        why: word("why").map(serde_json::from_value).transpose()?,
        made_at: row::time(row.get("made_ms")),
        settled_at: settled.map(row::time),
        attempts: row.get("attempts"),
        maybe_twice: row.get("maybe_twice"),
    })
}
