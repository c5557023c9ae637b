//! One programme's log, in memory while it grows: its leaves, the entries that
//! no full bundle holds yet, and what was signed last.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use plaudit_chassis::id::ProgrammeId;
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::note::{KeyKind, Note, Signer};
use plaudit_verifier::log::tile::{Entries, Tile, new_entries, new_tiles};
use plaudit_verifier::log::tree::{Hash, Leaves, leaf_hash, root_at};

use crate::Trail;
use crate::ledger::{Ledger, LogRow};
use crate::recovery::entry;
use crate::shelf;

/// Why a log can't go on.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// PostgreSQL.
    #[error(transparent)]
    Store(#[from] plaudit_chassis::store::StoreError),
    /// The disk.
    #[error("the log's folder: {0}")]
    Disk(#[from] std::io::Error),
    /// NATS.
    #[error("NATS: {0}")]
    Nats(String),
    /// What was signed once is not the beginning of what would be signed now.
    #[error("{0}")]
    Fork(String),
    /// A format's own error: something is written that never should be.
    #[error("{0}")]
    Format(String),
}

/// Where the service's events can be read again.
pub type Nats = async_nats::jetstream::Context;

/// One log.
pub struct Log {
    programme: ProgrammeId,
    row: LogRow,
    signer: Signer,
    leaves: Leaves,
    /// The entries from the first that is in no full bundle on the shelf.
    tail: Vec<Bytes>,
    /// The size of the last checkpoint.
    signed: u64,
    /// Why nothing more is signed.
    refuses: Option<String>,
}

/// A checkpoint whose tiles are still to be written.
pub struct Draft {
    pub programme: ProgrammeId,
    size: u64,
    note: String,
    files: Arc<Vec<(PathBuf, Vec<u8>)>>,
}

impl Draft {
    /// Puts its tiles on the shelf; then it is remembered; and then shown.
    pub async fn sign(&self, trail: &Trail, ledger: &Ledger) -> Result<(), LogError> {
        let (files, note) = (Arc::clone(&self.files), self.note.clone());
        let (memory, programme) = (trail.memory.clone(), self.programme);
        let written = tokio::task::spawn_blocking(move || {
            shelf::write(&files)?;
            memory.remember(programme, &note)
        });
        written.await.map_err(format_error)??;
        ledger.keep(self.programme, self.size, &self.note).await?;
        Ok(())
    }
}

fn format_error(error: impl std::fmt::Display) -> LogError {
    LogError::Format(error.to_string())
}

impl Log {
    /// Opens a log, or begins it, and makes sure that it goes on from what was
    /// signed.
    pub async fn open(
        trail: &Trail,
        ledger: &Ledger,
        nats: &Nats,
        programme: ProgrammeId,
    ) -> Result<Self, LogError> {
        let row = match ledger.log(programme).await? {
            Some(row) => row,
            None => {
                let row = LogRow { generation: 1, before: None };
                ledger.begin(programme, &row).await?;
                row
            }
        };
        let signer =
            Signer::new(&trail.origin(programme, row.generation), KeyKind::Ed25519, &trail.settings.key)
                .map_err(format_error)?;
        let leaves: Leaves = ledger.hashes(programme).await?.into_iter().collect();
        let mut log = Self { programme, row, signer, leaves, tail: Vec::new(), signed: 0, refuses: None };
        log.go_on_from(trail, ledger).await?;
        if log.refuses.is_none() {
            log.read_tail(trail, ledger, nats).await?;
        }
        if let Some(why) = &log.refuses {
            tracing::error!(%programme, %why, "a log can't go on");
        }
        Ok(log)
    }

    /// Compares the leaves with the last note that was signed.
    async fn go_on_from(&mut self, trail: &Trail, ledger: &Ledger) -> Result<(), LogError> {
        let Some(last) = self.last_signed(trail, ledger).await? else { return Ok(()) };
        let note = Note::parse(last.as_bytes()).map_err(format_error)?;
        let signed = Checkpoint::open(&note, self.signer.verifier_key()).map_err(|error| {
            LogError::Fork(format!(
                "What was signed last for programme {} is not this log's ({error}): nothing more is signed.",
                self.programme
            ))
        });
        let fits = match &signed {
            Ok(signed) if signed.size() <= self.leaves.size() => {
                root_at(&self.leaves, signed.size()).map_err(format_error)? == *signed.root()
            }
            _ => false,
        };
        match signed {
            Ok(signed) if fits => {
                self.signed = signed.size();
                // It may have been signed in the last moment before a crash.
                if ledger.checkpoint(self.programme).await?.is_none_or(|(size, _)| size < signed.size()) {
                    ledger.keep(self.programme, signed.size(), &last).await?;
                }
            }
            Ok(signed) => {
                self.refuses = Some(format!(
                    "The tree of {} leaves that was signed is not the beginning of the {} leaves that are known: \
                     signing would be a fork.",
                    signed.size(),
                    self.leaves.size()
                ));
            }
            Err(error) => self.refuses = Some(error.to_string()),
        }
        Ok(())
    }

    /// The last note of this log: the memory's, or the ledger's where the
    /// memory is lost or old.
    async fn last_signed(&self, trail: &Trail, ledger: &Ledger) -> Result<Option<String>, LogError> {
        let remembered = trail.memory.last(self.programme)?;
        let remembered = remembered.filter(|note| self.row.before.as_ref() != Some(note));
        let Some((size, kept)) = ledger.checkpoint(self.programme).await? else { return Ok(remembered) };
        let is_newer = |note: &String| {
            let checkpoint = Note::parse(note.as_bytes()).ok().map(|note| Checkpoint::parse(note.text()));
            // What can't be read is looked at, and said to be so.
            !matches!(checkpoint, Some(Ok(checkpoint)) if checkpoint.size() < size)
        };
        Ok(Some(remembered.filter(is_newer).unwrap_or(kept)))
    }

    /// The entries that the last full bundle does not hold.
    async fn read_tail(&mut self, trail: &Trail, ledger: &Ledger, nats: &Nats) -> Result<(), LogError> {
        let (from, size) = (self.signed / 256 * 256, self.leaves.size());
        let width = (self.signed - from) as u16;
        if width > 0 {
            let entries = Entries::new(from / 256, width).map_err(format_error)?;
            let bytes = self.read_entries(trail, entries)?;
            let read = bytes.as_deref().map(|bytes| entries.decode(bytes)).transpose().ok().flatten();
            let held = read.unwrap_or_default().into_iter().zip(from..);
            for (entry, index) in held {
                // What the shelf has otherwise than it was is read again below.
                if self.leaf(index)? != leaf_hash(entry) {
                    break;
                }
                self.tail.push(Bytes::copy_from_slice(entry));
            }
        }
        let have = from + self.tail.len() as u64;
        for ((service, position), index) in
            ledger.places(self.programme, have, size).await?.into_iter().zip(have..)
        {
            let entry = entry(nats, &service, position).await?;
            if self.leaf(index)? != leaf_hash(&entry) {
                // This log alone stands still: other programmes' go on.
                self.refuses = Some(format!(
                    "Leaf {index} is not event {service}/{position}, which has this place: signing would be a fork."
                ));
                return Ok(());
            }
            self.tail.push(entry);
        }
        Ok(())
    }

    fn leaf(&self, index: u64) -> Result<Hash, LogError> {
        use plaudit_verifier::log::tree::Hashes;
        self.leaves.hash(0, index).map_err(format_error)
    }

    /// How many events have a place.
    pub fn size(&self) -> u64 {
        self.leaves.size()
    }

    /// How many of them no checkpoint covers yet.
    pub fn unsigned(&self) -> u64 {
        self.leaves.size() - self.signed
    }

    /// Why nothing more is signed, if so.
    pub fn refuses(&self) -> Option<&str> {
        self.refuses.as_deref()
    }

    /// Adds an event that the ledger has a place for.
    pub fn push(&mut self, hash: Hash, bytes: Bytes) {
        self.leaves.push(hash);
        if self.refuses.is_none() {
            self.tail.push(bytes);
        }
    }

    /// Puts all tiles up to here on the shelf, then signs.
    pub async fn sign(&mut self, trail: &Trail, ledger: &Ledger) -> Result<(), LogError> {
        if let Some(draft) = self.draft(trail)? {
            draft.sign(trail, ledger).await?;
            self.is_signed(&draft);
        }
        Ok(())
    }

    /// The checkpoint over all that has a place, which nobody has seen yet;
    /// none if there is nothing new.
    pub fn draft(&self, trail: &Trail) -> Result<Option<Draft>, LogError> {
        let size = self.leaves.size();
        if size == self.signed || self.refuses.is_some() {
            return Ok(None);
        }
        let checkpoint = Checkpoint::new(self.signer.verifier_key().name(), size, self.leaves.root())
            .map_err(format_error)?;
        let note = checkpoint.sign(&self.signer).map_err(format_error)?.to_string();
        let files = Arc::new(self.files(trail, self.signed)?);
        Ok(Some(Draft { programme: self.programme, size, note, files }))
    }

    /// A draft of this log is out, and nothing was added to it meanwhile.
    pub fn is_signed(&mut self, draft: &Draft) {
        let full = (draft.size / 256 - self.signed / 256) as usize * 256;
        self.tail.drain(..full);
        self.signed = draft.size;
    }

    /// The files that a tree of this size has and one of `old` leaves lacks. On
    /// the shelf a tile that is not full yet lies under the name that it will
    /// have then: what is served of it is a beginning of it.
    fn files(&self, trail: &Trail, old: u64) -> Result<Vec<(PathBuf, Vec<u8>)>, LogError> {
        let mut files = Vec::new();
        let path = |path: String| trail.shelf.path(self.programme, self.row.generation, &path);
        for tile in new_tiles(old, self.leaves.size()) {
            let name = Tile::new(tile.level(), tile.index(), 256).map_err(format_error)?;
            files.push((path(name.to_string()), tile.cut(&self.leaves).map_err(format_error)?));
        }
        let first = old / 256 * 256;
        for entries in new_entries(old, self.leaves.size()) {
            let name = Entries::new(entries.index(), 256).map_err(format_error)?;
            let range = entries.range();
            let within = (range.start - first) as usize..(range.end - first) as usize;
            let held = self.tail.get(within).ok_or_else(|| format_error("entries are missing in memory"))?;
            files.push((path(name.to_string()), entries.encode(held).map_err(format_error)?));
        }
        Ok(files)
    }

    fn read_entries(&self, trail: &Trail, entries: Entries) -> Result<Option<Vec<u8>>, LogError> {
        read_entries(trail, self.programme, self.row.generation, entries)
    }

    /// Makes tiles and bundles that are missing on the shelf again.
    pub async fn heal(&mut self, trail: &Trail, ledger: &Ledger, nats: &Nats) -> Result<(), LogError> {
        if self.refuses.is_some() {
            return Ok(());
        }
        let mut files = Vec::new();
        for tile in new_tiles(0, self.signed) {
            if read_tile(trail, self.programme, self.row.generation, tile)?.is_none() {
                let name = Tile::new(tile.level(), tile.index(), 256).map_err(format_error)?;
                let path = trail.shelf.path(self.programme, self.row.generation, &name.to_string());
                files.push((path, tile.cut(&self.leaves).map_err(format_error)?));
            }
        }
        for entries in new_entries(0, self.signed) {
            if self.read_entries(trail, entries)?.is_some() {
                continue;
            }
            let range = entries.range();
            let mut held = Vec::new();
            for (service, position) in ledger.places(self.programme, range.start, range.end).await? {
                let bytes = entry(nats, &service, position).await?;
                if self.leaf(range.start + held.len() as u64)? != leaf_hash(&bytes) {
                    return Err(LogError::Fork(format!("event {service}/{position} is another than it was")));
                }
                held.push(bytes);
            }
            let name = Entries::new(entries.index(), 256).map_err(format_error)?;
            let path = trail.shelf.path(self.programme, self.row.generation, &name.to_string());
            files.push((path, entries.encode(&held).map_err(format_error)?));
        }
        if !files.is_empty() {
            tracing::warn!(programme = %self.programme, files = files.len(), "tiles were missing and are made again");
            tokio::task::spawn_blocking(move || shelf::write(&files)).await.map_err(format_error)??;
        }
        Ok(())
    }
}

/// A tile, as many hashes of it as are asked for; `None` if they are not there.
pub fn read_tile(
    trail: &Trail,
    programme: ProgrammeId,
    generation: i32,
    tile: Tile,
) -> Result<Option<Vec<u8>>, LogError> {
    let name = Tile::new(tile.level(), tile.index(), 256).map_err(format_error)?;
    let mut bytes = trail.shelf.read(programme, generation, &name.to_string())?;
    let wanted = usize::from(tile.width()) * size_of::<Hash>();
    if let Some(bytes) = &mut bytes {
        if bytes.len() < wanted {
            return Ok(None);
        }
        bytes.truncate(wanted);
    }
    Ok(bytes)
}

/// A bundle of entries, as many of it as are asked for.
pub fn read_entries(
    trail: &Trail,
    programme: ProgrammeId,
    generation: i32,
    entries: Entries,
) -> Result<Option<Vec<u8>>, LogError> {
    let name = Entries::new(entries.index(), 256).map_err(format_error)?;
    let Some(mut bytes) = trail.shelf.read(programme, generation, &name.to_string())? else {
        return Ok(None);
    };
    let mut end = 0;
    for _ in 0..entries.width() {
        let length = bytes.get(end..end + 2).map(|length| u16::from_be_bytes([length[0], length[1]]));
        let Some(length) = length else { return Ok(None) };
        end += 2 + usize::from(length);
    }
    if bytes.len() < end {
        return Ok(None);
    }
    bytes.truncate(end);
    Ok(Some(bytes))
}
