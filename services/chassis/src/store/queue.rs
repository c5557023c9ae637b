//! Group commit: commands that wait together are appended together, so one
//! fsync serves many.

use std::collections::HashSet;
use std::time::Duration;

use deadpool_postgres::{Object, Pool};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_postgres::Statement;

use super::StoreError;
use super::append::{self, APPEND, Outcome, Write};
use crate::clock::Clock;

/// The most commands and bytes of events in one transaction.
const MOST_COMMANDS: usize = 512;
const MOST_BYTES: usize = 8 << 20;

/// How often a batch with an unknown outcome is asked after, and how long
/// between, before its callers are told to ask again themselves.
const LOOK_UPS: u32 = 10;
const BETWEEN_LOOK_UPS: Duration = Duration::from_millis(300);

/// How long PostgreSQL may take over a batch before its outcome is looked up
/// on another connection.
const NO_ANSWER: Duration = Duration::from_secs(60);

type Answer = Result<Outcome, StoreError>;

struct Waiting {
    write: Write,
    answer: oneshot::Sender<Answer>,
}

/// The way into the queue.
pub(super) struct Queue {
    waiting: mpsc::Sender<Waiting>,
}

impl Queue {
    /// Waits for its turn, and for the commit.
    pub async fn append(&self, write: Write) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.waiting.send(Waiting { write, answer }).await.map_err(|_| StoreError::Stopping)?;
        answered.await.map_err(|_| StoreError::Stopping)?
    }
}

/// Starts the queue. It ends, after its last batch, when nobody holds it.
pub(super) fn start(pool: Pool, clock: Clock, head: watch::Sender<u64>) -> Queue {
    let (waiting, incoming) = mpsc::channel(4096);
    let writer = Writer { pool, clock, head, connection: None };
    tokio::spawn(run(writer, incoming));
    Queue { waiting }
}

async fn run(mut writer: Writer, mut incoming: mpsc::Receiver<Waiting>) {
    let mut held: Vec<Waiting> = Vec::new();
    loop {
        if held.is_empty() {
            match incoming.recv().await {
                Some(waiting) => held.push(waiting),
                None => return,
            }
        }
        while held.len() < 4 * MOST_COMMANDS {
            match incoming.try_recv() {
                Ok(waiting) => held.push(waiting),
                Err(_) => break,
            }
        }
        let (batch, rest) = choose(std::mem::take(&mut held));
        held = rest;
        writer.serve(batch).await;
    }
}

/// Takes commands in their order as long as none writes a stream that another
/// of the batch writes or relies on, and no two are the same command; the
/// others wait for the next batch.
fn choose(waiting: Vec<Waiting>) -> (Vec<Waiting>, Vec<Waiting>) {
    let (mut batch, mut rest) = (Vec::new(), Vec::new());
    let (mut written, mut relied_on, mut commands) = (HashSet::new(), HashSet::new(), HashSet::new());
    let mut bytes = 0;
    for next in waiting {
        let write = &next.write;
        let size: usize = write.events.iter().map(|event| event.bytes.len()).sum();
        let writes: HashSet<&str> = write.events.iter().map(|e| e.stream.as_str()).collect();
        let apart = writes.iter().all(|s| !written.contains(*s) && !relied_on.contains(*s))
            && write.expected.iter().all(|(s, _)| !written.contains(s.as_str()))
            && !commands.contains(&write.command);
        let room = batch.is_empty() || (batch.len() < MOST_COMMANDS && bytes + size <= MOST_BYTES);
        // What has to wait is in the way of those behind it, too: no command
        // overtakes another on the same stream.
        written.extend(writes.into_iter().map(str::to_owned));
        relied_on.extend(write.expected.iter().map(|(s, _)| s.as_str().to_owned()));
        commands.insert(write.command);
        if apart && room {
            bytes += size;
            batch.push(next);
        } else {
            rest.push(next);
        }
    }
    (batch, rest)
}

