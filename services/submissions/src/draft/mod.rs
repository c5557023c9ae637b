//! Drafts: what an entrant is still writing. Autosaved, private, no events.
//! A draft has the id of the pitch that it will be, so that it enters once,
//! whether its author sends it in or it enters by itself at the deadline.

mod content;
mod table;
mod tidy;

pub use content::DraftContent;
pub use table::{Draft, Drafts, Saved, authors_of_open_drafts};
pub use tidy::{DiscardAll, DiscardEntered};
