//! Reads of streams that wait together are one round trip, as appends are.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use deadpool_postgres::Pool;
use tokio::sync::oneshot::{self, error::TryRecvError};
use tokio_postgres::Row;

use super::StoreError;
use super::load::read;
use crate::event::Recorded;
use crate::id::StreamId;

/// Each stream from where its reader stands, by index whatever PostgreSQL
/// thinks of the table's size.
const AFTER: &str = "select w.number, e.position, e.bytes \
     from unnest($1::text[], $2::bigint[]) with ordinality w(stream, version, number) \
     cross join lateral (select position, bytes from events \
         where stream = w.stream and version > w.version order by version offset 0) e";

/// The most streams in one query.
const MOST: usize = 512;

type Answer = Result<Vec<Recorded>, StoreError>;

struct Wanted {
    stream: StreamId,
    after: u64,
    answer: oneshot::Sender<Answer>,
}

/// Whoever finds nobody reading reads for all that wait by then.
pub(super) struct Reads {
    pool: Pool,
    waiting: Mutex<Vec<Wanted>>,
    reading: tokio::sync::Mutex<()>,
}

impl Reads {
    pub fn new(pool: Pool) -> Self {
        Self { pool, waiting: Mutex::default(), reading: tokio::sync::Mutex::default() }
    }

    /// A stream's events after a version, in order.
    pub async fn after(&self, stream: &StreamId, after: u64) -> Answer {
        loop {
            let (answer, mut answered) = oneshot::channel();
            self.waiting().push(Wanted { stream: stream.clone(), after, answer });
            tokio::select! {
                biased;
                // Closed, if whoever read for us has gone away.
                answer = &mut answered => match answer {
                    Ok(answer) => return answer,
                    Err(_) => continue,
                },
                _turn = self.reading.lock() => {
                    let before = answered.try_recv();
                    if let Err(TryRecvError::Empty) = before {
                        self.read().await;
                    }
                    // Whoever read before may have read this, too.
                    if let Ok(answer) = before.or_else(|_| answered.try_recv()) {
                        return answer;
                    }
                }
            }
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Wanted>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads for those that wait, and answers them.
    async fn read(&self) {
        let batch: Vec<Wanted> = {
            let mut waiting = self.waiting();
            let many = waiting.len().min(MOST);
            waiting.drain(..many).collect()
        };
        let found = self.found(&batch).await;
        for (number, wanted) in (1..).zip(batch) {
            let answer = match &found {
                Ok(rows) => rows.get(&number).map_or_else(|| Ok(Vec::new()), |rows| in_order(rows)),
                Err(error) => Err(StoreError::Together(error.to_string())),
            };
            // Who has gone away needs no answer.
            let _ = wanted.answer.send(answer);
        }
    }

    async fn found(&self, batch: &[Wanted]) -> Result<HashMap<i64, Vec<Row>>, StoreError> {
        let streams: Vec<&str> = batch.iter().map(|wanted| wanted.stream.as_str()).collect();
        let versions: Vec<i64> = batch.iter().map(|wanted| wanted.after as i64).collect();
        let client = self.pool.get().await?;
        let statement = client.prepare_cached(AFTER).await?;
        let mut found: HashMap<i64, Vec<Row>> = HashMap::new();
        for row in client.query(&statement, &[&streams, &versions]).await? {
            found.entry(row.get(0)).or_default().push(row);
        }
        Ok(found)
    }
}

/// As the index gives them they are in order already; nothing promises that.
fn in_order(rows: &[Row]) -> Answer {
    let mut events: Vec<Recorded> =
        rows.iter().map(|row| read(row.get(1), row.get(2))).collect::<Result<_, _>>()?;
    events.sort_by_key(|event| event.envelope.version);
    Ok(events)
}
