//! The rulebook: everything that decides the outcome. It is validated whole
//! before it is published, with the path of each field at fault.

mod draft;
mod judging;
mod prizes;
mod slug;
#[cfg(test)]
pub(crate) mod tests;
mod validate;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::http::REQUEST_TIME;
use plaudit_proto::v1::Rulebook;
use sha2::{Digest, Sha256};

pub use draft::{RulebookDraft, RulebookDrafts};
pub use validate::validate;

/// SHA-256 of the deterministic ProtoJSON of the rulebook, as it stands in the
/// event, followed by the commitment of its prose.
pub fn hash(rulebook: &Rulebook, prose: &[u8]) -> Bytes {
    // A contract's own JSON has string keys only: serialising it can't fail.
    let json = serde_json::to_vec(rulebook).unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(&json);
    hash.update(prose);
    Bytes::copy_from_slice(&hash.finalize())
}

/// When a call ends: pitches count that had arrived by `deadline` + `grace`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// As the rulebook or the last move says.
    pub deadline: Timestamp,
    /// In seconds.
    pub grace: u32,
}

impl Ending {
    /// What a rulebook says.
    pub fn of(rulebook: &Rulebook) -> Self {
        Self { deadline: from_proto(&rulebook.deadline), grace: rulebook.grace_seconds }
    }

    /// The last instant that counts: it is in.
    pub fn last_instant(self) -> Timestamp {
        after(self.deadline, SignedDuration::from_secs(i64::from(self.grace)))
    }

    /// When the call closes by itself: whatever had arrived in time has been
    /// answered by then.
    pub fn closing(self) -> Timestamp {
        answered_by(self.last_instant())
    }
}

/// When every request that had arrived by `instant` has been answered.
pub fn answered_by(instant: Timestamp) -> Timestamp {
    after(instant, SignedDuration::try_from(REQUEST_TIME).unwrap_or_default())
}

/// Later than the end of time is the end of time.
fn after(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.checked_add(by).unwrap_or(Timestamp::MAX)
}
