//! What an entrant hands in: checked against the rulebook's gate and form,
//! sealed, and never part of an event.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_chassis::vault::Opening;
use plaudit_chassis::{FieldError, Problem};
use plaudit_proto::v1::Rulebook;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::attachment::Sealing;

/// The most characters of a title or a team's name.
pub const MOST_NAME: usize = 200;
/// The most people in a team.
const MOST_TEAM: usize = 30;

/// An entry as it is handed in; as a draft it may be incomplete.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Entry {
    /// At most 200 characters.
    pub title: String,
    /// At most 200 characters.
    pub team_name: String,
    /// By the id of the gate question: each must be true.
    pub gate: BTreeMap<String, bool>,
    /// By the id of the form question.
    pub answers: BTreeMap<String, String>,
    /// The rules are accepted.
    pub accept_rules: bool,
    /// The members besides whoever entered; absent: as before.
    pub team: Option<Vec<MemberId>>,
}

/// The openings of an entry's seals.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub title: Opening,
    pub team_name: Opening,
    pub answers: Opening,
    /// The files that come with it.
    pub attachments: Sealing,
}

impl Sealed {
    /// All that there are.
    pub fn openings(&self) -> impl Iterator<Item = &Opening> {
        [&self.title, &self.team_name, &self.answers].into_iter().chain(&self.attachments.opening)
    }
}

impl Entry {
    /// Seals what is private of it. The answers are sealed as JSON with sorted
    /// keys, which is what a map that keeps its order writes.
    pub fn seal(&self, pitch: PitchId, attachments: Sealing) -> Sealed {
        let stream = pitch.stream();
        // Text by text: serialising it can't fail.
        let answers = serde_json::to_vec(&self.answers).unwrap_or_default();
        Sealed {
            title: Opening::seal(&stream, "PitchSubmitted.title", pitch, self.title.trim()),
            team_name: Opening::seal(&stream, "PitchSubmitted.team_name", pitch, self.team_name.trim()),
            answers: Opening::seal(&stream, "PitchSubmitted.answers", pitch, answers),
            attachments,
        }
    }

    /// The whole team: whoever entered, who is the first of `before`, and the
    /// others.
    pub fn team(&self, before: &[MemberId]) -> Vec<MemberId> {
        let (entrant, others) = before.split_at(before.len().min(1));
        let mut team = entrant.to_vec();
        for member in self.team.as_deref().unwrap_or(others) {
            if !team.contains(member) {
                team.push(*member);
            }
        }
        team
    }

    /// 422 unless it is complete.
    pub fn check(&self, rulebook: &Rulebook) -> Result<(), Problem> {
        let errors = self.faults(rulebook);
        if errors.is_empty() {
            return Ok(());
        }
        let unprocessable = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        Err(Problem::new(unprocessable, "entry-incomplete", "The entry is not complete: see the fields.")
            .with(errors))
    }

    /// Everything that is missing or wrong in it, field by field.
    pub fn faults(&self, rulebook: &Rulebook) -> Vec<FieldError> {
        let mut errors = Vec::new();
        name("title", &self.title, &mut errors);
        name("team_name", &self.team_name, &mut errors);
        self.check_gate(rulebook, &mut errors);
        self.check_answers(rulebook, &mut errors);
        if !self.accept_rules {
            errors.push(wrong("accept_rules", "Accept the rules to enter."));
        }
        if self.team.as_ref().is_some_and(|team| team.len() >= MOST_TEAM) {
            errors.push(wrong("team", format!("A team has at most {MOST_TEAM} people.")));
        }
        errors
    }

    fn check_gate(&self, rulebook: &Rulebook, errors: &mut Vec<FieldError>) {
        for question in &rulebook.gate {
            if self.gate.get(&question.id) != Some(&true) {
                let field = format!("gate.{}", question.id);
                errors.push(wrong(field, "Only those of whom this is true may enter."));
            }
        }
        for id in self.gate.keys() {
            if !rulebook.gate.iter().any(|question| question.id == *id) {
                errors.push(wrong(format!("gate.{id}"), "The rulebook doesn't ask this."));
            }
        }
    }

    fn check_answers(&self, rulebook: &Rulebook, errors: &mut Vec<FieldError>) {
        for question in &rulebook.form {
            let answer = self.answers.get(&question.id).map_or("", String::as_str);
            let field = || format!("answers.{}", question.id);
            if question.required && answer.trim().is_empty() {
                errors.push(wrong(field(), "This must be answered."));
            }
            let (length, most) = (answer.chars().count(), question.most_characters as usize);
            if length > most {
                errors.push(wrong(field(), format!("This has {length} characters; the most is {most}.")));
            }
        }
        for id in self.answers.keys() {
            if !rulebook.form.iter().any(|question| question.id == *id) {
                errors.push(wrong(format!("answers.{id}"), "The rulebook doesn't ask this."));
            }
        }
    }
}

/// A name: something, and not too long.
pub fn name(field: &str, text: &str, errors: &mut Vec<FieldError>) {
    let length = text.trim().chars().count();
    if !(1..=MOST_NAME).contains(&length) {
        errors.push(wrong(field, format!("Write 1 to {MOST_NAME} characters.")));
    }
}

fn wrong(field: impl Into<String>, detail: impl Into<String>) -> FieldError {
    FieldError { field: field.into(), detail: detail.into() }
}
