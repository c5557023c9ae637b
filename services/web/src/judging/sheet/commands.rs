//! Saving a sheet, and handing it in.

use axum::http::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::super::desk::Desk;
use super::super::seen::{CardStatus, Content, Draft, OfPitch, Saved, Scorecard};
use crate::api::Done;
use crate::components::Errors;
use crate::failure::{Failure, Problem};
use crate::fields::Fields;
use crate::together::together;
use crate::visitor::Visitor;

/// What became of a sheet that was sent.
pub enum Outcome {
    /// It is kept.
    Saved {
        /// The draft's version.
        version: u64,
    },
    /// It is in.
    HandedIn {
        /// Where to go on.
        next: String,
        /// What to say there.
        says: String,
        /// The scorecard's version.
        card: u64,
    },
    /// It was changed elsewhere meanwhile; nothing was written over.
    Moved {
        /// What is there.
        other: Content,
        /// The draft's version there.
        version: u64,
        /// The scorecard's.
        card: u64,
    },
    /// It breaks a rule.
    Refused {
        /// Which.
        problem: Problem,
    },
}

/// One sheet of a judge's that is being written.
struct Writing<'a> {
    visitor: &'a Visitor,
    desk: &'a Desk,
    pitch: Uuid,
    key: &'a str,
    content: Content,
}

/// Does what the form asks: a sheet that is handed in is saved first, so that
/// nothing of it is lost if it is refused.
pub async fn carry_out(
    visitor: &Visitor,
    of: &(Uuid, String, Uuid),
    fields: &Fields,
) -> Result<(Desk, Outcome), Failure> {
    let (programme, round, pitch) = of;
    let desk = Desk::open_to_mark(visitor, *programme, round).await?;
    if fields.has("_member") && fields.text("_member") != desk.seat.member.to_string() {
        let says = "You are signed in as somebody else. Sign in as yourself, then send it again.";
        return Err(Failure::refused(StatusCode::UNAUTHORIZED, "not-signed-in", says));
    }
    let (content, key) = (content(fields), fields.key());
    let writing = Writing { visitor, desk: &desk, pitch: *pitch, key, content };
    let outcome = match writing.save(fields.version().unwrap_or_default()).await {
        Ok(Outcome::Saved { version }) if fields.text("do") == "hand-in" => {
            writing.hand_in(version, fields.text("_sheet").parse().ok()).await
        }
        other => other,
    };
    let outcome = match outcome {
        Err(failure) => Outcome::Refused { problem: failure.for_the_form()? },
        Ok(outcome) => outcome,
    };
    Ok((desk, outcome))
}

/// What a form says.
pub fn content(fields: &Fields) -> Content {
    let marks = fields.under("marks.").filter(|(_, mark)| !mark.trim().is_empty());
    Content {
        marks: marks.map(|(criterion, mark)| (criterion.to_owned(), mark.trim().to_owned())).collect(),
        comment_to_panel: fields.raw("comment_to_panel").to_owned(),
        comment_to_entrant: fields.raw("comment_to_entrant").to_owned(),
    }
}

/// What is wrong with a sheet; the rules' own ids become what people call them.
pub fn errors(problem: &Problem, desk: &Desk) -> Errors {
    let mut errors = Errors::new();
    for (field, message) in problem.to_errors().iter() {
        let criterion = field.and_then(|field| field.strip_prefix("marks."));
        match (field, criterion) {
            (Some(field), Some(id)) => {
                let named = message.replace(&format!("“{id}”"), &format!("“{}”", desk.wording.criterion(id)));
                errors.push(field, named);
            }
            (Some(field), None) => errors.push(field, message),
            (None, _) => errors.push_general(message),
        }
    }
    errors
}

impl Writing<'_> {
    async fn save(&self, seen: u64) -> Result<Outcome, Failure> {
        match self.put(seen, "draft").await {
            Err(failure) if failure.status() == StatusCode::PRECONDITION_FAILED => self.moved().await,
            other => other,
        }
    }

    async fn put(&self, seen: u64, name: &str) -> Result<Outcome, Failure> {
        let key = format!("{}/{name}", self.key);
        let path = self.of_card("/draft");
        let saved: Saved = self.visitor.api.send(Method::PUT, &path, &key, Some(seen), &self.content).await?;
        Ok(Outcome::Saved { version: saved.version })
    }

    /// Something else is there than what this was made from. Often it is what
    /// is being sent, whose answer was lost on its way.
    async fn moved(&self) -> Result<Outcome, Failure> {
        let of_draft = self.of_card("/draft");
        let (draft, card) = together!(self.visitor.api.find::<Draft>(&of_draft), self.card())?;
        let sealed = card.status == CardStatus::Sealed;
        Ok(match draft {
            Some(draft) if draft.content.is(&self.content) => Outcome::Saved { version: draft.version },
            Some(draft) => {
                Outcome::Moved { other: draft.content, version: draft.version, card: card.version }
            }
            None if sealed && Content::of(&card).is(&self.content) => Outcome::Saved { version: 0 },
            None if sealed => Outcome::Moved { other: Content::of(&card), version: 0, card: card.version },
            // There is nothing that this could write over.
            None => self.put(0, "draft-anew").await?,
        })
    }

    async fn hand_in(&self, version: u64, seen: Option<u64>) -> Result<Outcome, Failure> {
        let words = |words: &str| Some(words.trim().to_owned()).filter(|words| !words.is_empty());
        let body = json!({
            "marks": self.content.marks,
            "comment_to_panel": words(&self.content.comment_to_panel),
            "comment_to_entrant": words(&self.content.comment_to_entrant),
        });
        let (path, key) = (self.of_card("/seal"), format!("{}/seal", self.key));
        match self.visitor.api.send::<Done>(Method::POST, &path, &key, seen, &body).await {
            Ok(done) => self.handed_in(done.version).await,
            Err(failure) if failure.status() == StatusCode::PRECONDITION_FAILED => {
                let card = self.card().await?;
                if card.status == CardStatus::Sealed && Content::of(&card).is(&self.content) {
                    return self.handed_in(card.version).await;
                }
                Ok(Outcome::Moved { other: Content::of(&card), version, card: card.version })
            }
            Err(failure) => Err(failure),
        }
    }

    async fn handed_in(&self, card: u64) -> Result<Outcome, Failure> {
        let queue = self.desk.queue(self.visitor).await?;
        let next = queue.next(Some(self.pitch)).map(|next| format!("/{}", next.pitch));
        let title = queue.find(self.pitch).map_or("", |sheet| sheet.title.as_str());
        Ok(Outcome::HandedIn {
            next: self.desk.page(&next.unwrap_or_default()),
            says: format!("Handed in: {title}."),
            card,
        })
    }

    async fn card(&self) -> Result<Scorecard, Failure> {
        let of_pitch: OfPitch = self.visitor.api.get(&self.of_card("")).await?;
        let own = of_pitch.scorecards.into_iter().find(|card| card.own);
        own.ok_or_else(|| Failure::not_found("score sheet"))
    }

    fn of_card(&self, rest: &str) -> String {
        self.desk.of_round(&format!("/scorecards/{}{rest}", self.pitch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_what_was_typed() {
        let fields = Fields::parse(b"marks.plan=+7.5+&marks.people=&comment_to_panel=+a%0D%0Ab");
        let content = content(&fields);
        assert_eq!(content.marks.into_iter().collect::<Vec<_>>(), [("plan".to_owned(), "7.5".to_owned())]);
        assert_eq!(content.comment_to_panel, " a\nb");
        assert_eq!(content.comment_to_entrant, "");
    }
}
