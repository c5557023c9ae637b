//! The parts of a draft: each is a page, and saved without touching another.

use sha2::{Digest, Sha256};

use super::draft::Content;
use crate::api::Rulebook;
use crate::fields::Fields;

/// One part of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// What it and its team are called.
    Names,
    /// Whether they may enter.
    Gate,
    /// The answer to this question.
    Question(String),
    /// Whether the rules are accepted, and it may enter by itself.
    Rules,
}

/// A field of a form, and what stands in it.
pub type Filled = Vec<(String, String)>;

impl Part {
    /// Every part of a draft under this rulebook, in the order of the pages.
    pub fn all(rulebook: &Rulebook) -> Vec<Self> {
        let questions = rulebook.form.iter().map(|question| Self::Question(question.id.clone()));
        let mut parts = vec![Self::Names];
        parts.extend(questions);
        parts.push(Self::Rules);
        parts
    }

    /// The end of its page's path.
    pub fn path(&self) -> String {
        match self {
            Self::Names => "/names".to_owned(),
            Self::Gate => "/gate".to_owned(),
            Self::Question(id) => format!("/questions/{id}"),
            Self::Rules => "/rules".to_owned(),
        }
    }

    /// What stands in its fields.
    pub fn read(&self, content: &Content) -> Filled {
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        match self {
            Self::Names => vec![
                ("title".to_owned(), content.title.clone()),
                ("team_name".to_owned(), content.team_name.clone()),
            ],
            Self::Gate => content.gate.iter().map(|(id, is)| (format!("gate.{id}"), yes(*is))).collect(),
            Self::Question(id) => {
                vec![(format!("answers.{id}"), content.answers.get(id).cloned().unwrap_or_default())]
            }
            Self::Rules => vec![
                ("accept_rules".to_owned(), yes(content.accept_rules)),
                ("enter_at_deadline".to_owned(), yes(content.enter_at_deadline)),
            ],
        }
    }

    /// Puts in what a form sent; the other parts stay as they are.
    pub fn write(&self, fields: &Fields, content: &mut Content) {
        match self {
            Self::Names => {
                content.title = fields.text("title").to_owned();
                content.team_name = fields.text("team_name").to_owned();
            }
            Self::Gate => {
                let answers = fields.under("gate.").map(|(id, says)| (id.to_owned(), says == "yes"));
                content.gate = answers.collect();
            }
            Self::Question(id) => {
                let text = fields.raw(&format!("answers.{id}")).to_owned();
                if text.is_empty() {
                    content.answers.remove(id);
                } else {
                    content.answers.insert(id.clone(), text);
                }
            }
            Self::Rules => {
                content.accept_rules = fields.text("accept_rules") == "yes";
                content.enter_at_deadline = fields.text("enter_at_deadline") != "no";
            }
        }
    }

    /// A few letters that are others when what stands in it is.
    pub fn mark(&self, content: &Content) -> String {
        let mut digest = Sha256::new();
        for (name, value) in self.read(content) {
            for text in [name, value] {
                digest.update((text.len() as u64).to_be_bytes());
                digest.update(text);
            }
        }
        digest.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
    }
}
