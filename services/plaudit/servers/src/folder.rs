use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{Error, Secrets, leftover};

/// One folder with everything that `plaudit up` keeps, locked for as long as any clone of this value lives.
///
/// ```text
/// lock            the pid of the process that has the folder
/// secrets         keys and passwords, 0600
/// postgres/data   PostgreSQL's own folder
/// nats/           NATS's configuration and its streams
/// audit/          tiles of the programmes' logs, and what was signed last
/// *.log           what the two servers say
/// ```
#[derive(Clone, Debug)]
pub struct DataFolder {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    secrets: Secrets,
    _lock: File,
    /// Set for a temporary folder. The last field: the folder goes after all else.
    _temporary: Option<TempDir>,
}

impl DataFolder {
    /// Makes the folder if need be, locks it, and stops servers that an earlier run left there when it was killed.
    /// The last may take some seconds, and this call waits for it.
    ///
    /// # Errors
    /// [`Error::InUse`] when another process has the folder; else what stood in the way.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::lock(path.as_ref(), None)
    }

    /// A folder for tests and demonstrations, removed with the last clone. It is one that PostgreSQL's user can enter.
    ///
    /// # Errors
    /// When the folder can't be made.
    pub fn temporary() -> Result<Self, Error> {
        let folder = tempfile::Builder::new()
            .prefix("plaudit-")
            .permissions(mode())
            .tempdir()
            .map_err(Error::file("make a folder in", &std::env::temp_dir()))?;
        let path = folder.path().to_owned();
        Self::lock(&path, Some(folder))
    }

    fn lock(path: &Path, temporary: Option<TempDir>) -> Result<Self, Error> {
        if !path.exists() {
            fs::create_dir_all(path)
                .and_then(|()| fs::set_permissions(path, mode()))
                .map_err(Error::file("make", path))?;
        }
        // Without links and dots, since a leftover server is known by the path in its command line.
        let path = path.canonicalize().map_err(Error::file("find", path))?;
        let lock = take_lock(&path)?;
        leftover::stop_all(&path)?;
        let secrets = Secrets::open(&path.join("secrets"))?;
        Ok(Self { inner: Arc::new(Inner { path, secrets, _lock: lock, _temporary: temporary }) })
    }

    /// Absolute, without symbolic links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.inner.secrets
    }
}

/// Root's folder must be entered by PostgreSQL's user; anyone else's is nobody's business.
fn mode() -> Permissions {
    let root = rustix::process::geteuid().is_root();
    Permissions::from_mode(if root { 0o711 } else { 0o700 })
}

/// The kernel lets go of the lock when the process dies, however it dies: there is no stale lock to clean up.
fn take_lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(Error::file("open", &path))?;
    // One that was killed a moment ago may not be quite gone.
    let patience = Instant::now() + Duration::from_secs(3);
    let mut locked = file.try_lock();
    while matches!(locked, Err(TryLockError::WouldBlock)) && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(50));
        locked = file.try_lock();
    }
    match locked {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let _ = file.read_to_string(&mut text);
            return Err(Error::InUse { path: folder.to_owned(), pid: text.trim().parse().ok() });
        }
        Err(TryLockError::Error(error)) => return Err(Error::file("lock", &path)(error)),
    }
    file.set_len(0)
        .and_then(|()| file.seek(SeekFrom::Start(0)))
        .and_then(|_| writeln!(file, "{}", std::process::id()))
        .map_err(Error::file("write", &path))?;
    Ok(file)
}

/// Where the data is kept when nobody says otherwise: `/var/lib/plaudit` for root (PostgreSQL's user can't enter
/// root's home), else `$XDG_DATA_HOME/plaudit` or `~/.local/share/plaudit`.
///
/// # Errors
/// [`Error::NoHome`] when neither variable names an absolute path.
pub fn default_data_folder() -> Result<PathBuf, Error> {
    if rustix::process::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/plaudit"));
    }
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local/share")))
        .map(|base| base.join("plaudit"))
        .ok_or(Error::NoHome)
}
