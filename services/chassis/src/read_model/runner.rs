//! The live side: a batch of events is folded into the rows that they touch,
//! and the checkpoint moves in the same transaction.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::Context;
use deadpool_postgres::Transaction;
use serde_json::Value;
use uuid::Uuid;

use super::model::{AnyReadModel, Folded, Unfoldable};
use super::table;
use crate::event::Recorded;
use crate::feed::{Feed, FeedError, Place};
use crate::reader::{Reader, Standing};
use crate::store::StoreError;

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_millis(300);

#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Feed(#[from] FeedError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("event {0}: {1}")]
    Unfoldable(String, Unfoldable),
    #[error("{0}")]
    Stopped(String),
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Makes its table if it is not there: before anybody can ask for a row.
pub(crate) async fn prepare(reader: &Reader, model: &dyn AnyReadModel) -> Result<(), StoreError> {
    let mut client = reader.pool().get().await?;
    Ok(table::ensure(&mut client, model.name(), model.source()).await?)
}

/// Runs a read model for ever. An event that can't be applied stops it there,
/// marked; the others go on.
pub(crate) async fn run(reader: Reader, context: Context, model: Arc<dyn AnyReadModel>) {
    loop {
        let Err(trouble) = follow(&reader, &context, model.as_ref()).await;
        match trouble {
            Trouble::Unfoldable(..) | Trouble::Feed(FeedError::Forked(_) | FeedError::Unreadable(..)) => {
                let why = trouble.to_string();
                tracing::error!(reader = model.name(), %why, "a read model has stopped");
                reader.stop(&why).await;
            }
            Trouble::Stopped(why) => reader.set(Standing::Stopped(why)),
            trouble => {
                tracing::debug!(reader = model.name(), %trouble, "a read model waits");
                reader.waits(&trouble.to_string());
            }
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn follow(
    reader: &Reader,
    context: &Context,
    model: &dyn AnyReadModel,
) -> Result<std::convert::Infallible, Trouble> {
    let client = reader.pool().get().await.map_err(StoreError::from)?;
    let place = reader.place(&client).await?.map_err(Trouble::Stopped)?;
    reader.set(Standing::At(place.position));
    drop(client);
    let mut feed = Feed::open(context, model.source(), place).await?;
    loop {
        let batch = feed.batch().await?;
        let at = apply_batch(reader, model, &batch).await?;
        reader.set(Standing::At(at));
    }
}

/// Folds a batch live. Another copy of the service may have been faster, so
/// what the checkpoint has passed is skipped.
async fn apply_batch(reader: &Reader, model: &dyn AnyReadModel, batch: &[Recorded]) -> Result<u64, Trouble> {
    let mut client = reader.pool().get().await.map_err(StoreError::from)?;
    let transaction = client.transaction().await?;
    let place = reader.lock(&transaction).await?.map_err(Trouble::Stopped)?;
    let due: Vec<&Recorded> = batch.iter().filter(|event| event.position > place.position).collect();
    let (Some(first), Some(last)) = (due.first(), due.last()) else {
        return Ok(place.position);
    };
    if first.position != place.position + 1 {
        let gap = format!("{} came after {}", first.position, place.position);
        return Err(Trouble::Feed(FeedError::Away(gap)));
    }
    apply(&transaction, model, &due).await?;
    let to = Place { position: last.position, event: Some(last.envelope.id) };
    reader.advance(&transaction, to).await?;
    transaction.commit().await?;
    Ok(to.position)
}

/// Folds events into a table inside a transaction: two statements, however
/// many events.
pub(super) async fn apply(
    transaction: &Transaction<'_>,
    model: &dyn AnyReadModel,
    due: &[&Recorded],
) -> Result<(), Trouble> {
    let mut touched = Vec::new();
    for event in due {
        let keys = model.keys(event).map_err(|error| Trouble::Unfoldable(event.place(), error))?;
        touched.extend(keys.into_iter().map(|key| (key, *event)));
    }
    if touched.is_empty() {
        return Ok(());
    }
    let mut rows = load(transaction, model.name(), &touched).await?;
    for (key, event) in &touched {
        let row = rows.remove(key).flatten();
        let row = model.apply(row, key, event).map_err(|error| Trouble::Unfoldable(event.place(), error))?;
        rows.insert(key.clone(), row);
    }
    save(transaction, model, rows).await
}

async fn load(
    transaction: &Transaction<'_>,
    name: &str,
    touched: &[(String, &Recorded)],
) -> Result<Folded, tokio_postgres::Error> {
    let keys: Vec<&str> = touched.iter().map(|(key, _)| key.as_str()).collect();
    let query = format!("select key, body from {name} where key = any($1)");
    let statement = transaction.prepare_cached(&query).await?;
    let rows = transaction.query(&statement, &[&keys]).await?;
    Ok(rows.iter().map(|row| (row.get(0), Some(row.get(1)))).collect())
}

async fn save(transaction: &Transaction<'_>, model: &dyn AnyReadModel, rows: Folded) -> Result<(), Trouble> {
    let name = model.name();
    let mut gone: Vec<String> = Vec::new();
    let (mut keys, mut bodies): (Vec<String>, Vec<Value>) = (Vec::new(), Vec::new());
    let (mut programmes, mut owners, mut sorts): (Vec<Uuid>, Vec<Option<Uuid>>, Vec<String>) =
        (Vec::new(), Vec::new(), Vec::new());
    for (key, row) in rows {
        let Some(body) = row else {
            gone.push(key);
            continue;
        };
        let index = model.index(&body).map_err(|error| Trouble::Unfoldable(key.clone(), error))?;
        keys.push(key);
        bodies.push(body);
        programmes.push(index.programme);
        owners.push(index.owner);
        sorts.push(index.sort);
    }
    if !gone.is_empty() {
        let delete = transaction.prepare_cached(&format!("delete from {name} where key = any($1)")).await?;
        transaction.execute(&delete, &[&gone]).await?;
    }
    let upsert = format!(
        "insert into {name} (key, programme, owner, sort, body) \
         select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::jsonb[]) \
         on conflict (key) do update set programme = excluded.programme, owner = excluded.owner, \
             sort = excluded.sort, body = excluded.body"
    );
    let upsert = transaction.prepare_cached(&upsert).await?;
    transaction.execute(&upsert, &[&keys, &programmes, &owners, &sorts, &bodies]).await?;
    Ok(())
}
