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
use plaudit_verifier::log::tile::{TileHashes, entries, tiles};
use plaudit_verifier::log::tree::{Leaves, leaf_hash, root_at};
use rand::RngExt;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::ledger::Ledger;
use crate::log::SERVICES;
use crate::served::{Served, environment};
use crate::stage::{Stage, kills};
use crate::trail_losses::{Losses, copy_aside, put_back};

/// The program is left alone for this long at most, in milliseconds.
const ALONE: u64 = 3_000;
/// One start in so many is killed, too.
const WHILE_STARTING: u32 = 4;
/// The longest that it is left to start then, in milliseconds.
const STARTING: u64 = 2_500;
/// So many ask for proofs at the same time.
const WATCHING: usize = 4;
/// How long a log may take to serve what it is asked for: after a loss every
/// event is read again.
const PATIENCE: Duration = Duration::from_secs(180);

/// Everything at once, under load.
pub async fn program_killed_at_random_moments(stage: &mut Stage) {
    let logs = two_logs(stage).await;
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
        start_again(stage);
        for log in &logs {
            log.goes_on().await;
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

/// Audit alone, as a process of its own: the others go on. While it is down
/// its tiles are deleted, or its tables, or both. It is the same log after all
/// of that, under the same origin.
pub async fn audit_killed_and_robbed(stage: &mut Stage) {
    let logs = two_logs(stage).await;
    // Its servers live on.
    stage.program.kill();
    let edge = stage.program.url().trim_start_matches("http://").to_owned();
    let environment = environment(&stage.program, &edge);
    let others: Vec<&str> = SERVICES.into_iter().filter(|service| *service != "audit").collect();
    let others = Served::start(&stage.program, &others, &environment);
    let mut audit = Served::start(&stage.program, &["audit"], &environment);
    let load = stage.load();
    let watch = Watch::begin(stage, &logs[0]);
    let (mut losses, mut starting) = (Losses::default(), 0);
    for _ in 0..kills() {
        let alone = Duration::from_millis(stage.rng.random_range(100..ALONE));
        tokio::time::sleep(alone).await;
        drop(audit);
        losses.happen(&stage.program, &mut stage.rng).await;
        while stage.rng.random_ratio(1, WHILE_STARTING) {
            let time = Duration::from_millis(stage.rng.random_range(0..STARTING));
            let dies = || Served::dies_starting(&stage.program, &["audit"], &environment, time);
            tokio::task::block_in_place(dies);
            starting += 1;
        }
        let starts = || Served::start(&stage.program, &["audit"], &environment);
        audit = tokio::task::block_in_place(starts);
        for log in &logs {
            log.goes_on().await;
        }
    }
    stage.goes_on(100).await;
    load.stop().await;
    watch.end().await;
    audit.stop();
    others.stop();
    start_again(stage);
    stage.rests();
    println!("  {} kills and {starting} while starting, {losses:?}", kills());
    for log in &logs {
        log.is_whole(stage).await;
    }
}

/// Audit's ledger and its tiles are put back as they were before more was
/// signed: it goes on from what it remembers. With that put back too, nothing
/// is left that could keep it from forking, and the checks here find it.
pub async fn a_fork_is_noticed(stage: &mut Stage) {
    let log = Log::of(&stage.program, &stage.cast.programme).await;
    let aside = stage.aside("audit-older");
    stage.grows(&log).await;
    stage.program.kill();
    copy_aside(&stage.program, &aside).await;
    start_again(stage);
    stage.grows(&log).await;
    stage.program.kill();
    put_back(&stage.program, &aside, false).await;
    start_again(stage);
    log.goes_on().await;
    stage.grows(&log).await;
    stage.program.kill();
    put_back(&stage.program, &aside, true).await;
    start_again(stage);
    let began = Instant::now();
    let found = loop {
        match log.continues().await.map(drop).expect_err("a planted fork was not noticed") {
            // It is signed anew for this, until it has as many leaves again.
            shrunk @ Wrong::Shrunk { .. } => println!("  a planted fork: {shrunk:?}"),
            found => break found,
        }
        assert!(began.elapsed() < PATIENCE, "it does not grow again");
        if let Err(found) = prove_the_last(&log, &stage.ledger).await {
            break found;
        }
    };
    println!("  a planted fork: {found:?}");
}

fn start_again(stage: &mut Stage) {
    tokio::task::block_in_place(|| stage.program.start_again());
}

/// The logs of the programme under load, and of another one.
async fn two_logs(stage: &Stage) -> Vec<Log> {
    let far = "2100-01-01T00:00:00Z".parse().unwrap();
    let (second, _) = stage.cast.call_with_drafts(far).await;
    let mut logs = Vec::new();
    for programme in [&stage.cast.programme, &second] {
        logs.push(Log::of(&stage.program, programme).await);
    }
    logs
}

impl Stage {
    /// Some commands are acknowledged, and a log is signed over them.
    async fn grows(&mut self, log: &Log) {
        let load = self.load();
        self.goes_on(200).await;
        load.stop().await;
        let began = Instant::now();
        while !prove_the_last(log, &self.ledger).await.unwrap() {
            assert!(began.elapsed() < PATIENCE, "nothing is proven");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        log.goes_on().await;
    }
}

/// What no log may do.
enum Wrong {
    /// Two trees of so many leaves were signed.
    TwoTrees(u64),
    /// The last tree that was signed is smaller than one before.
    Shrunk { from: u64, to: u64 },
    /// The last tree does not begin with one before, of so many leaves.
    Fork { below: u64, size: u64 },
}

impl std::fmt::Debug for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TwoTrees(size) => write!(f, "two trees of {size} leaves were signed"),
            Self::Shrunk { from, to } => write!(f, "it has shrunk from {from} leaves to {to}"),
            Self::Fork { below, size } => write!(f, "the tree of {size} leaves forks at or below {below}"),
        }
    }
}

