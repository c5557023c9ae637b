//! The programmes' logs, read as anybody reads them, while the program is
//! killed: none forks, none skips, and the trail verifies.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use plaudit_tests::program::Program;
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::note::{Note, VerifierKey};
use plaudit_verifier::log::proof::Proof;
use plaudit_verifier::log::tile::{Tile, TileHashes, entries, tiles};
use plaudit_verifier::log::tree::{Leaves, leaf_hash, root_at};
use rand::RngExt;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::ledger::Ledger;
use crate::log::SERVICES;
use crate::stage::{Stage, kills};

/// The program is left alone for this long at most, in milliseconds.
const ALONE: u64 = 3_000;
/// One start in so many is killed, too.
const WHILE_STARTING: u32 = 4;
/// The longest that it is left to start then, in milliseconds.
const STARTING: u64 = 2_500;
/// So many ask for proofs at the same time.
const WATCHING: usize = 4;
/// How long a log may take to serve what it is asked for.
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn killed_at_random_moments(stage: &mut Stage) {
    let far = "2100-01-01T00:00:00Z".parse().unwrap();
    let (second, _) = stage.cast.call_with_drafts(far).await;
    let programmes = [stage.cast.programme.clone(), second];
    let mut logs = Vec::new();
    for programme in &programmes {
        logs.push(Log::of(&stage.program, programme).await);
    }
    let load = stage.load();
    let watch = Watch::begin(stage, &logs[0]);
    for _ in 0..kills() {
        let alone = Duration::from_millis(stage.rng.random_range(100..ALONE));
        tokio::time::sleep(alone).await;
        stage.program.kill();
        while stage.rng.random_ratio(1, WHILE_STARTING) {
            let time = Duration::from_millis(stage.rng.random_range(0..STARTING));
            tokio::task::block_in_place(|| stage.program.dies_starting(time));
        }
        tokio::task::block_in_place(|| stage.program.start_again());
        for log in &logs {
            log.continues().await;
        }
    }
    stage.goes_on(100).await;
    load.stop().await;
    watch.end().await;
    stage.rests();
    for log in &logs {
        log.is_whole(stage).await;
    }
}

/// A programme's log, and every checkpoint of it that was ever seen.
#[derive(Clone)]
pub struct Log {
    url: String,
    programme: String,
    key: VerifierKey,
    seen: Arc<Mutex<BTreeMap<u64, Checkpoint>>>,
}

