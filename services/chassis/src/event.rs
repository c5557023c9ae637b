//! An event as it is stored, published, logged and hashed: one CloudEvent in
//! structured mode, serialised once. Nothing re-serialises it to check it.

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::id::{ProgrammeId, StreamId};
use crate::vault::Commitment;

/// A noun's events: an enum over contracts that the [`events!`](crate::events)
/// macro writes.
pub trait Event: cqrs_es::DomainEvent + 'static {
    /// The message's full name in `proto/`.
    fn type_name(&self) -> &'static str;
    /// The message as ProtoJSON.
    fn data(&self) -> Result<Box<RawValue>, serde_json::Error>;
    /// The event that `type_name` and `data` say, if it is one of the noun's.
    fn parse(type_name: &str, data: &RawValue) -> Result<Self, NotOurs>;
}

/// An event that a noun can't read.
#[derive(Debug, thiserror::Error)]
pub enum NotOurs {
    /// Of a type that the noun doesn't know.
    #[error("no event of type '{0}' belongs here")]
    Unknown(String),
    /// Of a known type, but not readable as it.
    #[error("an event can't be read: {0}")]
    Unreadable(#[from] serde_json::Error),
}

/// Writes the enum of a noun's events from the contracts' messages, package by
/// package, and teaches it its names and its ProtoJSON. The messages must be
/// in scope by their names.
#[macro_export]
macro_rules! events {
    ($(#[$doc:meta])* $vis:vis enum $name:ident {
        $($package:literal { $($event:ident),* $(,)? })*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        $vis enum $name {
            $($(
                #[doc = concat!("`", $package, ".", stringify!($event), "`")]
                $event($event),
            )*)*
        }

        $($(
            impl From<$event> for $name {
                fn from(event: $event) -> Self {
                    Self::$event(event)
                }
            }
        )*)*

        impl cqrs_es::DomainEvent for $name {
            fn event_type(&self) -> String {
                $crate::event::Event::type_name(self).to_owned()
            }

            fn event_version(&self) -> String {
                "1".to_owned()
            }
        }

        impl $crate::event::Event for $name {
            fn type_name(&self) -> &'static str {
                match self {
                    $($(Self::$event(_) => concat!($package, ".", stringify!($event)),)*)*
                }
            }

            fn data(&self) -> Result<Box<serde_json::value::RawValue>, serde_json::Error> {
                match self {
                    $($(Self::$event(event) => serde_json::value::to_raw_value(event),)*)*
                }
            }

            fn parse(
                type_name: &str,
                data: &serde_json::value::RawValue,
            ) -> Result<Self, $crate::event::NotOurs> {
                match type_name {
                    $($(concat!($package, ".", stringify!($event)) =>
                        Ok(Self::$event(serde_json::from_str(data.get())?)),)*)*
                    _ => Err($crate::event::NotOurs::Unknown(type_name.to_owned())),
                }
            }
        }
    };
}

/// The attributes of an event around its data (CloudEvents 1.0.2, JSON format).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope {
    specversion: String,
    /// Of the event.
    pub id: Uuid,
    /// The service that appended it.
    pub source: String,
    /// The message's name in `proto/`.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The stream.
    #[serde(rename = "subject")]
    pub stream: StreamId,
    /// When it was decided.
    pub time: Timestamp,
    /// Its place in its stream, from 1.
    pub version: u64,
    /// The programme it belongs to.
    pub programme: ProgrammeId,
    /// The member who did it, or the process manager or timer.
    pub actor: String,
    /// Whom a helper did it for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onbehalf: Option<Uuid>,
    /// The command it was decided by.
    pub command: Uuid,
    /// The event that it follows from, written `service/position`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The highest position of each foreign stream that the service had taken
    /// in when it decided, written `panels/12,submissions/340`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// Sixteen random bytes, so that a hash under embargo can't be guessed.
    pub nonce: String,
    /// The message, as ProtoJSON.
    pub data: Box<RawValue>,
}

/// What a new envelope says besides its data.
pub(crate) struct Stamp<'a> {
    pub source: &'a str,
    pub time: Timestamp,
    pub programme: ProgrammeId,
    pub actor: &'a str,
    pub onbehalf: Option<Uuid>,
    pub command: Uuid,
    pub cause: Option<&'a str>,
    pub basis: &'a str,
}

