//! Business support: somebody pledges three hours of legal help or a desk for
//! a month, it is accepted for a pitch, scheduled, delivered in parts that the
//! winner confirms or evidence shows, and closed. The ledger of what is owed
//! counts in whole quarters of the pledge's unit.
//!
//! [`command`] is its door, [`state`] its rules.

mod command;
mod error;
mod state;
#[cfg(test)]
mod tests;

pub use command::{
    AcceptSupport, CloseSupport, ConfirmDelivery, DeliverSupport, PledgeSupport, ScheduleSupport,
    SupportCommand,
};
pub use error::SupportError;
pub use state::{Support, SupportEvent};
