//! Read models: a read model is a fold. `apply(row, event) -> row` is pure and
//! written once; the runner applies it live, a rebuild applies it in memory
//! from event 1, and the two must be equal, row for row.
//!
//! Every read model's table has the same five columns, so that running,
//! rebuilding, comparing and paging are written once: `key`, `programme`,
//! `owner`, `sort` and the row itself, `body`. A row is written from one
//! source, only at keys that the event names; joins are made in the query.

mod cursor;
mod model;
mod rebuild;
mod rows;
mod runner;
mod table;

pub use model::{AnyReadModel, Index, ReadModel, Unfoldable, model};
pub use rebuild::{Difference, Rebuilt};
pub(crate) use rebuild::{Source, check, rebuild};
pub use rows::{Filter, Page, Rows};
pub(crate) use runner::{prepare, run};
