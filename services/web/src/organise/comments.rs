//! What the judges of a round wrote, once the marks are open. What is for an
//! entrant can be returned to its judge until the announcement; nobody edits it.

use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::known::organised;
use crate::api::{Done, Listed, Programme, Role};
use crate::components::{Button, Choice, Details, Errors, Radios, Tag};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, form, remark};
use crate::results::names::Names;
use crate::results::shapes::RoundState;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{REASONS_TO_RETURN, Wording, returned};

pub fn routes() -> Router {
    Router::new().route("/programmes/{programme}/organise/rounds/{round}/comments", get(show).post(give_back))
}

/// From which score sheet on.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    after: String,
}

/// A score sheet on which something is written.
#[derive(Clone, Debug, Deserialize)]
struct Card {
    scorecard: Uuid,
    pitch: Uuid,
    judge: Uuid,
    comment_to_panel: Option<String>,
    comment_to_entrant: Option<String>,
    comment_returned: Option<String>,
}

/// All that the page shows.
struct Seen {
    programme: Programme,
    names: Names,
    round: String,
    stands: Option<RoundState>,
    cards: Listed<Card>,
    /// Which page of the list it is.
    after: String,
}

impl Seen {
    async fn of(visitor: &Visitor, id: Uuid, round: &str, after: &str) -> Result<Self, Failure> {
        let at = format!("scoring/programmes/{id}/rounds/{round}");
        let comments = format!("{at}/comments?limit=100{}", from(after, "&after="));
        let (programme, names, stands, cards) = together!(
            organised(visitor, id),
            Names::of(&visitor.api, id),
            visitor.api.find::<RoundState>(&at),
            visitor.api.get::<Listed<Card>>(&comments),
        )?;
        if programme.round(round).is_none() {
            return Err(Failure::not_found("round"));
        }
        Ok(Self { programme, names, round: round.to_owned(), stands, cards, after: after.to_owned() })
    }

    fn announced(&self) -> bool {
        self.stands.as_ref().is_some_and(|stands| stands.announced)
    }

    fn may_return(&self) -> bool {
        self.programme.you_are(Role::Organiser) && !self.announced()
    }

    /// Whose seat it is.
    fn judge(&self, seat: Uuid) -> &str {
        let seats =
            self.stands.iter().filter_map(|stands| stands.progress.as_ref()).flat_map(|all| &all.judges);
        let member = seats.into_iter().find(|known| known.judge == seat).map(|known| known.member);
        member.map_or("A judge", |member| self.names.member(member))
    }
}

/// A part of an address, if there is one to go on from.
fn from(after: &str, leading: &str) -> String {
    if after.is_empty() {
        return String::new();
    }
    leading
        .chars()
        .chain(url::form_urlencoded::byte_serialize(after.as_bytes()).flat_map(str::chars))
        .collect()
}

fn here(id: Uuid, round: &str) -> String {
    format!("/programmes/{id}/organise/rounds/{round}/comments")
}

