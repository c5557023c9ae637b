//! The store as cqrs-es knows one, for its framework and its tests. Services
//! use `execute`, which also knows keys, guards, positions and retries.

use std::collections::HashMap;

use cqrs_es::{Aggregate, AggregateContext, AggregateError, EventEnvelope, EventStore};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Outcome, Store, StoreError};
use crate::event::{Event, Stamp};
use crate::id::{ProgrammeId, StreamId};
use crate::store::{NewEvent, Write};

/// A store of one noun's streams, all in one programme.
#[derive(Clone)]
pub struct Stored {
    /// Where they lie.
    pub store: Store,
    /// What they belong to.
    pub programme: ProgrammeId,
}

/// An aggregate, its stream and its version.
pub struct Context<A> {
    stream: StreamId,
    version: u64,
    state: A,
}

impl<A: Aggregate> AggregateContext<A> for Context<A> {
    fn aggregate(&mut self) -> &mut A {
        &mut self.state
    }
}

fn failed<E: std::error::Error>(error: StoreError) -> AggregateError<E> {
    AggregateError::DatabaseConnectionError(Box::new(error))
}

fn stream<E: std::error::Error>(name: &str) -> Result<StreamId, AggregateError<E>> {
    StreamId::try_from(name.to_owned()).map_err(|error| AggregateError::UnexpectedError(Box::new(error)))
}

impl<A> EventStore<A> for Stored
where
    A: Aggregate + Clone + 'static,
    A::Event: Event,
{
    type AC = Context<A>;

    async fn load_events(&self, id: &str) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let stream = stream(id)?;
        let recorded = self.store.read_stream(&stream, 0).await;
        let recorded = recorded.map_err(failed)?;
        let envelopes = recorded.into_iter().map(|event| {
            let payload = A::Event::parse(&event.envelope.type_name, &event.envelope.data)
                .map_err(|error| AggregateError::DeserializationError(Box::new(error)))?;
            Ok(EventEnvelope {
                aggregate_id: id.to_owned(),
                sequence: event.envelope.version as usize,
                payload,
                metadata: HashMap::from([("position".to_owned(), event.position.to_string())]),
            })
        });
        envelopes.collect()
    }

    async fn load_aggregate(&self, id: &str) -> Result<Context<A>, AggregateError<A::Error>> {
        let stream = stream(id)?;
        let loaded = self.store.reload::<A>(&stream).await.map_err(failed)?;
        Ok(Context { stream, version: loaded.version, state: (*loaded.state).clone() })
    }

    async fn commit(
        &self,
        events: Vec<A::Event>,
        context: Context<A>,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let command =
            metadata.get("command").and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_else(Uuid::new_v4);
        let actor = metadata.get("actor").map_or("process/cqrs", String::as_str);
        let now = self.store.clock().now();
        let write = self.write(&context, &events, command, actor, now)?;
        match self.store.append(write).await.map_err(failed)? {
            Outcome::Done { .. } => Ok(envelopes(&context, events, &metadata)),
            Outcome::Moved | Outcome::Stale | Outcome::Older => {
                self.store.forget_cached(&context.stream);
                Err(AggregateError::AggregateConflict)
            }
        }
    }
}

impl Stored {
    fn write<A>(
        &self,
        context: &Context<A>,
        events: &[A::Event],
        command: Uuid,
        actor: &str,
        now: Timestamp,
    ) -> Result<Write, AggregateError<A::Error>>
    where
        A: Aggregate,
        A::Event: Event,
    {
        let basis = self.store.basis();
        let stamp = Stamp {
            source: self.store.service(),
            time: now,
            programme: self.programme,
            actor,
            onbehalf: None,
            command,
            cause: None,
            basis: &basis,
        };
        let mut new = Vec::with_capacity(events.len());
        for (version, event) in (context.version + 1..).zip(events) {
            let event = NewEvent::new(&stamp, &context.stream, version, event)
                .map_err(|error| AggregateError::UnexpectedError(Box::new(error)))?;
            new.push(event);
        }
        Ok(Write {
            command,
            mac: None,
            main: context.stream.clone(),
            main_version: context.version + events.len() as u64,
            decided_ms: now.as_millisecond(),
            expected: vec![(context.stream.clone(), context.version)],
            events: new,
            openings: Vec::new(),
        })
    }
}

fn envelopes<A: Aggregate>(
    context: &Context<A>,
    events: Vec<A::Event>,
    metadata: &HashMap<String, String>,
) -> Vec<EventEnvelope<A>> {
    let sequences = context.version as usize + 1..;
    let envelopes = sequences.zip(events).map(|(sequence, payload)| EventEnvelope {
        aggregate_id: context.stream.to_string(),
        sequence,
        payload,
        metadata: metadata.clone(),
    });
    envelopes.collect()
}
