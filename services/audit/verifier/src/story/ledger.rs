//! What has come so far: each service's positions, and how far each history is. Several checks look things up here;
//! it is kept small, because there may be millions of events.

use hashbrown::HashTable;
use sha2::{Digest, Sha256};

use crate::bundle::hex;
use crate::event::{Event, Place, SERVICES, Service, Stream};
use crate::id::Id;

/// One of the histories, by its place in the list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct History(u32);

/// All events so far, without what they say.
#[derive(Debug, Default)]
pub struct Ledger {
    nouns: Vec<Box<str>>,
    histories: Vec<HistoryState>,
    by_name: HashTable<u32>,
    services: [Vec<Entry>; SERVICES.len()],
}

#[derive(Debug)]
struct HistoryState {
    /// Of a UUID: sixteen bytes, in an order that wastes no space.
    id: [u8; 16],
    version: u32,
    service: Service,
    noun: u8,
}

/// An event in a service's list.
#[derive(Debug)]
struct Entry {
    position: u64,
    history: History,
    /// The history's version before this event.
    previous: u32,
}

impl Ledger {
    /// Notes an event; answers its history, and the history's version before.
    pub fn note(&mut self, event: &Event<'_>) -> (History, u64) {
        let history = self.history(event.at.service, event.envelope.stream);
        let state = &mut self.histories[history.0 as usize];
        let previous = state.version;
        state.version = u32::try_from(event.envelope.version).unwrap_or(u32::MAX);
        self.services[event.at.service.place()].push(Entry {
            position: event.at.position,
            history,
            previous,
        });
        (history, u64::from(previous))
    }

    /// The position of a service's last event so far; 0 before the first.
    pub fn last(&self, service: Service) -> u64 {
        self.services[service.place()].last().map_or(0, |entry| entry.position)
    }

    /// Whether an event has come.
    pub fn has(&self, place: Place) -> bool {
        let entries = &self.services[place.service.place()];
        entries.binary_search_by_key(&place.position, |entry| entry.position).is_ok()
    }

    /// How many histories there are.
    pub fn histories(&self) -> usize {
        self.histories.len()
    }

    /// A history's name.
    pub fn name(&self, history: History) -> String {
        let state = &self.histories[history.0 as usize];
        let id = Id(u128::from_be_bytes(state.id));
        format!("{}/{id}", self.nouns.get(usize::from(state.noun)).map_or("", |noun| noun))
    }

    fn history(&mut self, service: Service, stream: Stream<'_>) -> History {
        let noun = self.noun(stream.noun);
        let id = stream.id.0.to_be_bytes();
        let hash = |id: &[u8; 16], service: Service, noun: u8| {
            mixed(id, u64::from(service.0) << 8 | u64::from(noun))
        };
        let Self { histories, by_name, .. } = self;
        let known = by_name.find(hash(&id, service, noun), |at| {
            let state = &histories[*at as usize];
            state.id == id && state.service == service && state.noun == noun
        });
        if let Some(known) = known {
            return History(*known);
        }
        let at = u32::try_from(histories.len()).unwrap_or(u32::MAX);
        histories.push(HistoryState { id, version: 0, service, noun });
        by_name.insert_unique(hash(&id, service, noun), at, |at| {
            let state = &histories[*at as usize];
            hash(&state.id, state.service, state.noun)
        });
        History(at)
    }

    fn noun(&mut self, noun: &str) -> u8 {
        let known = self.nouns.iter().position(|known| **known == *noun);
        let at = known.unwrap_or_else(|| {
            self.nouns.push(noun.into());
            self.nouns.len() - 1
        });
        u8::try_from(at).unwrap_or(u8::MAX)
    }

    /// Count and digest of a service's histories up to and including a position: SHA-256 over `<stream> <version>` of
    /// each, sorted as bytes, a line each.
    pub fn holdings(&self, service: Service, as_of: u64) -> (u64, [u8; 32]) {
        let mut versions: Vec<u32> = self.histories.iter().map(|state| state.version).collect();
        // What came after that position is undone, the latest first.
        for entry in self.services[service.place()].iter().rev().take_while(|entry| entry.position > as_of) {
            versions[entry.history.0 as usize] = entry.previous;
        }
        let of_service = (0..).zip(&self.histories).filter(|(at, state)| {
            let at: usize = *at;
            state.service == service && versions[at] > 0
        });
        let mut held: Vec<(&str, [u8; 16], u32)> = of_service
            .map(|(at, state)| (&*self.nouns[usize::from(state.noun)], state.id, versions[at]))
            .collect();
        // No noun's letters sort before the slash, so nouns sort as names do.
        held.sort_unstable();
        let line = |(noun, id, version): &(&str, [u8; 16], u32)| {
            let id = Id(u128::from_be_bytes(*id));
            format!("{noun}/{id} {version}")
        };
        (held.len() as u64, digest_of_sorted(held.iter().map(line)))
    }
}

/// UUIDs are random or digests: folding them is enough for a table.
fn mixed(id: &[u8; 16], salt: u64) -> u64 {
    let value = u128::from_be_bytes(*id);
    let folded = (value >> 64) as u64 ^ (value as u64).rotate_left(32) ^ salt;
    folded.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(20)
}

/// SHA-256 over lines, sorted, each ended by a newline: how the services count many things.
pub fn digest_of_lines(mut lines: Vec<String>) -> [u8; 32] {
    lines.sort_unstable();
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line);
        hash.update("\n");
    }
    hash.finalize().into()
}

/// The same over lines that are sorted already, none of them kept.
pub fn digest_of_sorted(lines: impl IntoIterator<Item = impl std::fmt::Display>) -> [u8; 32] {
    use std::fmt::Write as _;
    let mut hash = Sha256::new();
    let mut written = String::new();
    for line in lines {
        written.clear();
        // Writing to memory can't fail.
        _ = writeln!(written, "{line}");
        hash.update(&written);
    }
    hash.finalize().into()
}

/// A digest in lower-case hexadecimal.
pub fn hexadecimal(bytes: &[u8; 32]) -> String {
    hex(bytes)
}
