//! What a read model says of itself.

use std::collections::HashMap;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::event::{NotOurs, Recorded};

/// An event that a fold or a process manager can't apply: the reader stops
/// there and says so; nothing is ever skipped.
#[derive(Debug, thiserror::Error)]
pub enum Unfoldable {
    /// The message can't be read.
    #[error(transparent)]
    Message(#[from] NotOurs),
    /// Its JSON can't be read.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It says something that it can't say.
    #[error("{0}")]
    Wrong(String),
}

impl From<uuid::Error> for Unfoldable {
    fn from(error: uuid::Error) -> Self {
        Self::Wrong(error.to_string())
    }
}

/// Where a row is found again.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// The programme of whose lists it is part.
    pub programme: Uuid,
    /// The member or thing of whose lists it is part, if of any.
    pub owner: Option<Uuid>,
    /// Lists are in this order, compared byte by byte, then by key.
    pub sort: String,
}

/// A fold of one source's events into rows.
pub trait ReadModel: Send + Sync + 'static {
    /// The table's name: lower-case letters and underscores.
    const NAME: &'static str;
    /// The service whose events it folds.
    const SOURCE: &'static str;
    /// A row.
    type Row: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync;

    /// The rows that an event touches; none for most events.
    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable>;

    /// A row after an event. `None` where there is none yet, or no longer.
    fn apply(row: Option<Self::Row>, key: &str, event: &Recorded) -> Result<Option<Self::Row>, Unfoldable>;

    /// Where the row is found again.
    fn index(row: &Self::Row) -> Index;
}

/// Rows as they are folded, whatever their type: the runner and the rebuild
/// know only these.
pub(super) type Folded = HashMap<String, Option<Value>>;

/// A read model of any type.
pub trait AnyReadModel: Send + Sync {
    /// The table's name.
    fn name(&self) -> &'static str;
    /// The service whose events it folds.
    fn source(&self) -> &'static str;
    /// The rows that an event touches.
    fn keys(&self, event: &Recorded) -> Result<Vec<String>, Unfoldable>;
    /// A row after an event.
    fn apply(&self, row: Option<Value>, key: &str, event: &Recorded) -> Result<Option<Value>, Unfoldable>;
    /// Where the row is found again.
    fn index(&self, row: &Value) -> Result<Index, Unfoldable>;
    /// Folds a batch of events into rows kept typed, which a rebuild does a
    /// million times.
    fn fold_all(&self) -> Box<dyn FoldAll>;
}

/// A rebuild in memory.
pub trait FoldAll: Send {
    /// Applies the next event.
    fn apply(&mut self, event: &Recorded) -> Result<(), Unfoldable>;
    /// The rows, sorted by key.
    fn rows(self: Box<Self>) -> Result<Vec<(String, Index, String)>, Unfoldable>;
}

struct Of<M>(PhantomData<fn() -> M>);

/// A read model for a service's list of them.
pub fn model<M: ReadModel>() -> Box<dyn AnyReadModel> {
    Box::new(Of::<M>(PhantomData))
}

impl<M: ReadModel> AnyReadModel for Of<M> {
    fn name(&self) -> &'static str {
        M::NAME
    }

    fn source(&self) -> &'static str {
        M::SOURCE
    }

    fn keys(&self, event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        M::keys(event)
    }

    fn apply(&self, row: Option<Value>, key: &str, event: &Recorded) -> Result<Option<Value>, Unfoldable> {
        let row = row.map(serde_json::from_value).transpose()?;
        let applied = M::apply(row, key, event)?;
        Ok(applied.map(serde_json::to_value).transpose()?)
    }

    fn index(&self, row: &Value) -> Result<Index, Unfoldable> {
        Ok(M::index(&serde_json::from_value(row.clone())?))
    }

    fn fold_all(&self) -> Box<dyn FoldAll> {
        Box::new(Memory::<M> { rows: HashMap::new() })
    }
}

struct Memory<M: ReadModel> {
    rows: HashMap<String, M::Row>,
}

impl<M: ReadModel> FoldAll for Memory<M> {
    fn apply(&mut self, event: &Recorded) -> Result<(), Unfoldable> {
        for key in M::keys(event)? {
            let row = self.rows.remove(&key);
            if let Some(row) = M::apply(row, &key, event)? {
                self.rows.insert(key, row);
            }
        }
        Ok(())
    }

    fn rows(self: Box<Self>) -> Result<Vec<(String, Index, String)>, Unfoldable> {
        let mut rows = Vec::with_capacity(self.rows.len());
        for (key, row) in self.rows {
            let (index, body) = (M::index(&row), serde_json::to_string(&row)?);
            rows.push((key, index, body));
        }
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(rows)
    }
}
