//! The things of a play, by name: ids once they are there, until then ids of
//! nothing; and texts that can be found again.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::rules::Rules;

/// Things that come to be in the play.
const THINGS: [&str; 13] = [
    "programme",
    "pitch",
    "other",
    "draft",
    "attachment",
    "file",
    "award",
    "support",
    "pledge",
    "session",
    "token",
    "nobody",
    "seat",
];

#[derive(Clone)]
pub struct World(BTreeMap<String, Value>);

impl World {
    pub fn new(rules: Rules, people: &[&str]) -> Self {
        let mut things = BTreeMap::new();
        for name in THINGS.iter().chain(people) {
            things.insert((*name).to_owned(), json!(Uuid::new_v4()));
        }
        // Places in the log, until they are there.
        for place in ["drafted", "declared", "sealed", "proposed"] {
            things.insert(place.to_owned(), json!("0"));
        }
        things.insert("submissions".to_owned(), json!("submissions"));
        things.insert("first".to_owned(), json!("0"));
        things.insert("tile".to_owned(), json!("0/000.p/1"));
        things.insert("bundle".to_owned(), json!("000.p/1"));
        things.insert("round".to_owned(), json!("final"));
        things.insert("result".to_owned(), json!("result"));
        things.insert("part".to_owned(), json!("1"));
        things.insert("challenge".to_owned(), json!("none-that-was-given"));
        things.insert("rulebook".to_owned(), rules.rulebook());
        things.insert("entry".to_owned(), entry("A title", "A team", "Some words"));
        Self(things)
    }

    /// The same programme without any of its things.
    pub fn elsewhere(&self) -> Self {
        let mut things = self.0.clone();
        let gone = THINGS.iter().filter(|name| **name != "programme");
        things.extend(gone.map(|name| ((*name).to_owned(), json!(Uuid::new_v4()))));
        Self(things)
    }

    pub fn set(&mut self, name: &str, thing: impl Into<Value>) {
        assert!(self.0.insert(name.to_owned(), thing.into()).is_some(), "nobody asks for {name}");
    }

    /// As it stands in a path.
    pub fn word(&self, name: &str) -> String {
        self.thing(name).as_str().unwrap_or_else(|| panic!("{name} is no word")).to_owned()
    }

    fn thing(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// A body with the things that it names.
    pub fn fill(&self, body: &Value) -> Value {
        match body {
            Value::String(word) => match word.strip_prefix('$') {
                Some(name) => self.thing(name).clone(),
                None => body.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, value)| (name.clone(), self.fill(value))).collect()
            }
            _ => body.clone(),
        }
    }
}

/// What an entrant hands in.
pub fn entry(title: &str, team: &str, words: &str) -> Value {
    json!({
        "title": title,
        "team_name": team,
        "gate": {"co-operative": true},
        "answers": {"pitch": words},
        "accept_rules": true,
    })
}