async fn show(
    visitor: Visitor,
    Path((id, round)): Path<(Uuid, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let seen = Seen::of(&visitor, id, &round, &asked.after).await?;
    Ok(page(&visitor, &seen, &Fields::default(), &Errors::new()))
}

/// Returns one comment to its judge, with a reason.
async fn give_back(
    visitor: Visitor,
    Path((id, round)): Path<(Uuid, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let name = format!("reason-{}", fields.text("scorecard"));
    let reason = fields.text(&name);
    let mut errors = Errors::new();
    if REASONS_TO_RETURN.iter().any(|(code, _)| *code == reason) {
        let pitch: Uuid = fields.text("pitch").parse().unwrap_or_default();
        let path = format!("scoring/programmes/{id}/rounds/{round}/scorecards/{pitch}/return");
        let body = json!({ "judge": fields.text("judge"), "reason": reason });
        match visitor.api.post::<Done>(&path, fields.key(), &body).await {
            Ok(_) => {
                // To the comment itself, which says that it was returned.
                let to = from(fields.text("after"), "?after=");
                return Ok(visitor.to(&format!("{}{to}#{}", here(id, &round), fields.text("scorecard"))));
            }
            Err(failure) => errors = failure.for_the_form()?.to_errors(),
        }
    } else {
        errors.push(name, "Choose why");
    }
    let seen = Seen::of(&visitor, id, &round, fields.text("after")).await?;
    Ok(page(&visitor, &seen, &fields, &errors))
}

fn page(visitor: &Visitor, seen: &Seen, fields: &Fields, errors: &Errors) -> Response {
    let id = seen.programme.id;
    let body = html! {
        (says(seen))
        @if seen.cards.items.is_empty() {
            @if seen.cards.next.is_none() { p.govuk-body-l { "No judge wrote anything." } }
        }
        @for of_pitch in seen.cards.items.chunk_by(|one, next| one.pitch == next.pitch) {
            section.plaudit-comments {
                @for (at, card) in of_pitch.iter().enumerate() {
                    @if at == 0 { h2.govuk-heading-m { (seen.names.team_or_pitch(card.pitch)) } }
                    (one(seen, card, fields, errors))
                }
            }
        }
        @if let Some(next) = &seen.cards.next {
            p.govuk-body { a.govuk-link href={ (here(id, &seen.round)) (from(next, "?after=")) } { "More of them" } }
        }
    };
    let name = Wording::of(&seen.programme).says(&seen.round);
    Page::new(format!("What the judges wrote: {name}"))
        .of(&seen.programme, Tab::Organise)
        .back(format!("/programmes/{id}/organise/rounds/{}", seen.round), "Marking")
        .errors(errors)
        .style("organise.css")
        .show(visitor, body)
}

fn says(seen: &Seen) -> Markup {
    html! {
        p.govuk-body { "What is for the panel is read by the panel and by those who run the prize." }
        @if seen.announced() && seen.programme.you_are(Role::Organiser) {
            p.govuk-body { "The winners are announced, and what is for an entrant has reached that entrant. What was returned waits for its judge." }
        } @else if seen.may_return() {
            p.govuk-body {
                "What is for an entrant reaches that entrant with the announcement, without the judge’s name. "
                "You cannot change it. Until then you can return it: its judge is asked for other words, and the entrant reads none until they have come."
            }
        } @else {
            p.govuk-body { "What is for entrants, the organisers read before it goes out." }
        }
    }
}

fn one(seen: &Seen, card: &Card, fields: &Fields, errors: &Errors) -> Markup {
    let judge = seen.judge(card.judge);
    html! {
        div.plaudit-comment id=(card.scorecard) {
            @if let Some(words) = &card.comment_to_panel { (remark(&format!("{judge}, for the panel"), words)) }
            @if let Some(words) = &card.comment_to_entrant {
                (remark(&format!("{judge}, for the entrant"), words))
                @if let Some(code) = &card.comment_returned {
                    p.govuk-body { (Tag::new("Returned").yellow()) " " (returned(code)) ". It waits for other words." }
                } @else if seen.may_return() {
                    (returning(seen, card, judge, fields, errors))
                }
            }
        }
    }
}

fn returning(seen: &Seen, card: &Card, judge: &str, fields: &Fields, errors: &Errors) -> Markup {
    let name = format!("reason-{}", card.scorecard);
    let choices = REASONS_TO_RETURN.iter().map(|(code, says)| Choice::new(*code, *says));
    let body = form(
        &here(seen.programme.id, &seen.round),
        html! {
            @for (field, value) in [("scorecard", card.scorecard), ("pitch", card.pitch), ("judge", card.judge)] {
                input type="hidden" name=(field) value=(value);
            }
            @if !seen.after.is_empty() { input type="hidden" name="after" value=(seen.after); }
            (Radios::new(name.as_str(), "Why?").items(choices).value(fields.raw(&name)).errors(errors))
            (Button::new("Return it").secondary().prevent_double_click())
        },
    );
    let summary = html! { "Return it, and say why" span.govuk-visually-hidden { ": " (judge) } };
    let details = Details::new(summary, body);
    html! { @if errors.get(&name).is_some() { (details.open()) } @else { (details) } }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const PITCH: Uuid = Uuid::from_u128(7);
    const SEAT: Uuid = Uuid::from_u128(21);
    const INES: Uuid = Uuid::from_u128(31);

    fn seen(role: &str, announced: bool) -> Seen {
        let you = json!({ "member": Uuid::from_u128(1), "roles": [role], "invited": false });
        let programme = json!({ "id": Uuid::from_u128(2), "phase": "screened", "you": you });
        let judges = json!([{ "judge": SEAT, "member": INES }]);
        Seen {
            programme: serde_json::from_value(programme).unwrap(),
            names: Names::for_tests(&[(PITCH, "Handover", "Handover Co-op")], &[(INES, "Ines Duarte")]),
            round: "final".to_owned(),
            stands: serde_json::from_value(
                json!({ "announced": announced, "progress": { "judges": judges } }),
            )
            .unwrap(),
            cards: Listed { items: Vec::new(), next: None },
            after: String::new(),
        }
    }

    fn card(entrant: Option<&str>, returned: Option<&str>) -> Card {
        let card = json!({
            "scorecard": Uuid::from_u128(11), "pitch": PITCH, "judge": SEAT, "comment_to_panel": "Mind the <lease>.",
            "comment_to_entrant": entrant, "comment_returned": returned,
        });
        serde_json::from_value(card).unwrap()
    }

    fn shown(seen: &Seen, card: &Card) -> String {
        one(seen, card, &Fields::default(), &Errors::new()).0
    }

    #[test]
    fn an_organiser_returns_what_is_for_an_entrant_until_the_announcement() {
        let kind = card(Some("Ask your members."), None);
        let page = shown(&seen("organiser", false), &kind);
        assert!(
            page.contains("Ines Duarte, for the entrant") && page.contains("Return it, and say why"),
            "{page}"
        );
        assert!(page.contains("Mind the &lt;lease&gt;."));
        assert!(!shown(&seen("organiser", true), &kind).contains("Return it"));
        assert!(!shown(&seen("approver", false), &card(None, None)).contains("Return it"));
    }

    #[test]
    fn what_was_returned_is_not_returned_again() {
        let page = shown(&seen("organiser", false), &card(Some("You are fools."), Some("rules_broken")));
        assert!(page.contains("It hurts, or tells of others") && !page.contains("Return it"), "{page}");
    }
}
