//! A feed: one service's events from NATS, in order, without a gap, from
//! wherever a reader stands.

use std::time::Duration;

use async_nats::jetstream::consumer::{DeliverPolicy, pull};
use async_nats::jetstream::{Context, Message};
use futures_util::StreamExt;
use tokio::time::Instant;

use crate::event::Recorded;
use crate::nats;

/// How long a batch waits for more, from its first event on.
const LINGER: Duration = Duration::from_millis(2);

/// The most events in a batch.
pub const BATCH: usize = 1000;

/// How long a feed is quiet before it asks whether it has missed something.
const QUIET: Duration = Duration::from_secs(5);

/// What a feed can't get over by itself.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// NATS can't be reached or does not have the events yet.
    #[error("NATS: {0}")]
    Away(String),
    /// The source's log is not the one that the reader has read.
    #[error("{0}")]
    Forked(String),
    /// An event that can't be read.
    #[error("event {0} can't be read: {1}")]
    Unreadable(u64, serde_json::Error),
}

fn away(error: impl std::fmt::Display) -> FeedError {
    FeedError::Away(error.to_string())
}

/// Where a reader stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The last event that it has applied.
    pub position: u64,
    /// That event's id, to know the log by.
    pub event: Option<uuid::Uuid>,
}

/// A source's events after a place.
pub struct Feed {
    source: &'static str,
    context: Context,
    /// The connection that the consumer was made over.
    connection: u64,
    stream: async_nats::jetstream::stream::Stream,
    messages: pull::Ordered,
    next: u64,
}

impl Feed {
    /// Opens a feed, after making sure that the source's log is the one that
    /// the reader has read so far.
    pub async fn open(context: &Context, source: &'static str, from: Place) -> Result<Self, FeedError> {
        let stream = context.get_stream(nats::stream_name(source)).await.map_err(away)?;
        // Only now: a program that has just begun connects with its first request.
        let connection = nats::connection(context);
        if let Some(known) = from.event {
            same_log(&stream, source, from.position, known).await?;
        }
        let next = from.position + 1;
        let consumer = stream
            .create_consumer(pull::OrderedConfig {
                deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: next },
                ..pull::OrderedConfig::default()
            })
            .await
            .map_err(away)?;
        let messages = consumer.messages().await.map_err(away)?;
        Ok(Self { source, context: context.clone(), connection, stream, messages, next })
    }

    /// The next events, at least one, in order and without a gap. An error
    /// means: open another feed, unless it says that the log is another one.
    pub async fn batch(&mut self) -> Result<Vec<Recorded>, FeedError> {
        let mut batch = Vec::new();
        let mut closes = Instant::now();
        while batch.len() < BATCH {
            let message = match batch.is_empty() {
                true => {
                    let first = self.awaited().await?;
                    closes = Instant::now() + LINGER;
                    first
                }
                // What is there already is taken also after that.
                false => match tokio::time::timeout_at(closes, self.messages.next()).await {
                    Ok(message) => present(message)?,
                    Err(_) => break,
                },
            };
            let position = message.info().map_err(away)?.stream_sequence;
            // Asked for a later start than there is, NATS begins at its last
            // message: what was applied already is skipped.
            if position < self.next {
                continue;
            }
            if position > self.next && !batch.is_empty() {
                // What is there before the gap can be taken in.
                break;
            }
            if position > self.next {
                return Err(FeedError::Away(format!(
                    "{} {} came where {} was due",
                    self.source, position, self.next
                )));
            }
            let event = Recorded::read(position, message.payload.clone())
                .map_err(|error| FeedError::Unreadable(position, error))?;
            batch.push(event);
            self.next += 1;
        }
        Ok(batch)
    }

    /// The next message, however long it takes.
    async fn awaited(&mut self) -> Result<Message, FeedError> {
        loop {
            // NATS that was started anew knows nothing of this consumer.
            let heard = tokio::select! {
                heard = tokio::time::timeout(QUIET, self.messages.next()) => heard,
                () = nats::connection_ends(&self.context, self.connection) => {
                    return Err(FeedError::Away("the connection was lost".to_owned()));
                }
            };
            match heard {
                Ok(message) => return present(message),
                Err(_) => self.missed_nothing().await?,
            }
        }
    }

    /// A stream that was deleted or lost its tail tells its consumers nothing.
    async fn missed_nothing(&mut self) -> Result<(), FeedError> {
        let info = self.stream.get_info().await.map_err(away)?;
        if info.state.last_sequence >= self.next {
            return Err(FeedError::Away("the consumer has gone quiet".to_owned()));
        }
        let known = self.stream.cached_info().created;
        if info.created != known {
            return Err(FeedError::Away("the stream was made again".to_owned()));
        }
        Ok(())
    }
}

fn present<E: std::fmt::Display>(message: Option<Result<Message, E>>) -> Result<Message, FeedError> {
    message.ok_or_else(|| FeedError::Away("the consumer has ended".to_owned()))?.map_err(away)
}

async fn same_log(
    stream: &async_nats::jetstream::stream::Stream,
    source: &str,
    position: u64,
    known: uuid::Uuid,
) -> Result<(), FeedError> {
    let bytes = nats::message(stream, position).await.map_err(away)?;
    let event = Recorded::read(position, bytes).map_err(|error| FeedError::Unreadable(position, error))?;
    if event.envelope.id == known {
        return Ok(());
    }
    Err(FeedError::Forked(format!(
        "Event {source}/{position} is {} where {known} was read before: this is another log.",
        event.envelope.id
    )))
}