struct Writer {
    pool: Pool,
    clock: Clock,
    head: watch::Sender<u64>,
    connection: Option<(Object, Statement)>,
}

impl Writer {
    async fn serve(&mut self, batch: Vec<Waiting>) {
        let (writes, answers): (Vec<Write>, Vec<_>) =
            batch.into_iter().map(|waiting| (waiting.write, waiting.answer)).unzip();
        let outcomes = self.append(&writes).await;
        let highest = outcomes.iter().filter_map(|outcome| match outcome {
            Ok(Outcome::Done { position, .. }) => Some(*position),
            _ => None,
        });
        if let Some(highest) = highest.max() {
            self.head.send_if_modified(|head| {
                let moved = highest > *head;
                *head = (*head).max(highest);
                moved
            });
        }
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // A caller that has gone away is told when it asks again.
            let _ = answer.send(outcome);
        }
    }

    async fn append(&mut self, writes: &[Write]) -> Vec<Answer> {
        match self.try_append(writes).await {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(StoreError::Refused { source: error }) if refused(&error) => {
                self.one_by_one(writes, error).await
            }
            Err(error) => {
                self.connection = None;
                self.look_up(writes, error).await
            }
        }
    }

    async fn try_append(&mut self, writes: &[Write]) -> Result<Vec<Outcome>, StoreError> {
        let (known_head, ahead) = (*self.head.borrow(), self.clock.ahead_ms());
        let (client, statement) = self.connected().await?;
        let appended = append::append(client, statement, known_head, ahead, writes);
        // A server that says nothing may still have done it: the keys know.
        match tokio::time::timeout(NO_ANSWER, appended).await {
            Ok(outcomes) => Ok(outcomes?),
            Err(_) => Err(StoreError::Unknown),
        }
    }

    async fn connected(&mut self) -> Result<&(Object, Statement), StoreError> {
        let usable = self.connection.as_ref().is_some_and(|(client, _)| !client.is_closed());
        if !usable {
            let client = self.pool.get().await?;
            let statement = client.prepare(APPEND).await?;
            self.connection = Some((client, statement));
        }
        self.connection.as_ref().ok_or(StoreError::Stopping)
    }

    /// PostgreSQL refused the batch: find out whose fault it is, so that one
    /// command does not fail the others.
    async fn one_by_one(&mut self, writes: &[Write], error: tokio_postgres::Error) -> Vec<Answer> {
        if writes.len() == 1 {
            return vec![Err(error.into())];
        }
        tracing::warn!(%error, commands = writes.len(), "a batch was refused; appending one by one");
        let mut answers = Vec::with_capacity(writes.len());
        for write in writes {
            let answer = match self.try_append(std::slice::from_ref(write)).await {
                Ok(mut outcomes) => outcomes.pop().ok_or(StoreError::Stopping),
                Err(error) => Err(error),
            };
            if answer.is_err() {
                self.connection = None;
            }
            answers.push(answer);
        }
        answers
    }

    /// The connection was lost, perhaps after the commit: the keys know.
    async fn look_up(&mut self, writes: &[Write], lost: StoreError) -> Vec<Answer> {
        tracing::warn!(error = %lost, commands = writes.len(), "the outcome of an append is unknown; looking it up");
        for _ in 0..LOOK_UPS {
            tokio::time::sleep(BETWEEN_LOOK_UPS).await;
            let Ok(mut client) = self.pool.get().await else { continue };
            if let Ok(known) = append::known(&mut client, writes).await {
                let answers = known.into_iter();
                return answers.map(|outcome| outcome.ok_or(StoreError::Unknown)).collect();
            }
        }
        writes.iter().map(|_| Err(StoreError::Unknown)).collect()
    }
}

/// Whether the server itself said no, and so rolled back. One that is going
/// down (class 57) may have committed before it said so.
fn refused(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|db| !db.code().code().starts_with("57"))
}
