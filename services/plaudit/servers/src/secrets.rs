use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::Error;

const HEADER: &str = "# Plaudit's secrets, made on this machine. Who has this file can open every seal: keep it private.\n\
     # Who loses it can't open any: back it up, apart from the databases.\n\n";

/// Random keys by name, each made once and then kept in a file that only its owner can read (mode 0600).
///
/// A key is on the disk before anyone gets to use it: nothing may be sealed with a key that a power cut could take.
pub struct Secrets {
    path: PathBuf,
    known: Mutex<BTreeMap<String, String>>,
}

impl Secrets {
    /// Reads the file at `path`; one that doesn't exist is made with the first secret. At most one process may have it
    /// open: in a [`crate::DataFolder`] the folder's lock sees to that.
    ///
    /// # Errors
    /// When the file exists but can't be read or understood. It is never replaced by a new one.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let known = match fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|error| Error::Secrets {
                path: path.to_owned(),
                message: error.message().to_owned(),
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(Error::file("read", path)(error)),
        };
        Ok(Self { path: path.to_owned(), known: Mutex::new(known) })
    }

    /// The 32 random bytes of this name; made and kept if this is the first time it is asked for.
    ///
    /// # Errors
    /// When a new secret can't be written, or the one in the file is not 32 bytes.
    pub fn secret(&self, name: &str) -> Result<[u8; 32], Error> {
        let text = self.password(name)?;
        URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
            Error::Secrets {
                path: self.path.clone(),
                message: format!("{name:?} is not 32 bytes in URL-safe base64"),
            }
        })
    }

    /// The secret of this name as text: 43 letters, digits, `-` and `_`, which need no quoting in an address.
    ///
    /// # Errors
    /// When a new secret can't be written.
    pub fn password(&self, name: &str) -> Result<String, Error> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = known.get(name) {
            return Ok(text.clone());
        }
        let text = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        let mut grown = known.clone();
        grown.insert(name.to_owned(), text.clone());
        self.write(&grown)?;
        *known = grown;
        Ok(text)
    }

    /// Written beside and renamed, and both synced: a crash leaves the old file or the new one, never half of one.
    fn write(&self, secrets: &BTreeMap<String, String>) -> Result<(), Error> {
        let failed = |error: std::io::Error| Error::file("write", &self.path)(error);
        let lines = toml::to_string(secrets)
            .map_err(|error| Error::Secrets { path: self.path.clone(), message: error.to_string() })?;
        let beside = self.path.with_extension("new");
        // One that a crash left might have other permissions.
        let _ = fs::remove_file(&beside);
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).map_err(failed)?;
        file.write_all(HEADER.as_bytes())
            .and_then(|()| file.write_all(lines.as_bytes()))
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&beside, &self.path))
            .map_err(failed)?;
        let folder = match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").field("path", &self.path).finish_non_exhaustive()
    }
}
