//! The program's own log, as `plaudit events` prints it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use plaudit_tests::program::Program;
use serde_json::Value;

pub const SERVICES: [&str; 6] = ["submissions", "panels", "scoring", "awards", "accounts", "audit"];

/// An event, as far as anything is checked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub position: u64,
    pub id: String,
    /// The last word of its type, such as `PitchSubmitted`.
    pub kind: String,
    /// Its stream, such as `pitch/<id>`.
    pub stream: String,
    pub version: u64,
    /// `member/<id>` or `process/<name>`.
    pub actor: String,
    pub command: String,
    /// `service/position`.
    pub cause: Option<String>,
    pub time: Timestamp,
}

impl Event {
    /// The noun of its stream.
    pub fn noun(&self) -> &str {
        self.stream.split('/').next().unwrap_or_default()
    }

    fn read(line: &str) -> Self {
        let (position, json) = line.split_once('\t').unwrap();
        let event: Value = serde_json::from_str(json).unwrap();
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        Self {
            position: position.parse().unwrap(),
            id: text("id"),
            kind: text("type").rsplit('.').next().unwrap_or_default().to_owned(),
            stream: text("subject"),
            version: event["version"].as_u64().unwrap(),
            actor: text("actor"),
            command: text("command"),
            cause: event["cause"].as_str().map(str::to_owned),
            time: text("time").parse().unwrap(),
        }
    }
}

/// Every service's events, in the order in which they lie there.
#[derive(Clone, Debug, Default)]
pub struct Log(pub BTreeMap<&'static str, Vec<Event>>);

impl Log {
    /// Reads all of it.
    pub fn of(program: &Program) -> Self {
        let services = SERVICES.map(|service| {
            let printed = program.tool_says(&["events", "--service", service]);
            (service, printed.lines().map(Event::read).collect())
        });
        Self(BTreeMap::from(services))
    }

    /// Whether nothing has come since it was read.
    pub fn is_all_of(&self, program: &Program) -> bool {
        SERVICES.into_iter().all(|service| {
            let last = self.service(service).len().to_string();
            program.tool_says(&["events", "--service", service, "--after", &last]).is_empty()
        })
    }

    /// One service's.
    pub fn service(&self, name: &str) -> &[Event] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The event at a position. Where the log is not dense it may be none.
    pub fn at(&self, service: &str, position: u64) -> Option<&Event> {
        let events = self.service(service);
        let number = events.binary_search_by_key(&position, |event| event.position).ok()?;
        events.get(number)
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }
}
