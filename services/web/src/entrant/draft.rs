//! A draft as its writers get it from the API.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::attachments::Files;
use crate::api::{Programme, Question};
use crate::failure::{Failure, FieldError};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::Wording;

/// A draft; also the id of the pitch that it will be.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "Shown")]
pub struct Draft {
    pub id: Uuid,
    pub version: u64,
    /// Of the newest version, late or not: when, and by whom.
    pub saved_at: Timestamp,
    pub saved_by: Option<Uuid>,
    pub author: Option<Uuid>,
    pub collaborators: Vec<Uuid>,
    /// The newest version, late or not: what would enter.
    pub content: Content,
    /// What must be put right before it can enter.
    pub missing: Vec<FieldError>,
    /// Whether that came after the last instant, and so does not count by itself.
    pub late: bool,
    /// Two people let it be submitted until then.
    pub reopened_until: Option<Timestamp>,
}

/// As the API shows it.
#[derive(Deserialize)]
struct Shown {
    id: Uuid,
    version: u64,
    saved_at: Timestamp,
    saved_by: Option<Uuid>,
    author: Option<Uuid>,
    #[serde(default)]
    collaborators: Vec<Uuid>,
    content: Content,
    #[serde(default)]
    missing: Vec<FieldError>,
    late: Option<Late>,
    reopened_until: Option<Timestamp>,
}

/// A version that came too late.
#[derive(Deserialize)]
struct Late {
    by: Uuid,
    received_at: Timestamp,
    content: Content,
}

impl From<Shown> for Draft {
    fn from(shown: Shown) -> Self {
        let late = shown.late.is_some();
        let (saved_at, saved_by, content) = match shown.late {
            Some(late) => (late.received_at, Some(late.by), late.content),
            None => (shown.saved_at, shown.saved_by, shown.content),
        };
        let Shown { id, version, author, collaborators, missing, reopened_until, .. } = shown;
        Self {
            id,
            version,
            saved_at,
            saved_by,
            author,
            collaborators,
            content,
            missing,
            late,
            reopened_until,
        }
    }
}

/// What a draft says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    pub title: String,
    pub team_name: String,
    /// By the id of the gate question.
    pub gate: BTreeMap<String, bool>,
    /// By the id of the form question.
    pub answers: BTreeMap<String, String>,
    pub accept_rules: bool,
    pub team: Option<Vec<Uuid>>,
    pub enter_at_deadline: bool,
    /// Whatever else it has is saved again as it was.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A file that comes with it.
#[derive(Clone, Debug, Deserialize)]
pub struct Attachment {
    pub id: Uuid,
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// What of it has arrived.
    pub received: u64,
    /// Only then it comes with the pitch.
    pub complete: bool,
    /// It came after the last instant, and does not count by itself.
    #[serde(default)]
    pub late: bool,
}

impl Draft {
    /// Whether something is missing or wrong in this field.
    pub fn lacks(&self, field: &str) -> bool {
        self.missing.iter().any(|fault| fault.field == field)
    }

    /// Until when it can be submitted though the call is over.
    pub fn reopened(&self, now: Timestamp) -> Option<Timestamp> {
        self.reopened_until.filter(|until| *until >= now)
    }
}

/// A programme, one of its drafts, and what its questions say.
pub struct Desk {
    pub programme: Programme,
    pub draft: Draft,
    pub wording: Wording,
    /// Absent unless they were asked for.
    pub files: Vec<Attachment>,
}

impl Desk {
    /// Fetches both, and the files.
    pub async fn with_files(visitor: &Visitor, programme: Uuid, draft: Uuid) -> Result<Self, Failure> {
        let path = format!("{}/attachments", api_path(programme, draft));
        let (desk, files) = together!(Self::of(visitor, programme, draft), visitor.api.find::<Files>(&path))?;
        Ok(Self { files: files.map(|files| files.items).unwrap_or_default(), ..desk })
    }

    /// Fetches both.
    pub async fn of(visitor: &Visitor, programme: Uuid, draft: Uuid) -> Result<Self, Failure> {
        visitor.signed_in()?;
        let (about, path) = (format!("submissions/programmes/{programme}"), api_path(programme, draft));
        let (programme, draft): (Programme, Draft) =
            together!(visitor.api.get(&about), visitor.api.get(&path))?;
        let wording = Wording::of(&programme);
        Ok(Self { programme, draft, wording, files: Vec::new() })
    }

    /// The page of the draft, with what follows it.
    pub fn path(&self, rest: &str) -> String {
        page_path(self.programme.id, self.draft.id, rest)
    }

    /// The questions of the form.
    pub fn questions(&self) -> &[Question] {
        self.programme.rulebook.as_ref().map_or(&[], |rulebook| &rulebook.form)
    }

    /// The time zone that the programme speaks in.
    pub fn zone(&self) -> &str {
        zone(&self.programme)
    }

    /// Whether files may come with it.
    pub fn takes_files(&self) -> bool {
        self.programme.rulebook.as_ref().is_some_and(|rulebook| rulebook.most_attachments > 0)
    }
}

/// The time zone that a programme speaks in.
pub fn zone(programme: &Programme) -> &str {
    programme.rulebook.as_ref().map_or("UTC", |rulebook| rulebook.time_zone.as_str())
}

/// Where the API has a draft.
pub fn api_path(programme: Uuid, draft: Uuid) -> String {
    format!("submissions/programmes/{programme}/drafts/{draft}")
}

/// Where its pages are.
pub fn page_path(programme: Uuid, draft: Uuid, rest: &str) -> String {
    format!("/programmes/{programme}/drafts/{draft}{rest}")
}
