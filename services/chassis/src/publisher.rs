//! The publisher: event N of the service becomes message N of its stream.
//!
//! Each message is sent with `Nats-Expected-Last-Sequence: N-1`, so it can
//! neither skip, reorder nor repeat, and a publisher that is no longer the
//! one is refused. PostgreSQL is the truth: what NATS has lost is sent again,
//! byte for byte.

use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::Context;
use async_nats::jetstream::stream::Stream;
use deadpool_postgres::Object;
use futures_util::future::join_all;
use tokio::sync::watch;

use crate::nats;
use crate::store::{Gate, Store, StoreError};

/// Messages in flight at once.
const IN_FLIGHT: u32 = 512;

/// How often NATS is compared with PostgreSQL though nothing seems wrong.
const COMPARE: Duration = Duration::from_secs(60);

/// How often another process' appends are looked for.
const LOOK: Duration = Duration::from_millis(500);

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// The header that ties an event to the request it came from.
pub const TRACEPARENT: &str = "traceparent";

/// How the publisher is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The last message that NATS has acknowledged.
    pub position: u64,
    /// Why it does not get on, if it doesn't.
    pub trouble: Option<String>,
}

#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("NATS: {0}")]
    Nats(String),
    #[error("{0}")]
    Forked(String),
    #[error("another copy of this service publishes")]
    NotTheOne,
}

fn nats_trouble(error: impl std::fmt::Display) -> Trouble {
    Trouble::Nats(error.to_string())
}

/// Publishes one service's events until it is dropped.
pub struct Publisher {
    store: Store,
    context: Context,
    replicas: usize,
    state: watch::Sender<Published>,
    /// The connection that holds the advisory lock: one publisher a service.
    lock: Option<Object>,
}

/// The advisory lock's number: "plaudit" and "publish" in ASCII, folded.
const LOCK: i64 = 0x706c_6175_7075_6273;

/// Who publishes next need not wait until this one's connection is of no more
/// use to anybody.
impl Drop for Publisher {
    fn drop(&mut self) {
        self.give_up_the_lock();
    }
}

impl Publisher {
    /// A publisher of a store's events.
    pub fn new(store: Store, context: Context, replicas: usize) -> Self {
        Self { store, context, replicas, state: watch::Sender::default(), lock: None }
    }

    /// How it is doing.
    pub fn state(&self) -> watch::Receiver<Published> {
        self.state.subscribe()
    }

