//! A deadline that passes amid the faults: a timer's consequences, too, come
//! once.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::log::{Event, Log};
use crate::stage::Stage;

/// The call closes so long after it was opened, and half a minute: whatever
/// arrived in time is to be answered first.
const SOON: SignedDuration = SignedDuration::from_secs(6);

/// A call that closes by itself.
pub struct Deadline {
    programme: String,
    /// The drafts that enter themselves.
    drafts: Vec<String>,
}

/// Opens one.
pub async fn comes_soon(stage: &Stage) -> Deadline {
    let (programme, drafts) = stage.cast.call_with_drafts(Timestamp::now() + SOON).await;
    Deadline { programme, drafts }
}

impl Deadline {
    /// The call is closed, the finished drafts are in, and every service has
    /// counted what it holds, all of it once.
    pub async fn closed_the_call_once(&self, stage: &mut Stage) {
        let programme = format!("programme/{}", self.programme);
        let log = loop {
            let log = Log::of(&stage.program);
            if count(&log, "submissions", |event| closing(event, &programme)) > 0 {
                break stage.holds("the deadline").await;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        };
        assert_eq!(count(&log, "submissions", |event| closing(event, &programme)), 1);
        let pitches: Vec<&Event> = log
            .service("submissions")
            .iter()
            .filter(|event| event.kind == "PitchSubmitted" && event.actor == "process/close_at_deadline")
            .collect();
        let mut entered: Vec<&str> =
            pitches.iter().filter_map(|event| event.stream.strip_prefix("pitch/")).collect();
        let mut drafts: Vec<&str> = self.drafts.iter().map(String::as_str).collect();
        entered.sort_unstable();
        drafts.sort_unstable();
        assert_eq!(entered, drafts, "the finished drafts entered themselves, once");
        let holdings = format!("holdings/{}", self.programme);
        for service in ["submissions", "panels", "scoring", "awards"] {
            let counted =
                count(&log, service, |event| event.kind == "HoldingsCounted" && event.stream == holdings);
            assert_eq!(counted, 1, "{service} has counted what it holds, once");
        }
    }
}

fn closing(event: &Event, programme: &str) -> bool {
    event.kind == "CallClosed" && event.stream == programme
}

fn count(log: &Log, service: &str, of: impl Fn(&Event) -> bool) -> usize {
    log.service(service).iter().filter(|event| of(event)).count()
}
