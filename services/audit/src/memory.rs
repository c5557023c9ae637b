//! What was signed last, beside the key: whoever has the key remembers, also
//! when tables and tiles are gone, and so never signs a second history.

use std::fs;
use std::io;
use std::path::PathBuf;

use plaudit_chassis::id::ProgrammeId;

use crate::shelf;

/// A file a programme: the last checkpoint that was signed.
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

    /// Remembers a note, durably, before anybody sees it.
    pub fn remember(&self, programme: ProgrammeId, note: &str) -> io::Result<()> {
        shelf::write(&[(self.folder.join(programme.to_string()), note.as_bytes().to_vec())])
    }
}
