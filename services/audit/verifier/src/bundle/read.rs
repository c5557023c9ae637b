//! Reading: one state a line, nothing kept but what the next line depends on.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::lines::{Lines, TooLong};
use super::{Audience, Before};
use crate::event::{Hash32, Place, decimal};
use crate::id::Id;
use crate::log::tree::Hash;
use crate::sentences;
use crate::time::Time;

/// The most lines that a policy, a checkpoint or a proof may have.
const MOST_LINES: u64 = 10_000;

/// Which file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All of a programme.
    Bundle,
    /// What one person handed in.
    Receipt,
}

/// What a line, or a few, say.
#[derive(Debug)]
pub enum Part<'a> {
    /// Which file it is: its first line.
    Kind(Kind),
    /// Whose events.
    Programme(Id),
    /// When the file was made, as it stands there.
    Made(&'a str),
    /// For whom a bundle is.
    For(Audience),
    /// An earlier log's last checkpoint.
    Before(Before),
    /// A whole C2SP tlog-policy.
    Policy {
        /// Its last line in the file.
        line: u64,
        /// As it stands there.
        text: &'a str,
    },
    /// A whole signed note.
    Checkpoint {
        /// Its last line in the file.
        line: u64,
        /// As it stands there.
        text: &'a str,
    },
    /// So many events follow.
    Events(u64),
    /// An event.
    Event {
        /// Its line in the file, from 1.
        line: u64,
        /// Where it lies.
        at: Place,
        /// As stored.
        text: &'a str,
    },
    /// What opens a seal.
    Opening {
        /// What stands in the event.
        commitment: Hash32,
        /// Its key.
        salt: Hash32,
        /// What was sealed.
        content: Vec<u8>,
    },
    /// Seals that stay closed.
    Withheld {
        /// `PitchSubmitted.title`
        field: &'a str,
        /// How many.
        count: u64,
    },
    /// A whole C2SP tlog-proof.
    Proof {
        /// Its last line in the file.
        line: u64,
        /// As it stands there.
        text: &'a str,
    },
    /// The last line, and whether it has the SHA-256 of all before it.
    End {
        /// How many lines the file has.
        lines: u64,
        /// Whether it is right.
        whole: bool,
    },
}

/// Why a file can't be read on: a reason of the check `file`, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `cut`, `line` or `after`.
    pub reason: &'static str,
    /// In which line, from 1.
    pub line: u64,
    /// What was to stand there, in words.
    pub wanted: String,
}

