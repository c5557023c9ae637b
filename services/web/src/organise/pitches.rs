//! All pitches, by how they stand.

use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::known::organised;
use super::late::{self, Late};
use crate::api::{Listed, Pitch};
use crate::components::{Cell, Pagination, Table, Tag};
use crate::failure::Failure;
use crate::page::{Page, Tab};
use crate::results::names::Names;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::count;

pub fn routes() -> Router {
    Router::new().route("/programmes/{programme}/organise/pitches", get(show))
}

/// How many of them a page shows.
const A_PAGE: usize = 50;

/// Which of them, and from where on.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    page: usize,
    from: Option<String>,
}

/// The filters, by their names in the address.
const FILTERS: [(&str, &str); 8] = [
    ("", "All"),
    ("submitted", "To check"),
    ("queried", "Asked something"),
    ("eligible", "May go forward"),
    ("ineligible", "May not"),
    ("withdrawn", "Taken back"),
    ("disqualified", "Put out"),
    ("proposals", "Waiting for a second person"),
];

/// How a pitch stands, for people.
pub fn standing(pitch: &Pitch) -> Tag {
    let Some(progress) = &pitch.progress else { return Tag::new("Behind a wall").grey() };
    match progress.standing.as_deref() {
        Some("submitted") => Tag::new("To check").yellow(),
        Some("answered") => Tag::new("Has answered").yellow(),
        Some("queried") => Tag::new("Asked something").blue(),
        Some("eligible") => Tag::new("May go forward").green(),
        Some("ineligible") => Tag::new("May not go forward").red(),
        Some("withdrawn") => Tag::new("Taken back").grey(),
        Some("disqualified") => Tag::new("Put out").red(),
        _ => Tag::new("Unknown").grey(),
    }
}

/// What waits for a second person to confirm it.
fn waits(pitch: &Pitch) -> bool {
    pitch.proposals.as_ref().is_some_and(|both| both.disqualification.is_some() || both.reopening.is_some())
}

fn fits(pitch: &Pitch, filter: &str) -> bool {
    let standing = pitch.progress.as_ref().and_then(|progress| progress.standing.as_deref());
    match filter {
        "" => true,
        "proposals" => waits(pitch),
        "submitted" => matches!(standing, Some("submitted" | "answered")),
        other => standing == Some(other),
    }
}

async fn show(
    visitor: Visitor,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let after: String = asked
        .from
        .iter()
        .map(|from| {
            format!("&after={}", url::form_urlencoded::byte_serialize(from.as_bytes()).collect::<String>())
        })
        .collect();
    let path = format!("submissions/programmes/{id}/pitches?names=true&limit=1000{after}");
    let late = format!("submissions/programmes/{id}/late");
    let (programme, names, pitches, late) = together!(
        organised(&visitor, id),
        Names::of_members(&visitor.api, id),
        visitor.api.get::<Listed<Pitch>>(&path),
        visitor.api.find::<Listed<Late>>(&late)
    )?;
    let body = html! {
        (filters(&pitches.items, &asked, id))
        (table(&pitches, &asked, id))
        (late::list(&programme, &names, &late.map(|page| page.items).unwrap_or_default()))
    };
    Ok(Page::new("All pitches")
        .of(&programme, Tab::Organise)
        .back(format!("/programmes/{id}/organise"), "What needs doing")
        .style("organise.css")
        .show(&visitor, body))
}

fn filters(pitches: &[Pitch], asked: &Asked, id: Uuid) -> Markup {
    html! {
        nav aria-label="Which pitches" {
            ul.plaudit-filters {
                @for (name, called) in FILTERS {
                    @let number = pitches.iter().filter(|pitch| fits(pitch, name)).count();
                    @if number > 0 || name == asked.show {
                        li {
                            a.govuk-link href={ "/programmes/" (id) "/organise/pitches?show=" (name) }
                                aria-current=[(name == asked.show).then_some("page")] { (called) " (" (number) ")" }
                        }
                    }
                }
            }
        }
    }
}

fn table(pitches: &Listed<Pitch>, asked: &Asked, id: Uuid) -> Markup {
    let shown: Vec<&Pitch> = pitches.items.iter().filter(|pitch| fits(pitch, &asked.show)).collect();
    let pages = shown.len().div_ceil(A_PAGE).max(1);
    let page = asked.page.clamp(1, pages);
    let mut table =
        Table::new().caption(count(shown.len(), "pitch", "pitches")).head(["Pitch", "Team", "How it stands"]);
    for pitch in shown.iter().skip((page - 1) * A_PAGE).take(A_PAGE) {
        let title = pitch.title.as_deref().unwrap_or("A pitch that you stand aside from");
        let title = html! {
            @if pitch.progress.is_some() {
                a.govuk-link href={ "/programmes/" (id) "/organise/screening/" (pitch.id) } { (title) }
            } @else { (title) }
        };
        let stands = html! { (standing(pitch)) @if waits(pitch) { " " (Tag::new("Waits for a second person").yellow()) } };
        table = table.row([
            Cell::new(title),
            Cell::new(pitch.team_name.as_deref().unwrap_or("")),
            Cell::new(stands),
        ]);
    }
    let href = |page: usize| {
        let from: String = asked.from.iter().map(|from| format!("&from={from}")).collect();
        format!("/programmes/{id}/organise/pitches?show={}&page={page}{from}", asked.show)
    };
    let mut pagination = Pagination::new();
    if page > 1 {
        pagination = pagination.previous(href(page - 1));
    }
    if page < pages {
        pagination = pagination.next(href(page + 1));
    }
    html! {
        @if shown.is_empty() {
            p.govuk-body { "None." }
        } @else {
            div.plaudit-scroll tabindex="0" role="region" aria-label="Pitches" { (table) }
        }
        @if pages > 1 { (pagination) }
        @if let Some(next) = &pitches.next {
            p.govuk-body { a.govuk-link href={ "/programmes/" (id) "/organise/pitches?show=" (asked.show) "&from=" (next) } { "The next thousand" } }
        }
    }
}