    /// Compares, heals and publishes, for ever.
    pub async fn run(mut self) {
        loop {
            let Err(trouble) = self.publish().await;
            if let Trouble::Forked(why) = &trouble {
                tracing::error!(service = self.store.service(), %why, "the log in NATS is another one");
                self.store.set_gate(Gate::Forked(why.clone()));
            } else if !matches!(trouble, Trouble::NotTheOne) {
                tracing::warn!(service = self.store.service(), %trouble, "not publishing");
            }
            self.give_up_the_lock();
            self.state.send_modify(|state| state.trouble = Some(trouble.to_string()));
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn publish(&mut self) -> Result<std::convert::Infallible, Trouble> {
        let stream = nats::own_stream(&self.context, self.store.service(), self.replicas)
            .await
            .map_err(nats_trouble)?;
        let connection = nats::connection(&self.context);
        let one = self.be_the_one().await?;
        let last = self.compare(&stream, one).await?;
        self.store.vault().forget_again().await?;
        let position = crate::store::head(self.store.pool()).await?;
        self.store.reset_head(position);
        self.store.set_gate(Gate::Open);
        if !one {
            return Err(Trouble::NotTheOne);
        }
        // Nobody acknowledges what was sent over a lost connection, and who
        // comes back may not be who went: compare from the start.
        tokio::select! {
            ended = self.keep_up(&stream, last) => ended,
            () = nats::connection_ends(&self.context, connection) => {
                Err(Trouble::Nats("the connection was lost".to_owned()))
            }
        }
    }

    /// Sends whatever is appended.
    async fn keep_up(&self, stream: &Stream, mut last: u64) -> Result<std::convert::Infallible, Trouble> {
        let mut head = self.store.head();
        let mut compared = tokio::time::Instant::now();
        loop {
            self.still_the_one()?;
            // A database older than it was: what is missing is taken back.
            if *self.store.gate().borrow() != Gate::Open {
                return Err(Trouble::Nats("to be compared anew".to_owned()));
            }
            last = self.send_from(last).await?;
            self.state.send_if_modified(|state| {
                let now = Published { position: last, trouble: None };
                let changed = *state != now;
                *state = now;
                changed
            });
            if compared.elapsed() > COMPARE {
                last = self.compare(stream, true).await?;
                compared = tokio::time::Instant::now();
            }
            if *head.borrow_and_update() <= last {
                let moved = tokio::time::timeout(LOOK, head.changed()).await;
                if moved.is_err() {
                    let position = crate::store::head(self.store.pool()).await?;
                    self.store.saw_head(position);
                }
            }
        }
    }

    async fn be_the_one(&mut self) -> Result<bool, Trouble> {
        let client = self.store.pool().get().await.map_err(StoreError::from)?;
        let row = client.query_one("select pg_try_advisory_lock($1)", &[&LOCK]).await;
        let got: bool = row.map_err(StoreError::from)?.get(0);
        self.lock = got.then_some(client);
        Ok(got)
    }

    /// The lock is the connection's: back in the pool it would go on keeping
    /// everybody out, this publisher too.
    fn give_up_the_lock(&mut self) {
        if let Some(client) = self.lock.take() {
            drop(Object::take(client));
        }
    }

    /// The lock goes with its connection.
    fn still_the_one(&self) -> Result<(), Trouble> {
        match &self.lock {
            Some(client) if !client.is_closed() => Ok(()),
            _ => Err(Trouble::NotTheOne),
        }
    }

    /// Sends the next messages after `last`, as many as may be in flight.
    async fn send_from(&self, mut last: u64) -> Result<u64, Trouble> {
        let events = self.store.read_after(last, IN_FLIGHT).await?;
        let mut acks = Vec::with_capacity(events.len());
        for event in events {
            let mut headers = HeaderMap::new();
            headers.insert(
                async_nats::header::NATS_EXPECTED_LAST_SEQUENCE,
                (event.position - 1).to_string().as_str(),
            );
            if let Some(trace) = self.store.trace_of(event.position) {
                headers.insert(TRACEPARENT, trace.as_str());
            }
            let subject = event.envelope.subject();
            let sent = self.context.publish_with_headers(subject, headers, event.bytes).await;
            acks.push((event.position, sent.map_err(nats_trouble)?));
        }
        let acked = join_all(acks.into_iter().map(|(position, ack)| async move {
            let ack = ack.await.map_err(nats_trouble)?;
            if ack.sequence == position {
                return Ok(position);
            }
            let why = format!("event {position} became message {}", ack.sequence);
            Err(Trouble::Forked(why))
        }));
        for position in acked.await {
            last = last.max(position?);
        }
        self.store.published(last);
        Ok(last)
    }

    /// Compares NATS with PostgreSQL and heals what can be healed. Answers the
    /// last message that need not be sent again. What PostgreSQL lacks is
    /// taken back before anything is thrown away.
    async fn compare(&self, stream: &Stream, may_write: bool) -> Result<u64, Trouble> {
        let info = stream.get_info().await.map_err(nats_trouble)?;
        let (first, last, count) = (info.state.first_sequence, info.state.last_sequence, info.state.messages);
        let head = crate::store::head(self.store.pool()).await?;
        let whole = count == last && (last == 0 || first == 1);
        if !may_write && (last > head || !whole) {
            // The other copy is healing: nothing is written here before it has.
            return Err(Trouble::NotTheOne);
        }
        let common = head.min(last);
        if common > 0 {
            self.same_at(stream, common, whole).await?;
        }
        if last > head {
            self.import(stream, head, last).await?;
        }
        if !whole {
            return self.recreate(last, count).await;
        }
        Ok(last)
    }

    /// Whether the two have the same bytes at a position. Where messages are
    /// missing this may be one of them.
    async fn same_at(&self, stream: &Stream, position: u64, whole: bool) -> Result<(), Trouble> {
        let there = match nats::find(stream, position).await.map_err(nats_trouble)? {
            Some(there) => there,
            None if !whole => return Ok(()),
            None => return Err(Trouble::Nats(format!("message {position} is not there"))),
        };
        let here = self.store.read_after(position - 1, 1).await?;
        if here.first().is_some_and(|event| event.bytes == there) {
            return Ok(());
        }
        Err(Trouble::Forked(format!(
            "Message {position} of {} is not event {position} in PostgreSQL: the two are not the same log. Nothing is written until somebody looks.",
            nats::stream_name(self.store.service()),
        )))
    }

    /// Its middle or its beginning is gone, which can't be put back in place:
    /// the stream is made again and gets every event from the first.
    async fn recreate(&self, last: u64, count: u64) -> Result<u64, Trouble> {
        tracing::warn!(
            service = self.store.service(),
            last,
            count,
            "NATS has lost messages: making the stream again from event 1"
        );
        let name = nats::stream_name(self.store.service());
        self.context.delete_stream(&name).await.map_err(nats_trouble)?;
        nats::own_stream(&self.context, self.store.service(), self.replicas).await.map_err(nats_trouble)?;
        Ok(0)
    }

    /// PostgreSQL was restored from a backup: the tail that it lacks is taken
    /// from the stream, before anything new is written.
    async fn import(&self, stream: &Stream, head: u64, last: u64) -> Result<(), Trouble> {
        tracing::warn!(service = self.store.service(), head, last, "importing a missing tail from NATS");
        let mut from = head;
        while from < last {
            let to = last.min(from + u64::from(IN_FLIGHT));
            let wanted = (from + 1..=to).map(|sequence| nats::find(stream, sequence));
            let mut events = Vec::with_capacity((to - from) as usize);
            for (position, message) in (from + 1..).zip(join_all(wanted).await) {
                let bytes = message.map_err(nats_trouble)?.ok_or_else(|| {
                    Trouble::Forked(format!(
                        "PostgreSQL has {head} events, NATS had {last}, and message {position} is missing: \
                         put back a later backup, or decide by hand what is left. Nothing is written until then."
                    ))
                })?;
                let event = crate::event::Recorded::read(position, bytes)
                    .map_err(|error| Trouble::Forked(format!("message {position}: {error}")))?;
                events.push(event);
            }
            self.store.import(&events).await?;
            from = to;
        }
        Ok(())
    }
}