impl From<TooLong> for Problem {
    fn from(_: TooLong) -> Self {
        Self { reason: "line", line: 0, wanted: String::new() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expects {
    First,
    Programme,
    Made,
    For,
    BeforeOrPolicy,
    Policy,
    PolicyLines(u64),
    FirstCheckpoint,
    CheckpointOrEvents,
    CheckpointLines(u64),
    Events(u64),
    OneEvent,
    Openings,
    OpeningLines(u64),
    Withheld,
    WithheldLines(u64),
    Proof,
    ProofLines(u64),
    End,
    Nothing,
}

/// Reads a bundle or a receipt.
#[derive(Debug)]
pub struct Reader {
    lines: Lines,
    state: State,
}

#[derive(Debug)]
struct State {
    kind: Kind,
    expects: Expects,
    line: u64,
    /// Lines that are handed over together.
    several: String,
    last_opened: Option<Hash32>,
    last_withheld: String,
    /// Of a bundle.
    audience: Audience,
}

impl Default for Reader {
    fn default() -> Self {
        let state = State {
            kind: Kind::Bundle,
            expects: Expects::First,
            line: 0,
            several: String::new(),
            last_opened: None,
            last_withheld: String::new(),
            audience: Audience::Auditors,
        };
        Self { lines: Lines::default(), state }
    }
}

impl Reader {
    /// Reads a piece of the file, and hands over what it says.
    ///
    /// # Errors
    /// If the file is not written by the rules; then nothing more can be read.
    pub fn push(&mut self, piece: &[u8], mut take: impl FnMut(Part<'_>)) -> Result<(), Problem> {
        let Self { lines, state } = self;
        lines
            .push(piece, |line, before| {
                state.line += 1;
                match state.read(line, before, &mut take) {
                    Some(before_the_end) => Ok(before_the_end),
                    None if state.expects == Expects::Nothing => Err(state.problem("after")),
                    None => Err(state.problem("line")),
                }
            })
            .map_err(|problem| if problem.line == 0 { self.too_long() } else { problem })
    }

    /// The file is over.
    ///
    /// # Errors
    /// If it is cut short.
    pub fn finish(&self) -> Result<(), Problem> {
        let over = self.state.expects == Expects::Nothing;
        match (over, self.lines.is_cut()) {
            (true, false) => Ok(()),
            (true, true) => Err(Problem { line: self.state.line + 1, ..self.state.problem("after") }),
            (false, _) => Err(Problem { line: self.state.line + 1, ..self.state.problem("cut") }),
        }
    }

    fn too_long(&self) -> Problem {
        let reason = if self.state.expects == Expects::Nothing { "after" } else { "line" };
        Problem { line: self.state.line + 1, ..self.state.problem(reason) }
    }
}

impl State {
    fn problem(&self, reason: &'static str) -> Problem {
        Problem { reason, line: self.line, wanted: sentences::wanted(self.wanted()) }
    }

    fn wanted(&self) -> &'static str {
        match self.expects {
            Expects::First => "bundle",
            Expects::Programme => "programme",
            Expects::Made => "made",
            Expects::For => "for",
            Expects::BeforeOrPolicy | Expects::Policy | Expects::PolicyLines(_) => "policy",
            Expects::FirstCheckpoint | Expects::CheckpointLines(_) => "checkpoint",
            Expects::CheckpointOrEvents => "events",
            Expects::Events(_) | Expects::OneEvent => "event",
            Expects::Openings => "openings",
            Expects::OpeningLines(_) => "opening",
            Expects::Withheld => "withheld",
            Expects::WithheldLines(_) => "field",
            Expects::Proof | Expects::ProofLines(_) => "proof",
            Expects::End | Expects::Nothing => "end",
        }
    }

    /// Reads a line; `false` if it was the last.
    fn read(&mut self, line: &[u8], before: &Sha256, take: &mut impl FnMut(Part<'_>)) -> Option<bool> {
        let line = std::str::from_utf8(line).ok()?;
        self.expects = match self.expects {
            Expects::Events(left) => {
                take(self.event(line)?);
                if left > 1 { Expects::Events(left - 1) } else { Expects::Openings }
            }
            Expects::PolicyLines(_) | Expects::CheckpointLines(_) | Expects::ProofLines(_) => {
                self.one_of_several(line, take)
            }
            Expects::OpeningLines(left) => {
                take(self.opening(line)?);
                self.after_openings(left - 1)
            }
            Expects::WithheldLines(left) => {
                take(self.withheld(line)?);
                if left > 1 { Expects::WithheldLines(left - 1) } else { Expects::End }
            }
            Expects::OneEvent => {
                take(self.event(line.strip_prefix("event ")?)?);
                Expects::Openings
            }
            Expects::End => {
                let hash = line.strip_prefix("end ").filter(|hash| is_hex(hash))?;
                let whole = hex(&before.clone().finalize().into()) == hash;
                take(Part::End { lines: self.line, whole });
                self.expects = Expects::Nothing;
                return Some(false);
            }
            Expects::Nothing => return None,
            _ => self.heading(line, take)?,
        };
        Some(true)
    }

    fn heading(&mut self, line: &str, take: &mut impl FnMut(Part<'_>)) -> Option<Expects> {
        let (word, value) = line.split_once(' ').unwrap_or((line, ""));
        Some(match (self.expects, word) {
            (Expects::First, _) => {
                self.kind = match line {
                    "plaudit.bundle/v1" => Kind::Bundle,
                    "plaudit.receipt/v1" => Kind::Receipt,
                    _ => return None,
                };
                take(Part::Kind(self.kind));
                Expects::Programme
            }
            (Expects::Programme, "programme") => {
                take(Part::Programme(Id::read(value)?));
                Expects::Made
            }
            (Expects::Made, "made") => {
                Time::read(value).filter(|_| value.ends_with('Z'))?;
                take(Part::Made(value));
                if self.kind == Kind::Bundle { Expects::For } else { Expects::Policy }
            }
            (Expects::For, "for") => {
                let audience = [Audience::Public, Audience::Auditors];
                self.audience = audience.into_iter().find(|audience| audience.word() == value)?;
                take(Part::For(self.audience));
                Expects::BeforeOrPolicy
            }
            (Expects::BeforeOrPolicy, "before") => {
                take(Part::Before(earlier(value)?));
                Expects::Policy
            }
            (Expects::BeforeOrPolicy | Expects::Policy, "policy") => Expects::PolicyLines(several(value)?),
            (Expects::FirstCheckpoint | Expects::CheckpointOrEvents, "checkpoint") => {
                Expects::CheckpointLines(several(value)?)
            }
            (Expects::CheckpointOrEvents, "events") => match decimal(value)? {
                0 => {
                    take(Part::Events(0));
                    Expects::Openings
                }
                count => {
                    take(Part::Events(count));
                    Expects::Events(count)
                }
            },
            (Expects::Openings, "openings") => {
                let none = self.audience == Audience::Public;
                self.after_openings(decimal(value).filter(|count| *count == 0 || !none)?)
            }
            (Expects::Withheld, "withheld") => match decimal(value)? {
                0 => Expects::End,
                count => Expects::WithheldLines(count),
            },
            (Expects::Proof, "proof") => Expects::ProofLines(several(value)?),
            _ => return None,
        })
    }

    fn after_openings(&self, left: u64) -> Expects {
        match (left, self.kind) {
            (1.., _) => Expects::OpeningLines(left),
            (0, Kind::Bundle) => Expects::Withheld,
            (0, Kind::Receipt) => Expects::Proof,
        }
    }

    /// A line of a policy, a checkpoint or a proof; the last one hands all over.
    fn one_of_several(&mut self, line: &str, take: &mut impl FnMut(Part<'_>)) -> Expects {
        self.several.push_str(line);
        self.several.push('\n');
        match self.expects {
            Expects::PolicyLines(left @ 2..) => return Expects::PolicyLines(left - 1),
            Expects::CheckpointLines(left @ 2..) => return Expects::CheckpointLines(left - 1),
            Expects::ProofLines(left @ 2..) => return Expects::ProofLines(left - 1),
            _ => {}
        }
        let (line, several) = (self.line, std::mem::take(&mut self.several));
        let text = &*several;
        match (self.expects, self.kind) {
            (Expects::PolicyLines(_), kind) => {
                take(Part::Policy { line, text });
                if kind == Kind::Bundle { Expects::FirstCheckpoint } else { Expects::OneEvent }
            }
            (Expects::CheckpointLines(_), _) => {
                take(Part::Checkpoint { line, text });
                Expects::CheckpointOrEvents
            }
            _ => {
                take(Part::Proof { line, text });
                Expects::End
            }
        }
    }

    fn event<'a>(&self, line: &'a str) -> Option<Part<'a>> {
        let (place, text) = line.split_once('\t')?;
        Some(Part::Event { line: self.line, at: Place::read(place)?, text })
    }

    fn opening(&mut self, line: &str) -> Option<Part<'static>> {
        let mut fields = line.split('\t');
        let commitment = Hash32::read(fields.next()?)?;
        let salt = Hash32::read(fields.next()?)?;
        let content = STANDARD.decode(fields.next()?).ok()?;
        let rises = self.last_opened.is_none_or(|last| last < commitment);
        self.last_opened = Some(commitment);
        (rises && fields.next().is_none()).then_some(Part::Opening { commitment, salt, content })
    }

    fn withheld<'a>(&mut self, line: &'a str) -> Option<Part<'a>> {
        let (field, count) = line.split_once('\t')?;
        let count = decimal(count).filter(|count| *count > 0)?;
        let rises = self.last_withheld.as_str() < field;
        field.clone_into(&mut self.last_withheld);
        rises.then_some(Part::Withheld { field, count })
    }
}

fn several(count: &str) -> Option<u64> {
    decimal(count).filter(|count| (1..=MOST_LINES).contains(count))
}

fn earlier(text: &str) -> Option<Before> {
    let mut words = text.split(' ');
    let origin = words.next().filter(|origin| !origin.is_empty())?.to_owned();
    let size = decimal(words.next()?)?;
    let root: Hash = Hash32::read(words.next()?)?.0;
    words.next().is_none().then_some(Before { origin, size, root })
}

fn is_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut hex, byte| {
        for digit in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(digit), 16).unwrap_or_default());
        }
        hex
    })
}
