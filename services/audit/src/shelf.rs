//! The shelf: tiles and entry bundles as files, named as they are served.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use plaudit_chassis::id::ProgrammeId;

/// So many files are written at once: waiting for the disk one after the other
/// takes longer than anything else that is done for an event.
const AT_ONCE: usize = 16;

/// A folder a log.
#[derive(Clone)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where a file of a log lies, by its path in tlog-tiles, such as
    /// `tile/0/x001/234`.
    pub fn path(&self, programme: ProgrammeId, generation: i32, path: &str) -> PathBuf {
        self.folder.join(programme.to_string()).join(generation.to_string()).join(path)
    }

    /// A file of a log, if it is there.
    pub fn read(&self, programme: ProgrammeId, generation: i32, path: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path(programme, generation, path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Writes files durably: when this returns, a power cut loses none of them and
/// leaves none half written.
pub fn write(files: &[(PathBuf, Vec<u8>)]) -> io::Result<()> {
    let mut folders = BTreeSet::new();
    for (path, _) in files {
        let folder = path.parent().unwrap_or(Path::new("."));
        if !folders.contains(folder) {
            make(folder, &mut folders)?;
        }
    }
    for some in files.chunks(AT_ONCE) {
        std::thread::scope(|scope| {
            let each = some.iter().map(|(path, bytes)| scope.spawn(|| write_one(path, bytes)));
            let each: Vec<_> = each.collect();
            each.into_iter().try_for_each(|one| {
                one.join().unwrap_or_else(|_| Err(io::Error::other("a file was not written")))
            })
        })?;
    }
    folders.iter().try_for_each(|folder| File::open(folder)?.sync_all())
}

fn write_one(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

/// Makes a folder and those above it, and notes all whose names are new or may be.
fn make(folder: &Path, folders: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    let mut missing = folder;
    while !missing.exists() {
        let Some(above) = missing.parent() else { break };
        folders.insert(above.to_owned());
        missing = above;
    }
    fs::create_dir_all(folder)?;
    folders.insert(folder.to_owned());
    Ok(())
}
