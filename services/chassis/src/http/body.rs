//! Reading a body.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::de::StrRead;

use crate::problem::Problem;

/// Reads JSON; what is wrong names its field. An empty body is an empty object.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Problem::bad_request(
            "not-utf8",
            format!("The body is not valid UTF-8 at byte {}.", error.valid_up_to()),
        )
    })?;
    let text = if text.trim().is_empty() { "{}" } else { text };
    read(text, |json| serde_path_to_error::deserialize::<_, Plain>(json))?;
    read(text, |json| serde_path_to_error::deserialize(json))
}

fn read<'a, T>(
    text: &'a str,
    read: impl FnOnce(
        &mut serde_json::Deserializer<StrRead<'a>>,
    ) -> Result<T, serde_path_to_error::Error<serde_json::Error>>,
) -> Result<T, Problem> {
    let no_json = |error| Problem::bad_request("not-json", format!("The body is not JSON: {error}."));
    let mut json = serde_json::Deserializer::from_str(text);
    let parsed = read(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() { Problem::field(path, inner.to_string()) } else { no_json(inner) }
    })?;
    json.end().map_err(no_json)?;
    Ok(parsed)
}

/// JSON of which nobody can ask what it means: no name twice in an object,
/// which readers take differently, and no U+0000, which no text that people
/// mean has and PostgreSQL's can't. So no field needs to think of either.
struct Plain;

impl<'de> serde::Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(Self)
    }
}

/// A value that is refused where it stands, so that the error has its path.
struct Refused(&'static str);

impl<'de> DeserializeSeed<'de> for Refused {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
        Err(D::Error::custom(self.0))
    }
}

const NUL: &str = "this holds the character U+0000, which no text may have";

impl<'de> Visitor<'de> for Plain {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self, E> {
        if text.contains('\0') { Err(E::custom(NUL)) } else { Ok(self) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            if name.contains('\0') {
                fields.next_value_seed(Refused(NUL))?;
            } else if !seen.insert(name) {
                fields.next_value_seed(Refused("this is said twice"))?;
            } else {
                fields.next_value::<Self>()?;
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn refused(body: &str) -> String {
        let problem = parse::<Value>(body.as_bytes()).unwrap_err();
        serde_json::to_value(&problem).unwrap()["errors"][0]["field"].as_str().unwrap().to_owned()
    }

    #[test]
    fn a_nul_names_its_field() {
        assert_eq!(refused(r#"{"title": "a\u0000b"}"#), "title");
        assert_eq!(refused(r#"{"a": {"b": ["c", {"d": "\u0000"}]}}"#), "a.b[1].d");
        assert_eq!(refused(r#"{"a": {"b\u0000": 1}}"#), "a.b\0");
    }

    #[test]
    fn a_name_may_be_said_once() {
        assert_eq!(refused(r#"{"marks": {"impact": "1", "team": "2", "impact": "3"}}"#), "marks.impact");
        assert!(parse::<Value>(br#"[{"a": 1}, {"a": 2, "b": {"a": 3}}]"#).is_ok());
    }

    #[test]
    fn what_only_looks_like_a_nul_is_text() {
        assert!(parse::<Value>(br#"{"title": "a\\u0000b"}"#).is_ok());
        assert!(parse::<Value>(br#"{"title": "\u0001"}"#).is_ok());
    }

    #[test]
    fn nothing_is_an_empty_object_and_more_than_one_thing_is_no_json() {
        assert_eq!(parse::<Value>(b" \n").unwrap(), serde_json::json!({}));
        for wrong in ["{} {}", "{", "[1,]", &"[".repeat(100_000), "{\"a\": 1e400}"] {
            assert_eq!(parse::<Value>(wrong.as_bytes()).unwrap_err().code(), "not-json");
        }
        assert_eq!(parse::<Value>(b"{\"a\": \"\xff\"}").unwrap_err().code(), "not-utf8");
    }
}
