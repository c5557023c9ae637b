//! The envelope: one spelling, read from left to right.
//!
//! A CloudEvent 1.0.2 in structured JSON as the services write it
//! (`services/chassis/src/event.rs`): these attributes in this order, without white space and without escapes. So
//! two readers can't read it differently, and reading it costs less than parsing JSON.

use super::{Place, Service, decimal};
use crate::id::Id;
use crate::time::Time;

/// What stands around an event's data.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The service that wrote it.
    pub source: Service,
    /// The contract's name of the message.
    pub type_name: &'a str,
    /// The history it belongs to.
    pub stream: Stream<'a>,
    /// When it was decided.
    pub time: Time,
    /// Its number in its history.
    pub version: u64,
    /// Of which programme.
    pub programme: Id,
    /// Who.
    pub actor: Actor<'a>,
    /// The command it came of: the same for all of one append.
    pub command: Id,
    /// The event it follows from.
    pub cause: Option<Place>,
    /// How far other services were known: `panels/12,submissions/340`, or empty.
    basis: &'a str,
    /// What it says, as JSON.
    pub data: &'a str,
}

/// A history: `pitch/<id>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream<'a> {
    /// Before the slash.
    pub noun: &'a str,
    /// After it.
    pub id: Id,
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor<'a> {
    /// A member of the programme.
    Member(Id),
    /// A part of the program, by its name.
    Process(&'a str),
}

impl Actor<'_> {
    /// The member, or none.
    pub fn member(self) -> Id {
        match self {
            Self::Member(member) => member,
            Self::Process(_) => Id::default(),
        }
    }
}

impl std::fmt::Display for Stream<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.noun, self.id)
    }
}

impl<'a> Envelope<'a> {
    /// Reads one; `None` if anything stands elsewhere or is written otherwise.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut rest = Rest(text);
        rest.eat(r#"{"specversion":"1.0","id":""#)?;
        rest.id()?;
        let source = Service::named(rest.after(r#"","source":""#)?)?;
        let type_name = rest.after(r#"","type":""#)?;
        let stream = rest.after(r#"","subject":""#)?.split_once('/')?;
        let stream = Stream { noun: word(stream.0)?, id: Id::read(stream.1)? };
        let time = Time::read(rest.after(r#"","time":""#)?)?;
        rest.eat(r#"","version":"#)?;
        let version = decimal(rest.until(',')?).filter(|version| *version > 0)?;
        rest.eat(r#","programme":""#)?;
        let programme = rest.id()?;
        let actor = actor(rest.after(r#"","actor":""#)?)?;
        if rest.eat(r#"","onbehalf":""#).is_some() {
            rest.id()?;
        }
        rest.eat(r#"","command":""#)?;
        let command = rest.id()?;
        let cause = match rest.after(r#"","cause":""#) {
            Some(place) => Some(Place::read(place)?),
            None => None,
        };
        let basis = rest.after(r#"","basis":""#).unwrap_or_default();
        let nonce = rest.after(r#"","nonce":""#)?;
        let base64 = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
        if nonce.len() != 22 || !nonce.bytes().all(base64) {
            return None;
        }
        rest.eat(r#"","data":"#)?;
        let data = rest.0.strip_suffix('}').filter(|data| data.starts_with('{') && data.ends_with('}'))?;
        let read =
            Self { source, type_name, stream, time, version, programme, actor, command, cause, basis, data };
        let known = basis.is_empty() || basis.split(',').all(|place| Place::read(place).is_some());
        known.then_some(read)
    }

    /// How far other services were known.
    pub fn basis(&self) -> impl Iterator<Item = Place> + 'a {
        self.basis.split(',').filter_map(Place::read)
    }

    /// How far one service was known; 0: not at all.
    pub fn knew(&self, service: Service) -> u64 {
        self.basis().find(|place| place.service == service).map_or(0, |place| place.position)
    }
}

fn actor(text: &str) -> Option<Actor<'_>> {
    match text.split_once('/')? {
        ("member", id) => Id::read(id).map(Actor::Member),
        ("process", name) => word(name).map(Actor::Process),
        _ => None,
    }
}

/// Lower-case letters and underscores.
fn word(text: &str) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    (!text.is_empty() && text.bytes().all(plain)).then_some(text)
}

/// What has not been read yet.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn eat(&mut self, wanted: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(wanted)?;
        Some(())
    }

    /// Up to a mark, which is left.
    fn until(&mut self, mark: char) -> Option<&'a str> {
        let (text, rest) = self.0.split_at(self.0.find(mark)?);
        self.0 = rest;
        (!text.contains('\\')).then_some(text)
    }

    /// What stands after this, up to the next quotation mark.
    fn after(&mut self, wanted: &str) -> Option<&'a str> {
        let before = self.0;
        self.eat(wanted)?;
        let text = self.until('"');
        if text.is_none() {
            self.0 = before;
        }
        text
    }

    fn id(&mut self) -> Option<Id> {
        let id = Id::read(self.0.get(..36)?)?;
        self.0 = &self.0[36..];
        Some(id)
    }
}