impl Log {
    /// Learns the log's key, which must stay the same from now on.
    pub async fn of(program: &Program, programme: &str) -> Self {
        let url = format!("{}/log/{programme}", program.url());
        let began = Instant::now();
        let key = loop {
            let said = reqwest::get(&url).await.unwrap().bytes().await.unwrap();
            let said: Value = serde_json::from_slice(&said).unwrap();
            if let Some(key) = said["key"].as_str() {
                break VerifierKey::parse(key).unwrap();
            }
            assert!(began.elapsed() < PATIENCE, "{programme} has no log: {said}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        Self { url, programme: programme.to_owned(), key, seen: Arc::default() }
    }

    /// A checkpoint was seen: the log's own, and not another one of its size.
    fn saw(&self, note: &Note) -> Checkpoint {
        let checkpoint = Checkpoint::open(note, &self.key).unwrap();
        let mut seen = self.seen.lock().unwrap();
        let before = seen.entry(checkpoint.size()).or_insert_with(|| checkpoint.clone());
        assert_eq!(*before, checkpoint, "a fork of {}", self.programme);
        checkpoint
    }

    fn seen(&self) -> Vec<Checkpoint> {
        self.seen.lock().unwrap().values().cloned().collect()
    }

    /// What is served at a path, as soon as it is.
    async fn there(&self, path: &str, token: Option<&str>) -> Vec<u8> {
        let client = reqwest::Client::new();
        let began = Instant::now();
        loop {
            let request = client.get(format!("{}{path}", self.url));
            let request = match token {
                Some(token) => request.bearer_auth(token),
                None => request,
            };
            let said = match request.send().await {
                Ok(answer) if answer.status() == StatusCode::OK => match answer.bytes().await {
                    Ok(bytes) => return bytes.to_vec(),
                    Err(error) => error.to_string(),
                },
                Ok(answer) => answer.status().to_string(),
                Err(error) => error.to_string(),
            };
            assert!(began.elapsed() < PATIENCE, "{path} is not there: {said}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The last checkpoint continues every one that was seen.
    async fn continues(&self) -> (Checkpoint, HashMap<Tile, Vec<u8>>) {
        let seen = self.seen();
        let note = self.there("/checkpoint", None).await;
        let checkpoint = self.saw(&Note::parse(&note).unwrap());
        let mut fetched = HashMap::new();
        for tile in tiles(checkpoint.size()) {
            fetched.insert(tile, self.there(&format!("/{tile}"), None).await);
        }
        let hashes = TileHashes::new(checkpoint.size(), |tile| fetched.get(&tile));
        for earlier in seen.iter().chain([&checkpoint]) {
            assert!(
                earlier.size() <= checkpoint.size(),
                "{} has shrunk from {}",
                self.programme,
                earlier.size()
            );
            let root = root_at(&hashes, earlier.size()).unwrap();
            assert_eq!(root, *earlier.root(), "{} forks at or below {}", self.programme, earlier.size());
        }
        (checkpoint, fetched)
    }

    /// Every event of the services has one place, in an order that keeps each
    /// service's; the bundle, the entries and the tree say the same of it.
    pub async fn is_whole(&self, stage: &Stage) {
        let token = &stage.cast.organisers[0].token;
        let file = stage.aside(&format!("{}.plaudit-bundle", self.programme));
        let out = file.to_str().unwrap();
        // It is signed anew for this.
        stage.program.tool_says(&["bundle", &self.programme, "--out", out, "--token", token]);
        let bundle = std::fs::read_to_string(&file).unwrap();
        let placed: Vec<(&str, &str)> = bundle.lines().filter_map(placed).collect();

        let mut events = self.events(&stage.program);
        let mut through: HashMap<&str, u64> = HashMap::new();
        for (place, bytes) in &placed {
            let event = events.remove(*place);
            assert_eq!(event.as_deref(), Some(*bytes), "{place} is not an event, or is there twice");
            let (service, position) = place.split_once('/').unwrap();
            let before = through.insert(service, position.parse().unwrap()).unwrap_or(0);
            assert!(before < through[service], "{place} stands after {service}/{before}");
        }
        assert!(events.is_empty(), "{} skips {:?}", self.programme, events.keys());

        let (checkpoint, _) = self.continues().await;
        let mut held = Vec::new();
        for part in entries(checkpoint.size()) {
            let bytes = self.there(&format!("/{part}"), Some(token)).await;
            held.extend(part.decode(&bytes).unwrap().into_iter().map(<[u8]>::to_vec));
        }
        let leaves: Leaves = held.iter().map(|entry| leaf_hash(entry)).collect();
        assert_eq!(leaves.root(), *checkpoint.root());
        assert!(held.iter().map(Vec::as_slice).eq(placed.iter().map(|(_, bytes)| bytes.as_bytes())));

        let verified = stage.program.tool(&["verify", out, "--json"]);
        let report: Value = serde_json::from_slice(&verified.stdout).unwrap();
        let outcome = |check: &str| {
            let checks = report.as_array().unwrap_or_else(|| panic!("{report}"));
            checks.iter().find(|said| said["check"] == check).unwrap()["outcome"].clone()
        };
        // A programme under way has checks that can't be shown yet; none fails.
        assert!(matches!(verified.status.code(), Some(0 | 3)), "{report:#}");
        for check in ["file", "signature", "tree", "growth", "order", "streams", "facts"] {
            assert_eq!(outcome(check), "holds", "{check}: {report:#}");
        }
        println!(
            "  {}: {} events, {} checkpoints seen, one tree",
            self.programme,
            placed.len(),
            self.seen().len()
        );
    }

    /// The programme's events at their services, by place.
    fn events(&self, program: &Program) -> HashMap<String, String> {
        let of = format!(r#""programme":"{}""#, self.programme);
        let mut events = HashMap::new();
        for service in SERVICES {
            for line in program.tool_says(&["events", "--service", service]).lines() {
                let (position, bytes) = line.split_once('\t').unwrap();
                if bytes.contains(&of) {
                    events.insert(format!("{service}/{position}"), bytes.to_owned());
                }
            }
        }
        events
    }
}

/// A bundle's line of an event: its place, its bytes.
fn placed(line: &str) -> Option<(&str, &str)> {
    let (place, bytes) = line.split_once('\t')?;
    SERVICES.contains(&place.split_once('/')?.0).then_some((place, bytes))
}

/// Somebody who has the log signed all the time, so that kills hit it signing:
/// they ask for the proof of whatever was acknowledged last.
struct Watch {
    enough: Arc<AtomicBool>,
    watching: JoinSet<usize>,
}

impl Watch {
    fn begin(stage: &Stage, log: &Log) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let mut watching = JoinSet::new();
        for _ in 0..WATCHING {
            let (log, ledger, ends) = (log.clone(), stage.ledger.clone(), enough.clone());
            watching.spawn(async move {
                let mut proofs = 0;
                while !ends.load(Ordering::Relaxed) {
                    proofs += usize::from(prove_the_last(&log, &ledger).await.is_some());
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                proofs
            });
        }
        Self { enough, watching }
    }

    async fn end(self) {
        self.enough.store(true, Ordering::Relaxed);
        let proofs: usize = self.watching.join_all().await.into_iter().sum();
        println!("  {proofs} proofs of what was just acknowledged");
        assert!(proofs > 0, "nothing was ever proven");
    }
}

/// Its proof, if the program gives it; a wrong one it must not give.
async fn prove_the_last(log: &Log, ledger: &Ledger) -> Option<()> {
    let entries = ledger.entries();
    let (service, position) = entries
        .iter()
        .rev()
        .take(50)
        .find_map(|entry| Some((entry.asked.service, entry.answer()?.position?)))?;
    let answer = reqwest::get(format!("{}/events/{service}/{position}", log.url)).await.ok()?;
    if answer.status() != StatusCode::OK {
        return None;
    }
    let proof = Proof::parse(&answer.bytes().await.ok()?).unwrap();
    let checkpoint = log.saw(proof.note());
    assert!(proof.index() < checkpoint.size());
    Some(())
}
