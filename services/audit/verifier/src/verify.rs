//! A file in, a report out: the checks of the file and of the log, and the story of the events.
//!
//! The caller reads the file and pushes pieces of any size; memory stays bounded, because every event is looked at
//! once and let go.

use crate::against::{Seen, Watch};
use crate::bundle::{Before, Kind, Part, Problem, Reader};
use crate::event::{Event, Place};
use crate::id::Id;
use crate::log::checkpoint::Checkpoint;
use crate::log::note::{Note, SignatureError};
use crate::log::policy::{CheckError, Policy};
use crate::log::proof::Proof;
use crate::log::tree::{EMPTY_ROOT, Hash, Tree, leaf_hash, verify_inclusion};
use crate::report::{Checked, Findings, Outcome, Report, parameters};
use crate::sentences;
use crate::story::Story;

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

/// What signatures and checkpoints say.
#[derive(Debug)]
struct LogChecks {
    signature: Findings,
    growth: Findings,
    witnesses: Findings,
    origin: String,
    /// Size and root of each checkpoint, by rising size.
    points: Vec<(u64, Hash)>,
    /// How many of them have been compared with the events.
    compared: usize,
    /// How the last one compared.
    last_fits: Option<bool>,
    before_fits: Option<bool>,
    quorum: bool,
    cosigned: Vec<String>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Verifier {
    /// With a policy from elsewhere, the file's own is not believed.
    pub fn new(policy: Option<Policy>) -> Self {
        let log = LogChecks {
            signature: Findings::of("signature"),
            growth: Findings::of("growth"),
            witnesses: Findings::of("witnesses"),
            origin: String::new(),
            points: Vec::new(),
            compared: 0,
            last_fits: None,
            before_fits: None,
            quorum: false,
            cosigned: Vec::new(),
        };
        let state = State {
            kind: Kind::Bundle,
            programme: Id::default(),
            given: policy,
            policy: None,
            file: Findings::of("file"),
            lines: 0,
            log,
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
        *broken = read.err().or_else(|| state.unreadable());
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
        match part {
            Part::Kind(kind) => self.kind = kind,
            Part::Programme(programme) => {
                self.programme = programme;
                self.story = Story::of(programme);
            }
            Part::Made(_) | Part::For(_) => {}
            Part::Before(before) => self.before = Some(before),
            Part::Policy { line, text } => match Policy::parse(text.as_bytes()) {
                Ok(policy) => self.policy = Some(self.given.take().unwrap_or(policy)),
                Err(_) => self.unreadable = self.unreadable.or(Some((line, "policy"))),
            },
            Part::Checkpoint { line, text } => match Note::parse(text.as_bytes()) {
                Ok(note) => self.checkpoint(line, &note),
                Err(_) => self.unreadable = self.unreadable.or(Some((line, "checkpoint"))),
            },
            Part::Event { line, at, text } => self.event(line, at, text),
            Part::Opening { commitment, salt, content } => self.story.open(commitment, salt, &content),
            Part::Withheld { field, count } => self.story.withheld(field, count),
            Part::Proof { line, text } => match Proof::parse(text.as_bytes()) {
                Ok(proof) => {
                    self.checkpoint(line, proof.note());
                    self.proof = Some(proof);
                }
                Err(_) => self.unreadable = self.unreadable.or(Some((line, "proof"))),
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
            self.unreadable = self.unreadable.or(Some((line, "checkpoint")));
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
        let n = self.log.points.len();
        let LogChecks { signature, witnesses, origin, quorum, cosigned, .. } = &self.log;
        let _ = (signature, witnesses, quorum, cosigned);
        let tree = self.log.tree(events);
        let signed = parameters! { n, origin };
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

impl LogChecks {
    fn signed(&mut self, checkpoint: &Checkpoint, note: &Note, policy: Option<&Policy>, programme: Id) {
        let (size, origin) = (checkpoint.size(), checkpoint.origin().to_owned());
        let wrong = |findings: &mut Findings, reason| {
            findings.wrong_somewhere(reason, &[], parameters! { size, origin });
        };
        let of_programme = origin.ends_with(&format!("/{programme}"));
        let logs = policy.map(Policy::logs).unwrap_or_default();
        let mut of_log = logs.iter().filter(|log| log.key().name() == origin).peekable();
        if !of_programme {
            wrong(&mut self.signature, "programme");
        } else if of_log.peek().is_none() {
            wrong(&mut self.signature, "origin");
        } else if !of_log.any(|log| Checkpoint::open(note, log.key()).is_ok()) {
            wrong(&mut self.signature, "signature");
        }
        let checked = policy.map(|policy| policy.check(note));
        let known = |name: &str, policy: &Policy| {
            policy.witnesses().iter().any(|witness| witness.key().name() == name)
        };
        match checked {
            Some(Ok(verdict)) => {
                for line in &verdict.unknown {
                    let name = line.name();
                    self.witnesses.wrong_somewhere("unknown", &[], parameters! { size, name });
                }
                self.quorum = verdict.quorum_reached;
                self.cosigned = verdict.witnesses().into_iter().map(str::to_owned).collect();
            }
            Some(Err(CheckError::Signature(SignatureError::Invalid { name })))
                if policy.is_some_and(|policy| known(&name, policy)) =>
            {
                self.witnesses.wrong_somewhere("false", &[], parameters! { size, name });
                self.quorum = false;
                self.cosigned = Vec::new();
            }
            _ => {
                self.quorum = false;
                self.cosigned = Vec::new();
            }
        }
    }

    /// Compares the checkpoints of the tree's size with it.
    fn compare(&mut self, tree: &Tree, before: Option<&Before>) {
        let size = tree.size();
        let root = |tree: &Tree| if tree.size() == 0 { EMPTY_ROOT } else { tree.root() };
        if let Some(before) = before.filter(|before| before.size == size) {
            self.before_fits = Some(before.root == root(tree));
        }
        while let Some((of, said)) = self.points.get(self.compared).filter(|(of, _)| *of <= size) {
            let fits = *of == size && *said == root(tree);
            self.compared += 1;
            let is_last = self.compared == self.points.len() && *of > 0;
            if is_last {
                self.last_fits = Some(fits);
            } else if !fits {
                self.growth.wrong_somewhere("root", &[], parameters! { size: of });
            }
        }
    }

    fn tree(&self, events: u64) -> Checked {
        let mut findings = Findings::of("tree");
        let size = self.points.last().map_or(0, |(size, _)| *size);
        if size != events {
            findings.wrong_somewhere("size", &[], parameters! { size, n: events });
        } else if self.last_fits == Some(false) {
            findings.wrong_somewhere("root", &[], parameters! {});
        }
        findings.or(Outcome::Holds, "same", parameters! { n: events }, [])
    }

    /// Growth, signature and witnesses.
    fn finish(
        mut self,
        events: u64,
        before: Option<&Before>,
        asked: bool,
        signed: sentences::Parameters,
    ) -> (Checked, Checked, Checked) {
        let n = self.points.len();
        let last = n.saturating_sub(1);
        for (size, _) in self.points.iter().take(last).skip(self.compared).filter(|(size, _)| *size > events)
        {
            self.growth.wrong_somewhere("root", &[], parameters! { size });
        }
        if !self.quorum {
            let n = self.cosigned.len();
            self.witnesses.wrong_somewhere("quorum", &[], parameters! { n });
        }
        let growth = match (before, self.before_fits) {
            (None, _) => self.growth.or(Outcome::Holds, "grew", parameters! { n }, []),
            (Some(before), fits) => {
                let (origin, size) = (&before.origin, before.size);
                let parameters = parameters! { n, origin, size };
                if fits == Some(false) {
                    self.growth.wrong_somewhere("before", &[], parameters.clone());
                }
                let shown = fits.is_some();
                let (outcome, reason) =
                    if shown { (Outcome::Holds, "again") } else { (Outcome::Hidden, "before") };
                self.growth.or(outcome, reason, parameters, [])
            }
        };
        let signature = self.signature.or(Outcome::Holds, "signed", signed, []);
        let names = self.cosigned.join(", ");
        let reason = if asked { "quorum" } else { "none" };
        let n = self.cosigned.len();
        let witnesses = self.witnesses.or(Outcome::Holds, reason, parameters! { n, names }, []);
        (growth, signature, witnesses)
    }
}
