//! Holds the ledger against the log. A pure function: it is shown by itself,
//! on logs made up for it, that it finds what it is there to find.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::ledger::{Answered, Asked, Entry, Fate};
use crate::log::{Event, Log, SERVICES};

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// Nobody has answered the command with this key.
    Unanswered(String),
    /// The command with this key was refused, though it was a good one.
    Refused(String, String),
    /// The command with this key was acknowledged, and is not there.
    Lost(String),
    /// Two commands were told the same event.
    ClaimedTwice(String),
    /// A caller's event that no acknowledgement speaks of: done twice, or done
    /// and refused.
    Unclaimed(String),
    /// A position is missing, or comes twice or too early.
    NotDense(String),
    /// A version of a stream is.
    StreamNotDense(String),
    /// An event's id comes twice.
    SameId(String),
    /// A command's events do not lie together: it was appended twice.
    Scattered(String),
    /// A process manager did the same for the same cause again.
    ActedTwice(String),
    /// A foreign fact was not taken in, or more than once.
    TakenIn { fact: String, by: &'static str, times: usize },
    /// A process manager acted on an event that is not there.
    CauseMissing(String),
}

/// Whose events must all have been asked for: those of the callers, after the
/// stage was set.
#[derive(Clone, Debug, Default)]
pub struct Watched {
    /// `member/<id>`.
    pub actors: BTreeSet<String>,
    /// Each service's head when the callers began.
    pub since: BTreeMap<&'static str, u64>,
}

/// Everything that is wrong. The program must have come to rest.
pub fn verify(entries: &[Entry], log: &Log, watched: &Watched) -> Vec<Finding> {
    let mut findings = Vec::new();
    for service in SERVICES {
        findings.extend(dense(service, log.service(service)));
        findings.extend(acted_once(service, log));
    }
    findings.extend(kept(entries, log, watched));
    findings.extend(taken_in(log));
    findings.sort();
    findings
}

fn place(service: &str, event: &Event) -> String {
    format!("{service}/{}", event.position)
}

fn dense(service: &str, events: &[Event]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut versions: HashMap<&str, u64> = HashMap::new();
    let (mut ids, mut commands) = (HashSet::new(), HashSet::new());
    let mut last_command = "";
    for (due, event) in (1..).zip(events) {
        if event.position != due {
            findings.push(Finding::NotDense(format!("{} where {due} was due", place(service, event))));
        }
        let version = versions.entry(&event.stream).or_default();
        *version += 1;
        if event.version != *version {
            let said = format!("{}: {} has version {}", place(service, event), event.stream, event.version);
            findings.push(Finding::StreamNotDense(said));
        }
        if !ids.insert(&event.id) {
            findings.push(Finding::SameId(place(service, event)));
        }
        if event.command != last_command && !commands.insert(&event.command) {
            findings.push(Finding::Scattered(place(service, event)));
        }
        last_command = &event.command;
    }
    findings
}

/// Every acknowledged command is there once, and nothing of the callers is
/// there that was not acknowledged.
fn kept(entries: &[Entry], log: &Log, watched: &Watched) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut claimed: HashSet<(&str, &str)> = HashSet::new();
    for entry in entries {
        let asked = &entry.asked;
        match &entry.fate {
            Fate::Open => findings.push(Finding::Unanswered(asked.key.clone())),
            Fate::Refused(why) => findings.push(Finding::Refused(asked.key.clone(), why.clone())),
            Fate::Answered(answered) => match event_of(log, asked, answered) {
                None => findings.push(Finding::Lost(asked.key.clone())),
                Some(event) if !claimed.insert((asked.service, &event.command)) => {
                    findings.push(Finding::ClaimedTwice(place(asked.service, event)));
                }
                Some(_) => {}
            },
        }
    }
    for service in SERVICES {
        let since = watched.since.get(service).copied().unwrap_or_default();
        let theirs = log.service(service).iter().filter(|event| event.position > since);
        let unclaimed = theirs.filter(|event| {
            watched.actors.contains(&event.actor) && !claimed.contains(&(service, &event.command))
        });
        findings.extend(unclaimed.map(|event| Finding::Unclaimed(place(service, event))));
    }
    findings
}

/// The event that an acknowledgement speaks of: the caller's own, about what
/// it was told, at the version and the place that it was told.
fn event_of<'a>(log: &'a Log, asked: &Asked, answered: &Answered) -> Option<&'a Event> {
    let id = answered.id.to_string();
    let is_it = |event: &&Event| {
        event.actor == asked.actor
            && event.stream.split_once('/').is_some_and(|(_, stream)| stream == id)
            && answered.version.is_none_or(|version| version == event.version)
    };
    match answered.position {
        Some(position) => log.at(asked.service, position).filter(is_it),
        None => log.service(asked.service).iter().find(is_it),
    }
}

/// What follows from an event follows from it once.
fn acted_once(service: &str, log: &Log) -> Vec<Finding> {
    let mut done = HashSet::new();
    let mut findings = Vec::new();
    for event in log.service(service) {
        let (Some(cause), true) = (&event.cause, event.actor.starts_with("process/")) else { continue };
        if !done.insert((&event.actor, cause, &event.kind, &event.stream)) {
            findings.push(Finding::ActedTwice(place(service, event)));
        }
        let there = cause.split_once('/').and_then(|(source, at)| log.at(source, at.parse().ok()?));
        if there.is_none() {
            findings.push(Finding::CauseMissing(place(service, event)));
        }
    }
    findings
}

/// What is said of a programme is taken in by every other service that
/// decides, and by accounts; what is said of a pitch, by those that decide.
const OF_PROGRAMMES: [&str; 9] = [
    "ProgrammeDrafted",
    "RoleGranted",
    "RoleRevoked",
    "OrganiserConflictDeclared",
    "RulebookPublished",
    "CallOpened",
    "CallClosed",
    "ScreeningCompleted",
    "ProgrammeCancelled",
];
const OF_PITCHES: [&str; 4] = ["PitchSubmitted", "PitchWithdrawn", "PitchScreened", "PitchDisqualified"];

fn takers(fact: &Event) -> &'static [&'static str] {
    let kind = fact.kind.as_str();
    match fact.noun() {
        "programme" if OF_PROGRAMMES.contains(&kind) => &["panels", "scoring", "awards", "accounts"],
        "pitch" if OF_PITCHES.contains(&kind) => &["panels", "scoring", "awards"],
        _ => &[],
    }
}

fn taken_in(log: &Log) -> Vec<Finding> {
    let mut times: HashMap<(&str, &str, &str), usize> = HashMap::new();
    for service in SERVICES {
        for event in log.service(service).iter().filter(|event| event.kind == "FactTaken") {
            let cause = event.cause.as_deref().unwrap_or_default();
            *times.entry((service, cause, &event.stream)).or_default() += 1;
        }
    }
    let mut findings = Vec::new();
    for fact in log.service("submissions") {
        let cause = place("submissions", fact);
        for by in takers(fact) {
            let times = times.get(&(*by, cause.as_str(), fact.stream.as_str())).copied().unwrap_or_default();
            if times != 1 {
                findings.push(Finding::TakenIn { fact: cause.clone(), by, times });
            }
        }
    }
    findings
}
