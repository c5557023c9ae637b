use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::sync::Mutex;

use crate::process::{Process, last_words};
use crate::{Error, Stop};

/// A start that fails is tried again: another process may have taken the port, or the processes of a server that was
/// killed may not all have gone yet.
const ATTEMPTS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// Long, since after a crash PostgreSQL replays its log first and NATS reads its streams.
const READY_WITHIN: Duration = Duration::from_secs(180);
const ASK_AGAIN: Duration = Duration::from_millis(30);

/// What differs between the two servers.
pub(crate) trait Server: Sync {
    const NAME: &'static str;
    /// The signal that asks for an end in order, and how long that may take.
    const CLEAN: Signal;
    const PATIENCE: Duration;

    /// Writes what the server reads at its start, and says how to start it.
    fn prepare(&self, port: u16) -> Result<Command, Error>;

    /// Whether it answers a real question, from the administrator.
    fn is_ready(&self, port: u16) -> impl Future<Output = bool> + Send;
}

/// A server that can be stopped and started again. It keeps its port, so that addresses stay true.
pub(crate) struct Runner<S> {
    server: S,
    log: PathBuf,
    port: OnceLock<u16>,
    /// 0 when it doesn't run.
    pid: AtomicU32,
    running: Mutex<Option<Process>>,
}

impl<S: Server> Runner<S> {
    pub fn new(server: S, log: PathBuf) -> Self {
        Self { server, log, port: OnceLock::new(), pid: AtomicU32::new(0), running: Mutex::new(None) }
    }

    pub fn server(&self) -> &S {
        &self.server
    }

    pub fn pid(&self) -> Option<u32> {
        Some(self.pid.load(Ordering::Acquire)).filter(|pid| *pid != 0)
    }

    /// Does nothing if it runs. Returns its port.
    pub async fn start(&self) -> Result<u16, Error> {
        let mut running = self.running.lock().await;
        if let (Some(process), Some(port)) = (running.as_mut(), self.port.get())
            && !process.has_ended()
        {
            return Ok(*port);
        }
        if running.take().is_some() {
            self.pid.store(0, Ordering::Release);
            tracing::warn!("{} has ended by itself; starting it again", S::NAME);
        }
        let (mut attempt, mut pause) = (1, FIRST_PAUSE);
        loop {
            let port = self.port.get().copied().map_or_else(free_port, Ok)?;
            match self.try_start(port).await {
                Ok(process) => {
                    self.pid.store(process.pid(), Ordering::Release);
                    *running = Some(process);
                    return Ok(*self.port.get_or_init(|| port));
                }
                Err(Error::StoppedAtStart { .. }) if attempt < ATTEMPTS => {
                    tokio::time::sleep(pause).await;
                    (attempt, pause) = (attempt + 1, pause * 2);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn try_start(&self, port: u16) -> Result<Process, Error> {
        let command = self.server.prepare(port)?;
        let mut process = Process::spawn(S::NAME, command, S::CLEAN, &self.log)?;
        let deadline = Instant::now() + READY_WITHIN;
        while Instant::now() < deadline {
            // Asked before and after: the answer could have come from a stranger on a port that ours didn't get.
            if process.has_ended() {
                return Err(self.stopped_at_start());
            }
            if self.server.is_ready(port).await && !process.has_ended() {
                return Ok(process);
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
        Err(Error::NotReady { server: S::NAME, waited: READY_WITHIN, log: self.log.clone() })
    }

    fn stopped_at_start(&self) -> Error {
        Error::StoppedAtStart { server: S::NAME, last_words: last_words(&self.log), log: self.log.clone() }
    }

    /// Does nothing if it doesn't run.
    pub async fn stop(&self, how: Stop) {
        let mut running = self.running.lock().await;
        self.pid.store(0, Ordering::Release);
        match (running.take(), how) {
            (None, _) => {}
            (Some(process), Stop::Clean) => process.stop(S::PATIENCE).await,
            (Some(process), Stop::Kill) => process.kill(),
        }
    }
}

/// One that was free a moment ago; who loses the race for it tries again with another.
fn free_port() -> Result<u16, Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|source| Error::Spawn { program: "a listener on 127.0.0.1", source })
}
