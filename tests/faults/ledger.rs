//! The outside ledger: what callers asked for and what they were told, kept
//! where no fault of the program reaches it.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use uuid::Uuid;

/// A command, as its caller says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The same whenever it is repeated.
    pub key: String,
    /// Who is asked.
    pub service: &'static str,
    /// After `/api/`.
    pub path: String,
    /// JSON.
    pub body: String,
    /// `member/<id>`, as events name the caller.
    pub actor: String,
}

/// An acknowledgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    pub status: u16,
    /// What the command was about.
    pub id: Uuid,
    /// Its version afterwards, where it is said.
    pub version: Option<u64>,
    /// Where the command's last event lies, where it is said.
    pub position: Option<u64>,
}

/// What became of a command, as far as its caller knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// Nobody has answered yet: done or not.
    Open,
    Answered(Answered),
    /// An answer that is neither "done" nor "ask again".
    Refused(String),
}

/// A try that was sent off and got no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutOff {
    pub sent: Timestamp,
    pub noticed: Timestamp,
}

/// A command and its fate.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub asked: Asked,
    pub fate: Fate,
    pub cut_off: Vec<CutOff>,
}

impl Entry {
    /// The acknowledgement, if there is one.
    pub fn answer(&self) -> Option<&Answered> {
        match &self.fate {
            Fate::Answered(answered) => Some(answered),
            _ => None,
        }
    }

    /// Whether it was under way at an instant and never answered then.
    pub fn was_cut_off_at(&self, instant: Timestamp) -> bool {
        self.cut_off.iter().any(|cut| cut.sent <= instant && instant <= cut.noticed)
    }
}

/// All commands of all callers.
#[derive(Clone, Default)]
pub struct Ledger(Arc<Mutex<Vec<Entry>>>);

impl Ledger {
    /// Notes a command before it is sent; answers its number.
    pub fn note(&self, asked: Asked) -> usize {
        let mut entries = self.0.lock().unwrap();
        entries.push(Entry { asked, fate: Fate::Open, cut_off: Vec::new() });
        entries.len() - 1
    }

    /// A try that was sent got no answer.
    pub fn cut_off(&self, number: usize, cut: CutOff) {
        self.0.lock().unwrap()[number].cut_off.push(cut);
    }

    /// It was answered.
    pub fn settle(&self, number: usize, fate: Fate) {
        self.0.lock().unwrap()[number].fate = fate;
    }

    /// Everything so far.
    pub fn entries(&self) -> Vec<Entry> {
        self.0.lock().unwrap().clone()
    }

    /// Where the last event lies that was acknowledged with its place.
    pub fn last_place(&self) -> Option<(&'static str, u64)> {
        let entries = self.0.lock().unwrap();
        entries.iter().rev().find_map(|entry| Some((entry.asked.service, entry.answer()?.position?)))
    }

    /// How many commands were noted.
    pub fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// How many were acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.0.lock().unwrap().iter().filter(|entry| entry.answer().is_some()).count()
    }
}
