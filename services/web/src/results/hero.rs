//! The winners, for everybody in the hall to read.

use maud::{Markup, html};

use super::overview::Overview;
use super::shapes::Award;
use crate::api::Prize;
use crate::components::Tag;
use crate::words::{day, money, reason};

/// The winners by prize; nothing if there are none, or not for this reader.
pub fn winners(overview: &Overview) -> Option<Markup> {
    let early = html! {
        @if !overview.is_announced() { (Tag::new("Not announced yet: only you and others who decide see this").yellow()) }
    };
    shown(overview, html! { h1.plaudit-winners__title { (title(overview)) } (early) })
}

/// The same as everybody will see it, as a part of another page.
pub fn preview(overview: &Overview) -> Option<Markup> {
    shown(overview, html! { p.plaudit-winners__title { (title(overview)) } })
}

fn title(overview: &Overview) -> &'static str {
    let won = overview.awards.iter().filter(|award| award.wins()).count();
    if won == 1 { "The winner" } else { "The winners" }
}

fn shown(overview: &Overview, title: Markup) -> Option<Markup> {
    let rulebook = overview.programme.rulebook.as_ref()?;
    let mut prizes: Vec<&Prize> = rulebook.prizes.iter().collect();
    prizes.sort_by_key(|prize| prize.rank);
    let won: Vec<(&Prize, &Award)> = prizes
        .into_iter()
        .flat_map(|prize| {
            let awards = overview.awards.iter().filter(|award| award.prize == prize.id && award.wins());
            awards.map(move |award| (prize, award))
        })
        .collect();
    if won.is_empty() {
        return None;
    }
    Some(html! {
        div.plaudit-hero.plaudit-winners {
            (rays())
            div.govuk-width-container {
                (title)
                ul.plaudit-winners__list {
                    @for (prize, award) in &won { (winner(overview, prize, award)) }
                }
                @if let Some(at) = overview.announcement.as_ref().and_then(|announcement| announcement.announced_at) {
                    p.plaudit-winners__date { "Announced on " (day(at, &rulebook.time_zone)) }
                }
            }
        }
    })
}

fn winner(overview: &Overview, prize: &Prize, award: &Award) -> Markup {
    html! {
        li.plaudit-winners__one {
            h2.plaudit-winners__team { (overview.team(award.pitch)) }
            @if let Some(title) = overview.title(award.pitch) { p.plaudit-winners__pitch { (title) } }
            p.plaudit-winners__prize {
                span.plaudit-winners__name { (overview.wording.says(&prize.id)) }
                " "
                @if award.amount.minor > 0 { strong { (money(&award.amount)) } }
                @if prize.support { @if award.amount.minor > 0 { " and " } "business support" }
            }
            @if let Some(why) = &award.departure {
                p.plaudit-winners__departure { "This award departs from the ranking: " (reason(why)) }
            }
        }
    }
}

/// Rays from a clap, large.
fn rays() -> Markup {
    html! {
        svg.plaudit-winners__rays viewBox="0 0 600 300" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false" {
            path d="M300 300L-60 180V120zM300 300L-60 20V-60zM300 300L60-60h90zM300 300L255-60h90zM300 300L450-60h90zM300 300L660-60V20zM300 300L660 120v60z" fill="currentColor" {}
        }
    }
}
