//! A payout: paying one accepted award. The winner names the payee, somebody
//! checks the account, the agreement is recorded, one organiser requests and a
//! second person authorises, it is sent, and the winner confirms; fourteen
//! days of silence count as a yes. Nobody who gets the money takes part in
//! giving it. An account number is forgotten as soon as nothing more is to be
//! paid to it, in the same append.
//!
//! [`command`] is its door, [`state`] its rules.

mod command;
mod error;
mod state;
#[cfg(test)]
mod tests;

pub use command::{
    AuthorisePayout, CheckPayee, ConfirmPayout, FailPayout, NamePayee, PayoutCommand, RecordAgreement,
    RequestPayout, SendPayout, TakeAsReceived,
};
pub use error::PayoutError;
pub use state::{Payout, PayoutEvent, Stage, TAKEN_AS_RECEIVED_AFTER};
