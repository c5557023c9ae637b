//! A reader of events, read model or process manager: its checkpoint, and how
//! far it has come.

use deadpool_postgres::{Pool, Transaction};
use tokio::sync::watch;
use tokio_postgres::{Client, Error};

use crate::feed::Place;

/// How a reader is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has not started.
    Starting,
    /// It has applied everything up to here.
    At(u64),
    /// It stands here until NATS or PostgreSQL is back.
    Waiting(u64, String),
    /// It has stopped at an event that it can't apply.
    Stopped(String),
}

impl Standing {
    /// How far it has come.
    pub fn position(&self) -> u64 {
        match self {
            Self::At(position) | Self::Waiting(position, _) => *position,
            Self::Starting | Self::Stopped(_) => 0,
        }
    }
}

/// One reader. Cheap to clone.
#[derive(Clone)]
pub struct Reader {
    name: &'static str,
    source: &'static str,
    pool: Pool,
    standing: watch::Sender<Standing>,
}

impl Reader {
    /// A reader by its name, which is its checkpoint's.
    pub fn new(name: &'static str, source: &'static str, pool: Pool) -> Self {
        Self { name, source, pool, standing: watch::Sender::new(Standing::Starting) }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The service whose events it reads.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// Where its rows and its checkpoint are.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// How it is doing, now and later.
    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.subscribe()
    }

    pub(crate) fn set(&self, standing: Standing) {
        self.standing.send_if_modified(|now| {
            let changed = *now != standing;
            *now = standing;
            changed
        });
    }

    pub(crate) fn waits(&self, why: &str) {
        let position = self.standing.borrow().position();
        self.set(Standing::Waiting(position, why.to_owned()));
    }

    /// Its checkpoint; `Err` says why it has stopped there.
    pub(crate) async fn place(&self, client: &Client) -> Result<Result<Place, String>, Error> {
        let query = "select position, event, stopped from checkpoints where reader = $1";
        Ok(read(client.query_opt(query, &[&self.name]).await?))
    }

    /// The same, locked: whoever holds it runs the reader.
    pub(crate) async fn lock(&self, transaction: &Transaction<'_>) -> Result<Result<Place, String>, Error> {
        let query = "select position, event, stopped from checkpoints where reader = $1 for update";
        let statement = transaction.prepare_cached(query).await?;
        Ok(read(transaction.query_opt(&statement, &[&self.name]).await?))
    }

    /// Moves the checkpoint, with what was made of the events before it.
    pub(crate) async fn advance(&self, transaction: &Transaction<'_>, to: Place) -> Result<(), Error> {
        let update = "update checkpoints set position = $2, event = $3 where reader = $1";
        let statement = transaction.prepare_cached(update).await?;
        transaction.execute(&statement, &[&self.name, &(to.position as i64), &to.event]).await?;
        Ok(())
    }

    /// Takes the mark away.
    pub(crate) async fn unstop(&self) {
        let unmark = async {
            let client = self.pool.get().await.ok()?;
            let update = "update checkpoints set stopped = null where reader = $1";
            client.execute(update, &[&self.name]).await.ok()
        };
        if unmark.await.is_none() {
            tracing::warn!(reader = self.name, "whether it had stopped can't be read");
        }
    }

    /// Marks it as stopped, where everybody can see it.
    pub(crate) async fn stop(&self, why: &str) {
        self.set(Standing::Stopped(why.to_owned()));
        let mark = async {
            let client = self.pool.get().await.ok()?;
            let update = "update checkpoints set stopped = $2 where reader = $1";
            client.execute(update, &[&self.name, &why]).await.ok()
        };
        if mark.await.is_none() {
            tracing::warn!(reader = self.name, "the mark could not be written");
        }
    }
}

fn read(row: Option<tokio_postgres::Row>) -> Result<Place, String> {
    let Some(row) = row else { return Ok(Place::default()) };
    match row.get::<_, Option<String>>(2) {
        Some(why) => Err(why),
        None => Ok(Place { position: row.get::<_, i64>(0) as u64, event: row.get(1) }),
    }
}
