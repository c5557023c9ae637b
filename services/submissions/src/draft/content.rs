//! What a draft says.

use std::collections::BTreeMap;

use plaudit_chassis::id::MemberId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::entry::Entry;

/// An entry in the making, and whether it may enter by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DraftContent {
    /// At most 200 characters.
    pub title: String,
    /// At most 200 characters.
    pub team_name: String,
    /// By the id of the gate question.
    pub gate: BTreeMap<String, bool>,
    /// By the id of the form question.
    pub answers: BTreeMap<String, String>,
    /// The rules are accepted.
    pub accept_rules: bool,
    /// The members besides its author and collaborators.
    pub team: Option<Vec<MemberId>>,
    /// At the deadline it enters by itself if it is complete; true unless the
    /// author says no.
    pub enter_at_deadline: bool,
}

impl Default for DraftContent {
    fn default() -> Self {
        Self {
            title: String::new(),
            team_name: String::new(),
            gate: BTreeMap::new(),
            answers: BTreeMap::new(),
            accept_rules: false,
            team: None,
            enter_at_deadline: true,
        }
    }
}

impl From<Entry> for DraftContent {
    fn from(entry: Entry) -> Self {
        Self {
            title: entry.title,
            team_name: entry.team_name,
            gate: entry.gate,
            answers: entry.answers,
            accept_rules: entry.accept_rules,
            team: entry.team,
            enter_at_deadline: true,
        }
    }
}

impl From<DraftContent> for Entry {
    fn from(draft: DraftContent) -> Self {
        Self {
            title: draft.title,
            team_name: draft.team_name,
            gate: draft.gate,
            answers: draft.answers,
            accept_rules: draft.accept_rules,
            team: draft.team,
        }
    }
}
