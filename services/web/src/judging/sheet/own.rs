//! A judge's own sheet once nothing is handed in any more: to be read, and
//! where an organiser asks for it, with other words to the entrant.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::json;
use uuid::Uuid;

use super::super::desk::Desk;
use super::super::queue::{Queued, SheetState};
use super::super::round;
use super::super::seen::{Content, OfPitch, RoundPhase, Scorecard};
use super::total::so_far;
use super::{OfSheet, Sheet, pitch};
use crate::api::Done;
use crate::components::{Button, Cell, Errors, Table, Textarea, WarningText};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form, remark};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{reason, returned};

/// The form again, after a refusal.
#[derive(Default)]
struct Typed {
    words: Option<String>,
    errors: Errors,
}

/// The page; on to the round where nothing was handed in.
pub async fn show(visitor: &Visitor, desk: Desk, of: Uuid) -> Result<Response, Failure> {
    page(visitor, desk, of, &Typed::default()).await
}

/// Other words to the entrant.
pub async fn reword(
    visitor: Visitor,
    Path((programme, round, of)): Path<OfSheet>,
    fields: Fields,
) -> Result<Response, Failure> {
    let desk = Desk::open_to_mark(&visitor, programme, &round).await?;
    let words = fields.raw("comment_to_entrant");
    let path = desk.of_round(&format!("/scorecards/{of}/comment"));
    let body = json!({ "comment_to_entrant": words });
    match visitor.api.post::<Done>(&path, fields.key(), &body).await {
        Ok(_) => {
            let says = "Thank you. This is what goes to the entrant now.";
            Ok(visitor.to_saying(&desk.page(&format!("/{of}")), says))
        }
        Err(failure) => {
            let errors = failure.for_the_form()?.to_errors();
            page(&visitor, desk, of, &Typed { words: Some(words.to_owned()), errors }).await
        }
    }
}

async fn page(visitor: &Visitor, desk: Desk, of: Uuid, typed: &Typed) -> Result<Response, Failure> {
    let path = desk.of_round(&format!("/scorecards/{of}"));
    let (sheet, all) = together!(Sheet::open(visitor, desk, of), visitor.api.find::<OfPitch>(&path))?;
    let queued = sheet.queued()?;
    if queued.state.is_owed() || queued.state == SheetState::NotCounted {
        return Ok(visitor.to(&sheet.desk.page("")));
    }
    let cards = all.map_or_else(Vec::new, |all| all.scorecards);
    let body = html! {
        header.plaudit-sheet-head {
            p.plaudit-sheet-head__place { (round::state(queued)) }
            h1.govuk-heading-l { (queued.title) @if let Some(team) = &queued.team { span.plaudit-sheet-head__team { (team) } } }
            p.plaudit-jump { a.govuk-link href="#sheet" { "Go to your score sheet" } }
        }
        div.plaudit-side-by-side {
            article.plaudit-pitch aria-label="The pitch" { (pitch::markup(&sheet)) }
            section.plaudit-sheet #sheet aria-labelledby="sheet-title" tabindex="-1" {
                div.plaudit-sheet__marks {
                    h2.govuk-heading-m #sheet-title { "Your score sheet" }
                    p.govuk-body { (stands(sheet.desk.phase)) }
                    (handed_in(&sheet.desk, queued, typed))
                    (others(&cards))
                    @if sheet.desk.declared {
                        p.govuk-body { a.govuk-link href=(result(&sheet.desk, of)) { "How the total came about" } }
                    }
                }
            }
        }
    };
    let page = Page::new(queued.title.as_str()).bare().of(&sheet.desk.programme, Tab::Judging);
    let page = page.back(sheet.desk.page(""), "Your sheets").errors(&typed.errors).style("judging.css");
    Ok(page.wide().show(visitor, body))
}

fn stands(phase: RoundPhase) -> &'static str {
    match phase {
        RoundPhase::Unsealed => "The marks are open. This is what you handed in.",
        RoundPhase::Voided => {
            "This round does not count. What you handed in stays sealed; only you see it here."
        }
        _ => {
            "The round is locked, and this is what counts. Until the marks are opened, nobody sees them but you."
        }
    }
}

