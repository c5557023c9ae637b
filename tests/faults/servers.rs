//! The program's own PostgreSQL and NATS, from outside.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use plaudit_tests::program::Program;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

/// How long a server may take to end.
const END: Duration = Duration::from_secs(30);

/// The program's NATS.
pub fn nats(program: &Program) -> Pid {
    first_line(&program.folder().join("nats/nats.pid"))
}

/// The program's PostgreSQL.
pub fn postgres(program: &Program) -> Pid {
    first_line(&program.folder().join("postgres/data/postmaster.pid"))
}

fn first_line(file: &Path) -> Pid {
    let text = std::fs::read_to_string(file).unwrap();
    Pid::from_raw(text.lines().next().unwrap().trim().parse().unwrap()).unwrap()
}

/// Sends a signal to a server and waits until it has ended.
pub async fn end(server: Pid, signal: Signal) {
    kill_process(server, signal).unwrap();
    let asked = Instant::now();
    while test_kill_process(server).is_ok() {
        assert!(asked.elapsed() < END, "{server:?} does not end");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// NATS can't be started while this stands: where its configuration is to be
/// written, there is a folder.
pub struct InTheWay(PathBuf);

impl InTheWay {
    pub fn of_nats(program: &Program) -> Self {
        let configuration = program.folder().join("nats/nats.conf");
        std::fs::remove_file(&configuration).unwrap();
        std::fs::create_dir(&configuration).unwrap();
        Self(configuration)
    }

    /// NATS may start.
    pub fn remove(self) {
        std::fs::remove_dir(self.0).unwrap();
    }
}
