//! Drafts: what an entrant is still writing. Autosaved, private, no events.
//! A draft has the id of the pitch that it will be, so that it enters once,
//! whether its team sends it in or it enters by itself at the deadline. Its
//! author may write it together with others: they save the same draft, and
//! become the pitch's team. What comes too late is kept beside it, and counts
//! only if two people reopen the pitch.

mod content;
mod error;
mod invitation;
mod late;
mod saving;
mod table;
mod team;
mod tidy;

pub use content::DraftContent;
pub use error::DraftError;
pub use invitation::Invitation;
pub use late::Late;
pub use table::{Draft, Drafts, Saved, authors_of_open_drafts};
pub use tidy::{DiscardAll, DiscardEntered};
