//! What every service of Plaudit stands on: the event store and its one
//! append, the publisher, read models, process managers, the vault, HTTP,
//! tokens, the clock.

pub mod clock;
pub mod deciding;
pub mod event;
pub mod id;
pub mod problem;
pub mod scope;
pub mod store;
pub mod vault;

pub use clock::Clock;
pub use deciding::Deciding;
pub use problem::{FieldError, Problem, Refusal};
pub use scope::{Actor, Ask, Decision, Done, Scope};
pub use store::Store;
