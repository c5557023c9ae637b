//! Which logs a witness has yet to see, and when it is asked again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use plaudit_chassis::id::ProgrammeId;
use tokio::sync::Notify;
use tokio::time::Instant;

/// The first pause after a failure, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Logs with a new checkpoint, told by whoever signs.
#[derive(Default)]
pub struct News {
    logs: Mutex<BTreeSet<ProgrammeId>>,
    told: Notify,
    away: AtomicBool,
}

impl News {
    /// There is a new checkpoint. Never waits. The witness may be back.
    pub fn tell(&self, programme: ProgrammeId) {
        self.is_away(false);
        self.logs.lock().unwrap_or_else(PoisonError::into_inner).insert(programme);
        self.told.notify_one();
    }

    /// Whether the witness has not cosigned what it was asked last: nobody
    /// waits for it then.
    pub fn away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    /// It has, or has not.
    pub fn is_away(&self, away: bool) {
        self.away.store(away, Ordering::Relaxed);
    }

    /// Waits until there is one.
    pub async fn next(&self) -> BTreeSet<ProgrammeId> {
        loop {
            let told = std::mem::take(&mut *self.logs.lock().unwrap_or_else(PoisonError::into_inner));
            if !told.is_empty() {
                return told;
            }
            self.told.notified().await;
        }
    }
}

/// Logs about which a witness is asked again later.
#[derive(Default)]
pub struct Again(BTreeMap<ProgrammeId, (Instant, Duration)>);

impl Again {
    /// Not again.
    pub fn done(&mut self, programme: ProgrammeId) {
        self.0.remove(&programme);
    }

    /// After a pause, each twice as long as the one before.
    pub fn later(&mut self, programme: ProgrammeId) {
        let (first, longest) = PAUSES;
        let pause = self.0.get(&programme).map_or(first, |(_, pause)| (*pause * 2).min(longest));
        self.0.insert(programme, (Instant::now() + pause, pause));
    }

    /// Waits until it is time for the next; for ever, if there is none.
    pub async fn next(&self) -> BTreeSet<ProgrammeId> {
        let Some(first) = self.0.values().map(|(at, _)| *at).min() else {
            return std::future::pending().await;
        };
        tokio::time::sleep_until(first).await;
        let now = Instant::now();
        self.0.iter().filter(|(_, (at, _))| *at <= now).map(|(programme, _)| *programme).collect()
    }
}
