//! Very many people.

use std::fmt::Write;

use serde_json::Value;

use crate::people::{Person, Seen};
use crate::program::Program;

/// Two organisers who read what either wrote, and all others.
pub struct Crowd {
    /// Proposes everything.
    pub ada: Person,
    /// Confirms it.
    pub ben: Person,
    /// Each has a pitch.
    pub entrants: Vec<Person>,
    /// They mark them.
    pub judges: Vec<Person>,
}

impl Crowd {
    /// Makes them; no two crowds of a program may have the same name.
    pub fn of(program: &Program, name: &str, entrants: usize, judges: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (scenario, tokens) = (folder.path().join(name), folder.path().join("people.json"));
        write(&scenario, entrants, judges);
        let (scenario, out) = (scenario.to_str().unwrap(), tokens.to_str().unwrap());
        program.tool_says(&["people", "--out", out, "--for", scenario]);
        let people: Value = serde_json::from_slice(&std::fs::read(&tokens).unwrap()).unwrap();
        // One client for all: a connection for each would be too many.
        let anyone = Person::anyone(program.url(), &Seen::default());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let people = people["people"].as_array().unwrap().iter();
        let mut people: Vec<Person> =
            people.map(|person| anyone.signed_in(&text(&person["email"]), &text(&person["token"]))).collect();
        let judges = people.split_off(2 + entrants);
        let entrants = people.split_off(2);
        let [ada, ben] = &people[..] else { panic!("not two organisers") };
        Self { ada: ada.clone(), ben: ben.clone(), entrants, judges }
    }
}

/// A folder as `plaudit people` reads it.
fn write(folder: &std::path::Path, entrants: usize, judges: usize) {
    std::fs::create_dir(folder).unwrap();
    let programme = "title = \"The greatest\"\ncurrency = \"GBP\"\n[scale]\nmin = \"0\"\nmax = \"10\"\nstep = \"0.25\"\n\
         [[criteria]]\nid = \"impact\"\nname = \"Impact\"\nweight = \"1\"\n\
         [aggregation]\nmethod = \"mean\"\ntrim = 0\nnormalisation = \"none\"\nties = \"share\"\n\
         [[prizes]]\nrank = 1\namount_minor = 200000\n";
    let mut pitches = "pitch,title,team\n".to_owned();
    (0..entrants).for_each(|at| writeln!(pitches, "p{at},Pitch {at},Team {at}").unwrap());
    let mut panel = "judge,name\n".to_owned();
    (0..judges).for_each(|at| writeln!(panel, "j{at},Judge {at}").unwrap());
    let files = [
        ("programme.toml", programme),
        ("pitches.csv", &pitches),
        ("judges.csv", &panel),
        ("marks.csv", "pitch,judge,criterion,mark\n"),
    ];
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
}
