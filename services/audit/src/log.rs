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

use crate::ledger::{Ledger, LogRow};
use crate::recovery::events;
use crate::{SOURCES, Trail, entries, shelf};

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
    /// An event that has a place can't be read.
    #[error("Event {0} has a place in the log, but is not in NATS, and its service does not send it again.")]
    Gone(String),
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
    /// What was signed before.
    signed: u64,
    size: u64,
    note: String,
    files: Arc<Vec<(PathBuf, Vec<u8>)>>,
}

impl Draft {
    /// Puts its tiles on the shelf; then it is remembered, with the order of its
    /// leaves; and then shown.
    pub async fn sign(&self, trail: &Trail, ledger: &Ledger) -> Result<(), LogError> {
        let (from, order) = unremembered(trail, ledger, self.programme, self.signed..self.size).await?;
        let (files, note) = (Arc::clone(&self.files), self.note.clone());
        let (memory, programme) = (trail.memory.clone(), self.programme);
        let written = tokio::task::spawn_blocking(move || {
            shelf::write(&files)?;
            memory.remember_order(programme, from, &order)?;
            memory.remember(programme, &note)
        });
        written.await.map_err(format_error)??;
        ledger.keep(self.programme, self.size, &self.note).await?;
        Ok(())
    }
}

/// What is still to be remembered of the order of the first leaves, and from
/// which of them on.
async fn unremembered(
    trail: &Trail,
    ledger: &Ledger,
    programme: ProgrammeId,
    new: std::ops::Range<u64>,
) -> Result<(u64, Vec<u8>), LogError> {
    let from = trail.memory.ordered(programme)?.min(new.start);
    let places = ledger.places(programme, from..new.end).await?;
    let number = |service: &str| SOURCES.iter().zip(b'0'..).find(|(source, _)| **source == service);
    let order = places.iter().filter_map(|leaf| Some(number(leaf.service)?.1)).collect();
    Ok((from, order))
}

pub fn format_error(error: impl std::fmt::Display) -> LogError {
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
            let bundle = Entries::new(from / 256, width).map_err(format_error)?;
            let bytes = entries::read(trail, self.programme, self.row.generation, bundle)?;
            let read = bytes.as_deref().map(|bytes| bundle.decode(bytes)).transpose().ok().flatten();
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
        let places = ledger.places(self.programme, have..size).await?;
        let events = events(nats, &places).await?;
        for ((placed, entry), index) in places.iter().zip(events).zip(have..) {
            if self.leaf(index)? != leaf_hash(&entry) {
                // This log alone stands still: other programmes' go on.
                self.refuses = Some(format!(
                    "Leaf {index} is not event {placed}, which has this place: signing would be a fork."
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
        Ok(Some(Draft { programme: self.programme, signed: self.signed, size, note, files }))
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
        for bundle in new_entries(old, self.leaves.size()) {
            let range = bundle.range();
            let within = (range.start - first) as usize..(range.end - first) as usize;
            let held = self.tail.get(within).ok_or_else(|| format_error("entries are missing in memory"))?;
            let path = entries::path(trail, self.programme, self.row.generation, bundle)?;
            files.push((path, bundle.encode(held).map_err(format_error)?));
        }
        Ok(files)
    }

    /// Makes again what is missing on the shelf, and tiles that are not the
    /// tree's. What full bundles hold is looked at when it is asked for: there
    /// may be a lot.
    pub async fn heal(&mut self, trail: &Trail, ledger: &Ledger, nats: &Nats) -> Result<(), LogError> {
        if self.refuses.is_some() {
            return Ok(());
        }
        let mut files = self.unlike_the_tree(trail)?;
        let mut made = files.len();
        for bundle in new_entries(0, self.signed) {
            let path = entries::path(trail, self.programme, self.row.generation, bundle)?;
            if bundle.width() == 256 && !path.exists() {
                let leaves = ledger.places(self.programme, bundle.range()).await?;
                // One by one: all of them may be more than fits into memory.
                write(vec![(path, entries::again(nats, bundle, &leaves).await?)]).await?;
                made += 1;
            } else if bundle.width() < 256 {
                // Its entries are held as they were signed.
                let held = self.tail.get(..usize::from(bundle.width()));
                let held = held.ok_or_else(|| format_error("entries are missing in memory"))?;
                let due = bundle.encode(held).map_err(format_error)?;
                if entries::read(trail, self.programme, self.row.generation, bundle)?.as_ref() != Some(&due) {
                    files.push((path, due));
                    made += 1;
                }
            }
        }
        if made > 0 {
            tracing::warn!(programme = %self.programme, files = made, "tiles were missing or wrong and are made again");
        }
        write(files).await?;
        self.remember_order(trail, ledger).await
    }

    /// The tiles of hashes that the shelf lacks or has otherwise.
    fn unlike_the_tree(&self, trail: &Trail) -> Result<Vec<(PathBuf, Vec<u8>)>, LogError> {
        let mut files = Vec::new();
        for tile in new_tiles(0, self.signed) {
            let due = tile.cut(&self.leaves).map_err(format_error)?;
            let found = read_tile(trail, self.programme, self.row.generation, tile)?;
            if found.as_ref() == Some(&due) {
                continue;
            }
            if found.is_some() {
                tracing::error!(programme = %self.programme, %tile, "a tile was not that of the signed tree");
            }
            let name = Tile::new(tile.level(), tile.index(), 256).map_err(format_error)?;
            files.push((trail.shelf.path(self.programme, self.row.generation, &name.to_string()), due));
        }
        Ok(files)
    }

    /// The order of what was signed, if it is not remembered, or not as far.
    async fn remember_order(&self, trail: &Trail, ledger: &Ledger) -> Result<(), LogError> {
        let (from, order) = unremembered(trail, ledger, self.programme, self.signed..self.signed).await?;
        if order.is_empty() {
            return Ok(());
        }
        let (memory, programme) = (trail.memory.clone(), self.programme);
        let remembered = tokio::task::spawn_blocking(move || memory.remember_order(programme, from, &order));
        Ok(remembered.await.map_err(format_error)??)
    }
}

async fn write(files: Vec<(PathBuf, Vec<u8>)>) -> Result<(), LogError> {
    Ok(tokio::task::spawn_blocking(move || shelf::write(&files)).await.map_err(format_error)??)
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
