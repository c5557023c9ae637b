//! What somebody is part of.

use std::collections::HashMap;

use axum::response::Response;
use futures_util::future::join_all;
use maud::html;
use serde::Deserialize;
use uuid::Uuid;

use crate::api::{Phase, Programme};
use crate::components::{Button, Tag};
use crate::failure::Failure;
use crate::page::Page;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::phase;

#[derive(Clone, Debug, Deserialize)]
struct Place {
    programme: Uuid,
    joined: bool,
}

/// As the public list has it.
#[derive(Clone, Debug, Deserialize)]
struct Listing {
    id: Uuid,
    title: Option<String>,
    phase: Option<Phase>,
    announced: bool,
}

/// The most programmes that are looked at one by one: those that are not public
/// yet, of which nobody prepares many at once.
const MOST_PREPARED: usize = 12;

pub async fn show(visitor: Visitor) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let (places, public) = together!(
        visitor.api.list::<Place>("accounts/me/programmes"),
        visitor.api.list::<Listing>("submissions/programmes"),
    )?;
    let known: HashMap<Uuid, Listing> = public.into_iter().map(|listing| (listing.id, listing)).collect();
    let hidden = places.iter().filter(|place| !known.contains_key(&place.programme)).take(MOST_PREPARED);
    let hidden = hidden.map(|place| find(&visitor, place.programme));
    let hidden = join_all(hidden).await.into_iter().flatten();
    let mine = places.iter().filter_map(|place| known.get(&place.programme).cloned());
    let mut mine: Vec<Listing> = hidden.chain(mine).collect();
    mine.sort_by_key(|listing| matches!(listing.phase, Some(Phase::Concluded | Phase::Cancelled)));
    let waiting: Vec<Uuid> =
        places.iter().filter(|place| !place.joined).map(|place| place.programme).collect();
    let body = html! {
        @if mine.is_empty() {
            p.govuk-body-l { "You are not part of a programme yet. Enter one that is open, or run your own." }
        }
        ul.plaudit-cards {
            @for listing in &mine {
                li.plaudit-card.plaudit-card--strong {
                    h2.govuk-heading-s {
                        a.govuk-link href={ "/programmes/" (listing.id) } { (listing.title.as_deref().unwrap_or("A programme without a name")) }
                    }
                    p { (Tag::new(phase(listing.phase, listing.announced))) }
                    @if waiting.contains(&listing.id) { p { "You are invited." } }
                }
            }
        }
        div.govuk-button-group {
            (Button::new("See what is open").href("/programmes"))
            (Button::new("Run a prize").href("/programmes/new").secondary())
        }
    };
    Ok(Page::new("Your programmes").show(&visitor, body))
}

async fn find(visitor: &Visitor, programme: Uuid) -> Option<Listing> {
    let found: Programme = visitor.api.find(&format!("submissions/programmes/{programme}")).await.ok()??;
    Some(Listing { id: found.id, title: found.title, phase: found.phase, announced: found.announced })
}
