//! A letter: to one member, because of one occasion, of one kind. It goes once.

mod kind;
mod table;

pub use kind::{About, Kind};
pub use table::{Due, Ended, New, TOO_OLD, claim, due, give_up_old, insert, page, settle, unclaim};
