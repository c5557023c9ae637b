//! A witness: it cosigns a log's checkpoint only if that continues every
//! checkpoint of the log that it has cosigned before, so that a log whose
//! checkpoints it has cosigned can't show two histories. By
//! <https://c2sp.org/tlog-witness>; how it is run is in `docs/witness.md`.
//!
//! [`logs`] says whom it knows, [`memory`] what it cosigned last,
//! [`add_checkpoint`] decides, [`http`] answers.

pub mod add_checkpoint;
mod durable;
mod error;
pub mod http;
mod key;
pub mod logs;
pub mod memory;

use std::path::Path;

use plaudit_verifier::log::note::{KeyKind, Signer, VerifierKey};

pub use error::StartError;
pub use http::router;

use crate::logs::Logs;
use crate::memory::Memory;

/// A witness that is ready to answer.
pub struct Witness {
    signer: Signer,
    logs: Logs,
    memory: Memory,
}

impl Witness {
    /// Opens a witness, or makes it: its key if the file is missing, and then
    /// also its memory.
    ///
    /// A key without its memory is refused: it would cosign what it has
    /// cosigned otherwise before.
    pub fn open(name: &str, key: &Path, logs: &Path, state: &Path) -> Result<Self, StartError> {
        let known = std::fs::read_to_string(logs).map_err(StartError::file(logs))?;
        let logs = Logs::parse(&known)?;
        let has_key = key.try_exists().map_err(StartError::file(key))?;
        let memory = Memory::open(state, !has_key)?;
        let seed = if has_key { key::read(key)? } else { key::make(key)? };
        let signer = Signer::new(name, KeyKind::CosignatureV1, &seed)?;
        Ok(Self { signer, logs, memory })
    }

    /// By which its cosignatures are known.
    pub fn key(&self) -> &VerifierKey {
        self.signer.verifier_key()
    }

    /// Whom it knows.
    pub fn logs(&self) -> &Logs {
        &self.logs
    }
}