impl Envelope {
    /// Serialises a new event, once and for ever.
    pub(crate) fn write(
        stamp: &Stamp<'_>,
        stream: &StreamId,
        version: u64,
        type_name: &str,
        data: Box<RawValue>,
    ) -> Result<Vec<u8>, serde_json::Error> {
        use base64::Engine as _;
        let nonce: [u8; 16] = rand::random();
        serde_json::to_vec(&Self {
            specversion: "1.0".to_owned(),
            id: Uuid::new_v4(),
            source: stamp.source.to_owned(),
            type_name: type_name.to_owned(),
            stream: stream.clone(),
            time: stamp.time,
            version,
            programme: stamp.programme,
            actor: stamp.actor.to_owned(),
            onbehalf: stamp.onbehalf,
            command: stamp.command,
            cause: stamp.cause.map(str::to_owned),
            basis: stamp.basis.to_owned(),
            nonce: base64::prelude::BASE64_STANDARD_NO_PAD.encode(nonce),
            data,
        })
    }

    /// The name of the message without its package: `PitchSubmitted`.
    pub fn kind(&self) -> &str {
        self.type_name.rsplit('.').next().unwrap_or(&self.type_name)
    }

    /// The NATS subject: `plaudit.submissions.pitch.<id>.submitted`.
    pub fn subject(&self) -> String {
        subject(&self.source, &self.stream, self.kind())
    }
}

/// See [`Envelope::subject`].
fn subject(service: &str, stream: &StreamId, kind: &str) -> String {
    let mut words = String::with_capacity(kind.len() + 4);
    for (at, letter) in kind.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            words.push('_');
        }
        words.push(letter.to_ascii_lowercase());
    }
    let noun = stream.noun();
    let what = words.strip_prefix(noun).and_then(|rest| rest.strip_prefix('_')).unwrap_or(&words);
    format!("plaudit.{service}.{noun}.{}.{what}", stream.id())
}

/// An event and the place where it lies.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its number among its service's events, from 1: also its sequence in
    /// the service's JetStream stream.
    pub position: u64,
    /// Exactly as stored.
    pub bytes: Bytes,
    /// The same, read.
    pub envelope: Envelope,
}

impl Recorded {
    /// Reads stored bytes.
    pub fn read(position: u64, bytes: Bytes) -> Result<Self, serde_json::Error> {
        let envelope = serde_json::from_slice(&bytes)?;
        Ok(Self { position, bytes, envelope })
    }

    /// The event as one of a noun's, or `None` if it is another noun's.
    pub fn is<E: Event>(&self) -> Result<Option<E>, NotOurs> {
        match E::parse(&self.envelope.type_name, &self.envelope.data) {
            Ok(event) => Ok(Some(event)),
            Err(NotOurs::Unknown(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The message itself, if the event is of this type.
    pub fn message<M>(&self, type_name: &str) -> Result<Option<M>, serde_json::Error>
    where
        M: serde::de::DeserializeOwned,
    {
        (self.envelope.type_name == type_name)
            .then(|| serde_json::from_str(self.envelope.data.get()))
            .transpose()
    }

    /// The commitments that it makes.
    pub(crate) fn commitments(&self) -> Vec<Commitment> {
        self.committed(plaudit_proto::sealed_fields(&self.envelope.type_name).iter().copied())
    }

    /// Those of some fields, each by its message and its name in the JSON.
    pub(crate) fn commitments_in(&self, fields: &[(&str, &str)]) -> Vec<Commitment> {
        let kind = self.envelope.kind();
        let fields: Vec<&str> =
            fields.iter().filter(|(of, _)| *of == kind).map(|(_, field)| *field).collect();
        let sealed = plaudit_proto::sealed_fields(&self.envelope.type_name);
        self.committed(sealed.iter().copied().filter(|field| fields.contains(field)))
    }

    fn committed<'a>(&self, mut fields: impl Iterator<Item = &'a str>) -> Vec<Commitment> {
        use base64::Engine as _;
        let Some(first) = fields.next() else { return Vec::new() };
        let Ok(data) = serde_json::from_str::<serde_json::Value>(self.envelope.data.get()) else {
            return Vec::new();
        };
        let sealed = std::iter::once(first).chain(fields).filter_map(|field| data.get(field)?.as_str());
        let decoded = sealed.filter_map(|text| base64::prelude::BASE64_STANDARD.decode(text).ok());
        decoded.map(Commitment::from).collect()
    }

    /// Where it lies, as `cause` and `Plaudit-Position` write it.
    pub fn place(&self) -> String {
        format!("{}/{}", self.envelope.source, self.position)
    }
}
