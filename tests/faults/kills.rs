//! `kill -9` of the program, at random moments under load.

use std::time::Duration;

use jiff::Timestamp;
use rand::RngExt;
use rustix::process::{Signal, kill_process};

use crate::ledger::Entry;
use crate::log::{Event, Log};
use crate::servers::{nats, postgres};
use crate::stage::{Stage, kills};

/// The program is left alone for this long at most, in milliseconds.
const ALONE: u64 = 2_500;
/// One kill in so many hits it while it heals: NATS or PostgreSQL was killed
/// shortly before.
const WHILE_HEALING: u32 = 4;
/// The longest that it is left to heal then, in milliseconds.
const HEALING: u64 = 2_500;
/// One start in so many is killed, too.
const WHILE_STARTING: u32 = 4;
/// The longest that it is left to start then, in milliseconds.
const STARTING: u64 = 1_500;

pub async fn at_random_moments(stage: &mut Stage) {
    let load = stage.load();
    let (mut under_load, mut starting, mut healing) = (Vec::new(), 0, 0);
    for _ in 0..kills() {
        pause(stage, 200..ALONE).await;
        if stage.rng.random_ratio(1, WHILE_HEALING) {
            let (server, signal) = match stage.rng.random() {
                true => (nats(&stage.program), Signal::KILL),
                false => (postgres(&stage.program), Signal::QUIT),
            };
            kill_process(server, signal).unwrap();
            pause(stage, 0..HEALING).await;
            healing += 1;
        }
        under_load.push(Timestamp::now());
        stage.program.kill();
        while stage.rng.random_ratio(1, WHILE_STARTING) {
            let time = Duration::from_millis(stage.rng.random_range(0..STARTING));
            tokio::task::block_in_place(|| stage.program.dies_starting(time));
            starting += 1;
        }
        tokio::task::block_in_place(|| stage.program.start_again());
    }
    stage.goes_on(100).await;
    load.stop().await;
    let log = stage.holds("kills").await;
    let entries = stage.ledger.entries();
    let hits: Vec<usize> = under_load.iter().map(|kill| cut_off(&entries, *kill).count()).collect();
    let hit = hits.iter().filter(|hits| **hits > 0).count();
    let unanswered: usize = hits.iter().sum();
    let done: usize = under_load.iter().map(|kill| done_by_then(&entries, &log, *kill)).sum();
    println!(
        "  {} kills under load ({healing} while healing) and {starting} while starting; {hit} hit unanswered \
         commands: {unanswered}, of which {done} had been done",
        hits.len(),
    );
    assert!(unanswered > 0, "no kill hit a command: {hits:?}");
}

async fn pause(stage: &mut Stage, milliseconds: std::ops::Range<u64>) {
    let time = Duration::from_millis(stage.rng.random_range(milliseconds));
    tokio::time::sleep(time).await;
}

/// The commands that were under way and never answered.
fn cut_off(entries: &[Entry], kill: Timestamp) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(move |entry| entry.was_cut_off_at(kill))
}

/// How many of them had been done, unknown to their callers.
fn done_by_then(entries: &[Entry], log: &Log, kill: Timestamp) -> usize {
    let event =
        |entry: &Entry| -> Option<Event> { log.at(entry.asked.service, entry.answer()?.position?).cloned() };
    cut_off(entries, kill).filter_map(event).filter(|event| event.time <= kill).count()
}
