//! Judges: who sits, what they declared, and what they were given; as panels decided, and as scoring knew it.

use std::collections::{HashMap, HashSet};

use super::Pitch;
use crate::event::{Connection, Data, Event, Service};
use crate::id::Id;

/// Judges by the ids of their seats.
#[derive(Debug, Default)]
pub struct Judges {
    /// As panels decided.
    pub seats: HashMap<Id, Judge>,
    /// What scoring had taken in of connections, by judge and pitch.
    known_to_scoring: HashMap<(Id, Id), Connected>,
}

/// What stands between a judge and a pitch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connected {
    /// Known; not allowed yet.
    Known,
    /// Known, and allowed.
    Allowed,
    /// A wall.
    Aside,
}

/// A seat.
#[derive(Debug, Default)]
pub struct Judge {
    /// The round's.
    pub panel: Id,
    /// Whose.
    pub member: Id,
    /// The most pitches; 0: no limit.
    pub cap: u32,
    /// Accepted, and not stood down.
    pub sits: bool,
    /// Interests are declared.
    pub declared: bool,
    /// Answers that are not closed yet: pitch and number of connection.
    pub answers: Vec<(Id, u8)>,
    /// Where there is a connection, and since which position of panels.
    pub connections: HashMap<Id, (Connected, u64)>,
    /// What is theirs to mark.
    pub assigned: HashSet<Id>,
}

fn connect(connections: &mut HashMap<Id, (Connected, u64)>, pitch: Id, connected: Connected, position: u64) {
    let stands = connections.entry(pitch).or_insert((connected, position));
    if stands.0 != Connected::Aside {
        *stands = (connected, position);
    }
}

fn declared(connection: Connection) -> Option<Connected> {
    match connection {
        Connection::Known => Some(Connected::Known),
        Connection::StandAside => Some(Connected::Aside),
        Connection::None | Connection::Unspecified => None,
    }
}

impl Judge {
    /// Whether a wall, or a connection that nobody has allowed, stands before a pitch.
    pub fn stands_aside(&self, pitch: Id) -> bool {
        self.aside_since(pitch).is_some()
    }

    /// Since which position of panels.
    pub fn aside_since(&self, pitch: Id) -> Option<u64> {
        let connected = self.connections.get(&pitch);
        connected.filter(|(connected, _)| *connected != Connected::Allowed).map(|(_, position)| *position)
    }
}

impl Judges {
    /// Whether scoring knew of a wall.
    pub fn walled_for_scoring(&self, judge: Id, pitch: Id) -> bool {
        matches!(self.known_to_scoring.get(&(judge, pitch)), Some(Connected::Aside | Connected::Known))
    }

    pub(super) fn learn_fact(&mut self, event: &Event<'_>, said: &Data<'_>) {
        if event.at.service != Service::SCORING {
            return;
        }
        let (pitch, connected) = match said {
            Data::InterestDeclared(it) => (it.pitch, declared(it.connection)),
            Data::KnownConnectionAllowed(it) => (it.pitch, Some(Connected::Allowed)),
            Data::JudgeRecused(it) => (it.pitch, Some(Connected::Aside)),
            _ => return,
        };
        let Some(connected) = connected else { return };
        let stands = self.known_to_scoring.entry((event.id(), pitch)).or_insert(connected);
        if *stands != Connected::Aside {
            *stands = connected;
        }
    }

    pub(super) fn learn(&mut self, event: &Event<'_>, pitches: &mut HashMap<Id, Pitch>) {
        if event.envelope.stream.noun != "judge" {
            return;
        }
        let judge = self.seats.entry(event.id()).or_default();
        let position = event.at.position;
        match &event.data {
            Data::JudgeInvited(invited) => {
                judge.panel = invited.panel;
                judge.member = invited.member;
                judge.cap = invited.cap;
            }
            Data::JudgeAccepted(_) => judge.sits = true,
            Data::JudgeDeclined(_) | Data::JudgeStoodDown(_) => judge.sits = false,
            Data::InterestDeclared(it) => {
                judge.answers.push((it.pitch, it.connection.number()));
                if let Some(connected) = declared(it.connection) {
                    connect(&mut judge.connections, it.pitch, connected, position);
                }
            }
            Data::DeclarationConfirmed(_) => {
                judge.declared = true;
                judge.answers = Vec::new();
            }
            Data::KnownConnectionAllowed(it) => {
                connect(&mut judge.connections, it.pitch, Connected::Allowed, position);
            }
            Data::JudgeRecused(it) => connect(&mut judge.connections, it.pitch, Connected::Aside, position),
            Data::AssignmentMade(it) => {
                judge.assigned.insert(it.pitch);
                if let Some(pitch) = pitches.get_mut(&it.pitch) {
                    pitch.assigned = true;
                }
            }
            Data::AssignmentWithdrawn(it) => {
                judge.assigned.remove(&it.pitch);
            }
            _ => {}
        }
    }
}
