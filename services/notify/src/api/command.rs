//! Commands that end in tables rather than in events: carried out once, and
//! answered the same when they are repeated.

use axum::http::StatusCode;
use deadpool_postgres::Transaction;
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Ask, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;

const KNOWN: &str = "select mac, answer from commands where command = $1";
const KEEP: &str = "insert into commands (command, mac, answer) values ($1, $2, $3)";
/// The same command may be here twice at once: the second waits for the first.
const ONE_AT_A_TIME: &str = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))";

/// What was answered to this command before; 422 if that was another body.
pub async fn known<A: DeserializeOwned>(
    transaction: &Transaction<'_>,
    ask: &Ask,
) -> Result<Option<A>, Problem> {
    transaction.execute(ONE_AT_A_TIME, &[&ask.command]).await.map_err(StoreError::from)?;
    let row = transaction.query_opt(KNOWN, &[&ask.command]).await.map_err(StoreError::from)?;
    let Some(row) = row else { return Ok(None) };
    if row.get::<_, &[u8]>(0) != ask.mac.unwrap_or_default() {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "key-reused",
            "This Idempotency-Key was used for a different request before. Use a new key for a new request.",
        ));
    }
    serde_json::from_value(row.get(1)).map(Some).map_err(Problem::internal)
}

/// Remembers an answer, and lets it stand.
pub async fn answered<A: Serialize>(
    transaction: Transaction<'_>,
    ask: &Ask,
    answer: &A,
) -> Result<(), Problem> {
    let mac = ask.mac.unwrap_or_default();
    let answer = serde_json::to_value(answer).map_err(Problem::internal)?;
    transaction.execute(KEEP, &[&ask.command, &mac.as_slice(), &answer]).await.map_err(StoreError::from)?;
    Ok(transaction.commit().await.map_err(StoreError::from)?)
}

/// 412 if only another version was to be changed than there is.
pub fn in_version(ask: &Ask, version: Option<u64>) -> Result<(), Problem> {
    match ask.if_match {
        Some(wanted) if Some(wanted) != version => Err(Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "changed-since",
            match version {
                Some(version) => {
                    format!("This has changed since you saw it: now it is version {version}. Read it again.")
                }
                None => "This has no version yet. Leave If-Match out.".to_owned(),
            },
        )),
        _ => Ok(()),
    }
}
