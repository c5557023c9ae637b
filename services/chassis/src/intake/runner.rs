//! Runs a process manager.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::Context;
use futures_util::stream;
use futures_util::{FutureExt, StreamExt};
use jiff::Timestamp;

use super::refused::RecordRefusal;
use super::{AnyManager, Reaction, timers};
use crate::event::Recorded;
use crate::feed::{Feed, FeedError, Place};
use crate::id::ProgrammeId;
use crate::problem::Problem;
use crate::reader::{Reader, Standing};
use crate::scope::{Actor, AnyDecision, Ask, CROWDED, Done};
use crate::service::Service;
use crate::store::StoreError;

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_millis(300);

/// Streams reacted to at the same time.
const AT_ONCE: usize = 128;

enum Trouble {
    /// It will pass: try again from the checkpoint.
    Waits(String),
    /// It won't: the manager stops there, marked.
    Stops(String),
    /// It has stopped before.
    Stopped(String),
}

impl From<FeedError> for Trouble {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Away(_) => Self::Waits(error.to_string()),
            FeedError::Forked(_) | FeedError::Unreadable(..) => Self::Stops(error.to_string()),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Waits(error.to_string())
    }
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Waits(error.to_string())
    }
}

/// Runs a manager for ever.
pub(crate) async fn run(service: Service, reader: Reader, context: Context, manager: Arc<dyn AnyManager>) {
    // What stopped it may have been mended since: each start tries once more.
    reader.unstop().await;
    loop {
        let Err(trouble) = follow(&service, &reader, &context, manager.as_ref()).await;
        match trouble {
            Trouble::Waits(why) => {
                tracing::debug!(manager = manager.name(), %why, "a process manager waits");
                reader.waits(&why);
            }
            Trouble::Stops(why) => {
                tracing::error!(manager = manager.name(), %why, "a process manager has stopped");
                reader.stop(&why).await;
            }
            Trouble::Stopped(why) => reader.set(Standing::Stopped(why)),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn follow(
    service: &Service,
    reader: &Reader,
    context: &Context,
    manager: &dyn AnyManager,
) -> Result<std::convert::Infallible, Trouble> {
    service.open().await;
    let client = reader.pool().get().await.map_err(StoreError::from)?;
    client
        .execute(
            "insert into checkpoints (reader, source) values ($1, $2) on conflict do nothing",
            &[&manager.name(), &manager.source()],
        )
        .await?;
    let place = reader.place(&client).await?.map_err(Trouble::Stopped)?;
    drop(client);
    came_to(service, reader, place.position);
    let mut feed = Feed::open(context, manager.source(), place).await?;
    loop {
        let batch = feed.batch().await?;
        let timers = react_to(service, manager, &batch).await?;
        if let Some(last) = batch.last() {
            advance(reader, manager, last, &timers).await?;
            came_to(service, reader, last.position);
        }
    }
}

fn came_to(service: &Service, reader: &Reader, position: u64) {
    reader.set(Standing::At(position));
    service.took_in(reader.source());
}

type Timers<'a> = Vec<(&'a Recorded, Timestamp, &'static str)>;

/// The event, the reaction's place among the event's, and what to do.
type ToDo<'a> = (&'a Recorded, u32, Box<dyn AnyDecision>);

/// Reacts to a batch: stream by stream in order, the streams at once.
async fn react_to<'a>(
    service: &Service,
    manager: &dyn AnyManager,
    batch: &'a [Recorded],
) -> Result<Timers<'a>, Trouble> {
    let mut timers = Timers::new();
    let mut order: Vec<Vec<ToDo<'_>>> = Vec::new();
    let mut of_stream: HashMap<&str, usize> = HashMap::new();
    for event in batch {
        let reactions = manager
            .react(event)
            .map_err(|error| Trouble::Stops(format!("event {}: {error}", event.place())))?;
        for (ordinal, reaction) in (0..).zip(reactions) {
            match reaction {
                Reaction::At(at, name) => timers.push((event, at, name)),
                Reaction::Do(decision) => {
                    let stream = event.envelope.stream.as_str();
                    let at = *of_stream.entry(stream).or_insert_with(|| {
                        order.push(Vec::new());
                        order.len() - 1
                    });
                    order[at].push((event, ordinal, decision));
                }
            }
        }
    }
    let work: Vec<_> = order.into_iter().map(|stream| one_stream(service, manager, stream).boxed()).collect();
    let mut working = stream::iter(work).buffer_unordered(AT_ONCE);
    while let Some(done) = working.next().await {
        done?;
    }
    Ok(timers)
}

async fn one_stream(
    service: &Service,
    manager: &dyn AnyManager,
    reactions: Vec<ToDo<'_>>,
) -> Result<(), Trouble> {
    for (event, ordinal, decision) in reactions {
        let position = event.position.to_be_bytes();
        let key = [
            b"intake".as_slice(),
            manager.name().as_bytes(),
            manager.source().as_bytes(),
            &position,
            &ordinal.to_be_bytes(),
        ];
        let programme = event.envelope.programme;
        carry_out(service, manager.name(), &key, programme, &event.place(), decision.as_ref())
            .await
            .map_err(|problem| stops_or_waits(event, &problem))?;
    }
    Ok(())
}

fn stops_or_waits(event: &Recorded, problem: &Problem) -> Trouble {
    let why = format!("event {}: {}", event.place(), problem.detail());
    if problem.status() == axum::http::StatusCode::SERVICE_UNAVAILABLE {
        Trouble::Waits(why)
    } else {
        Trouble::Stops(why)
    }
}

/// How often a decision that others keep in the way of is tried at once.
const ELBOWS: usize = 20;

/// Carries out what a manager decided, once; a refusal becomes an event, under
/// the same key: whatever was done or refused first stands.
pub(super) async fn carry_out(
    service: &Service,
    manager: &'static str,
    key: &[&[u8]],
    programme: ProgrammeId,
    cause: &str,
    decision: &dyn AnyDecision,
) -> Result<Done, Problem> {
    let ask = Ask {
        command: service.command_of(key),
        mac: None,
        programme,
        actor: Actor::Process(manager),
        on_behalf: None,
        received_at: service.clock().now(),
        if_match: None,
        cause: Some(cause.to_owned()),
    };
    for _ in 0..ELBOWS {
        match service.store().execute(&ask, decision).await {
            Err(problem) if problem.code() == CROWDED => {
                tokio::time::sleep(Duration::from_millis(rand::random_range(1..50))).await;
            }
            Err(problem) if problem.is_refusal() => {
                tracing::info!(manager, cause, refused = problem.code(), "a rule refused a process manager");
                let record = RecordRefusal { of: ask.command, code: problem.code().to_owned() };
                return service.store().execute(&ask, &record).await;
            }
            other => return other,
        }
    }
    Err(Problem::unavailable(CROWDED, "Too many change the same thing at this moment."))
}

async fn advance(
    reader: &Reader,
    manager: &dyn AnyManager,
    last: &Recorded,
    timers: &Timers<'_>,
) -> Result<(), Trouble> {
    let mut client = reader.pool().get().await.map_err(StoreError::from)?;
    let transaction = client.transaction().await?;
    let place = reader.lock(&transaction).await?.map_err(Trouble::Stopped)?;
    for (event, at, name) in timers {
        timers::set(&transaction, manager.name(), event, *at, name).await?;
    }
    if place.position < last.position {
        let to = Place { position: last.position, event: Some(last.envelope.id) };
        reader.advance(&transaction, to).await?;
    }
    transaction.commit().await?;
    Ok(())
}
