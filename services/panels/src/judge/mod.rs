//! A judge: one person's seat on one panel. Invited, accepted with the promise
//! of confidentiality, interests declared once, and from then on given
//! pitches. A connection that makes them stand aside is a wall for good.
//!
//! Doors: [`JudgeCommand`] to change one, [`Judge`] to ask one,
//! [`JudgeError`] for what is refused.

mod command;
mod error;
mod state;
#[cfg(test)]
mod tests;

pub use command::{Declaration, Declared, Invitation, JudgeCommand};
pub use error::JudgeError;
pub use state::{Connected, Judge, JudgeEvent, Status};
