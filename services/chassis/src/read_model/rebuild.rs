//! A rebuild: the same fold from event 1, in memory, bulk-copied into a new
//! table that takes the old one's place while the service goes on.

use std::time::Duration;

use async_nats::jetstream::Context;
use bytes::{BufMut, BytesMut};
use futures_util::{SinkExt, pin_mut};
use tokio_postgres::{Client, Transaction};

use super::model::{AnyReadModel, FoldAll, Index};
use super::runner::{Trouble, apply};
use super::table;
use crate::event::Recorded;
use crate::feed::{Feed, FeedError, Place};
use crate::reader::Reader;
use crate::store::{Store, StoreError};

/// Events read at once.
const CHUNK: u32 = 10_000;

/// How near the new table must be to the live one before the swap.
const NEAR: u64 = 1_000;

/// What a rebuild did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// The read model.
    pub model: &'static str,
    /// The events that were folded.
    pub events: u64,
    /// The rows that there are.
    pub rows: u64,
}

/// What a comparison of live and rebuilt found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The read model.
    pub model: &'static str,
    /// The position at which both were compared.
    pub at: u64,
    /// The rows that live has.
    pub rows: u64,
    /// Rows that only live has, or has otherwise.
    pub only_live: u64,
    /// Rows that only the rebuilt has, or has otherwise.
    pub only_rebuilt: u64,
}

/// How often a rebuild opens another feed of a stream that it lost.
const TRIES: u32 = 5;

/// Where a rebuild reads from: the service's own table, or another's stream.
pub(crate) struct Source<'a> {
    pub store: &'a Store,
    pub context: &'a Context,
}

impl Source<'_> {
    /// Folds events after `from` up to and including `to`.
    async fn fold(
        &self,
        source: &'static str,
        from: u64,
        to: u64,
        fold: &mut dyn FoldAll,
    ) -> Result<Place, Trouble> {
        let mut place = Place { position: from, event: None };
        let mut tries = TRIES;
        let mut feed = match source == self.store.service() || from >= to {
            true => None,
            false => Some(Feed::open(self.context, source, place).await?),
        };
        while place.position < to {
            let events = match &mut feed {
                Some(open) => match open.batch().await {
                    // It says: open another feed.
                    Err(FeedError::Away(_)) if tries > 0 => {
                        tries -= 1;
                        feed = Some(Feed::open(self.context, source, place).await?);
                        continue;
                    }
                    events => events?,
                },
                None => self.store.read_after(place.position, CHUNK).await?,
            };
            if events.is_empty() {
                break;
            }
            for event in events.iter().take_while(|event| event.position <= to) {
                fold.apply(event).map_err(|error| Trouble::Unfoldable(event.place(), error))?;
                place = Place { position: event.position, event: Some(event.envelope.id) };
            }
        }
        Ok(place)
    }

    /// The events after `from` up to `to`.
    async fn events(&self, source: &'static str, from: u64, to: u64) -> Result<Vec<Recorded>, Trouble> {
        let mut all = Collect(Vec::new());
        self.fold(source, from, to, &mut all).await?;
        Ok(all.0)
    }

    /// Where the source stands.
    async fn head(&self, source: &'static str) -> Result<u64, Trouble> {
        if source == self.store.service() {
            return Ok(crate::store::head(self.store.pool()).await?);
        }
        let away = |error: async_nats::Error| Trouble::Feed(FeedError::Away(error.to_string()));
        let stream =
            self.context.get_stream(crate::nats::stream_name(source)).await.map_err(|e| away(e.into()))?;
        Ok(stream.get_info().await.map_err(|e| away(e.into()))?.state.last_sequence)
    }
}

struct Collect(Vec<Recorded>);

impl FoldAll for Collect {
    fn apply(&mut self, event: &Recorded) -> Result<(), super::Unfoldable> {
        self.0.push(event.clone());
        Ok(())
    }

