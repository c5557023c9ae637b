//! The score sheet: the pitch on one side, the marks on the other.
//!
//! A sheet is saved as often as its judge likes, and handed in when it is
//! complete; after the lock it is there to be read. Forms and the module send the same fields to the same address;
//! the module asks for JSON and gets the outcome without a page around it.

mod answer;
mod commands;
mod criteria;
mod own;
mod page;
mod pitch;
mod total;

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use uuid::Uuid;

use super::desk::Desk;
use super::queue::{Queue, Queued, SheetState};
use super::seen::{Content, Draft, Reading, RoundPhase};
use crate::components::Errors;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::together::together;
use crate::visitor::Visitor;
use commands::Outcome;
pub use own::reword;

type OfSheet = (Uuid, String, Uuid);

/// A sheet with all that its page shows.
pub(super) struct Sheet {
    desk: Desk,
    queue: Queue,
    reading: Reading,
    draft: Option<Draft>,
}

/// What the form says now.
struct Filled {
    content: Content,
    /// The version of the draft that it was made from.
    version: u64,
    /// The version of the scorecard that it was made from.
    card: u64,
    /// Whether it says something that the server has not.
    unsaved: bool,
    /// What somebody wrote elsewhere meanwhile.
    other: Option<Content>,
    errors: Errors,
}

impl Sheet {
    async fn open(visitor: &Visitor, desk: Desk, pitch: Uuid) -> Result<Self, Failure> {
        let of_pitch = format!("submissions/programmes/{}/pitches/{pitch}", desk.programme.id);
        let of_draft = desk.of_round(&format!("/scorecards/{pitch}/draft"));
        let (queue, reading, draft) = together!(
            desk.queue(visitor),
            visitor.api.get::<Reading>(&of_pitch),
            draft(visitor, &of_draft),
        )?;
        let sheet = Self { desk, queue, reading, draft };
        sheet.queued()?;
        Ok(sheet)
    }

    fn queued(&self) -> Result<&Queued, Failure> {
        self.queue.find(self.reading.id).ok_or_else(|| Failure::not_found("score sheet"))
    }

    /// As it was saved last, or handed in.
    fn filled(&self, queued: &Queued) -> Filled {
        let content = match &self.draft {
            Some(draft) => draft.content.clone(),
            None => Content::of(&queued.card),
        };
        Filled {
            content,
            version: self.draft.as_ref().map_or(0, |draft| draft.version),
            card: queued.card.version,
            unsaved: false,
            other: None,
            errors: Errors::new(),
        }
    }
}

pub async fn show(
    visitor: Visitor,
    Path((programme, round, pitch)): Path<OfSheet>,
) -> Result<Response, Failure> {
    let desk = Desk::open_to_mark(&visitor, programme, &round).await?;
    if desk.phase != RoundPhase::Open {
        return own::show(&visitor, desk, pitch).await;
    }
    let sheet = Sheet::open(&visitor, desk, pitch).await?;
    let queued = sheet.queued()?;
    if queued.state == SheetState::NotCounted {
        return Ok(visitor.to(&sheet.desk.page("")));
    }
    Ok(page::show(&visitor, &sheet, queued, &sheet.filled(queued)))
}

pub async fn send(
    visitor: Visitor,
    Path(of): Path<OfSheet>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Failure> {
    let accepts = headers.get(header::ACCEPT).and_then(|accepts| accepts.to_str().ok());
    if accepts.is_some_and(|accepts| accepts.starts_with("application/json")) {
        let outcome = commands::carry_out(&visitor, &of, &fields).await;
        return Ok(answer::of(&visitor, outcome));
    }
    let (desk, outcome) = commands::carry_out(&visitor, &of, &fields).await?;
    let here = desk.page(&format!("/{}", of.2));
    match outcome {
        Outcome::Saved { .. } if fields.text("do") == "next" => {
            let next = desk.queue(&visitor).await?.next(Some(of.2)).map(|next| format!("/{}", next.pitch));
            Ok(visitor.to_saying(&desk.page(&next.unwrap_or_default()), "Saved."))
        }
        Outcome::Saved { .. } => Ok(visitor.to_saying(&here, "Saved.")),
        Outcome::HandedIn { next, says, .. } => Ok(visitor.to_saying(&next, &says)),
        Outcome::Moved { .. } | Outcome::Refused { .. } => {
            let sheet = Sheet::open(&visitor, desk, of.2).await?;
            let queued = sheet.queued()?;
            Ok(page::show(&visitor, &sheet, queued, &again(&sheet, queued, &fields, outcome)))
        }
    }
}

/// A draft; none once nothing can be written any more.
async fn draft(visitor: &Visitor, path: &str) -> Result<Option<Draft>, Failure> {
    match visitor.api.find(path).await {
        Err(failure) if failure.status() == StatusCode::CONFLICT => Ok(None),
        other => other,
    }
}

/// The form as it was typed, with why it is here again.
fn again(sheet: &Sheet, queued: &Queued, fields: &Fields, outcome: Outcome) -> Filled {
    let now = sheet.filled(queued);
    let content = commands::content(fields);
    let unsaved = !content.is(&now.content);
    let mut filled = Filled { content, unsaved, ..now };
    match outcome {
        Outcome::Moved { other, .. } => {
            filled.errors.push_general(page::MOVED);
            filled.other = Some(other);
        }
        Outcome::Refused { problem } => filled.errors = commands::errors(&problem, &sheet.desk),
        Outcome::Saved { .. } | Outcome::HandedIn { .. } => {}
    }
    filled
}
