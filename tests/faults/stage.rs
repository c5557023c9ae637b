//! A running program, its people, and the ledger of what they were told.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use plaudit_tests::program::Program;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use crate::cast::Cast;
use crate::ledger::{Entry, Ledger};
use crate::load::{Heard, Load, say};
use crate::log::{Log, SERVICES};
use crate::verify::{Watched, verify};

/// Acknowledged commands that are repeated with their keys after each fault.
const REPEATED: usize = 40;
/// The longest that the program is left to start for the first time, in
/// milliseconds, before it is killed.
const FIRST_START: u64 = 4_000;
/// Pitches whose text is read back after each fault.
const READ_BACK: usize = 15;

/// Everything that a scenario needs.
pub struct Stage {
    pub program: Program,
    pub cast: Cast,
    pub ledger: Ledger,
    pub rng: StdRng,
    watched: Watched,
    /// Entries before this one may have lost their texts: a restored
    /// PostgreSQL takes events back, not what they commit to.
    texts_from: usize,
}

/// `PLAUDIT_SEED`, or another each time; it is printed, to have the same
/// choices again.
fn seed() -> u64 {
    let given =
        std::env::var("PLAUDIT_SEED").ok().map(|seed| seed.parse().expect("PLAUDIT_SEED is a number"));
    given.unwrap_or_else(|| u64::from(rand::random::<u32>()))
}

/// How often the program is killed.
pub fn kills() -> usize {
    let given = std::env::var("PLAUDIT_KILLS").ok();
    given.map_or(5, |kills| kills.parse().expect("PLAUDIT_KILLS is a number"))
}

impl Stage {
    /// Starts the program, signs everybody in and opens a call.
    pub async fn set(what: &str) -> Self {
        let seed = seed();
        println!("{what}: PLAUDIT_SEED={seed} PLAUDIT_KILLS={}", kills());
        let mut rng = StdRng::seed_from_u64(seed);
        // Making a cluster, databases and tables can be cut off anywhere, too.
        let first = Duration::from_millis(rng.random_range(0..FIRST_START));
        let program = tokio::task::block_in_place(|| {
            let mut program = Program::installed(&[], &[]);
            program.dies_starting(first);
            program.start_again();
            program
        });
        let cast = Cast::gather(&program).await;
        let actors = cast.everybody().map(|player| player.actor.clone()).collect();
        let watched = Watched { actors, since: BTreeMap::new() };
        let mut stage = Self { program, cast, ledger: Ledger::default(), rng, watched, texts_from: 0 };
        stage.callers_begin();
        stage
    }

    /// Everything that the callers do from now on must be in the ledger.
    pub fn callers_begin(&mut self) {
        let log = self.log_at_rest();
        let heads = SERVICES.map(|service| (service, log.service(service).len() as u64));
        self.watched.since = BTreeMap::from(heads);
    }

    /// From now on texts are there again.
    pub fn texts_are_lost(&mut self) {
        self.texts_from = self.ledger.len();
    }

    /// Sets the callers to work on the program.
    pub fn load(&mut self) -> Load {
        let url = self.program.url().to_owned();
        self.load_on(&[url])
    }

    /// Sets the callers to work on these addresses.
    pub fn load_on(&mut self, addresses: &[String]) -> Load {
        Load::start(&self.cast, &self.ledger, addresses, self.rng.random())
    }

