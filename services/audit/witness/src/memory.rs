//! What a witness cosigned last: a file an origin, named by the origin's
//! SHA-256, with the note. It is on the disk before anybody gets the
//! cosignature.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::note::Note;
use plaudit_verifier::log::tree::{EMPTY_ROOT, Hash};
use sha2::{Digest, Sha256};

use crate::{StartError, durable};

/// A folder, which no other witness uses at the same time.
pub struct Memory {
    folder: PathBuf,
    /// Held from looking what was cosigned until what is cosigned now is on
    /// the disk. One for all origins: a disk syncs one file after the other.
    turn: Mutex<()>,
    /// Locked as long as it is open.
    _lock: File,
}

/// The tree of a log that was cosigned last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub size: u64,
    pub root: Hash,
}

impl Seen {
    /// What every log begins with.
    const NOTHING: Self = Self { size: 0, root: EMPTY_ROOT };
}

impl Memory {
    /// Opens a folder; makes it if it is missing and may be made. A folder
    /// without its lock file is not a witness's: a disk may not be mounted.
    pub fn open(folder: &Path, may_make: bool) -> Result<Self, StartError> {
        let file = StartError::file(folder);
        let path = folder.join("lock");
        if !may_make && !path.try_exists().map_err(&file)? {
            return Err(StartError::Forgotten { path });
        }
        if !folder.is_dir() {
            DirBuilder::new().mode(0o700).create(folder).map_err(&file)?;
        }
        let mut options = OpenOptions::new();
        let lock = options.write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(&file)?;
        for named in [folder, &durable::folder_of(folder)] {
            File::open(named).and_then(|named| named.sync_all()).map_err(&file)?;
        }
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder: folder.to_owned(), turn: Mutex::new(()), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse { path: folder.to_owned() }),
            Err(TryLockError::Error(error)) => Err(file(error)),
        }
    }

    /// Waits for the turn to look and to remember. What is remembered is on
    /// the disk alone, so whoever panicked before has left nothing half done.
    pub fn turn(&self, origin: &str) -> Turn<'_> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let name: String = Sha256::digest(origin).iter().map(|byte| format!("{byte:02x}")).collect();
        Turn { path: self.folder.join(name), origin: origin.to_owned(), _turn }
    }
}

/// The turn of one request about one origin.
pub struct Turn<'a> {
    path: PathBuf,
    origin: String,
    _turn: MutexGuard<'a, ()>,
}

impl Turn<'_> {
    /// What was cosigned last. A file that can't be read is an error: it never
    /// counts as none.
    pub fn last(&self) -> io::Result<Seen> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Seen::NOTHING),
            Err(error) => return Err(error),
        };
        let unreadable = |why: String| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{}: {why}", self.path.display()))
        };
        let note = Note::parse(&bytes).map_err(|error| unreadable(error.to_string()))?;
        let checkpoint = Checkpoint::parse(note.text()).map_err(|error| unreadable(error.to_string()))?;
        if checkpoint.origin() != self.origin {
            return Err(unreadable(format!("it is of another log, {}", checkpoint.origin())));
        }
        Ok(Seen { size: checkpoint.size(), root: *checkpoint.root() })
    }

    /// Remembers a note, durably.
    pub fn remember(&self, note: &Note) -> io::Result<()> {
        durable::replace(&self.path, note.to_string().as_bytes())
    }
}
