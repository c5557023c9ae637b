//! The event store: one append, dense positions, and what a decision reads.

mod append;
mod cqrs;
mod import;
mod load;
mod queue;
mod reads;
mod turns;

pub use append::{NewEvent, Outcome, Resting, Write};
pub use cqrs::{Context, Stored};
pub use load::{Holdings, Loaded};

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use deadpool_postgres::Pool;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::problem::Problem;
use crate::trace::TraceParent;
use crate::vault::Vault;

/// Whether commands are taken: not before the service has compared itself
/// with NATS once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Not compared yet.
    Comparing,
    /// Open.
    Open,
    /// The two logs are not one: nothing may be written until somebody looks.
    Forked(String),
}

/// A service's events. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    service: &'static str,
    pool: Pool,
    clock: Clock,
    vault: Vault,
    queue: queue::Queue,
    reads: reads::Reads,
    cache: load::Cache,
    turns: turns::Turns,
    head: watch::Sender<u64>,
    gate: watch::Sender<Gate>,
    /// The highest position taken in from each foreign service.
    basis: Mutex<BTreeMap<&'static str, u64>>,
    /// The traces that events not yet published came from.
    traces: Mutex<BTreeMap<u64, TraceParent>>,
}

/// How many traces are kept while NATS is away.
const MOST_TRACES: usize = 10_000;

/// PostgreSQL did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It can't be reached, or is busy.
    #[error("PostgreSQL can't be reached: {0}")]
    Unreachable(#[from] deadpool_postgres::PoolError),
    /// It refused a statement.
    #[error("PostgreSQL: {source}{}", cause(source))]
    Refused {
        #[from]
        source: tokio_postgres::Error,
    },
    /// What is stored is not what is expected there.
    #[error("a stored event can't be read: {0}")]
    Unreadable(String),
    /// The connection was lost. Where the keys could be looked up nothing was
    /// done; otherwise the caller asks again with the same key.
    #[error("the connection to PostgreSQL was lost")]
    Unknown,
    /// What was done for several at once failed for each of them.
    #[error("{0}")]
    Together(String),
    /// The append queue has ended: the service is stopping.
    #[error("the service is stopping")]
    Stopping,
}

fn cause(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map(|db| format!(": {}", db.message())).unwrap_or_default()
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unreadable(_) => Problem::internal(error),
            error => {
                tracing::warn!(%error, "the store is not available");
                Problem::unavailable(
                    "store-unavailable",
                    "The store can't be reached just now. Send the same request again with the same Idempotency-Key.",
                )
            }
        }
    }
}

impl Store {
    /// Opens the store of a service on its database, which must be migrated.
    /// The append queue runs until the last clone is gone.
    pub async fn open(
        service: &'static str,
        pool: Pool,
        clock: Clock,
        vault: Vault,
    ) -> Result<Self, StoreError> {
        let head = head(&pool).await?;
        let head = watch::Sender::new(head);
        let queue = queue::start(pool.clone(), clock.clone(), head.clone());
        Ok(Self {
            inner: Arc::new(Inner {
                service,
                reads: reads::Reads::new(pool.clone()),
                pool,
                clock,
                vault,
                queue,
                cache: load::Cache::default(),
                turns: turns::Turns::default(),
                head,
                gate: watch::Sender::new(Gate::Comparing),
                basis: Mutex::default(),
                traces: Mutex::default(),
            }),
        })
    }

    /// The service whose events these are.
    pub fn service(&self) -> &'static str {
        self.inner.service
    }

    /// The service's database.
    pub fn pool(&self) -> &Pool {
        &self.inner.pool
    }

    /// The program's clock.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Where openings lie.
    pub fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// The last position that this process knows to be committed; it changes
    /// when something is appended.
    pub fn head(&self) -> watch::Receiver<u64> {
        self.inner.head.subscribe()
    }

    /// Tells whoever waits for the head that another process moved it.
    pub(crate) fn saw_head(&self, position: u64) {
        self.inner.head.send_if_modified(|head| {
            let moved = position > *head;
            *head = (*head).max(position);
            moved
        });
    }

    /// Forgets how far PostgreSQL was once: what it lacked was taken back, and
    /// what nobody has is gone.
    pub(crate) fn reset_head(&self, position: u64) {
        self.inner.head.send_replace(position);
    }

    /// Whether commands are taken.
    pub fn gate(&self) -> watch::Receiver<Gate> {
        self.inner.gate.subscribe()
    }

    /// Takes commands though nothing compares this store with NATS: for those
    /// who measure the store by itself.
    pub fn open_unpublished(&self) {
        self.set_gate(Gate::Open);
    }

    pub(crate) fn set_gate(&self, gate: Gate) {
        self.inner.gate.send_replace(gate);
    }

    /// 503 unless commands are taken.
    pub(crate) fn accepting(&self) -> Result<(), Problem> {
        match &*self.inner.gate.borrow() {
            Gate::Open => Ok(()),
            Gate::Comparing => Err(Problem::unavailable(
                "starting",
                "The service is starting and has not compared its log with NATS yet. Try again in a moment.",
            )),
            Gate::Forked(why) => Err(Problem::unavailable("forked", why.clone())),
        }
    }

    /// Notes how far a foreign service's events were taken in.
    pub(crate) fn took_in(&self, source: &'static str, position: u64) {
        let mut basis = self.inner.basis.lock().unwrap_or_else(PoisonError::into_inner);
        let at = basis.entry(source).or_default();
        *at = (*at).max(position);
    }

    /// How far each foreign service was taken in, as an event's `basis`.
    pub fn basis(&self) -> String {
        let basis = self.inner.basis.lock().unwrap_or_else(PoisonError::into_inner);
        let places: Vec<String> =
            basis.iter().map(|(source, position)| format!("{source}/{position}")).collect();
        places.join(",")
    }

    /// Appends one command's writes with whatever else is waiting.
    pub(crate) async fn append(&self, write: Write) -> Result<Outcome, StoreError> {
        let events = write.events.len() as u64;
        let outcome = self.inner.queue.append(write).await?;
        if let Outcome::Done { first: true, position, .. } = &outcome {
            self.trace(position - events + 1..=*position);
        }
        Ok(outcome)
    }

    fn trace(&self, positions: std::ops::RangeInclusive<u64>) {
        let trace = TraceParent::current();
        let mut traces = self.inner.traces.lock().unwrap_or_else(PoisonError::into_inner);
        traces.extend(positions.map(|position| (position, trace.clone())));
        while traces.len() > MOST_TRACES {
            traces.pop_first();
        }
    }

    /// The trace that an event came from, if it was appended here just now.
    pub(crate) fn trace_of(&self, position: u64) -> Option<TraceParent> {
        let traces = self.inner.traces.lock().unwrap_or_else(PoisonError::into_inner);
        traces.get(&position).cloned()
    }

    /// Drops the traces of what is published.
    pub(crate) fn published(&self, last: u64) {
        let mut traces = self.inner.traces.lock().unwrap_or_else(PoisonError::into_inner);
        *traces = traces.split_off(&(last + 1));
    }
}

/// The last position in PostgreSQL.
pub async fn head(pool: &Pool) -> Result<u64, StoreError> {
    let client = pool.get().await?;
    let row = client.query_one("select position from head", &[]).await?;
    Ok(row.get::<_, i64>(0) as u64)
}
