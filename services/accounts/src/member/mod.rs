//! A member: somebody in one programme, under a random id. The events say
//! that there is one and never who. The doors: [`MemberCommand`] asks,
//! [`Member`] decides, [`MemberEvent`] happened.

mod command;
mod error;
mod state;
#[cfg(test)]
mod tests;

pub use command::MemberCommand;
pub use error::MemberError;
pub use state::Member;
#[cfg(test)]
use state::MemberEvent;
