//! The decision: is this checkpoint the log's, and does it continue what was
//! cosigned before?

use std::io;

use plaudit_verifier::log::checkpoint::{Checkpoint, CheckpointError};
use plaudit_verifier::log::cosignature;
use plaudit_verifier::log::note::{SignatureError, SignatureLine, VerifierKey};
use plaudit_verifier::log::tree::{ProofError, verify_consistency};
use plaudit_verifier::log::witness_request::{AddCheckpoint, AddCheckpointError};

use crate::Witness;
use crate::memory::Seen;

/// Why a checkpoint isn't cosigned.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The request can't be read.
    #[error(transparent)]
    Request(#[from] AddCheckpointError),
    /// Nobody has asked this witness to watch the log.
    #[error("this witness doesn't know a log with the origin \"{origin}\"")]
    UnknownLog { origin: String },
    /// None of the log's keys has signed, or one signature is false.
    #[error(transparent)]
    Signature(CheckpointError),
    /// The proof begins elsewhere than where this witness is.
    #[error("this witness has cosigned {cosigned} leaves last, not {old}")]
    OldSize { old: u64, cosigned: u64 },
    /// The log shows two histories.
    #[error("this witness has cosigned another tree of {size} leaves")]
    Fork { size: u64 },
    /// The new tree isn't shown to continue the old one.
    #[error("the tree isn't shown to continue the one that was cosigned: {0}")]
    Proof(ProofError),
    /// Nothing is cosigned that isn't remembered.
    #[error("the witness's folder: {0}")]
    Memory(#[from] io::Error),
    /// A cosignature has no such time.
    #[error(transparent)]
    Time(#[from] SignatureError),
}

impl Witness {
    /// Answers a request at a time, in seconds since 1970, with a cosignature.
    /// It is remembered when this returns.
    pub fn add_checkpoint(&self, body: &[u8], time: u64) -> Result<SignatureLine, Refusal> {
        let request = AddCheckpoint::parse(body)?;
        let checkpoint = self.signed_by_its_log(&request)?;
        let turn = self.memory.turn(checkpoint.origin());
        continues(turn.last()?, &request, &checkpoint).inspect_err(|refusal| {
            // Signed by the log: it may be evidence against it.
            if matches!(refusal, Refusal::Fork { .. } | Refusal::Proof(_)) {
                tracing::warn!(%refusal, note = %request.note(), "a checkpoint isn't cosigned");
            }
        })?;
        // The same checkpoint again is remembered again: whether the last time
        // came to its end nobody knows.
        turn.remember(request.note())?;
        Ok(cosignature::sign(&self.signer, &checkpoint, time)?)
    }

    /// Lines by unknown keys are passed over; each of those by the log's keys
    /// must be true, and one must be there.
    fn signed_by_its_log(&self, request: &AddCheckpoint) -> Result<Checkpoint, Refusal> {
        let origin = Checkpoint::parse(request.note().text()).map_err(AddCheckpointError::from)?;
        let origin = origin.origin().to_owned();
        let keys = self.logs.keys(&origin);
        let has_signed =
            |key: &&VerifierKey| request.note().signatures().iter().any(|line| key.is_named_by(line));
        let mut opened = None;
        for key in keys.iter().filter(has_signed) {
            opened = Some(Checkpoint::open(request.note(), key).map_err(Refusal::Signature)?);
        }
        match (opened, keys.is_empty()) {
            (Some(checkpoint), _) => Ok(checkpoint),
            (None, true) => Err(Refusal::UnknownLog { origin }),
            (None, false) => Err(Refusal::Signature(CheckpointError::Unsigned { key: origin })),
        }
    }
}

/// Whether a checkpoint continues what was cosigned last.
fn continues(last: Seen, request: &AddCheckpoint, checkpoint: &Checkpoint) -> Result<(), Refusal> {
    let (old, size) = (request.old(), checkpoint.size());
    if old != last.size {
        return Err(Refusal::OldSize { old, cosigned: last.size });
    }
    if old == size && *checkpoint.root() != last.root {
        return Err(Refusal::Fork { size });
    }
    verify_consistency(old, &last.root, size, checkpoint.root(), request.proof()).map_err(Refusal::Proof)
}
