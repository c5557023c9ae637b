//! What the services say of a judge's work, as far as these pages need it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::files::File;

/// A round's panel, as one of its judges sees it.
#[derive(Clone, Debug, Deserialize)]
pub struct Panel {
    /// Whether judges don't know whose a pitch is.
    pub anonymous: bool,
    /// The reader's own.
    pub seat: Option<Seat>,
}

/// A place on a panel.
#[derive(Clone, Debug, Deserialize)]
pub struct Seat {
    /// Its id.
    pub judge: Uuid,
    /// Whose it is: the reader.
    pub member: Uuid,
    /// `judge`, `chair` or `deputy`.
    pub office: String,
    /// Of the promoter and the sponsors.
    pub independent: bool,
    /// How far it is.
    pub status: SeatStatus,
    /// Whether interests are declared.
    pub declared: bool,
    /// What stands between this judge and some pitches.
    #[serde(default)]
    pub connections: Vec<Connection>,
}

/// How far a seat has come.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum SeatStatus {
    /// Not answered yet.
    Invited,
    /// Sits.
    Accepted,
    /// Said no.
    Declined,
    /// Left.
    StoodDown,
}

/// What stands between a judge and a pitch.
#[derive(Clone, Debug, Deserialize)]
pub struct Connection {
    /// `known` or `stand_aside`.
    pub connection: String,
    /// Whether an organiser allowed a known one.
    pub allowed: bool,
}

/// How a round stands.
#[derive(Clone, Debug, Deserialize)]
pub struct RoundStands {
    /// How far it is.
    pub phase: RoundPhase,
    /// When the result was declared.
    pub declared_at: Option<Timestamp>,
}

/// How far a round is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum RoundPhase {
    /// The panel is not ready.
    Waiting,
    /// The panel is ready.
    Ready,
    /// Judges mark.
    Open,
    /// Nothing changes any more.
    Locked,
    /// The marks are open.
    Unsealed,
    /// It doesn't count.
    Voided,
}

/// A scorecard of the reader's own.
#[derive(Clone, Debug, Deserialize)]
pub struct Scorecard {
    /// On which pitch.
    pub pitch: Uuid,
    /// How far it is.
    pub status: CardStatus,
    /// For `If-Match`.
    pub version: u64,
    /// Organisers who judge get the others' too, without what is in them.
    pub own: bool,
    /// By criterion, once handed in.
    pub marks: Option<BTreeMap<String, String>>,
    /// What it says to the panel.
    pub comment_to_panel: Option<String>,
    /// What it says to the entrant.
    pub comment_to_entrant: Option<String>,
    /// Why an organiser asks for other words to the entrant.
    pub comment_returned: Option<String>,
    /// Why it was abstained.
    pub reason: Option<String>,
}

/// A pitch's scorecards, as far as the reader sees them.
#[derive(Clone, Debug, Deserialize)]
pub struct OfPitch {
    /// The reader's own among them.
    pub scorecards: Vec<Scorecard>,
}

/// How far a scorecard is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum CardStatus {
    /// Not handed in.
    Expected,
    /// Handed in.
    Sealed,
    /// No marks, and a reason.
    Abstained,
    /// It went to another judge.
    Released,
    /// Not counted.
    SetAside,
}

/// That a sheet is begun.
#[derive(Clone, Debug, Deserialize)]
pub struct Begun {
    /// Of which pitch.
    pub pitch: Uuid,
}

/// What is on a sheet: marks as they were typed, and comments.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(default)]
pub struct Content {
    /// By criterion.
    pub marks: BTreeMap<String, String>,
    /// Only the panel sees it.
    pub comment_to_panel: String,
    /// It reaches the entrant.
    pub comment_to_entrant: String,
}

/// A sheet in the making.
#[derive(Clone, Debug, Deserialize)]
pub struct Draft {
    /// For `If-Match`.
    pub version: u64,
    /// What is on it.
    pub content: Content,
}

/// That a sheet was saved.
#[derive(Clone, Debug, Deserialize)]
pub struct Saved {
    /// Which version it now is.
    pub version: u64,
}

/// A pitch as its judge reads it.
#[derive(Clone, Debug, Deserialize)]
pub struct Reading {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub title: Option<String>,
    /// Whose it is; absent in an anonymous round.
    pub team_name: Option<String>,
    /// By the id of the question.
    pub answers: Option<BTreeMap<String, String>>,
    /// Files that come with it.
    pub attachments: Option<Vec<File>>,
}

impl Content {
    /// What was handed in.
    pub fn of(card: &Scorecard) -> Self {
        Self {
            marks: card.marks.clone().unwrap_or_default(),
            comment_to_panel: card.comment_to_panel.clone().unwrap_or_default(),
            comment_to_entrant: card.comment_to_entrant.clone().unwrap_or_default(),
        }
    }

    /// Whether two say the same: marks that are not given, and spaces around
    /// words, make no difference.
    pub fn is(&self, other: &Self) -> bool {
        let marks = |content: &Self| {
            let marks = content.marks.iter().map(|(id, mark)| (id.clone(), mark.trim().to_owned()));
            marks.filter(|(_, mark)| !mark.is_empty()).collect::<Vec<_>>()
        };
        marks(self) == marks(other)
            && self.comment_to_panel.trim() == other.comment_to_panel.trim()
            && self.comment_to_entrant.trim() == other.comment_to_entrant.trim()
    }
}
