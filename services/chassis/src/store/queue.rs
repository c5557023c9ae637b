//! Group commit: commands that wait together are appended together, so one
//! fsync serves many.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Object, Pool};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_postgres::Statement;

use super::StoreError;
use super::append::{self, APPEND, Outcome, Write};
use crate::clock::Clock;

/// The most commands and bytes of events in one transaction.
const MOST_COMMANDS: usize = 512;
const MOST_BYTES: usize = 8 << 20;

/// So many commands go at once though another batch is under way.
const WORTH_A_BATCH: usize = 32;

/// The most commands that are held back for their streams' sake.
const MOST_HELD: usize = 4 * MOST_COMMANDS;

/// How often a batch with an unknown outcome is asked after, and how long
/// between, before its callers are told to ask again themselves.
const LOOK_UPS: u32 = 10;
const BETWEEN_LOOK_UPS: Duration = Duration::from_millis(300);

/// How long PostgreSQL may take over a batch before its outcome is looked up
/// on another connection.
const NO_ANSWER: Duration = Duration::from_secs(60);

/// The append's plans are made once a connection, perhaps while the tables are
/// empty, and must serve when they hold millions: every lookup is by index, a
/// row at a time, and nothing worth compiling. Said once to the connection rather
/// than by the function, which would say it at each call.
const PLANS: &str = "set plan_cache_mode = force_generic_plan; set jit = off; \
     set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off";

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
    tokio::spawn(run(Arc::new(Writer { pool, clock, head }), incoming));
    Queue { waiting }
}

async fn run(writer: Arc<Writer>, mut incoming: mpsc::Receiver<Waiting>) {
    let mut held: Vec<Waiting> = Vec::new();
    let mut under_way = FuturesUnordered::new();
    let mut line: Option<Arc<Line>> = None;
    let (mut more, mut company) = (true, 0);
    while more || !held.is_empty() || !under_way.is_empty() {
        tokio::select! {
            biased;
            Some(fine) = under_way.next() => {
                line = line.filter(|_| fine);
            }
            waiting = incoming.recv(), if more && held.len() < MOST_HELD => match waiting {
                Some(waiting) => {
                    held.push(waiting);
                    take(&mut held, &mut incoming);
                }
                None => more = false,
            },
            else => return,
        }
        // PostgreSQL has the next batch at hand when it is done with one; what
        // is too little for a batch of its own grows until then.
        let goes = match under_way.len() {
            0 => !held.is_empty(),
            1 => held.len() >= WORTH_A_BATCH,
            _ => false,
        };
        if goes {
            // Who is alone does not wait for others.
            if company > 1 {
                wait_for_company(&mut held, &mut incoming).await;
            }
            let (batch, rest) = choose(std::mem::take(&mut held));
            held = rest;
            company = batch.len().max(company / 2);
            if line.as_ref().is_none_or(|line| line.client.is_closed()) {
                line = match writer.connected().await {
                    Ok(new) => Some(Arc::new(new)),
                    Err(error) => {
                        refuse(batch, &error);
                        refuse(std::mem::take(&mut held), &error);
                        continue;
                    }
                };
            }
            if let Some(line) = &line {
                under_way.push(Arc::clone(&writer).serve(Arc::clone(line), batch));
            }
        }
    }
}

/// Nothing was sent: each can ask again.
fn refuse(batch: Vec<Waiting>, error: &StoreError) {
    for waiting in batch {
        let _ = waiting.answer.send(Err(StoreError::Together(error.to_string())));
    }
}

/// Those who are about to decide come along: a batch's fixed cost is that of a
/// dozen commands.
async fn wait_for_company(held: &mut Vec<Waiting>, incoming: &mut mpsc::Receiver<Waiting>) {
    let mut before = 0;
    while held.len() != before && held.len() < WORTH_A_BATCH {
        before = held.len();
        tokio::task::yield_now().await;
        take(held, incoming);
    }
}

fn take(held: &mut Vec<Waiting>, incoming: &mut mpsc::Receiver<Waiting>) {
    while held.len() < MOST_HELD {
        match incoming.try_recv() {
            Ok(waiting) => held.push(waiting),
            Err(_) => break,
        }
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
}

/// The connection that batches go over, one behind the other.
struct Line {
    client: ClientWrapper,
    statement: Statement,
}

impl Writer {
    async fn connected(&self) -> Result<Line, StoreError> {
        let client = Object::take(self.pool.get().await?);
        client.batch_execute(PLANS).await?;
        let statement = client.prepare(APPEND).await?;
        Ok(Line { client, statement })
    }

    /// Appends a batch and answers its callers; false if the connection is not
    /// to be used again.
    async fn serve(self: Arc<Self>, line: Arc<Line>, batch: Vec<Waiting>) -> bool {
        let (writes, answers): (Vec<Write>, Vec<_>) =
            batch.into_iter().map(|waiting| (waiting.write, waiting.answer)).unzip();
        let (outcomes, fine) = self.append(&line, &writes).await;
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
        fine
    }

    async fn append(&self, line: &Line, writes: &[Write]) -> (Vec<Answer>, bool) {
        match self.try_append(line, writes).await {
            Ok(outcomes) => (outcomes.into_iter().map(Ok).collect(), true),
            Err(StoreError::Refused { source: error }) if refused(&error) => {
                self.one_by_one(line, writes, error).await
            }
            Err(error) => (self.look_up(writes, error).await, false),
        }
    }

    async fn try_append(&self, line: &Line, writes: &[Write]) -> Result<Vec<Outcome>, StoreError> {
        let (known_head, ahead) = (*self.head.borrow(), self.clock.ahead_ms());
        let appended = append::append(&line.client, &line.statement, known_head, ahead, writes);
        // A server that says nothing may still have done it: the keys know.
        match tokio::time::timeout(NO_ANSWER, appended).await {
            Ok(outcomes) => Ok(outcomes?),
            Err(_) => Err(StoreError::Unknown),
        }
    }

    /// PostgreSQL refused the batch: find out whose fault it is, so that one
    /// command does not fail the others.
    async fn one_by_one(
        &self,
        line: &Line,
        writes: &[Write],
        error: tokio_postgres::Error,
    ) -> (Vec<Answer>, bool) {
        if let [_] = writes {
            return (vec![Err(error.into())], false);
        }
        tracing::warn!(%error, commands = writes.len(), "a batch was refused; appending one by one");
        let mut answers = Vec::with_capacity(writes.len());
        for write in writes {
            let outcomes = self.try_append(line, std::slice::from_ref(write)).await;
            answers.push(outcomes.and_then(|mut outcomes| outcomes.pop().ok_or(StoreError::Stopping)));
        }
        let fine = answers.iter().all(Result::is_ok);
        (answers, fine)
    }

    /// The connection was lost, perhaps after the commit: the keys know.
    async fn look_up(&self, writes: &[Write], lost: StoreError) -> Vec<Answer> {
        tracing::warn!(error = %lost, commands = writes.len(), "the outcome of an append is unknown; looking it up");
        for _ in 0..LOOK_UPS {
            tokio::time::sleep(BETWEEN_LOOK_UPS).await;
            let Ok(client) = self.pool.get().await else { continue };
            if let Ok(known) = append::look_up(&client, writes).await {
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
