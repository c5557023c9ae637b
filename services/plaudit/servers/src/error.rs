use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why the servers, their folder or their databases can't be had. Every message is one line and says what to do where
/// there is something to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("can't {doing} {}: {source}", path.display())]
    File { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("the data folder {} is in use by another Plaudit{}; stop it, or choose another folder", path.display(), holder(.pid))]
    InUse { path: PathBuf, pid: Option<u32> },
    #[error("no home folder is known for this user; choose a data folder")]
    NoHome,
    #[error(
        "{program} was not found; install it (Debian, Ubuntu: apt install postgresql nats-server; macOS: brew install postgresql nats-server)"
    )]
    Missing { program: &'static str },
    #[error("{} was made by PostgreSQL {wanted}, and only {found} is installed; install PostgreSQL {wanted}", path.display())]
    OtherVersion { path: PathBuf, wanted: u32, found: String },
    #[error(
        "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as; create one, or run as an ordinary user"
    )]
    NoUnprivilegedUser,
    #[error("PostgreSQL runs as the user `{user}`, who can't enter {}; choose a data folder elsewhere (such as /var/lib/plaudit), or run `chmod o+x {}`", closed.display(), closed.display())]
    CannotEnter { user: String, closed: PathBuf },
    #[error("initdb failed: {message}")]
    Initdb { message: String },
    #[error("can't run {program}: {source}")]
    Spawn { program: &'static str, source: io::Error },
    #[error("{server} stopped while it was starting: {last_words} (more in {})", log.display())]
    StoppedAtStart { server: &'static str, last_words: String, log: PathBuf },
    #[error("{server} didn't answer within {} seconds of its start (see {})", waited.as_secs(), log.display())]
    NotReady { server: &'static str, waited: Duration, log: PathBuf },
    #[error("the {server} with pid {pid} that an earlier run left behind can't be stopped; stop it by hand")]
    Leftover { server: &'static str, pid: u32 },
    #[error("{0:?} is no service of this system")]
    UnknownService(String),
    #[error("{0:?} can't be a service's name: small letters, digits and _, at most 32")]
    ServiceName(String),
    #[error(
        "the administrator's address of PostgreSQL must read postgres://user:password@host:port/database"
    )]
    AdminUrl,
    #[error("PostgreSQL, while {doing}: {}", said(source))]
    Postgres { doing: String, source: tokio_postgres::Error },
    #[error("the secrets file {} can't be read: {message}; restore it from a backup, for what it sealed can't be opened without it", path.display())]
    Secrets { path: PathBuf, message: String },
}

impl Error {
    /// For `map_err`: an I/O error with what was being done to which path.
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }

    /// For `map_err`: a database error with what was being done.
    pub(crate) fn postgres(doing: impl Into<String>) -> impl FnOnce(tokio_postgres::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Postgres { doing, source }
    }
}

fn holder(pid: &Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}

/// tokio-postgres keeps the server's own words one level down.
fn said(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(server), _) => server.message().to_owned(),
        (None, Some(cause)) => cause.to_string(),
        (None, None) => error.to_string(),
    }
}
