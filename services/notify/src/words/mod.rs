//! What letters say: plain words, and never a mark, another's name, or what a
//! pitch says.

mod default;
mod render;
mod table;
mod wording;

pub use default::default;
pub use render::{Told, written};
pub use table::{Kept, keep, kept, of_programmes};
pub use wording::{Placeholder, Wording};
