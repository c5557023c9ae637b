//! A file in, a report out: the checks of the file and of the log, and the story of the events.
//!
//! The caller reads the file and pushes pieces of any size; memory stays bounded, because every event is looked at
//! once and let go.

mod log_checks;

use crate::against::{Seen, Watch};
use crate::bundle::{Before, Kind, Part, Problem, Reader};
use crate::event::{Event, Place};
use crate::id::Id;
use crate::log::checkpoint::Checkpoint;
use crate::log::note::Note;
use crate::log::policy::Policy;
use crate::log::proof::Proof;
use crate::log::tree::{Hash, Tree, leaf_hash, verify_inclusion};
use crate::report::{Checked, Findings, Outcome, Report, parameters};
use crate::sentences;
use crate::story::Story;
use log_checks::LogChecks;

/// Verifies a bundle or a receipt.
#[derive(Debug)]
pub struct Verifier {
    reader: Reader,
    broken: Option<Problem>,
    state: State,
}

#[derive(Debug)]
struct State {
    kind: Kind,
    programme: Id,
    /// Given by whoever verifies, rather than by the file.
    given: Option<Policy>,
    policy: Option<Policy>,
    file: Findings,
    lines: u64,
    log: LogChecks,
    tree: Tree,
    story: Story,
    before: Option<Before>,
    /// A receipt's event: its place and leaf hash.
    event: Option<(Place, Hash)>,
    proof: Option<Proof>,
    watch: Watch,
    /// A part that can't be read although its lines can.
    unreadable: Option<(u64, &'static str)>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Verifier {
    /// With a policy from elsewhere, the file's own is not believed.
    pub fn new(policy: Option<Policy>) -> Self {
        let state = State {
            kind: Kind::Bundle,
            programme: Id::default(),
            given: policy,
            policy: None,
            file: Findings::of("file"),
            lines: 0,
            log: LogChecks::default(),
            tree: Tree::new(),
            story: Story::default(),
            before: None,
            event: None,
            proof: None,
            watch: Watch::default(),
            unreadable: None,
        };
        Self { reader: Reader::default(), broken: None, state }
    }

    /// Also compares with what another file stands for.
    pub fn watching(mut self, other: &Seen) -> Self {
        self.state.watch = Watch::of(other);
        self
    }

    /// The next piece of the file.
    pub fn push(&mut self, piece: &[u8]) {
        let Self { reader, broken, state } = self;
        if broken.is_some() {
            return;
        }
        let read = reader.push(piece, |part| state.take(part));
        // It stands before the line at which reading ended.
        *broken = state.unreadable().or_else(|| read.err());
    }

    /// What the file stands for, so far.
    pub fn seen(&self) -> Seen {
        let State { log, event, proof, .. } = &self.state;
        let leaf = event.zip(proof.as_ref()).map(|((at, leaf), proof)| (proof.index(), leaf, at));
        Seen { origin: log.origin.clone(), points: log.points.clone(), leaf }
    }

    /// What came of comparing with another file.
    pub fn watched(&self) -> &Watch {
        &self.state.watch
    }

    /// Whether enough was read to know what the file stands for: all of it, but for a bundle's events.
    pub fn has_seen(&self) -> bool {
        let State { kind, tree, lines, .. } = &self.state;
        self.broken.is_some() || *lines > 0 || *kind == Kind::Bundle && tree.size() > 0
    }

    /// The file is over.
    pub fn finish(mut self) -> Report {
        if self.broken.is_none() {
            self.broken = self.reader.finish().err();
        }
        if let Some(Problem { reason, line, wanted }) = self.broken {
            self.state.file.wrong_somewhere(reason, &[], parameters! { line, wanted });
            return self.state.unread();
        }
        match self.state.kind {
            Kind::Bundle => self.state.bundle(),
            Kind::Receipt => self.state.receipt(),
        }
    }
}

/// Verifies a whole file that is in memory.
pub fn verify(file: &[u8]) -> Report {
    let mut verifier = Verifier::default();
    verifier.push(file);
    verifier.finish()
}

impl State {
    fn take(&mut self, part: Part<'_>) {
        if self.unreadable.is_some() {
            // However much of the file came in the same piece, reading ended there.
            return;
        }
        match part {
            Part::Kind(kind) => self.kind = kind,
            Part::Programme(programme) => {
                self.programme = programme;
                self.story = Story::of(programme);
            }
            Part::Made(_) | Part::For(_) | Part::Events(_) => {}
            Part::Before(before) => self.before = Some(before),
            Part::Policy { line, text } => match Policy::parse(text.as_bytes()) {
                Ok(policy) => self.policy = Some(self.given.take().unwrap_or(policy)),
                Err(_) => self.unreadable = Some((line, "policy")),
            },
            Part::Checkpoint { line, text } => match Note::parse(text.as_bytes()) {
                Ok(note) => self.checkpoint(line, &note),
                Err(_) => self.unreadable = Some((line, "checkpoint")),
            },
            Part::Event { line, at, text } => self.event(line, at, text),
            Part::Opening { commitment, salt, content } => self.story.open(commitment, salt, &content),
            Part::Withheld { field, count } => self.story.withheld(field, count),
            Part::Proof { line, text } => match Proof::parse(text.as_bytes()) {
                Ok(proof) => {
                    self.checkpoint(line, proof.note());
                    self.proof = Some(proof);
                }
                Err(_) => self.unreadable = Some((line, "proof")),
            },
            Part::End { lines, whole } => {
                self.lines = lines;
                if !whole {
                    self.file.wrong_somewhere("end", &[], parameters! {});
                }
            }
        }
    }

