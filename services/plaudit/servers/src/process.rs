use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Error;

/// Between two looks at whether a process has gone.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// How long dropping a server waits for a clean end before it kills. Short: it holds up the thread.
const PATIENCE_OF_DROP: Duration = Duration::from_secs(5);

/// A log that has grown beyond this is set aside at the next start.
const FULL_LOG: u64 = 16 * 1024 * 1024;

/// A server of ours that runs. Dropping it ends it: it must not outlive a test that panics.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    clean: Signal,
}

impl Process {
    /// Starts it in a process group of its own, so that Ctrl-C in the terminal reaches us alone and we stop the servers
    /// when we no longer need them. `clean` is the signal that asks it to end in order. Its output is added to `log`.
    pub fn spawn(
        program: &'static str,
        mut command: Command,
        clean: Signal,
        log: &Path,
    ) -> Result<Self, Error> {
        let output = open_log(log).map_err(Error::file("write", log))?;
        let errors = output.try_clone().map_err(Error::file("write", log))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .map_err(|source| Error::Spawn { program, source })?;
        Ok(Self { child, clean })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Also takes the dead child's entry out of the process table.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to end in order and kills it after `patience`.
    pub async fn stop(mut self, patience: Duration) {
        self.signal(self.clean);
        let deadline = Instant::now() + patience;
        while !self.has_ended() && Instant::now() < deadline {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        self.kill_now();
    }

    /// As a power cut would: no farewell.
    pub fn kill(mut self) {
        self.kill_now();
    }

    fn kill_now(&mut self) {
        // Both only fail for a process that has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Not after the child has been waited for: its number may be someone else's by then.
    fn signal(&mut self, signal: Signal) {
        if !self.has_ended() {
            let _ = kill_process(Pid::from_child(&self.child), signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.signal(self.clean);
        let deadline = Instant::now() + PATIENCE_OF_DROP;
        while !self.has_ended() && Instant::now() < deadline {
            thread::sleep(LOOK_AGAIN);
        }
        self.kill_now();
    }
}

/// A command that knows nothing of our environment: what we were given (addresses, passwords) isn't for the servers,
/// and a PG… variable of the user's must not change how they run.
pub(crate) fn command(program: &Path, working_folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(working_folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LC_ALL", "C")
        .env("TZ", "UTC");
    command
}

fn open_log(log: &Path) -> std::io::Result<File> {
    if fs::metadata(log).is_ok_and(|log| log.len() > FULL_LOG) {
        let mut old: PathBuf = log.to_owned();
        old.set_extension("log.old");
        fs::rename(log, old)?;
    }
    // A statement that failed is quoted there, with what it was to write.
    OpenOptions::new().create(true).append(true).mode(0o600).open(log)
}

/// The line of a log that says best why a server gave up.
pub(crate) fn last_words(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines = || text.lines().rev().filter(|line| !line.trim().is_empty());
    lines()
        .take(10)
        .find(|line| line.contains("FATAL") || line.contains("[FTL]"))
        .or_else(|| lines().next())
        .unwrap_or("it said nothing")
        .trim()
        .to_owned()
}
