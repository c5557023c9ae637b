//! All pledges, and what is owed.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use uuid::Uuid;

use super::{Support, pledge};
use crate::awarding::desk::Desk;
use crate::components::{Cell, Errors, Table, Tag};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab};
use crate::results::names::visible;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::amount;

pub async fn ledger(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    page(&visitor, id, &Errors::default(), &Fields::default()).await
}

async fn page(visitor: &Visitor, id: Uuid, errors: &Errors, typed: &Fields) -> Result<Response, Failure> {
    let path = format!("awards/programmes/{id}/support");
    let (desk, pledges) =
        together!(Desk::of(visitor, id), async { visible(visitor.api.list::<Support>(&path).await) },)?;
    let body = html! {
        p.govuk-body-l { "What was promised besides money, and how much of it has come." }
        @if pledges.is_empty() { p.govuk-body { "Nobody has pledged anything yet." } }
        @else { (sums(&pledges)) (table(&desk, &pledges)) }
        p.govuk-body {
            "Anybody who is signed in can pledge at "
            a.govuk-link href={ "/programmes/" (id) "/pledge" } { "this page" }
            "; show its address in the hall."
        }
        h2.govuk-heading-m { "Record a pledge" }
        p.govuk-body { "For somebody who told you, or for what the prize itself promises." }
        (pledge::form_for(&desk.organise("/support"), &desk.awards, &desk.names, &desk.wording, typed, errors))
    };
    let page =
        Page::new("Business support").of(&desk.programme, Tab::Organise).errors(errors).style("awards.css");
    Ok(page.back(desk.organise(""), "Organise").show(visitor, body))
}

/// Records a pledge that somebody made to the organisers.
pub async fn record(visitor: Visitor, Path(id): Path<Uuid>, fields: Fields) -> Result<Response, Failure> {
    match pledge::make(&visitor, id, &fields).await? {
        None => {
            Ok(visitor.to_saying(&format!("/programmes/{id}/organise/support"), "The pledge is recorded."))
        }
        Some(errors) => page(&visitor, id, &errors, &fields).await,
    }
}

/// Hours, days and things are added up apart.
fn sums(pledges: &[Support]) -> Markup {
    let mut sums: BTreeMap<&str, [u32; 4]> = BTreeMap::new();
    for pledge in pledges {
        let sum = sums.entry(pledge.unit.as_str()).or_default();
        for (all, one) in
            sum.iter_mut().zip([pledge.quarters, pledge.delivered(), pledge.confirmed(), pledge.owed])
        {
            *all = all.saturating_add(one);
        }
    }
    html! {
        @for (unit, [pledged, delivered, confirmed, owed]) in sums {
            ul.plaudit-ledger__sum {
                @for (says, quarters) in [("pledged", pledged), ("delivered", delivered), ("confirmed", confirmed), ("still owed", owed)] {
                    li { p.plaudit-figure { (amount(quarters, unit)) } (says) }
                }
            }
        }
    }
}

fn table(desk: &Desk, pledges: &[Support]) -> Markup {
    let mut table = Table::new().caption(html! { span.govuk-visually-hidden { "Pledges" } }).head([
        Cell::new("What"),
        Cell::new("For"),
        Cell::new("Stands"),
        Cell::numeric("Pledged"),
        Cell::numeric("Planned"),
        Cell::numeric("Delivered"),
        Cell::numeric("Confirmed"),
        Cell::numeric("Owed"),
    ]);
    for pledge in pledges {
        let at = desk.organise(&format!("/support/{}", pledge.id));
        let figure = |quarters: u32| Cell::numeric(amount(quarters, &pledge.unit));
        table = table.row([
            Cell::new(html! { a.govuk-link href=(at) { (pledge.says()) } div.plaudit-quiet { "by " (desk.who(Some(pledge.by))) } }),
            Cell::new(whose(desk, pledge)),
            Cell::new(tag(pledge)),
            figure(pledge.quarters),
            figure(pledge.planned()),
            figure(pledge.delivered()),
            figure(pledge.confirmed()),
            figure(pledge.owed),
        ]);
    }
    html! { div.plaudit-scroll tabindex="0" role="region" aria-label="Pledges" { (table) } }
}

/// For whom a pledge is.
pub fn whose(desk: &Desk, pledge: &Support) -> String {
    let of_award =
        || desk.awards.iter().find(|award| Some(award.id) == pledge.award).map(|award| award.pitch);
    match pledge.pitch.or_else(of_award) {
        Some(pitch) => desk.names.team_or_pitch(pitch).to_owned(),
        None => "Whoever you choose".to_owned(),
    }
}

/// How it stands.
pub fn tag(pledge: &Support) -> Tag {
    match pledge.status.as_str() {
        "pledged" => Tag::new("Pledged").yellow(),
        "accepted" if pledge.owed == 0 => Tag::new("All delivered").green(),
        "accepted" => Tag::new("Accepted").blue(),
        _ => Tag::new("Closed").grey(),
    }
}