/// A programme's log, and every checkpoint of it that was ever seen.
#[derive(Clone)]
pub struct Log {
    client: reqwest::Client,
    url: String,
    programme: String,
    key: VerifierKey,
    seen: Arc<Mutex<BTreeMap<u64, Checkpoint>>>,
}

impl Log {
    /// Learns the log's key, which must stay the same from now on.
    pub async fn of(program: &Program, programme: &str) -> Self {
        let client = reqwest::Client::new();
        let url = format!("{}/log/{programme}", program.url());
        let began = Instant::now();
        let key = loop {
            let said = client.get(&url).send().await.unwrap().bytes().await.unwrap();
            let said: Value = serde_json::from_slice(&said).unwrap();
            if let Some(key) = said["key"].as_str() {
                break VerifierKey::parse(key).unwrap();
            }
            assert!(began.elapsed() < PATIENCE, "{programme} has no log: {said}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        Self { client, url, programme: programme.to_owned(), key, seen: Arc::default() }
    }

    /// A checkpoint was seen: the log's own, and not another one of its size.
    fn saw(&self, note: &Note) -> Result<Checkpoint, Wrong> {
        let checkpoint = Checkpoint::open(note, &self.key).unwrap();
        let mut seen = self.seen.lock().unwrap();
        let before = seen.entry(checkpoint.size()).or_insert_with(|| checkpoint.clone());
        if *before != checkpoint {
            return Err(Wrong::TwoTrees(checkpoint.size()));
        }
        Ok(checkpoint)
    }

    fn seen(&self) -> Vec<Checkpoint> {
        self.seen.lock().unwrap().values().cloned().collect()
    }

    /// What is served at a path, as soon as it is.
    async fn there(&self, path: &str, token: Option<&str>) -> Vec<u8> {
        let began = Instant::now();
        loop {
            let request = self.client.get(format!("{}{path}", self.url));
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

    /// As [`Log::continues`], which it must.
    async fn goes_on(&self) -> Checkpoint {
        self.continues().await.unwrap_or_else(|wrong| panic!("the log of {}: {wrong:?}", self.programme))
    }

    /// The last checkpoint continues every one that was seen.
    async fn continues(&self) -> Result<Checkpoint, Wrong> {
        let seen = self.seen();
        let note = self.there("/checkpoint", None).await;
        let checkpoint = self.saw(&Note::parse(&note).unwrap())?;
        let size = checkpoint.size();
        let mut fetched = HashMap::new();
        for tile in tiles(size) {
            fetched.insert(tile, self.there(&format!("/{tile}"), None).await);
        }
        let hashes = TileHashes::new(size, |tile| fetched.get(&tile));
        assert_eq!(root_at(&hashes, size).unwrap(), *checkpoint.root(), "the tiles of {}", self.programme);
        for earlier in &seen {
            let before = earlier.size();
            if before > size {
                return Err(Wrong::Shrunk { from: before, to: size });
            }
            if root_at(&hashes, before).unwrap() != *earlier.root() {
                return Err(Wrong::Fork { below: before, size });
            }
        }
        Ok(checkpoint)
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

        let checkpoint = self.goes_on().await;
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
                    let proven = prove_the_last(&log, &ledger).await;
                    proofs += usize::from(proven.unwrap_or_else(|wrong| panic!("a log: {wrong:?}")));
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

/// Whether the program gives its proof; a wrong one it must not give.
async fn prove_the_last(log: &Log, ledger: &Ledger) -> Result<bool, Wrong> {
    let Some((service, position)) = ledger.last_place() else { return Ok(false) };
    let asked = log.client.get(format!("{}/events/{service}/{position}", log.url)).send();
    let Ok(answer) = asked.await else {
        return Ok(false);
    };
    if answer.status() != StatusCode::OK {
        return Ok(false);
    }
    let Ok(bytes) = answer.bytes().await else { return Ok(false) };
    let proof = Proof::parse(&bytes).unwrap();
    let checkpoint = log.saw(proof.note())?;
    assert!(proof.index() < checkpoint.size());
    Ok(true)
}
