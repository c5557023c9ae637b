//! `plaudit serve`: some of the services, as a process of their own, on the
//! servers of an installation that `up` made.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use plaudit_servers::Secrets;
use plaudit_tests::program::{INVITATIONS, Program, binary};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::log::SERVICES;

/// Some of the services, running. They end with it.
pub struct Served {
    child: Child,
}

impl Served {
    /// Starts these services, and waits until they listen.
    pub fn start(program: &Program, services: &[&str], environment: &[(String, String)]) -> Self {
        let mut served = Self::spawn(program, services, environment);
        let mut lines = BufReader::new(served.child.stdout.take().unwrap()).lines();
        let said = lines.next().and_then(Result::ok).unwrap_or_default();
        assert!(said.starts_with("serving"), "{services:?} did not start: {said}");
        served
    }

    /// Starts them, and kills them after so long, whatever they have come to.
    pub fn dies_starting(
        program: &Program,
        services: &[&str],
        environment: &[(String, String)],
        after: Duration,
    ) {
        let served = Self::spawn(program, services, environment);
        std::thread::sleep(after);
        drop(served);
    }

    fn spawn(program: &Program, services: &[&str], environment: &[(String, String)]) -> Self {
        let child = Command::new(binary())
            .arg("serve")
            .args(services)
            .envs(environment.iter().cloned())
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(program.log())
            .spawn()
            .unwrap();
        Self { child }
    }

    /// Asks it to stop, which it must do well.
    pub fn stop(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Served {
    /// `kill -9`. It must not outlive a test that fails, either.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `plaudit serve --help` asks for, from what `up` left in its folder.
pub fn environment(program: &Program, edge: &str) -> Vec<(String, String)> {
    let installation = std::fs::read(program.folder().join("installation.json")).unwrap();
    let installation: Value = serde_json::from_slice(&installation).unwrap();
    let secrets = Secrets::open(&program.folder().join("secrets")).unwrap();
    let mut environment = vec![("PLAUDIT_EDGE_LISTEN".to_owned(), edge.to_owned())];
    let mut peers = Vec::new();
    for service in SERVICES {
        let addresses = &installation["services"][service];
        let listen = free_port();
        peers.push(format!("{service}=http://{listen}"));
        let values = [
            ("DATABASE_URL", addresses["database_url"].as_str().unwrap().to_owned()),
            ("KEYS_URL", addresses["keys_url"].as_str().unwrap().to_owned()),
            ("NATS_URL", addresses["nats_url"].as_str().unwrap().to_owned()),
            ("LISTEN", listen),
            ("VAULT_SECRET", secrets.password(&format!("vault-{service}")).unwrap()),
            ("COMMAND_SECRET", secrets.password(&format!("command-{service}")).unwrap()),
        ];
        let name = service.to_uppercase();
        environment.extend(values.map(|(what, value)| (format!("PLAUDIT_{name}_{what}"), value)));
    }
    let token = secrets.secret("token").unwrap();
    let public = ed25519_dalek::SigningKey::from_bytes(&token).verifying_key();
    let log = BASE64_URL_SAFE_NO_PAD.encode(secrets.secret("log").unwrap());
    environment.push(("PLAUDIT_PUBLIC_URL".to_owned(), program.url().to_owned()));
    environment
        .push(("PLAUDIT_AUDIT_FOLDER".to_owned(), program.folder().join("audit").display().to_string()));
    environment.push(("PLAUDIT_MAIL_FOLDER".to_owned(), program.folder().join("mail").display().to_string()));
    let files = program.folder().join("attachments").display().to_string();
    environment.push(("PLAUDIT_SUBMISSIONS_FOLDER".to_owned(), files));
    let within = BASE64_URL_SAFE_NO_PAD.encode(secrets.secret("notify").unwrap());
    environment.push(("PLAUDIT_NOTIFY_SECRET".to_owned(), within));
    environment.push(("PLAUDIT_AUDIT_LOG_KEY".to_owned(), log));
    environment.push(("PLAUDIT_INVITATIONS_A_DAY".to_owned(), INVITATIONS.to_owned()));
    environment.push(("PLAUDIT_PEERS".to_owned(), peers.join(",")));
    environment.push(("PLAUDIT_TOKEN_SECRET".to_owned(), BASE64_URL_SAFE_NO_PAD.encode(token)));
    environment.push(("PLAUDIT_TOKEN_PUBLIC".to_owned(), BASE64_URL_SAFE_NO_PAD.encode(public.to_bytes())));
    environment
}

pub fn free_port() -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().to_string()
}
