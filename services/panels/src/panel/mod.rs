//! A panel: who judges one round. Convened, seats offered, assignments made
//! once, ready. What becomes of each seat lies on the judges' own streams.
//!
//! Doors: [`PanelCommand`] to change one, [`Panel`] to ask one,
//! [`PanelError`] for what is refused.

mod command;
mod error;
mod state;
#[cfg(test)]
mod tests;

pub use command::{Completed, PanelCommand, Quorum};
pub use error::PanelError;
pub use state::{Drawn, Panel, PanelEvent};
