//! What a log sends a witness to be cosigned: the body of `add-checkpoint`, by
//! <https://c2sp.org/tlog-witness>.
//!
//! ```text
//! old 20852014
//! <base64 of a hash>
//! <base64 of a hash>
//!
//! <the checkpoint's note, signed by the log>
//! ```
//!
//! The hashes prove that the tree of the old size, which the witness cosigned last, is the beginning of the
//! new one. The witness answers with [`signature_lines`](super::note::signature_lines).

use std::fmt;

use super::{
    checkpoint::{Checkpoint, CheckpointError},
    encoding::{decimal, hash, to_base64},
    note::{Note, NoteError},
    tree::Hash,
};

/// The most hashes that a request may have.
pub const MAX_HASHES: usize = 63;

/// A request to cosign. Its `Display` is the body, byte for byte as it was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    old: u64,
    proof: Vec<Hash>,
    note: Note,
}

/// Why something isn't a request to cosign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddCheckpointError {
    /// Requests are UTF-8.
    #[error("the request isn't valid UTF-8")]
    NotUtf8,
    /// The checkpoint follows after a blank line.
    #[error("the request has no blank line between its hashes and its checkpoint")]
    NoBlankLine,
    /// The old size comes first.
    #[error("the request's first line isn't \"old\" and a decimal without leading zeros")]
    Old,
    /// A log doesn't shrink.
    #[error("the old size, {old}, is above the checkpoint's, {size}")]
    OldIsLarger { old: u64, size: u64 },
    /// Hashes are 32 bytes in base64.
    #[error("\"{line}\" isn't a hash, 32 bytes in base64")]
    Hash { line: String },
    /// The specification's bound.
    #[error("the request has {found} hashes, more than the {MAX_HASHES} allowed")]
    TooManyHashes { found: usize },
    /// What follows the blank line isn't a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// What follows the blank line isn't a checkpoint's note.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl AddCheckpoint {
    /// A request to cosign a checkpoint that continues the tree of `old` leaves.
    pub fn new(old: u64, proof: Vec<Hash>, checkpoint: Note) -> Result<Self, AddCheckpointError> {
        let size = Checkpoint::parse(checkpoint.text())?.size();
        if old > size {
            return Err(AddCheckpointError::OldIsLarger { old, size });
        }
        if proof.len() > MAX_HASHES {
            return Err(AddCheckpointError::TooManyHashes { found: proof.len() });
        }
        Ok(Self { old, proof, note: checkpoint })
    }

    /// Reads a body; nothing is believed yet.
    pub fn parse(body: &[u8]) -> Result<Self, AddCheckpointError> {
        let text = str::from_utf8(body).map_err(|_| AddCheckpointError::NotUtf8)?;
        let (head, note) = text.split_once("\n\n").ok_or(AddCheckpointError::NoBlankLine)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let old = old.ok_or(AddCheckpointError::Old)?;
        let proof =
            lines.map(|line| hash(line).ok_or_else(|| AddCheckpointError::Hash { line: line.to_owned() }));
        Self::new(old, proof.collect::<Result<_, _>>()?, Note::parse(note.as_bytes())?)
    }

    /// The size that the witness is said to have cosigned last; 0 if none.
    pub fn old(&self) -> u64 {
        self.old
    }

    /// The consistency proof from the old size to the checkpoint's.
    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    /// The note with the checkpoint to cosign.
    pub fn note(&self) -> &Note {
        &self.note
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", to_base64(hash)))?;
        write!(f, "\n{}", self.note)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::log::note::{KeyKind, Signer};

    fn note(size: u64) -> Note {
        let log = Signer::new("example.com/log", KeyKind::Ed25519, &[1; 32]).unwrap();
        Checkpoint::new("example.com/log", size, [3; 32]).unwrap().sign(&log).unwrap()
    }

    #[test]
    fn a_request_is_read_back_byte_for_byte() {
        for (old, hashes) in [(0, 0), (7, 0), (5, 3), (6, MAX_HASHES)] {
            let request = AddCheckpoint::new(old, vec![[7; 32]; hashes], note(7)).unwrap();
            let body = request.to_string();
            assert!(body.starts_with(&format!("old {old}\n")), "{body}");
            let read = AddCheckpoint::parse(body.as_bytes()).unwrap();
            assert_eq!((&read, read.to_string()), (&request, body));
            assert_eq!((read.old(), read.proof().len(), read.note()), (old, hashes, &note(7)));
        }
    }

    #[test]
    fn what_is_not_a_request_is_refused_with_the_reason() {
        let good = AddCheckpoint::new(5, vec![[7; 32]; 2], note(7)).unwrap().to_string();
        let hash = to_base64([7; 32]);
        let refused = |from: &str, to: &str| {
            assert!(good.contains(from), "{from}");
            AddCheckpoint::parse(good.replacen(from, to, 1).as_bytes()).unwrap_err()
        };
        assert_eq!(AddCheckpoint::parse(b"\xff"), Err(AddCheckpointError::NotUtf8));
        assert_eq!(AddCheckpoint::parse(b"old 5\n"), Err(AddCheckpointError::NoBlankLine));
        for (from, to) in
            [("old 5", "old 05"), ("old 5", "old  5"), ("old 5", "old 5 "), ("old 5\n", ""), ("o", "O")]
        {
            assert_eq!(refused(from, to), AddCheckpointError::Old);
        }
        assert_eq!(refused("old 5", "old 8"), AddCheckpointError::OldIsLarger { old: 8, size: 7 });
        let cut = hash[4..].to_owned();
        assert_eq!(refused(&hash, &cut), AddCheckpointError::Hash { line: cut.clone() });
        let many = format!("old 5\n{}", format!("{hash}\n").repeat(62));
        assert_eq!(refused("old 5\n", &many), AddCheckpointError::TooManyHashes { found: 64 });
        assert!(matches!(refused("\u{2014}", "-"), AddCheckpointError::Note(NoteError::Line { .. })));
        let size = refused("\n7\n", "\n07\n");
        assert!(matches!(size, AddCheckpointError::Checkpoint(CheckpointError::Size { .. })), "{size:?}");
    }
}