    fn rows(self: Box<Self>) -> Result<Vec<(String, Index, String)>, super::Unfoldable> {
        Ok(Vec::new())
    }
}

/// Rebuilds a read model while it is served.
pub(crate) async fn rebuild(
    reader: &Reader,
    from: &Source<'_>,
    model: &dyn AnyReadModel,
) -> Result<Rebuilt, String> {
    try_rebuild(reader, from, model).await.map_err(|trouble| trouble.to_string())
}

async fn try_rebuild(
    reader: &Reader,
    from: &Source<'_>,
    model: &dyn AnyReadModel,
) -> Result<Rebuilt, Trouble> {
    let mut client = reader.pool().get().await.map_err(StoreError::from)?;
    // Two at once would build and swap each other's tables.
    let lock = "select pg_advisory_lock(hashtext('rebuild'), hashtext($1))";
    client.execute(lock, &[&model.name()]).await?;
    let rebuilt = rebuild_alone(&mut client, reader, from, model).await;
    let unlock = "select pg_advisory_unlock(hashtext('rebuild'), hashtext($1))";
    client.execute(unlock, &[&model.name()]).await?;
    rebuilt
}

async fn rebuild_alone(
    client: &mut Client,
    reader: &Reader,
    from: &Source<'_>,
    model: &dyn AnyReadModel,
) -> Result<Rebuilt, Trouble> {
    let name = model.name();
    let new = format!("{name}_new");
    table::ensure(client, name, model.source()).await?;
    let mut fold = model.fold_all();
    let mut place = Place::default();
    loop {
        let head = from.head(model.source()).await?;
        if head <= place.position + NEAR && place.position > 0 || head == place.position {
            break;
        }
        place = from.fold(model.source(), place.position, head, fold.as_mut()).await?;
    }
    let rows = fold.rows().map_err(|error| Trouble::Unfoldable(name.to_owned(), error))?;
    let count = rows.len() as u64;
    let transaction = client.transaction().await?;
    transaction.batch_execute(&format!("drop table if exists {new}")).await?;
    transaction.batch_execute(&table::create(&new)).await?;
    copy(&transaction, &new, &rows).await?;
    transaction.batch_execute(&table::indexes(&new)).await?;
    transaction.commit().await?;
    let events = swap(reader, from, model, place).await?;
    Ok(Rebuilt { model: name, events, rows: count })
}

/// Takes the checkpoint, applies what came since, and changes the names. A
/// reader that holds the table makes it wait only so long; then it tries again.
async fn swap(
    reader: &Reader,
    from: &Source<'_>,
    model: &dyn AnyReadModel,
    built: Place,
) -> Result<u64, Trouble> {
    let mut tries = 0;
    loop {
        match try_swap(reader, from, model, built).await {
            Err(Trouble::Store(StoreError::Refused { source })) if tries < 50 && lock_timeout(&source) => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            other => return other,
        }
    }
}

fn lock_timeout(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&tokio_postgres::error::SqlState::LOCK_NOT_AVAILABLE)
}

async fn try_swap(
    reader: &Reader,
    from: &Source<'_>,
    model: &dyn AnyReadModel,
    built: Place,
) -> Result<u64, Trouble> {
    let name = model.name();
    let mut client = reader.pool().get().await.map_err(StoreError::from)?;
    let transaction = client.transaction().await?;
    transaction.batch_execute("set local lock_timeout = '500ms'").await?;
    // A model that has stopped may be rebuilt: its mark goes.
    let live = match reader.lock(&transaction).await? {
        Ok(place) => place,
        Err(_) => built,
    };
    let to = live.position.max(built.position);
    // The fold goes on from where the new table was built, on the new table.
    let rest = from.events(model.source(), built.position, to).await?;
    transaction
        .batch_execute(&format!(
            "alter table {name} rename to {name}_old; alter table {name}_new rename to {name}"
        ))
        .await?;
    let due: Vec<&Recorded> = rest.iter().collect();
    apply(&transaction, model, &due).await?;
    let last = rest.last().map(|event| Place { position: event.position, event: Some(event.envelope.id) });
    reader.advance(&transaction, last.unwrap_or(built)).await?;
    transaction.execute("update checkpoints set stopped = null where reader = $1", &[&name]).await?;
    transaction.batch_execute(&format!("drop table {name}_old")).await?;
    transaction.commit().await?;
    Ok(to)
}

