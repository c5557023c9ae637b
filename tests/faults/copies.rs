//! Two copies of every service at the same time, on the same databases and
//! the same NATS, and then only the second.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use plaudit_servers::Secrets;
use plaudit_tests::program::{Program, binary};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::log::SERVICES;
use crate::stage::{Stage, readiness};
use crate::trail::Log;

/// Both copies serve for this long.
const BOTH: Duration = Duration::from_secs(6);

pub async fn at_the_same_time(stage: &mut Stage) {
    let trail = Log::of(&stage.program, &stage.cast.programme).await;
    let second = Second::start(&stage.program);
    let urls = [stage.program.url().to_owned(), second.url.clone()];
    let load = stage.load_on(&urls);
    tokio::time::sleep(BOTH).await;
    assert_eq!(publishing(&urls[0]).await, SERVICES, "the first publishes");
    assert!(publishing(&urls[1]).await.is_empty(), "the second does not");
    load.stop().await;
    stage.holds("two copies served").await;
    trail.is_whole(stage).await;

    // Its servers live on, and the second copy with them.
    let load = stage.load_on(&urls);
    stage.goes_on(100).await;
    stage.program.kill();
    stage.goes_on(300).await;
    load.stop().await;
    stage.rests();
    assert_eq!(publishing(&urls[1]).await, SERVICES, "the second has taken over");
    second.stop();
    tokio::task::block_in_place(|| stage.program.start_again());
    stage.holds("the first copy was killed").await;
    trail.is_whole(stage).await;
}

/// The services that a copy publishes for.
async fn publishing(url: &str) -> Vec<&'static str> {
    let said = readiness(url).await.unwrap();
    let publishes = |service: &&str| {
        let trouble = said["services"][*service]["trouble"].as_array().unwrap();
        !trouble.iter().any(|why| why == "another copy of this service publishes")
    };
    SERVICES.into_iter().filter(publishes).collect()
}

/// `plaudit serve` with every service, beside a running `plaudit up`.
struct Second {
    child: Child,
    url: String,
}

impl Second {
    fn start(program: &Program) -> Self {
        let edge = free_port();
        let mut child = Command::new(binary())
            .arg("serve")
            .args(SERVICES)
            .envs(environment(program, &edge))
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.next().and_then(Result::ok).unwrap_or_default();
        assert!(said.starts_with("serving"), "the second copy did not start: {said}");
        Self { child, url: format!("http://{edge}") }
    }

    fn stop(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Second {
    /// It must not outlive a test that fails.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `plaudit serve --help` asks for, from what `up` left in its folder.
fn environment(program: &Program, edge: &str) -> Vec<(String, String)> {
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
    environment.push(("PLAUDIT_AUDIT_LOG_KEY".to_owned(), log));
    environment.push(("PLAUDIT_PEERS".to_owned(), peers.join(",")));
    environment.push(("PLAUDIT_TOKEN_SECRET".to_owned(), BASE64_URL_SAFE_NO_PAD.encode(token)));
    environment.push(("PLAUDIT_TOKEN_PUBLIC".to_owned(), BASE64_URL_SAFE_NO_PAD.encode(public.to_bytes())));
    environment
}

fn free_port() -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().to_string()
}
