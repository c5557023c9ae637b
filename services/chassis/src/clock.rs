//! The one clock of the whole program.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Tells the time, to the millisecond. Clones tell the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds ahead of the system's clock: always 0 but in tests.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// Now, cut to the millisecond.
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now() + SignedDuration::from_millis(self.ahead_ms());
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// How far this clock was set ahead of the system's, in milliseconds.
    pub fn ahead_ms(&self) -> i64 {
        self.ahead.load(Ordering::Relaxed)
    }

    /// Sets the clock forward or back, for everybody who holds it.
    #[cfg(feature = "test-clock")]
    pub fn advance(&self, by: SignedDuration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(millis, Ordering::Relaxed);
    }
}

/// A contract's timestamp from ours.
pub fn to_proto(time: Timestamp) -> plaudit_proto::Timestamp {
    plaudit_proto::Timestamp {
        seconds: time.as_millisecond().div_euclid(1000),
        nanos: (time.as_millisecond().rem_euclid(1000) * 1_000_000) as i32,
    }
}

/// Ours from a contract's; an absent one is the epoch.
pub fn from_proto(time: &Option<plaudit_proto::Timestamp>) -> Timestamp {
    time.as_ref()
        .and_then(|time| Timestamp::new(time.seconds, time.nanos).ok())
        .unwrap_or(Timestamp::UNIX_EPOCH)
}
