use std::collections::HashMap;

use deadpool_postgres::Transaction;
use plaudit_chassis::Service;
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::store::StoreError;
use uuid::Uuid;

use super::Wording;
use crate::letter::Kind;

/// What organisers have written, and in which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub wording: Wording,
    pub version: u64,
}

const READ: &str = "select programme, kind, version, subject, text from wordings where programme = any($1)";
const KEEP: &str = "insert into wordings (programme, kind, version, subject, text) values ($1, $2, 1, $3, $4) \
     on conflict (programme, kind) do update set version = wordings.version + 1, subject = excluded.subject, \
     text = excluded.text returning version";

/// What the organisers of these programmes have written.
pub async fn of_programmes(
    service: &Service,
    programmes: &[ProgrammeId],
) -> Result<HashMap<(ProgrammeId, Kind), Kept>, StoreError> {
    let ids: Vec<Uuid> = programmes.iter().map(|programme| programme.0).collect();
    let client = service.pool().get().await?;
    let statement = client.prepare_cached(READ).await?;
    let rows = client.query(&statement, &[&ids]).await?;
    let kept = rows.iter().filter_map(|row| {
        let wording = Wording { subject: row.get(3), text: row.get(4) };
        let key = (ProgrammeId(row.get(0)), Kind::named(row.get(1))?);
        Some((key, Kept { wording, version: row.get::<_, i64>(2) as u64 }))
    });
    Ok(kept.collect())
}

/// The same for one letter.
pub async fn kept(service: &Service, programme: ProgrammeId, kind: Kind) -> Result<Option<Kept>, StoreError> {
    Ok(of_programmes(service, &[programme]).await?.remove(&(programme, kind)))
}

/// Keeps a wording; answers its version.
pub async fn keep(
    transaction: &Transaction<'_>,
    programme: ProgrammeId,
    kind: Kind,
    wording: &Wording,
) -> Result<u64, StoreError> {
    let row =
        transaction.query_one(KEEP, &[&programme.0, &kind.name(), &wording.subject, &wording.text]).await?;
    Ok(row.get::<_, i64>(0) as u64)
}