    /// Waits until some more commands were acknowledged: the program serves.
    pub async fn goes_on(&self, acknowledgements: usize) {
        let (began, before) = (Instant::now(), self.ledger.acknowledged());
        while self.ledger.acknowledged() < before + acknowledgements {
            assert!(
                began.elapsed() < Duration::from_secs(90),
                "it does not go on:\n{}",
                self.program.logged()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the program says of itself what is wanted.
    pub async fn says(&self, what: &str, wanted: impl Fn(&Value) -> bool) {
        let began = Instant::now();
        loop {
            let said = readiness(self.program.url()).await;
            if said.as_ref().is_some_and(&wanted) {
                return;
            }
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "never {what}: {said:?}\n{}",
                self.program.logged()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Position = sequence, nothing lags, live = rebuilt.
    pub fn rests(&self) {
        tokio::task::block_in_place(|| self.program.is_sound());
    }

    /// What the verifier finds, once everything has come to rest, and the log
    /// that it was found in.
    pub fn compared(&self) -> (Vec<crate::verify::Finding>, Log) {
        let log = self.log_at_rest();
        (verify(&self.ledger.entries(), &log, &self.watched), log)
    }

    /// The log of one moment: a deadline may pass at any other.
    fn log_at_rest(&self) -> Log {
        loop {
            self.rests();
            let log = tokio::task::block_in_place(|| Log::of(&self.program));
            if tokio::task::block_in_place(|| log.is_all_of(&self.program)) {
                return log;
            }
        }
    }

    /// Everything holds that must hold after any fault.
    pub async fn holds(&mut self, after: &str) -> Log {
        let (findings, log) = self.compared();
        assert!(findings.is_empty(), "after {after}: {findings:#?}\n{}", self.program.logged());
        let entries = self.ledger.entries();
        self.keys_give_the_first_answer(after, &entries).await;
        self.texts_are_there(after, &entries).await;
        let unanswered = entries.iter().filter(|entry| !entry.cut_off.is_empty()).count();
        println!(
            "  {after}: {} commands acknowledged ({unanswered} after going unanswered), {} events: all there, once",
            entries.len(),
            log.len(),
        );
        log
    }

    /// A command that is said again with its key is told what it was told.
    async fn keys_give_the_first_answer(&mut self, after: &str, entries: &[Entry]) {
        let client = reqwest::Client::new();
        for _ in 0..REPEATED.min(entries.len()) {
            let entry = &entries[self.rng.random_range(0..entries.len())];
            let player = self.cast.everybody().find(|player| player.actor == entry.asked.actor).unwrap();
            let Heard::Settled(again) = say(&client, self.program.url(), &player.token, &entry.asked).await
            else {
                panic!("after {after}: {entry:?} was not answered again");
            };
            assert_eq!(again, entry.fate, "after {after}: {:?} was answered otherwise", entry.asked);
        }
    }

    /// What an acknowledged pitch commits to is there too.
    async fn texts_are_there(&self, after: &str, entries: &[Entry]) {
        let mut latest: BTreeMap<_, (u64, &Entry)> = BTreeMap::new();
        for entry in &entries[self.texts_from..] {
            let (Some(answer), "submissions") = (entry.answer(), entry.asked.service) else { continue };
            let version = answer.version.unwrap_or_default();
            let kept = latest.entry(answer.id).or_insert((version, entry));
            if kept.0 < version {
                *kept = (version, entry);
            }
        }
        let pitches = latest.iter().filter(|(_, (_, entry))| entry.asked.path.contains("/pitches"));
        for (pitch, (_, entry)) in pitches.take(READ_BACK) {
            let player = self.cast.everybody().find(|player| player.actor == entry.asked.actor).unwrap();
            let path = format!("submissions/programmes/{}/pitches/{pitch}", self.cast.programme);
            let shown = player.person.reads(&path).await;
            let said: Value = serde_json::from_str(&entry.asked.body).unwrap();
            assert_eq!(shown.body["title"], said["title"], "after {after}: {shown:?}");
        }
    }

    /// A folder beside the data folder, for copies.
    pub fn aside(&self, name: &str) -> PathBuf {
        self.program.folder().with_file_name(name)
    }
}

/// What `/readyz` says, if anything does.
pub async fn readiness(url: &str) -> Option<Value> {
    let answer = reqwest::get(format!("{url}/readyz")).await.ok()?;
    serde_json::from_slice(&answer.bytes().await.ok()?).ok()
}

/// Copies a folder, owners and all.
pub fn copy(from: &std::path::Path, to: &std::path::Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(copied.success(), "{} can't be copied", from.display());
}
