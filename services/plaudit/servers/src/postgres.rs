use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use tokio::time::timeout;

use crate::binaries::PostgresBinaries;
use crate::process::command;
use crate::server::Server;
use crate::user::Unprivileged;
use crate::{Error, Secrets, provision};

/// What differs from PostgreSQL's own defaults, for a small machine that also does everything else. `fsync` and
/// `synchronous_commit` are on by default, and stay on: what was acknowledged must survive a power cut.
const SETTINGS: [&str; 14] = [
    "listen_addresses=127.0.0.1",
    // Off: their path has a length limit that a data folder may exceed, and nobody needs them here.
    "unix_socket_directories=",
    "max_connections=300",
    "shared_buffers=256MB",
    // Keys are scattered, so each checkpoint makes the next commits write whole pages: rather few of them.
    "max_wal_size=4GB",
    "checkpoint_timeout=15min",
    // Costs more than it saves for queries as short as ours.
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "lc_messages=C",
    "log_destination=stderr",
    "logging_collector=off",
    "log_line_prefix=%m [%p] %u@%d ",
    "cluster_name=plaudit",
];

pub(crate) const ADMINISTRATOR: &str = "postgres";
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

pub(crate) fn subfolder(folder: &Path) -> PathBuf {
    folder.join("postgres")
}

pub(crate) fn data_folder(folder: &Path) -> PathBuf {
    subfolder(folder).join("data")
}

/// Where a cluster is made.
pub(crate) fn unfinished_folder(folder: &Path) -> PathBuf {
    subfolder(folder).join("data.new")
}

/// A private PostgreSQL in a data folder.
pub(crate) struct Postgres {
    binaries: PostgresBinaries,
    user: Option<Unprivileged>,
    subfolder: PathBuf,
    unfinished: PathBuf,
    data: PathBuf,
    password: String,
}

impl Postgres {
    /// Finds the programs and, the first time, makes the cluster.
    pub async fn in_folder(
        folder: &Path,
        user: Option<Unprivileged>,
        secrets: &Secrets,
    ) -> Result<Self, Error> {
        let data = data_folder(folder);
        let postgres = Self {
            binaries: PostgresBinaries::find(&data)?,
            user,
            subfolder: subfolder(folder),
            unfinished: unfinished_folder(folder),
            data,
            password: secrets.password("postgres/administrator")?,
        };
        if !postgres.data.exists() {
            postgres.initdb().await?;
        }
        Ok(postgres)
    }

    pub fn admin_url(&self, port: u16) -> String {
        let password = &self.password;
        format!("postgres://{ADMINISTRATOR}:{password}@127.0.0.1:{port}/postgres")
    }

    /// Made beside and renamed when whole: an initdb that was cut off is never taken for a cluster.
    async fn initdb(&self) -> Result<(), Error> {
        let beside = self.unfinished.clone();
        if beside.exists() {
            fs::remove_dir_all(&beside).map_err(Error::file("remove", &beside))?;
        }
        let password = self.password_file()?;
        let mut made = self.run_initdb(&beside, &password, "C.UTF-8").await;
        if matches!(made, Err(Error::Initdb { .. })) {
            // Not every system has C.UTF-8; with C only the case of non-English letters is unknown.
            made = self.run_initdb(&beside, &password, "C").await;
        }
        fs::remove_file(&password).map_err(Error::file("remove", &password))?;
        made?;
        fs::rename(&beside, &self.data).map_err(Error::file("rename", &beside))
    }

    /// initdb takes a password from a file only, and reads it as the user it runs as.
    fn password_file(&self) -> Result<PathBuf, Error> {
        let path = self.subfolder.join("password");
        write_private(&path, &self.password, self.user.as_ref())?;
        Ok(path)
    }

    async fn run_initdb(&self, data: &Path, password: &Path, locale: &str) -> Result<(), Error> {
        let mut initdb = self.command(&self.binaries.initdb());
        initdb
            .arg("-D")
            .arg(data)
            .arg("--pwfile")
            .arg(password)
            .args(["--username", ADMINISTRATOR, "--encoding=UTF8"])
            .args(["--auth-host=scram-sha-256", "--auth-local=reject"])
            .args(["--data-checksums", "--locale", locale]);
        let ended = tokio::process::Command::from(initdb)
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|source| Error::Spawn { program: "initdb", source })?;
        if ended.status.success() {
            return Ok(());
        }
        let words = String::from_utf8_lossy(&ended.stderr);
        let lines: Vec<&str> = words.lines().filter(|line| !line.is_empty()).collect();
        Err(Error::Initdb { message: lines.join("; ") })
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = command(program, &self.subfolder);
        if let Some(user) = &self.user {
            user.run(&mut command);
        }
        command
    }
}

impl Server for Postgres {
    const NAME: &'static str = "PostgreSQL";
    /// Its "fast" mode: connections are closed, and everything is written.
    const CLEAN: Signal = Signal::INT;
    const PATIENCE: Duration = Duration::from_secs(60);

    fn prepare(&self, port: u16) -> Result<Command, Error> {
        let mut postgres = self.command(&self.binaries.postgres());
        // `-D` first: a leftover is known by it.
        postgres.arg("-D").arg(&self.data);
        postgres.arg("-p").arg(port.to_string());
        for setting in SETTINGS {
            postgres.args(["-c", setting]);
        }
        Ok(postgres)
    }

    async fn is_ready(&self, port: u16) -> bool {
        let url = self.admin_url(port);
        let connected = timeout(ANSWER_WITHIN, provision::connect(&url)).await;
        matches!(connected, Ok(Ok(_)))
    }
}

/// A file for the servers' user alone.
pub(crate) fn write_private(path: &Path, text: &str, user: Option<&Unprivileged>) -> Result<(), Error> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;

    // A new file each time: an old one could have other permissions.
    let _ = fs::remove_file(path);
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(Error::file("write", path))?;
    user.map_or(Ok(()), |user| user.give(path))
}
