//! What was signed last, beside the key: whoever has the key remembers, also
//! when tables and tiles are gone, and so never signs a second history. And in
//! which order: the events say everything else of a log, but not that.

use std::fs;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::PathBuf;

use plaudit_chassis::id::ProgrammeId;

use crate::shelf;

/// Two files a programme: the last checkpoint that was signed, and the order of
/// its leaves.
#[derive(Clone)]
pub struct Memory {
    folder: PathBuf,
}

impl Memory {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The last note that was signed for a programme's log.
    pub fn last(&self, programme: ProgrammeId) -> io::Result<Option<String>> {
        match fs::read_to_string(self.folder.join(programme.to_string())) {
            Ok(note) => Ok(Some(note)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The last note of the log before this one, where one was lost.
    pub fn before(&self, programme: ProgrammeId) -> io::Result<Option<String>> {
        match fs::read_to_string(self.folder.join(format!("{programme}.before"))) {
            Ok(note) => Ok(Some(note)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Remembers that a log was lost after this note, durably.
    pub fn remember_lost(&self, programme: ProgrammeId, note: &str) -> io::Result<()> {
        shelf::write(&[(self.folder.join(format!("{programme}.before")), note.as_bytes().to_vec())])
    }

    /// Every programme for which something was signed.
    pub fn programmes(&self) -> io::Result<Vec<ProgrammeId>> {
        let files = match fs::read_dir(&self.folder) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let names = files.map(|file| Ok(file?.file_name().to_str().and_then(|name| name.parse().ok())));
        let known: io::Result<Vec<Option<ProgrammeId>>> = names.collect();
        Ok(known?.into_iter().flatten().collect())
    }

    /// The service of each leaf, in order, as it was remembered: its number in
    /// `SOURCES`, a digit. What lies beyond the last note counts for nothing.
    pub fn order(&self, programme: ProgrammeId) -> io::Result<Vec<u8>> {
        match fs::read(self.order_file(programme)) {
            Ok(order) => Ok(order),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// How many leaves the remembered order has.
    pub fn ordered(&self, programme: ProgrammeId) -> io::Result<u64> {
        match fs::metadata(self.order_file(programme)) {
            Ok(file) => Ok(file.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Remembers the order from a leaf on, durably, before a note is signed
    /// over it.
    pub fn remember_order(&self, programme: ProgrammeId, from: u64, order: &[u8]) -> io::Result<()> {
        let path = self.order_file(programme);
        if from == 0 {
            return shelf::write(&[(path, order.to_vec())]);
        }
        let mut file = fs::OpenOptions::new().write(true).open(path)?;
        file.seek(SeekFrom::Start(from))?;
        file.write_all(order)?;
        file.sync_all()
    }

    /// Another generation has an order of its own.
    pub fn forget_order(&self, programme: ProgrammeId) -> io::Result<()> {
        match fs::remove_file(self.order_file(programme)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn order_file(&self, programme: ProgrammeId) -> PathBuf {
        self.folder.join(format!("{programme}.order"))
    }

    /// Remembers a note, durably, before anybody sees it.
    pub fn remember(&self, programme: ProgrammeId, note: &str) -> io::Result<()> {
        shelf::write(&[(self.folder.join(programme.to_string()), note.as_bytes().to_vec())])
    }
}
