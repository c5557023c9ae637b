//! A bundle for auditors: the public one, with openings that are only shown.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use sha2::{Digest, Sha256};

use super::write::{BUNDLE, File, before_line, counted, opened, withheld};
use super::{Audience, Kind, Opening, Part, Problem, Reader};
use crate::event::{Data, Event, Hash32, Service, Subject, SubjectKind, commit};

/// Makes a bundle for auditors of a public one, piece by piece. Openings of nothing in it, wrong ones, and those that
/// it says were forgotten or reveals itself, are left out; what stays closed is counted anew.
#[derive(Debug)]
pub struct Opener {
    reader: Reader,
    making: Making,
}

#[derive(Debug)]
struct Making {
    hash: Sha256,
    /// Not matched yet.
    openings: HashMap<Hash32, Opening>,
    matched: HashMap<Hash32, Matched>,
    index: u64,
    withheld: BTreeMap<String, u64>,
    whole: bool,
    /// Receipts can't be opened further.
    is_bundle: bool,
}

#[derive(Debug)]
struct Matched {
    field: &'static str,
    of: (Service, Subject),
    opening: Opening,
}

impl Opener {
    /// With these openings.
    pub fn new(openings: Vec<Opening>) -> Self {
        let openings = openings.into_iter().map(|opening| (opening.commitment, opening)).collect();
        let making = Making {
            hash: Sha256::new(),
            openings,
            matched: HashMap::new(),
            index: 0,
            withheld: BTreeMap::new(),
            whole: false,
            is_bundle: false,
        };
        Self { reader: Reader::default(), making }
    }

    /// Takes a piece of the public bundle, and answers what follows from it of the other.
    ///
    /// # Errors
    /// If it is no bundle.
    pub fn push(&mut self, piece: &[u8]) -> Result<Vec<u8>, Problem> {
        let mut written = Vec::with_capacity(piece.len());
        let Self { reader, making } = self;
        reader.push(piece, |part| making.take(part, &mut written))?;
        Ok(written)
    }

    /// The public bundle is over: answers the end of the other.
    ///
    /// # Errors
    /// If it was cut short or broken on the way.
    pub fn finish(mut self) -> Result<Vec<u8>, Problem> {
        self.reader.finish()?;
        if !self.making.whole || !self.making.is_bundle {
            return Err(Problem { reason: "line", line: 0, wanted: String::new() });
        }
        let mut written = Vec::new();
        for matched in self.making.matched.values() {
            if let Some(count) = self.making.withheld.get_mut(matched.field) {
                *count = count.saturating_sub(1);
            }
        }
        self.making.withheld.retain(|_, count| *count > 0);
        let openings = std::mem::take(&mut self.making.matched).into_values().map(|matched| matched.opening);
        let end = opened(openings.collect()) + &withheld(&self.making.withheld);
        let gather = |bytes: &[u8]| {
            written.extend_from_slice(bytes);
            Ok::<(), Infallible>(())
        };
        let mut file = File { hash: self.making.hash, out: gather };
        let Ok(()) = file.put(end.as_bytes()).and_then(|()| file.end());
        Ok(written)
    }
}

impl Making {
    fn take(&mut self, part: Part<'_>, written: &mut Vec<u8>) {
        let text = match part {
            Part::Kind(kind) => {
                self.is_bundle = kind == Kind::Bundle;
                BUNDLE.to_owned()
            }
            Part::Programme(programme) => format!("programme {programme}\n"),
            Part::Made(made) => format!("made {made}\n"),
            Part::For(_) => format!("for {}\n", Audience::Auditors.word()),
            Part::Before(before) => before_line(&before),
            Part::Policy { text, .. } => counted("policy", text),
            Part::Checkpoint { text, .. } => counted("checkpoint", text),
            Part::Events(count) => format!("events {count}\n"),
            Part::Event { at, text, .. } => {
                if let Some(event) = Event::read(self.index, at, text) {
                    self.see(&event);
                }
                self.index += 1;
                format!("{at}\t{text}\n")
            }
            Part::Withheld { field, count } => {
                self.withheld.insert(field.to_owned(), count);
                return;
            }
            Part::End { whole, .. } => {
                self.whole = whole;
                return;
            }
            Part::Opening { .. } | Part::Proof { .. } => return,
        };
        self.hash.update(text.as_bytes());
        written.extend_from_slice(text.as_bytes());
    }

    fn see(&mut self, event: &Event<'_>) {
        match &event.data {
            Data::OpeningForgotten(it) => drop(it.commitment.and_then(|gone| self.matched.remove(&gone))),
            Data::ScorecardUnsealed(it) => drop(it.commitment.and_then(|open| self.matched.remove(&open))),
            Data::OpeningsForgotten(it) => {
                let subject = SubjectKind::named(&it.subject).map(|kind| Subject { kind, id: it.id });
                let gone = subject.map(|subject| (event.at.service, subject));
                self.matched.retain(|_, matched| Some(matched.of) != gone);
            }
            _ => {}
        }
        event.seals(|seal| {
            let Some(Opening { salt, content, .. }) = self.openings.get(&seal.commitment) else { return };
            let stream = event.envelope.stream.to_string();
            if commit(&salt.0, &stream, seal.field, content) == seal.commitment.0
                && let Some(opening) = self.openings.remove(&seal.commitment)
            {
                let of = (event.at.service, seal.subject);
                self.matched.insert(seal.commitment, Matched { field: seal.field, of, opening });
            }
        });
    }
}
