//! Every event as a sentence, in the words of the pages.

mod awards;
mod notes;
mod panels;
mod scoring;
mod submissions;

use std::collections::BTreeMap;

use uuid::Uuid;

use super::entries::Event;
use super::ids;
use crate::api::{Money, Programme};
use crate::results::names::Names;
use crate::results::shapes::Award;
use crate::words::{Wording, money, reason, when};

/// What sentences name things by.
pub struct Known<'a> {
    names: &'a Names,
    wording: &'a Wording,
    zone: &'a str,
    awards: BTreeMap<Uuid, &'a Award>,
    /// Rounds by their ids.
    rounds: BTreeMap<Uuid, String>,
    /// Members by their seats.
    seats: BTreeMap<Uuid, Uuid>,
}

impl<'a> Known<'a> {
    /// What the reader may know.
    pub fn of(programme: &'a Programme, wording: &'a Wording, names: &'a Names, awards: &'a [Award]) -> Self {
        let rulebook = programme.rulebook.as_ref();
        let rounds = rulebook.iter().flat_map(|rulebook| &rulebook.rounds);
        let rounds: BTreeMap<Uuid, String> =
            rounds.map(|round| (ids::round(programme.id, &round.id), round.id.clone())).collect();
        let seats = rounds
            .keys()
            .flat_map(|round| names.members().map(|member| (ids::judge(*round, member), member)));
        Self {
            names,
            wording,
            zone: rulebook.map_or("UTC", |rulebook| rulebook.time_zone.as_str()),
            awards: awards.iter().map(|award| (award.id, award)).collect(),
            seats: seats.collect(),
            rounds,
        }
    }

    /// Who did it.
    fn actor(&self, event: &Event) -> &str {
        event.by().map_or("Plaudit", |member| self.names.member(member))
    }

    /// A member whom a field names.
    fn member(&self, event: &Event, field: &str) -> &str {
        event.about(field).map_or("Somebody", |member| self.names.member(member))
    }

    /// Two people who decided together.
    fn two(&self, event: &Event, first: &str, second: &str) -> String {
        let names =
            [first, second].map(|field| event.about(field).and_then(|member| self.names.known(member)));
        match names {
            [Some(first), Some(second)] => format!("{first} and {second}"),
            _ => "Two people".to_owned(),
        }
    }

    /// A pitch.
    fn pitch(&self, pitch: Option<Uuid>) -> String {
        pitch
            .and_then(|pitch| self.names.team(pitch))
            .map_or_else(|| "a pitch".to_owned(), |team| format!("“{team}”"))
    }

    /// The round of an id.
    fn round(&self, round: Option<Uuid>) -> String {
        match round.and_then(|round| self.rounds.get(&round)) {
            Some(slug) => self.slug(slug),
            None => "the round".to_owned(),
        }
    }

    /// A round by its name in the rulebook.
    fn slug(&self, slug: &str) -> String {
        format!("the round “{}”", self.wording.says(slug))
    }

    /// A judge by their seat.
    fn judge(&self, seat: Option<Uuid>) -> &str {
        let member = seat.and_then(|seat| self.seats.get(&seat));
        member.map_or("a judge", |member| self.names.member(*member))
    }

    /// An award: which prize, and to whom.
    fn award(&self, award: Option<Uuid>) -> String {
        match award.and_then(|award| self.awards.get(&award)) {
            Some(award) => format!("{} for {}", self.prize(&award.prize), self.pitch(Some(award.pitch))),
            None => "an award".to_owned(),
        }
    }

    fn prize(&self, prize: &str) -> String {
        format!("“{}”", self.wording.says(prize))
    }

    fn when(&self, event: &Event, field: &str) -> String {
        let at = text(event, field).parse();
        at.map_or_else(
            |_| "a moment".to_owned(),
            |at| format!("{} ({} time)", when(at, self.zone), city(self.zone)),
        )
    }
}

fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

/// A field's text; empty if there is none.
fn text<'e>(event: &'e Event, field: &str) -> &'e str {
    event.data.get(field).and_then(|value| value.as_str()).unwrap_or_default()
}

/// A field's number; absent ones are 0.
fn number(event: &Event, field: &str) -> usize {
    event.data.get(field).and_then(|value| value.as_u64()).unwrap_or_default() as usize
}

fn yes(event: &Event, field: &str) -> bool {
    event.data.get(field).and_then(|value| value.as_bool()).unwrap_or_default()
}

/// `: ` and the reason, if one is given.
fn because(event: &Event, field: &str) -> String {
    match text(event, field).strip_prefix("REASON_") {
        Some(code) => format!(": {}", lower(&reason(&code.to_lowercase()))),
        None => String::new(),
    }
}

fn lower(says: &str) -> String {
    let mut letters = says.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// Money in an event: 64-bit numbers are text there.
fn amount(event: &Event, field: &str) -> String {
    let minor = event.data.get(field).and_then(|value| value.get("minor"));
    let minor =
        minor.and_then(|minor| minor.as_i64().or_else(|| minor.as_str()?.parse().ok())).unwrap_or_default();
    let currency =
        event.data.get(field).and_then(|value| value.get("currency")).and_then(|currency| currency.as_str());
    money(&Money { minor, currency: currency.unwrap_or("GBP").to_owned() })
}

/// An event as a sentence; one that is not known by its own name.
pub fn sentence(event: &Event, known: &Known) -> String {
    told(event, known).unwrap_or_else(|| {
        let words: String = event
            .name()
            .chars()
            .flat_map(|letter| {
                let space = letter.is_uppercase().then_some(' ');
                space.into_iter().chain(letter.to_lowercase())
            })
            .collect();
        format!("{} noted:{words}.", service(&event.source))
    })
}

fn told(event: &Event, known: &Known) -> Option<String> {
    let package = event.kind.split('.').nth(1)?;
    match package {
        "accounts" => accounts(event, known),
        "submissions" => submissions::told(event, known),
        "panels" => panels::told(event, known),
        "scoring" => scoring::told(event, known),
        "awards" => awards::told(event, known),
        "intake" => notes::told(event, known),
        _ => None,
    }
}

fn accounts(event: &Event, known: &Known) -> Option<String> {
    let member = event.id().map_or("Somebody", |member| known.names.member(member));
    Some(match event.name() {
        "MemberInvited" => format!("A place was kept for {}.", lower_somebody(member)),
        "MemberJoined" => format!("{member} joined."),
        "MemberForgotten" => "A member was forgotten: nothing here leads to them any more.".to_owned(),
        _ => return None,
    })
}

fn lower_somebody(name: &str) -> &str {
    if name == "Somebody" { "somebody" } else { name }
}

/// A service, for people.
fn service(source: &str) -> &'static str {
    match source {
        "submissions" => "Submissions",
        "panels" => "Panels",
        "scoring" => "Scoring",
        "awards" => "Awards",
        "accounts" => "Accounts",
        _ => "A service",
    }
}

#[cfg(test)]
mod tests;