fn handed_in(desk: &Desk, queued: &Queued, typed: &Typed) -> Markup {
    let card = &queued.card;
    html! {
        @if queued.state == SheetState::Abstained {
            p.govuk-body { "You abstained." @if let Some(code) = &card.reason { " " (reason(code)) "." } }
        } @else {
            (marks(desk, card))
            @if let Some(words) = written(card.comment_to_panel.as_ref()) { (remark("For the panel", words)) }
            @match &card.comment_returned {
                Some(code) => (rewording(desk, queued.pitch, card, code, typed)),
                None => {
                    @if let Some(words) = written(card.comment_to_entrant.as_ref()) { (remark("For the entrant", words)) }
                }
            }
        }
    }
}

fn marks(desk: &Desk, card: &Scorecard) -> Markup {
    let content = Content::of(card);
    let tally = &desk.rules.tally;
    let caption = format!("Marks from {} to {}", tally.scale.min, tally.scale.max);
    let mut table = Table::new().caption(caption).head([Cell::new("Criterion"), Cell::numeric("Your mark")]);
    table = table.first_cell_is_header();
    for criterion in &tally.criteria {
        let name = format!("{} (weight {})", desk.wording.criterion(&criterion.id), criterion.weight);
        let mark = content.marks.get(&criterion.id).map_or("–", String::as_str);
        table = table.row([Cell::new(name), Cell::numeric(mark)]);
    }
    html! {
        (table)
        p.govuk-body { "Your total: " strong { (so_far(tally, &content)) } }
    }
}

/// What an organiser would not pass on, why, and the form for other words.
fn rewording(desk: &Desk, of: Uuid, card: &Scorecard, code: &str, typed: &Typed) -> Markup {
    let before = card.comment_to_entrant.as_deref().unwrap_or_default();
    html! {
        (WarningText::new(html! { "An organiser has returned your comment to the entrant, and asks for other words. " (returned(code)) "." }))
        (remark("What you wrote for the entrant", before))
        (form(&desk.page(&format!("/{of}/comment")), html! {
            (Textarea::new("comment_to_entrant", "Your words to the entrant now")
                .hint("Until you hand in others, the entrant reads none of yours. Leave it empty to say nothing. Your marks stay as they are.")
                .rows(6).value(typed.words.as_deref().unwrap_or(before)).errors(&typed.errors))
            (Button::new("Hand in these words").prevent_double_click())
        }))
    }
}

/// What the rest of the panel wrote for it, once that is the reader's to see.
fn others(cards: &[Scorecard]) -> Markup {
    let words =
        cards.iter().filter(|card| !card.own).filter_map(|card| written(card.comment_to_panel.as_ref()));
    let words: Vec<&str> = words.collect();
    html! {
        @if !words.is_empty() {
            h3.govuk-heading-s { "What the others wrote for the panel" }
            @for words in words { (remark("Another judge", words)) }
        }
    }
}

fn written(words: Option<&String>) -> Option<&str> {
    words.map(|words| words.trim()).filter(|words| !words.is_empty())
}

fn result(desk: &Desk, of: Uuid) -> String {
    format!("/programmes/{}/results/{}/{of}", desk.programme.id, desk.rules.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judging::seen::CardStatus;

    fn card(own: bool, to_panel: Option<&str>) -> Scorecard {
        Scorecard {
            pitch: Uuid::nil(),
            status: CardStatus::Sealed,
            version: 1,
            own,
            marks: None,
            comment_to_panel: to_panel.map(str::to_owned),
            comment_to_entrant: None,
            comment_returned: None,
            reason: None,
        }
    }

    #[test]
    fn the_panels_words_are_the_others_and_without_any_there_is_nothing() {
        let page = others(&[
            card(true, Some("Mine.")),
            card(false, Some("Look at the <costs>.")),
            card(false, None),
        ])
        .0;
        assert!(page.contains("Look at the &lt;costs&gt;.") && !page.contains("Mine."), "{page}");
        assert_eq!(others(&[card(true, Some("Mine.")), card(false, Some("  "))]).0, "");
    }

    #[test]
    fn nobody_is_told_that_closed_marks_are_open() {
        assert!(stands(RoundPhase::Locked).contains("nobody sees them but you"));
        assert!(stands(RoundPhase::Unsealed).contains("open"));
    }
}
