//! Events as they are stored: an envelope of fixed spelling around ProtoJSON.

mod data;
mod envelope;
mod fact;
mod hash;
mod rulebook;
mod seals;
mod words;

pub use data::*;
pub use envelope::{Actor, Envelope, Stream};
pub use fact::Fact;
pub use hash::Hash32;
pub use rulebook::{Prize, Round, RoundOpened, Rulebook, RulebookPublished, is_public, rules};
pub use seals::{Seal, Subject, SubjectKind, commit};
pub use words::{Connection, Mark, Money, Number, Role, Screening, Unit};

use std::fmt;

/// The services, sorted by name.
pub const SERVICES: [&str; 7] = ["accounts", "audit", "awards", "notify", "panels", "scoring", "submissions"];

/// One of [`SERVICES`], by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Service(pub u8);

impl Service {
    /// See [`SERVICES`].
    pub const AWARDS: Self = Self(2);
    /// See [`SERVICES`].
    pub const PANELS: Self = Self(4);
    /// See [`SERVICES`].
    pub const SCORING: Self = Self(5);
    /// See [`SERVICES`].
    pub const SUBMISSIONS: Self = Self(6);

    /// The service of this name.
    pub fn named(name: &str) -> Option<Self> {
        (0..).zip(SERVICES).find(|(_, service)| *service == name).map(|(place, _)| Self(place))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        SERVICES.get(usize::from(self.0)).copied().unwrap_or_default()
    }

    /// Its place in an array of all.
    pub fn place(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where an event lies: `scoring/1234`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Whose event.
    pub service: Service,
    /// Its number among the service's.
    pub position: u64,
}

impl Place {
    /// Reads `service/position`; the position without leading zeros.
    pub fn read(text: &str) -> Option<Self> {
        let (service, position) = text.split_once('/')?;
        Some(Self { service: Service::named(service)?, position: decimal(position)? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.service, self.position)
    }
}

/// A whole number as it is written everywhere: digits without leading zeros.
pub fn decimal(text: &str) -> Option<u64> {
    let plain = text == "0" || !text.starts_with('0');
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain && digits { text.parse().ok() } else { None }
}

/// An event, read.
#[derive(Debug)]
pub struct Event<'a> {
    /// Its place in the log, from 0.
    pub index: u64,
    /// Its place in its service.
    pub at: Place,
    /// What stands around its data.
    pub envelope: Envelope<'a>,
    /// What it says.
    pub data: Data<'a>,
}

impl<'a> Event<'a> {
    /// Reads an event; `None` if it is not written as the services write them.
    pub fn read(index: u64, at: Place, text: &'a str) -> Option<Self> {
        let envelope = Envelope::read(text)?;
        if envelope.source != at.service {
            return None;
        }
        let data = Data::read(envelope.type_name, envelope.data)?;
        Some(Self { index, at, envelope, data })
    }

    /// The id of its stream.
    pub fn id(&self) -> crate::id::Id {
        self.envelope.stream.id
    }
}
