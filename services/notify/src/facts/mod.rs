//! What the events have told, as far as letters need it.

mod nouns;
mod shelf;

pub use nouns::{Award, Fact, Judge, Panel, Pitch, Programme, Round, Scorecard, Support};
pub use shelf::{Shelf, judges_with_missing, many, of_programme, one};
