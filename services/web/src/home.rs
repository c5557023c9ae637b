//! The first page, and the list of programmes.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

use crate::api::{Phase, Programme};
use crate::components::{Button, Tag};
use crate::failure::Failure;
use crate::page::Page;
use crate::visitor::Visitor;
use crate::words::{instant, phase};

pub fn routes() -> Router {
    Router::new().route("/", get(first)).route("/programmes", get(programmes))
}

async fn first(visitor: Visitor) -> Result<Response, Failure> {
    let known: Vec<Programme> = visitor.api.list("submissions/programmes").await?;
    let open: Vec<&Programme> = known.iter().filter(|known| known.phase == Some(Phase::Open)).collect();
    let banner = html! {
        div.plaudit-hero {
            div.govuk-width-container {
                h1.plaudit-hero__title { "A prize that anyone can check" }
                p.plaudit-hero__text {
                    "Entrants pitch, judges mark, organisers announce and pay. Plaudit keeps every step, seals what is private, and proves afterwards that it was fair."
                }
                (Button::new("Run a prize").href("/programmes/new").start())
            }
        }
    };
    let body = html! {
        @if !open.is_empty() {
            h2.govuk-heading-m { "Open now" }
            (cards(&open))
        }
    };
    Ok(Page::new("Plaudit").banner(banner).show(&visitor, body))
}

async fn programmes(visitor: Visitor) -> Result<Response, Failure> {
    let known: Vec<Programme> = visitor.api.list("submissions/programmes").await?;
    let body = html! {
        @if known.is_empty() { p.govuk-body { "No programme has published its rules yet." } }
        (cards(&known.iter().collect::<Vec<_>>()))
    };
    Ok(Page::new("Programmes").show(&visitor, body))
}

fn cards(programmes: &[&Programme]) -> Markup {
    html! {
        ul.plaudit-cards {
            @for programme in programmes {
                li.plaudit-card.plaudit-card--strong {
                    p.plaudit-card__title {
                        a.govuk-link href={ "/programmes/" (programme.id) } { (programme.name()) }
                    }
                    @if programme.phase == Some(Phase::Open) && let Some(deadline) = programme.deadline {
                        p { "Until " (instant(deadline, "UTC")) }
                    }
                    p { (Tag::new(phase(programme.phase, programme.announced))) }
                }
            }
        }
    }
}
