//! Process managers: what follows from an event, exactly once in effect.
//!
//! A manager answers an event with decisions. Each is carried out under the
//! key (manager, source, position, ordinal), kept for ever, and the manager's
//! checkpoint moves after the append: whatever is interrupted is asked again
//! and known again. A refusal by the domain is recorded as an event; any
//! other error stops the manager, marked. Rebuilding read models runs none.

mod forgetting;
mod holdings;
mod manager;
mod refused;
mod runner;
mod timers;

pub use forgetting::{Asked, ForgetMembers, member_gone};
pub(crate) use holdings::CountHoldings;
pub use manager::{AnyManager, ProcessManager, Reaction, manager};
pub(crate) use runner::run;
pub use timers::Timer;
pub(crate) use timers::keep_time;
