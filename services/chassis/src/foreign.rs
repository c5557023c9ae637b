//! For tests: another service, as far as one is needed, that says whatever it
//! is told to.

use std::marker::PhantomData;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};

use crate::deciding::Deciding;
use crate::event::Event;
use crate::id::StreamId;
use crate::problem::{Never, Problem};
use crate::scope::{Decision, Scope};

/// Says the events of `E`, and knows nothing.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Foreign<E>(PhantomData<fn() -> E>);

impl<E> Default for Foreign<E> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<E> Clone for Foreign<E> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<E: Event> Aggregate for Foreign<E> {
    const TYPE: &'static str = "foreign";
    type Command = E;
    type Event = E;
    type Error = Never;
    type Services = Deciding;

    async fn handle(&mut self, said: E, _: &Deciding, sink: &EventSink<Self>) -> Result<(), Never> {
        sink.write(said, self).await;
        Ok(())
    }

    fn apply(&mut self, _: E) {}
}

/// Appends events to its log, each on its stream; there must be one.
pub struct Say<E>(pub Vec<(StreamId, E)>);

impl<E: Event> Decision for Say<E> {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        for (stream, said) in &self.0 {
            scope.handle::<Foreign<E>>(stream, said.clone()).await?;
        }
        Ok(self.0[0].0.clone())
    }
}
