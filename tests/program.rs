//! The program, running.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// The workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The program that was built with these tests.
pub fn binary() -> PathBuf {
    // A test lies in a folder beside the program, a benchmark next to it.
    let own = std::env::current_exe().unwrap();
    let places = own.ancestors().skip(1).take(2).map(|folder| folder.join("plaudit"));
    let binary = places.clone().find(|path| path.is_file()).or(places.last()).unwrap();
    assert!(
        binary.is_file(),
        "{} is not built: run `make test`, or `cargo build -p plaudit` first",
        binary.display()
    );
    binary
}

/// The real programmes, where they are at hand.
pub fn scenarios() -> Option<PathBuf> {
    let folder = root().parent()?.join("shared/scenarios/isu-2016-17");
    folder.is_dir().then_some(folder)
}

/// One organiser may invite whole crowds.
pub const INVITATIONS: &str = "1000000";

/// A running `plaudit up` with a data folder of its own.
pub struct Program {
    data: tempfile::TempDir,
    options: Vec<String>,
    environment: Vec<(String, String)>,
    child: Option<Child>,
    address: String,
}

impl Program {
    /// Starts one on a free port.
    pub fn start(options: &[&str]) -> Self {
        Self::start_with(options, &[])
    }

    /// The same, with something in its environment.
    pub fn start_with(options: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut program = Self::installed(options, environment);
        program.start_again();
        program
    }

    /// One that has never been started.
    pub fn installed(options: &[&str], environment: &[(&str, &str)]) -> Self {
        let data = tempfile::Builder::new()
            .prefix("plaudit-test-")
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o711))
            .tempdir()
            .unwrap();
        let options = options.iter().map(|&option| option.to_owned()).collect();
        let environment =
            environment.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { data, options, environment, child: None, address: String::new() }
    }

    /// Starts it again on the same data, at the same address.
    pub fn start_again(&mut self) {
        let listen = match self.address.as_str() {
            "" => free_port(),
            address => address.trim_start_matches("http://").to_owned(),
        };
        let mut child = Command::new(binary())
            .args(["up", "--listen", &listen, "--data"])
            .arg(self.folder())
            .args(&self.options)
            .env("RUST_BACKTRACE", "0")
            .env("PLAUDIT_INVITATIONS_A_DAY", INVITATIONS)
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(self.log())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said =
            lines.find_map(|line| line.unwrap().strip_prefix("Plaudit answers at ").map(str::to_owned));
        let said = said.unwrap_or_else(|| panic!("it did not start:\n{}", self.logged()));
        self.address = said.split([',', ' ']).next().unwrap().to_owned();
        // Whatever else it says must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        self.child = Some(child);
    }

    /// Starts it again, and kills it after so long, whatever it has come to.
    pub fn dies_starting(&mut self, after: Duration) {
        let mut child = self.spawn();
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn spawn(&self) -> Child {
        let listen = match self.address.as_str() {
            "" => free_port(),
            address => address.trim_start_matches("http://").to_owned(),
        };
        Command::new(binary())
            .args(["up", "--listen", &listen, "--data"])
            .arg(self.folder())
            .args(&self.options)
            .env("RUST_BACKTRACE", "0")
            .env("PLAUDIT_INVITATIONS_A_DAY", INVITATIONS)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(self.log())
            .spawn()
            .unwrap()
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.address
    }

    /// Its data folder.
    pub fn folder(&self) -> PathBuf {
        self.data.path().join("data")
    }

    /// Where it logs.
    pub fn log(&self) -> std::fs::File {
        let log = self.data.path().join("log");
        std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap()
    }

    /// What it has logged so far.
    pub fn logged(&self) -> String {
        std::fs::read_to_string(self.data.path().join("log")).unwrap_or_default()
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// `kill -9`, and nothing of it remains but its servers.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        let asked = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(asked.elapsed() < Duration::from_secs(90), "it does not stop:\n{}", self.logged());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs one of the tools on its data.
    pub fn tool(&self, arguments: &[&str]) -> Output {
        Command::new(binary())
            .args(arguments)
            .env("PLAUDIT_DATA", self.folder())
            .env("RUST_BACKTRACE", "0")
            .output()
            .unwrap()
    }

    /// The same, which must succeed; what it printed.
    pub fn tool_says(&self, arguments: &[&str]) -> String {
        let output = self.tool(arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} failed:\n{said}\n{complained}");
        said
    }

    /// Everything is dense, the same in NATS, and live equals rebuilt. What
    /// is under way when this is asked is waited for.
    pub fn is_sound(&self) {
        let started = Instant::now();
        loop {
            let doctor = self.tool(&["doctor"]);
            let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
            let caught_up = !said.lines().any(|line| line.contains(" behind") && !line.contains(" 0 behind"));
            if doctor.status.success() && caught_up {
                break;
            }
            assert!(started.elapsed() < Duration::from_secs(120), "not sound:\n{said}\n{}", self.logged());
            std::thread::sleep(Duration::from_millis(300));
        }
        self.tool_says(&["rebuild", "--all", "--check"]);
    }

    /// Plays scenario folders against it, and checks the bundle of each; what
    /// was printed.
    pub fn plays(&self, folders: &[PathBuf]) -> String {
        let tokens = self.data.path().join(format!("people-{}.json", uuid::Uuid::new_v4()));
        let folders: Vec<&str> = folders.iter().map(|folder| folder.to_str().unwrap()).collect();
        let mut people = vec!["people", "--out", tokens.to_str().unwrap(), "--for"];
        people.extend(&folders);
        self.tool_says(&people);
        let mut play = vec!["play", "--url", self.url(), "--tokens", tokens.to_str().unwrap()];
        let bundles = self.data.path().join(format!("bundles-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&bundles).unwrap();
        let bundle = if folders.len() == 1 { bundles.join("one.plaudit-bundle") } else { bundles.clone() };
        play.extend(["--bundle", bundle.to_str().unwrap()]);
        play.extend(&folders);
        let said = self.tool_says(&play);
        let written: Vec<PathBuf> =
            std::fs::read_dir(bundles).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(written.len(), folders.len(), "a bundle each");
        for bundle in written {
            self.tool_says(&["verify", bundle.to_str().unwrap()]);
        }
        said
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("what the program logged:\n{}", self.logged());
        }
        if self.child.is_none() {
            self.end_its_servers();
        }
        self.stop();
    }
}

impl Program {
    /// Killed, it leaves its servers behind for its next start to end, and
    /// there will be none.
    fn end_its_servers(&self) {
        for file in ["nats/nats.pid", "postgres/data/postmaster.pid"] {
            let text = std::fs::read_to_string(self.folder().join(file)).unwrap_or_default();
            let Some(pid) = text.lines().next().and_then(|line| line.trim().parse().ok()) else { continue };
            let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            if let Some(pid) = Pid::from_raw(pid)
                && line.contains(self.folder().to_str().unwrap())
            {
                // It may have ended in between.
                let _ = kill_process(pid, Signal::QUIT);
            }
        }
    }
}

fn free_port() -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().to_string()
}
