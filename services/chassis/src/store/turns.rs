//! Who has decided on a stream that moved decides again when it is their turn,
//! so that a crowd gets through one by one and nobody is turned away.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use tokio::sync::{Mutex, MutexGuard};

use super::Store;
use crate::id::StreamId;

/// Streams share a turn if their names fall together; too many lose time only.
const TURNS: usize = 64;

pub(super) struct Turns([Mutex<()>; TURNS]);

impl Default for Turns {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}

impl Store {
    /// Waits for a turn at all of these streams. Everybody takes theirs in one
    /// order, so nobody waits for one who waits for them.
    pub(crate) async fn turn(&self, streams: impl Iterator<Item = &StreamId>) -> Vec<MutexGuard<'_, ()>> {
        let wanted: BTreeSet<usize> = streams.map(number).collect();
        let mut turn = Vec::with_capacity(wanted.len());
        for number in wanted {
            turn.push(self.inner.turns.0[number].lock().await);
        }
        turn
    }
}

fn number(stream: &StreamId) -> usize {
    let mut hasher = DefaultHasher::new();
    stream.hash(&mut hasher);
    hasher.finish() as usize % TURNS
}
