//! Drafts of scorecards: what a judge is still thinking about. Autosaved,
//! private, no events, concealed at rest with the judge's key. A draft is
//! there from its first save until the judge answers or leaves, or the round
//! is locked.

mod content;
mod table;
mod tidy;

pub use content::DraftContent;
pub use table::{Draft, Drafts, Moved, Writing};
pub use tidy::{Discard, Which};
