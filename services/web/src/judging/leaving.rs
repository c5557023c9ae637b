//! Giving no marks: for a reason, or for good.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Value, json};
use uuid::Uuid;

use super::desk::Desk;
use super::queue::{Queue, Queued};
use crate::api::Done;
use crate::components::{Button, Choice, Errors, Radios, Textarea, WarningText};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form};
use crate::visitor::Visitor;

type OfSheet = Path<(Uuid, String, Uuid)>;

/// The two ways to give no marks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaving {
    /// Of this sheet; it may still be handed in until the lock.
    Abstaining,
    /// Of the pitch, for good.
    StandingAside,
}

/// A desk with the sheet that is about to be left.
struct AtSheet {
    desk: Desk,
    queue: Queue,
    pitch: Uuid,
}

impl AtSheet {
    async fn open(
        visitor: &Visitor,
        (programme, round, pitch): (Uuid, String, Uuid),
    ) -> Result<Self, Failure> {
        let desk = Desk::open_to_mark(visitor, programme, &round).await?;
        let queue = desk.queue(visitor).await?;
        let at = Self { desk, queue, pitch };
        at.sheet()?;
        Ok(at)
    }

    fn sheet(&self) -> Result<&Queued, Failure> {
        self.queue.find(self.pitch).ok_or_else(|| Failure::not_found("score sheet"))
    }

    /// The next sheet that is owed, or the list.
    fn next(&self) -> String {
        let next = self.queue.next(Some(self.pitch)).map(|sheet| format!("/{}", sheet.pitch));
        self.desk.page(&next.unwrap_or_default())
    }
}

pub async fn ask_to_abstain(visitor: Visitor, Path(of): OfSheet) -> Result<Response, Failure> {
    let at = AtSheet::open(&visitor, of).await?;
    Leaving::Abstaining.page(&visitor, &at, &Fields::default(), &Errors::new())
}

pub async fn ask_to_stand_aside(visitor: Visitor, Path(of): OfSheet) -> Result<Response, Failure> {
    let at = AtSheet::open(&visitor, of).await?;
    Leaving::StandingAside.page(&visitor, &at, &Fields::default(), &Errors::new())
}

pub async fn abstain(visitor: Visitor, Path(of): OfSheet, fields: Fields) -> Result<Response, Failure> {
    Leaving::Abstaining.leave(&visitor, of, &fields).await
}

pub async fn stand_aside(visitor: Visitor, Path(of): OfSheet, fields: Fields) -> Result<Response, Failure> {
    Leaving::StandingAside.leave(&visitor, of, &fields).await
}

impl Leaving {
    async fn leave(
        self,
        visitor: &Visitor,
        of: (Uuid, String, Uuid),
        fields: &Fields,
    ) -> Result<Response, Failure> {
        let at = AtSheet::open(visitor, of).await?;
        if !fields.has("reason") {
            let mut errors = Errors::new();
            errors.push("reason", "Choose a reason");
            return self.page(visitor, &at, fields, &errors);
        }
        let (path, body) = self.command(&at, fields);
        match visitor.api.post::<Done>(&path, fields.key(), &body).await {
            Ok(_) => Ok(visitor.to_saying(&at.next(), &format!("{}: {}.", self.done(), at.sheet()?.title))),
            Err(failure) => self.page(visitor, &at, fields, &failure.for_the_form()?.to_errors()),
        }
    }

    fn command(self, at: &AtSheet, fields: &Fields) -> (String, Value) {
        let words = Some(fields.text(self.words())).filter(|words| !words.is_empty());
        let reason = fields.text("reason");
        match self {
            Self::Abstaining => (
                at.desk.of_round(&format!("/scorecards/{}/abstention", at.pitch)),
                json!({ "reason": reason, "words": words }),
            ),
            Self::StandingAside => (
                at.desk.of_panel("/recusals"),
                json!({ "pitch": at.pitch, "reason": reason, "nature": words }),
            ),
        }
    }

    /// What the API calls the words behind a reason.
    fn words(self) -> &'static str {
        if self == Self::Abstaining { "words" } else { "nature" }
    }

    fn done(self) -> &'static str {
        if self == Self::Abstaining { "You abstain" } else { "You stand aside" }
    }

    fn page(
        self,
        visitor: &Visitor,
        at: &AtSheet,
        typed: &Fields,
        errors: &Errors,
    ) -> Result<Response, Failure> {
        let sheet = at.sheet()?;
        let (title, action) = match self {
            Self::Abstaining => (format!("Abstain from {}", sheet.title), "/abstain"),
            Self::StandingAside => (format!("Stand aside from {}", sheet.title), "/stand-aside"),
        };
        let here = format!("/{}", at.pitch);
        let words = Textarea::new(self.words(), "In your own words (if you like)").rows(3);
        let button = Button::new(if self == Self::Abstaining { "Abstain" } else { "Stand aside" });
        let body = html! {
            (self.says(&at.desk.page(&format!("{here}/stand-aside"))))
            (form(&at.desk.page(&format!("{here}{action}")), html! {
                (Radios::new("reason", "Why?").items(self.reasons()).value(typed.text("reason")).errors(errors))
                (words.hint(self.who_reads()).value(typed.raw(self.words())).errors(errors))
                div.govuk-button-group {
                    (if self == Self::Abstaining { button } else { button.warning() }.prevent_double_click())
                    a.govuk-link href=(at.desk.page(&here)) { "Back to the score sheet" }
                }
            }))
        };
        Ok(Page::new(title)
            .of(&at.desk.programme, Tab::Judging)
            .back(at.desk.page(&here), "Back to the score sheet")
            .errors(errors)
            .show(visitor, body))
    }

    fn says(self, stand_aside: &str) -> Markup {
        match self {
            Self::Abstaining => html! {
                p.govuk-body-l { "You give this pitch no marks. That is not a zero: it is left out of your count, and the other judges' marks decide." }
                p.govuk-body { "You may change your mind and hand in a sheet until the round is locked. If you could not be fair, " a.govuk-link href=(stand_aside) { "stand aside" } " instead." }
            },
            Self::StandingAside => html! {
                p.govuk-body-l { "If you could not be fair to a pitch, or somebody could reasonably think so, stand aside from it." }
                (WarningText::new("From then on you neither see nor mark this pitch. If you have handed in a sheet, it is kept but not counted. This is final."))
            },
        }
    }

    fn reasons(self) -> Vec<Choice> {
        match self {
            Self::Abstaining => vec![
                Choice::new("not_competent", "I don't know enough about it"),
                Choice::new("absent", "I was not there for it"),
                Choice::new("could_not_open", "I could not open it"),
            ],
            Self::StandingAside => vec![
                Choice::new("conflict_of_interest", "I have a connection to it"),
                Choice::new("not_competent", "I don't know enough about it to be fair"),
            ],
        }
    }

    fn who_reads(self) -> &'static str {
        match self {
            Self::Abstaining => "It is sealed with your sheet. Only the reason is in the public trail.",
            Self::StandingAside => {
                "It is sealed; only the organisers read it. In the public trail is only the reason."
            }
        }
    }
}
