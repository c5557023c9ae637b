//! Reads what all services say, each event after what it relies on, and makes
//! letters of it. How far it has come is written with the letters, in one
//! transaction: none is lost, and none is made twice.

mod concern;
mod entering;
mod judging;
mod winning;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;
use plaudit_chassis::Service;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::feed::{Feed, FeedError, Place};
use plaudit_chassis::merge::Merge;
use plaudit_chassis::store::StoreError;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::facts::Shelf;
use crate::{letter, mailing};
use concern::Concerned;

/// The services whose events are read: all that have any.
pub const SOURCES: [&str; 6] = ["submissions", "panels", "scoring", "awards", "accounts", "audit"];

/// The most events that are read in one transaction.
const BATCH: usize = 500;

/// So many that wait for others are worth a word: one source is far behind.
const MANY_WAITING: usize = 16 * 1024;

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_millis(300);

/// Nobody is written to about what is older: after a long standstill, or where
/// notify comes to programmes that are there already.
const NEWS: SignedDuration = SignedDuration::from_hours(72);

const TAKEN: &str = "select service, position, event from taken";
const TAKE: &str = "insert into taken (service, position, event) \
     select * from unnest($1::text[], $2::bigint[], $3::uuid[]) \
     on conflict (service) do update set position = excluded.position, event = excluded.event";

type Batch = Result<(&'static str, Vec<Recorded>), FeedError>;

/// Reads for ever.
pub async fn read(service: &Service) -> Result<(), StoreError> {
    let taken = taken(service).await?;
    let mut merge = Merge::after(taken.iter().map(|(source, place)| (*source, place.position)).collect());
    let (batches, mut incoming) = mpsc::channel::<Batch>(SOURCES.len());
    let mut feeds = JoinSet::new();
    for source in SOURCES {
        let from = taken.get(source).copied().unwrap_or_default();
        service.follows(source, from.position);
        feeds.spawn(feed(service.clone(), source, from, batches.clone()));
    }
    loop {
        let batch = incoming.recv().await.ok_or_else(|| StoreError::Unreadable("no feed runs".to_owned()))?;
        let (source, events) = batch.map_err(|error| StoreError::Unreadable(error.to_string()))?;
        if merge.waiting() + events.len() > MANY_WAITING {
            tracing::warn!(waiting = merge.waiting(), source, "many events wait for others that do not come");
        }
        merge.push(source, events);
        loop {
            let ready = merge.ready(BATCH);
            if ready.is_empty() {
                break;
            }
            take(service, &ready).await?;
        }
    }
}

async fn taken(service: &Service) -> Result<BTreeMap<&'static str, Place>, StoreError> {
    let client = service.pool().get().await?;
    let rows = client.query(TAKEN, &[]).await?;
    let known = rows.iter().filter_map(|row| {
        let source = SOURCES.into_iter().find(|source| *source == row.get::<_, &str>(0))?;
        Some((source, Place { position: row.get::<_, i64>(1) as u64, event: Some(row.get(2)) }))
    });
    Ok(known.collect())
}

/// Makes letters of events, and writes down that they were read.
async fn take(service: &Service, events: &[Recorded]) -> Result<(), StoreError> {
    let mut client = service.pool().get().await?;
    let transaction = client.transaction().await?;
    let mut concerned = Concerned { shelf: Shelf::default(), letters: Vec::new(), mailings: Vec::new() };
    let about: Vec<Uuid> =
        events.iter().flat_map(|event| [event.envelope.stream.id(), event.envelope.programme.0]).collect();
    concerned.shelf.fetch(&transaction, about).await?;
    let since = service.clock().now() - NEWS;
    for event in events {
        let (letters, mailings) = (concerned.letters.len(), concerned.mailings.len());
        concerned.learn(&transaction, event).await.map_err(|error| at(event, error))?;
        if event.envelope.time < since {
            concerned.letters.truncate(letters);
            // What is to happen at an instant may still be to come.
            let rest = concerned.mailings.split_off(mailings);
            concerned.mailings.extend(rest.into_iter().filter(|mailing| mailing.due > since));
        }
    }
    concerned.shelf.flush(&transaction).await?;
    letter::insert(service, &transaction, &concerned.letters).await?;
    mailing::insert(&transaction, &concerned.mailings).await?;
    let mut last: BTreeMap<&'static str, (i64, Uuid)> = BTreeMap::new();
    for event in events {
        let source = SOURCES.into_iter().find(|source| *source == event.envelope.source);
        last.extend(source.map(|source| (source, (event.position as i64, event.envelope.id))));
    }
    let services: Vec<&str> = last.keys().copied().collect();
    let positions: Vec<i64> = last.values().map(|(position, _)| *position).collect();
    let ids: Vec<Uuid> = last.values().map(|(_, id)| *id).collect();
    let statement = transaction.prepare_cached(TAKE).await?;
    transaction.execute(&statement, &[&services, &positions, &ids]).await?;
    transaction.commit().await?;
    last.into_iter().for_each(|(source, (position, _))| service.follows(source, position as u64));
    Ok(())
}

fn at(event: &Recorded, error: StoreError) -> StoreError {
    StoreError::Unreadable(format!("event {}: {error}", event.place()))
}

/// A service's events, for ever, into the channel.
async fn feed(service: Service, source: &'static str, mut from: Place, batches: mpsc::Sender<Batch>) {
    loop {
        let ended = match Feed::open(service.context(), source, from).await {
            Ok(mut feed) => loop {
                match feed.batch().await {
                    Ok(batch) => {
                        if let Some(last) = batch.last() {
                            from = Place { position: last.position, event: Some(last.envelope.id) };
                        }
                        if batches.send(Ok((source, batch))).await.is_err() {
                            return;
                        }
                    }
                    Err(error) => break error,
                }
            },
            Err(error) => error,
        };
        tracing::debug!(source, error = %ended, "a feed has ended");
        if !matches!(ended, FeedError::Away(_)) {
            // Whoever listens stops and starts anew.
            let _ = batches.send(Err(ended)).await;
            return;
        }
        tokio::time::sleep(AGAIN).await;
    }
}
