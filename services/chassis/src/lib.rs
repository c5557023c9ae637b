//! What every service of Plaudit stands on: the event store and its one
//! append, the publisher, read models, process managers, the vault, HTTP,
//! tokens, the clock.

pub mod clock;
pub mod database;
pub mod deciding;
pub mod event;
pub mod facts;
pub mod feed;
#[cfg(feature = "test-clock")]
pub mod foreign;
pub mod http;
pub mod https;
pub mod id;
pub mod intake;
pub mod mail;
pub mod merge;
pub mod nats;
pub mod problem;
pub mod publisher;
pub mod read_model;
pub mod reader;
pub mod scope;
pub mod service;
pub mod store;
pub mod token;
pub mod trace;
pub mod vault;

pub use clock::Clock;
pub use deciding::Deciding;
pub use intake::{ProcessManager, Reaction, manager};
pub use problem::{FieldError, Problem, Refusal};
pub use read_model::{ReadModel, model};
pub use scope::{Actor, Ask, Decision, Done, Scope};
pub use service::{Background, Module, Running, Service, Settings};
pub use store::Store;
