//! Why a witness doesn't start.

use std::io;
use std::path::{Path, PathBuf};

use plaudit_verifier::log::note::KeyError;

/// Each says what to do. None says anything of the key.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file or folder can't be read or written.
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    /// A line of the file of logs.
    #[error("line {line} of the file of logs: {why}")]
    Logs { line: usize, why: String },
    /// A witness that knows nobody cosigns nothing.
    #[error("the file of logs names no log: write a line for each, as docs/witness.md says")]
    NoLogs,
    /// The name can't be a key's.
    #[error(transparent)]
    Name(#[from] KeyError),
    /// Something else than a key is in the key's file.
    #[error("{} doesn't hold a key: 32 bytes in standard base64 on one line", path.display())]
    Key { path: PathBuf },
    /// A key that others can read is nobody's.
    #[error("{} can be read by others than its owner: make a new key, or chmod 600 if nobody has read it", path.display())]
    KeyIsOpen { path: PathBuf },
    /// A key whose memory is gone may have cosigned anything.
    #[error(
        "there is a key but no {}: a witness that has forgotten what it cosigned could cosign a fork. Give the \
         folder that belongs to the key, make a new key, or, if this key has never been used, make that file, empty",
        path.display()
    )]
    Forgotten { path: PathBuf },
    /// Two that don't know of each other could cosign a fork.
    #[error("another witness is using {}", path.display())]
    InUse { path: PathBuf },
}

impl StartError {
    /// What went wrong with a file.
    pub(crate) fn file(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::File { path: path.to_owned(), error }
    }
}
