//! The people of a scenario: two organisers, an entrant a pitch, the judges.
//! Their addresses follow from the folder's name, so that whoever makes them
//! and whoever plays them agree.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::PlayError;
use super::scenario::{Scenario, ScenarioError};

/// The most characters of one part of a domain name is 63.
const LONGEST_LABEL: usize = 50;

/// Somebody to play as.
#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    pub email: String,
    pub name: String,
    /// An API token of theirs.
    pub token: String,
}

#[derive(Deserialize)]
struct PeopleFile {
    people: Vec<Person>,
}

/// Reads the file that `plaudit people` writes.
pub fn read_people(file: &Path) -> Result<Vec<Person>, PlayError> {
    let wrong = |what: String| PlayError::People { file: file.to_owned(), what };
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let read: PeopleFile = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    Ok(read.people)
}

/// Address and name of everybody whom these folders need.
pub fn people_for(folders: &[PathBuf]) -> Result<Vec<(String, String)>, PlayError> {
    let mut people = Vec::new();
    for folder in folders {
        people.extend(Roles::of(&Scenario::read(folder)?).everybody());
    }
    Ok(people)
}

/// Addresses and names, by what people do in a scenario.
pub struct Roles {
    pub organisers: [(String, String); 2],
    /// In running order.
    pub entrants: Vec<(String, String)>,
    /// As the judges are listed.
    pub judges: Vec<(String, String)>,
}

impl Roles {
    pub fn of(scenario: &Scenario) -> Self {
        let domain = domain(&scenario.name);
        let address = |who: &str| format!("{}@{domain}", word(who));
        let [a, b] = &scenario.organisers;
        let entrants = scenario.pitches.iter();
        let entrants =
            entrants.map(|pitch| (address(&format!("entrant-{}", pitch.key)), pitch.entrant.clone()));
        let judges = scenario.judges.iter();
        let judges = judges.map(|judge| (address(&format!("judge-{}", judge.key)), judge.name.clone()));
        Self {
            organisers: [(address("organiser-a"), a.clone()), (address("organiser-b"), b.clone())],
            entrants: entrants.collect(),
            judges: judges.collect(),
        }
    }

    fn everybody(self) -> impl Iterator<Item = (String, String)> {
        self.organisers.into_iter().chain(self.entrants).chain(self.judges)
    }
}

/// Lower-case letters, digits and hyphens, with nothing else at the ends.
fn word(text: &str) -> String {
    let plain = text.chars().map(|letter| match letter.to_ascii_lowercase() {
        letter @ ('a'..='z' | '0'..='9') => letter,
        _ => '-',
    });
    plain.collect::<String>().trim_matches('-').to_owned()
}

/// `<folder>.example.org`, in labels that are short enough.
fn domain(folder: &str) -> String {
    let mut labels: Vec<String> = Vec::new();
    for part in word(folder).split('-').filter(|part| !part.is_empty()) {
        match labels.last_mut() {
            Some(label) if label.len() + part.len() < LONGEST_LABEL => {
                label.push('-');
                label.push_str(part);
            }
            _ => labels.push(part.chars().take(LONGEST_LABEL).collect()),
        }
    }
    labels.push("example.org".to_owned());
    labels.join(".")
}

/// Those who play a scenario, found by their addresses.
pub struct Cast<'a> {
    pub organisers: [&'a Person; 2],
    pub entrants: Vec<&'a Person>,
    pub judges: Vec<&'a Person>,
}

impl<'a> Cast<'a> {
    /// Everybody whom the scenario needs, or who is missing.
    pub fn of(scenario: &Scenario, people: &'a HashMap<&str, &'a Person>) -> Result<Self, ScenarioError> {
        let roles = Roles::of(scenario);
        let find = |(email, name): &(String, String)| {
            people.get(email.as_str()).copied().ok_or_else(|| ScenarioError {
                file: scenario.folder.clone(),
                what: format!(
                    "nobody with a token plays {name} ({email}): make one with 'plaudit people --for {} --out FILE'",
                    scenario.folder.display(),
                ),
            })
        };
        let [a, b] = &roles.organisers;
        Ok(Self {
            organisers: [find(a)?, find(b)?],
            entrants: roles.entrants.iter().map(find).collect::<Result<_, _>>()?,
            judges: roles.judges.iter().map(find).collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_folder_names_become_addresses_that_are_allowed() {
        let folder = "isu-world-figure-skating-championships-2017-ladies-short-program-and-more";
        let domain = domain(folder);
        assert!(domain.split('.').all(|label| (1..=63).contains(&label.len())), "{domain}");
        assert!(domain.split('.').all(|label| label.trim_matches('-') == label), "{domain}");
        assert_eq!(domain.replace('.', "-"), format!("{folder}-example-org"));
    }

    #[test]
    fn odd_letters_do_not_reach_an_address() {
        assert_eq!(word("J 1"), "j-1");
        assert_eq!(domain("The Den (2026)"), "the-den-2026.example.org");
        assert_eq!(domain("…"), "example.org");
    }
}