/// Compares the live rows with rebuilt ones at the same position, and changes
/// nothing.
pub(crate) async fn check(
    reader: &Reader,
    from: &Source<'_>,
    model: &dyn AnyReadModel,
) -> Result<Difference, String> {
    try_check(reader, from, model).await.map_err(|trouble| trouble.to_string())
}

async fn try_check(
    reader: &Reader,
    from: &Source<'_>,
    model: &dyn AnyReadModel,
) -> Result<Difference, Trouble> {
    let name = model.name();
    let mut client = reader.pool().get().await.map_err(StoreError::from)?;
    table::ensure(&mut client, name, model.source()).await?;
    let transaction = client.transaction().await?;
    // The checkpoint's lock keeps the live side where it is meanwhile.
    let live = reader.lock(&transaction).await?.map_err(Trouble::Stopped)?;
    let mut fold = model.fold_all();
    from.fold(model.source(), 0, live.position, fold.as_mut()).await?;
    let rows = fold.rows().map_err(|error| Trouble::Unfoldable(name.to_owned(), error))?;
    transaction.batch_execute(&format!("create temp table rebuilt (like {name}) on commit drop")).await?;
    copy(&transaction, "rebuilt", &rows).await?;
    let except =
        |a: &str, b: &str| format!("select count(*) from (select * from {a} except all select * from {b}) d");
    let only_live: i64 = transaction.query_one(&except(name, "rebuilt"), &[]).await?.get(0);
    let only_rebuilt: i64 = transaction.query_one(&except("rebuilt", name), &[]).await?.get(0);
    let count: i64 = transaction.query_one(&format!("select count(*) from {name}"), &[]).await?.get(0);
    transaction.rollback().await?;
    Ok(Difference {
        model: name,
        at: live.position,
        rows: count as u64,
        only_live: only_live as u64,
        only_rebuilt: only_rebuilt as u64,
    })
}

/// Binary COPY (PostgreSQL's documentation of COPY, "Binary Format").
async fn copy(
    transaction: &Transaction<'_>,
    name: &str,
    rows: &[(String, Index, String)],
) -> Result<(), tokio_postgres::Error> {
    let sink = transaction
        .copy_in::<_, bytes::Bytes>(&format!(
            "copy {name} (key, programme, owner, sort, body) from stdin binary"
        ))
        .await?;
    pin_mut!(sink);
    let mut buffer = BytesMut::with_capacity(1 << 20);
    buffer.put_slice(b"PGCOPY\n\xff\r\n\0");
    buffer.put_i32(0);
    buffer.put_i32(0);
    for (key, index, body) in rows {
        buffer.put_i16(5);
        field(&mut buffer, key.as_bytes());
        field(&mut buffer, index.programme.as_bytes());
        match &index.owner {
            Some(owner) => field(&mut buffer, owner.as_bytes()),
            None => buffer.put_i32(-1),
        }
        field(&mut buffer, index.sort.as_bytes());
        // jsonb's binary form: its version, 1, and the text.
        buffer.put_i32(body.len() as i32 + 1);
        buffer.put_u8(1);
        buffer.put_slice(body.as_bytes());
        if buffer.len() > 1 << 19 {
            sink.send(buffer.split().freeze()).await?;
        }
    }
    buffer.put_i16(-1);
    sink.send(buffer.freeze()).await?;
    sink.finish().await?;
    Ok(())
}

fn field(buffer: &mut BytesMut, bytes: &[u8]) {
    buffer.put_i32(bytes.len() as i32);
    buffer.put_slice(bytes);
}
