//! The page of results, and of one round's.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;
use jiff::Timestamp;
use maud::{Markup, html};
use uuid::Uuid;

use super::hero::winners;
use super::overview::{Overview, RoundResult};
use super::ranking::ranking;
use crate::components::InsetText;
use crate::failure::Failure;
use crate::page::{Page, Tab};
use crate::visitor::Visitor;
use crate::words::instant;

/// From which place on.
pub struct Asked(usize);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default();
        let after = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "after");
        Ok(Self(after.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)))
    }
}

/// Everything that came out.
pub async fn results(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let overview = Overview::of(&visitor.api, id).await?;
    let hero = winners(&overview);
    let declared: Vec<&RoundResult> =
        overview.rounds.iter().filter(|round| !round.places.is_empty()).collect();
    let body = html! {
        @if hero.is_none() { (expected(&overview)) }
        @if overview.is_announced() { (check(&overview)) }
        @for result in &declared {
            section.plaudit-round {
                @let name = overview.wording.says(&result.round.id);
                h2.govuk-heading-m {
                    @if declared.len() > 1 { "Round “" (name) "”" } @else { "How the judges ranked the pitches" }
                }
                (ranking(&overview, result, 0))
            }
        }
    };
    let page = Page::new("Results").of(&overview.programme, Tab::Results).style("results.css");
    let page = match hero {
        Some(hero) => page.banner(hero),
        None => page,
    };
    Ok(page.show(&visitor, body))
}

/// One round, place by place.
pub async fn round(visitor: Visitor, id: Uuid, round: String, asked: Asked) -> Result<Response, Failure> {
    let overview = Overview::of_round(&visitor.api, id, &round).await?;
    let result = overview.rounds.first().filter(|result| !result.places.is_empty());
    let result = result.ok_or_else(|| Failure::not_found("result"))?;
    let name = overview.wording.says(&result.round.id);
    let page = Page::new(format!("Result of the round “{name}”")).of(&overview.programme, Tab::Results);
    let page = page.style("results.css").back(format!("/programmes/{id}/results"), "Results");
    Ok(page.show(&visitor, ranking(&overview, result, asked.0)))
}

fn expected(overview: &Overview) -> Markup {
    if overview.is_announced() {
        return html! { p.govuk-body-l { "No prize was given, or none was accepted." } };
    }
    let rulebook = overview.programme.rulebook.as_ref();
    let embargo =
        rulebook.and_then(|rulebook| rulebook.embargo).filter(|embargo| *embargo > Timestamp::now());
    let set = overview.announcement.as_ref().and_then(|announcement| announcement.scheduled_for);
    let zone = rulebook.map_or("UTC", |rulebook| rulebook.time_zone.as_str());
    html! {
        p.govuk-body-l { "The winners have not been announced yet." }
        @if let Some(set) = set {
            p.govuk-body { "They are announced by themselves on " (instant(set, zone)) ". Only organisers and approvers see this." }
        }
        @if let Some(embargo) = embargo {
            p.govuk-body { "They will not be announced before " (instant(embargo, zone)) "." }
        }
        p.govuk-body {
            "When the judges are done, all winners are announced in one moment, here. Everybody then sees the ranking and how it came about, and every entrant is told by email."
        }
        @if overview.rounds.iter().any(|round| !round.places.is_empty()) {
            (InsetText::new("You see the ranking below before everybody else. Please keep it to yourself until then."))
        }
    }
}

fn check(overview: &Overview) -> Markup {
    html! {
        p.govuk-body {
            "Nobody need take our word for it: "
            a.govuk-link href={ "/programmes/" (overview.programme.id) "/trail" } { "check it yourself" }
            "."
        }
    }
}