    fn unreadable(&self) -> Option<Problem> {
        let (line, wanted) = self.unreadable?;
        Some(Problem { reason: "line", line, wanted: sentences::wanted(wanted) })
    }

    fn checkpoint(&mut self, line: u64, note: &Note) {
        let Ok(checkpoint) = Checkpoint::parse(note.text()) else {
            self.unreadable = Some((line, "checkpoint"));
            return;
        };
        self.log.signed(&checkpoint, note, self.policy.as_ref(), self.programme);
        let (size, root) = (checkpoint.size(), *checkpoint.root());
        if self.log.points.last().is_some_and(|(before, _)| *before >= size) {
            self.log.growth.wrong_somewhere("order", &[], parameters! { size });
        }
        self.log.points.push((size, root));
        self.log.origin = checkpoint.origin().to_owned();
        if size == 0 {
            self.log.compare(&self.tree, self.before.as_ref());
        }
    }

    fn event(&mut self, line: u64, at: Place, text: &str) {
        let leaf = leaf_hash(text.as_bytes());
        let index = self.tree.size();
        self.tree.push(leaf);
        self.watch.leaf(index, &leaf, at);
        self.watch.compare(&self.tree);
        self.log.compare(&self.tree, self.before.as_ref());
        if self.kind == Kind::Receipt {
            self.event = Some((at, leaf));
        }
        let Some(event) = Event::read(index, at, text) else {
            return self.file.wrong_somewhere("event", &[at], parameters! { line });
        };
        let programme = event.envelope.programme;
        if programme != self.programme {
            return self.file.wrong("programme", at, parameters! { programme });
        }
        self.story.see(&event);
    }

    /// The file is broken: nothing else is looked at.
    fn unread(self) -> Report {
        let file = self.file.or(Outcome::Holds, "whole", Vec::new(), []);
        let of_receipt = ["file", "signature", "tree", "witnesses", "openings"];
        let names = sentences::checks().map(|(check, _)| check);
        let names = names.filter(|check| self.kind == Kind::Bundle || of_receipt.contains(check));
        let others = names.skip(1).map(|check| Checked {
            check,
            outcome: Outcome::Hidden,
            sentence: sentences::common("unread", &Vec::new()),
            lines: Vec::new(),
        });
        Report(std::iter::once(file).chain(others).collect())
    }

    fn bundle(self) -> Report {
        let events = self.tree.size();
        let file = self.file.or(Outcome::Holds, "whole", parameters! { lines: self.lines, events }, []);
        let tree = self.log.tree(events);
        let signed = parameters! { n: self.log.points.len(), origin: self.log.origin };
        let asked = self.policy.as_ref().is_some_and(|policy| !policy.witnesses().is_empty());
        let (growth, signature, witnesses) = self.log.finish(events, self.before.as_ref(), asked, signed);
        let mut checked = vec![file, signature, tree, growth, witnesses];
        checked.extend(self.story.finish());
        Report(checked)
    }

    fn receipt(self) -> Report {
        let file = self.file.or(Outcome::Holds, "whole", parameters! { lines: self.lines, events: 1 }, []);
        let mut tree = Findings::of("tree");
        let signed = parameters! { n: 1, origin: self.log.origin };
        let mut inside = Vec::new();
        if let (Some((at, leaf)), Some(proof), Some((size, root))) =
            (self.event, &self.proof, self.log.points.last())
        {
            if verify_inclusion(&leaf, proof.index(), *size, proof.hashes(), root).is_err() {
                tree.wrong("proof", at, parameters! {});
            }
            inside = parameters! { at, number: proof.index().saturating_add(1), size };
        }
        let line = self.event.map(|(at, _)| at);
        let tree = tree.or(Outcome::Holds, "inside", inside, line);
        let asked = self.policy.as_ref().is_some_and(|policy| !policy.witnesses().is_empty());
        let (_, signature, witnesses) = self.log.finish(u64::MAX, None, asked, signed);
        Report(vec![file, signature, tree, witnesses, self.story.finish_receipt()])
    }
}
