//! A private PostgreSQL and a private NATS in one data folder, for `plaudit up` and for tests.
//!
//! ```no_run
//! # async fn example() -> Result<(), plaudit_servers::Error> {
//! use plaudit_servers::{DataFolder, Servers, default_data_folder};
//!
//! let folder = DataFolder::open(default_data_folder()?)?;
//! let servers = Servers::start(&folder).await?;
//! let database = servers.database_url("scoring")?;
//! // …
//! servers.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! Three things are easy to get wrong here, and each has its place:
//!
//! - One folder, one process: [`DataFolder`] holds a lock that the kernel gives back when its holder dies. Servers that
//!   were left behind by a killed process are stopped by the next one (`leftover`).
//! - PostgreSQL refuses to be root: both servers then run as `postgres` or `nobody` (`user`).
//! - Roles and permissions have one truth, in `deploy/`, for this private house and for an operator's own servers:
//!   `deploy/postgres/*.sql` ([`provision()`]) and `deploy/nats/accounts.conf` (`nats`).

mod binaries;
mod error;
mod folder;
mod leftover;
mod nats;
mod postgres;
mod process;
mod provision;
mod secrets;
mod server;
mod user;

use std::fmt;
use std::fs;
use std::path::Path;

use nats::Nats;
use postgres::Postgres;
use server::Runner;
use user::Unprivileged;

pub use error::Error;
pub use folder::{DataFolder, default_data_folder};
pub use nats::inbox_prefix;
pub use provision::{ServiceDatabase, provision};
pub use secrets::Secrets;

/// The services that have databases and a NATS user of their own.
pub const SERVICES: [&str; 7] = ["submissions", "panels", "scoring", "awards", "accounts", "audit", "notify"];

/// How a server is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It closes its connections, writes everything and ends; PostgreSQL's "fast" mode. One that doesn't end in a
    /// minute is killed.
    Clean,
    /// `kill -9`, for tests of what a crash does.
    Kill,
}

/// A PostgreSQL and a NATS that run, with a role, two databases and a NATS user for each of [`SERVICES`].
///
/// Dropping it stops both and waits a few seconds for them at most; [`Servers::stop`] is the orderly way. Addresses stay
/// true while a server is stopped and started again.
pub struct Servers {
    /// A superuser's.
    pub postgres_admin_url: String,
    /// With user and password. async-nats does not take them from an address by itself.
    pub nats_admin_url: String,
    databases: Vec<ServiceDatabase>,
    nats_urls: Vec<String>,
    postgres: Runner<Postgres>,
    nats: Runner<Nats>,
    /// The last field: the lock is given back, and a temporary folder removed, when the servers have gone.
    _folder: DataFolder,
}

impl Servers {
    /// Starts both servers in `folder`, on free ports of 127.0.0.1, and makes what the services need there. Returns
    /// when both answer.
    ///
    /// # Errors
    /// When a program isn't installed, the folder can't be used, or a server doesn't start.
    pub async fn start(folder: &DataFolder) -> Result<Self, Error> {
        let (path, secrets) = (folder.path(), folder.secrets());
        let user = prepare_subfolders(path)?;
        let nats = Nats::in_folder(path, user.clone(), secrets)?;
        let postgres = Postgres::in_folder(path, user, secrets).await?;
        let postgres = Runner::new(postgres, path.join("postgres.log"));
        let nats = Runner::new(nats, path.join("nats.log"));
        let (postgres_port, nats_port) = tokio::try_join!(postgres.start(), nats.start())?;
        let postgres_admin_url = postgres.server().admin_url(postgres_port);
        let databases = provision(&postgres_admin_url, &SERVICES, secrets).await?;
        provision::close_to_public(&postgres_admin_url).await?;
        Ok(Self {
            postgres_admin_url,
            nats_admin_url: nats.server().url(nats::ADMINISTRATOR, nats_port)?,
            databases,
            nats_urls: SERVICES
                .iter()
                .map(|service| nats.server().url(service, nats_port))
                .collect::<Result<_, _>>()?,
            postgres,
            nats,
            _folder: folder.clone(),
        })
    }

    /// The database of a service's events, vault and read models, as its own role.
    ///
    /// # Errors
    /// [`Error::UnknownService`] for one that isn't among [`SERVICES`].
    pub fn database_url(&self, service: &str) -> Result<&str, Error> {
        Ok(&self.databases[number(service)?].url)
    }

    /// The database of a service's subject keys, as its own role.
    ///
    /// # Errors
    /// [`Error::UnknownService`] for one that isn't among [`SERVICES`].
    pub fn keys_url(&self, service: &str) -> Result<&str, Error> {
        Ok(&self.databases[number(service)?].keys_url)
    }

    /// The address of NATS with the service's user and password, which the caller takes out of it for async-nats. It
    /// must connect with [`inbox_prefix`].
    ///
    /// # Errors
    /// [`Error::UnknownService`] for one that isn't among [`SERVICES`].
    pub fn nats_url(&self, service: &str) -> Result<&str, Error> {
        Ok(&self.nats_urls[number(service)?])
    }

    /// PostgreSQL's process, `None` while it is stopped.
    #[must_use]
    pub fn postgres_pid(&self) -> Option<u32> {
        self.postgres.pid()
    }

    /// NATS's process, `None` while it is stopped.
    #[must_use]
    pub fn nats_pid(&self) -> Option<u32> {
        self.nats.pid()
    }

    /// Starts PostgreSQL again, on the same port, if it was stopped or has died; does nothing if it runs.
    ///
    /// # Errors
    /// When it doesn't start.
    pub async fn start_postgres(&self) -> Result<(), Error> {
        self.postgres.start().await.map(drop)
    }

    /// Starts NATS again, on the same port, if it was stopped or has died; does nothing if it runs.
    ///
    /// # Errors
    /// When it doesn't start.
    pub async fn start_nats(&self) -> Result<(), Error> {
        self.nats.start().await.map(drop)
    }

    /// Does nothing if it doesn't run.
    pub async fn stop_postgres(&self, how: Stop) {
        self.postgres.stop(how).await;
    }

    /// Does nothing if it doesn't run.
    pub async fn stop_nats(&self, how: Stop) {
        self.nats.stop(how).await;
    }

    /// Stops both in order. Their data stays.
    pub async fn stop(self) {
        tokio::join!(self.stop_postgres(Stop::Clean), self.stop_nats(Stop::Clean));
    }
}

/// Without the addresses: they hold passwords, which don't belong in a log.
impl fmt::Debug for Servers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Servers")
            .field("postgres_pid", &self.postgres_pid())
            .field("nats_pid", &self.nats_pid())
            .finish_non_exhaustive()
    }
}

fn number(service: &str) -> Result<usize, Error> {
    SERVICES
        .iter()
        .position(|known| *known == service)
        .ok_or_else(|| Error::UnknownService(service.to_owned()))
}

/// Makes a folder for each server, for the eyes of the user that it runs as.
fn prepare_subfolders(folder: &Path) -> Result<Option<Unprivileged>, Error> {
    use std::os::unix::fs::PermissionsExt;

    let subfolders = [postgres::subfolder(folder), nats::subfolder(folder)];
    let user = Unprivileged::for_folder(&subfolders[0])?;
    if let Some(user) = &user {
        user.check_can_enter(folder)?;
    }
    for subfolder in subfolders {
        fs::create_dir_all(&subfolder)
            .and_then(|()| fs::set_permissions(&subfolder, fs::Permissions::from_mode(0o700)))
            .map_err(Error::file("make", &subfolder))?;
        if let Some(user) = &user {
            user.give(&subfolder)?;
        }
    }
    Ok(user)
}
