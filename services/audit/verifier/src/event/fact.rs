//! `plaudit.intake.v1.FactTaken`: another service's message, word for word, and who had done it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Data;
use crate::id::Id;

/// A message that was taken over.
#[derive(Debug)]
pub struct Fact<'a> {
    /// The message's name, such as `judgeInvited`.
    pub name: &'a str,
    /// Word for word.
    pub words: &'a RawValue,
    /// The member who had done it; none if a process had.
    pub actor: Id,
    /// The message, read.
    pub said: Data<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Fact<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Fact<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an actor and one message")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fact<'de>, M::Error> {
        let mut actor = None;
        let mut message: Option<(&'de str, &'de RawValue)> = None;
        while let Some(key) = map.next_key::<&'de str>()? {
            if key == "actor" {
                if actor.replace(map.next_value::<Id>()?).is_some() {
                    return Err(M::Error::duplicate_field("actor"));
                }
            } else if message.replace((key, map.next_value()?)).is_some() {
                return Err(M::Error::custom("more than one message"));
            }
        }
        let (name, words) = message.ok_or_else(|| M::Error::custom("no message"))?;
        let said = Data::read_fact(name, words).ok_or_else(|| M::Error::custom("an unknown message"))?;
        Ok(Fact { name, words, actor: actor.unwrap_or_default(), said })
    }
}
