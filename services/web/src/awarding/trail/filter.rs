//! Which events a reader wants to see.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::entries::Event;
use crate::components::{Button, Errors, Input, Select};
use crate::fields::Fields;

/// What, and when.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    what: String,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    /// What was typed for both.
    dates: (String, String),
    /// What is wrong with them.
    errors: Errors,
}

/// What there is to choose: its name, and what it is called.
const KINDS: [(&str, &str); 8] = [
    ("", "Everything that happened"),
    ("calls", "Rules and calls"),
    ("pitches", "Pitches"),
    ("panel", "The panel"),
    ("scoring", "Scoring"),
    ("awards", "Awards and payments"),
    ("people", "People and roles"),
    ("notes", "What services noted of each other"),
];

impl Filter {
    /// As the address says it.
    pub fn read(query: &Fields, zone: &str) -> Self {
        let mut filter = Self {
            what: query.text("what").to_owned(),
            dates: (query.text("from").to_owned(), query.text("until").to_owned()),
            ..Self::default()
        };
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let start = |date: Date| date.to_zoned(zone.clone()).ok().map(|day| day.timestamp());
        for name in ["from", "until"] {
            let typed = query.text(name);
            if typed.is_empty() {
                continue;
            }
            match typed.parse::<Date>() {
                Ok(date) if name == "from" => filter.from = start(date),
                Ok(date) => filter.until = date.tomorrow().ok().and_then(start),
                Err(_) => filter.errors.push(name, "Enter a date as year, month and day, such as 2026-11-27"),
            }
        }
        filter
    }

    /// What is wrong with it.
    pub fn errors(&self) -> &Errors {
        &self.errors
    }

    /// Whether an event is wanted.
    pub fn lets_through(&self, event: &Event) -> bool {
        let kind = kind(event);
        let wanted = if self.what.is_empty() { kind != "notes" } else { kind == self.what };
        wanted
            && self.from.is_none_or(|from| event.time >= from)
            && self.until.is_none_or(|until| event.time < until)
    }

    /// As an address says it, for the next page.
    pub fn query(&self, before: u64) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("what", &self.what), ("from", &self.dates.0), ("until", &self.dates.1)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("before", &before.to_string()).finish()
    }

    /// The form that changes it.
    pub fn form(&self, action: &str) -> Markup {
        html! {
            form.plaudit-filter method="get" action={ (action) "#events" } novalidate {
                (Select::new("what", "What", KINDS).value(&self.what))
                (Input::new("from", "From").kind("date").value(&self.dates.0).errors(&self.errors))
                (Input::new("until", "Until").kind("date").value(&self.dates.1).errors(&self.errors))
                (Button::new("Show these").secondary())
            }
        }
    }
}

/// What an event belongs to.
pub fn kind(event: &Event) -> &'static str {
    let noun = event.subject.split('/').next().unwrap_or_default();
    if event.kind.starts_with("plaudit.intake.") {
        return "notes";
    }
    match (event.source.as_str(), event.name()) {
        ("accounts", _)
        | (_, "RoleGranted" | "RoleRevoked" | "OrganiserConflictDeclared" | "ForgettingAsked")
        | (_, "AuditorProposed" | "AuditorAdmitted" | "AuditorDismissed") => "people",
        ("submissions", _) if noun == "pitch" => "pitches",
        ("submissions", _) => "calls",
        ("panels", _) => "panel",
        ("scoring", _) => "scoring",
        _ if matches!(event.name(), "PlaceTaken" | "RankingTaken") => "notes",
        _ => "awards",
    }
}

/// What a kind is called.
pub fn called(kind: &str) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, called)| *called)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn event(source: &str, kind: &str, subject: &str, time: &str) -> Event {
        serde_json::from_value(serde_json::json!({
            "source": source, "type": kind, "subject": subject, "time": time, "actor": "process/x", "data": {}
        }))
        .unwrap()
    }

    #[test]
    fn days_begin_and_end_in_the_programmes_own_time() {
        let query = Fields::parse(b"what=&from=2026-07-01&until=2026-07-01");
        let filter = Filter::read(&query, "Europe/London");
        for (time, shown) in [
            ("2026-06-30T22:59:59Z", false),
            ("2026-06-30T23:00:00Z", true),
            ("2026-07-01T22:59:59Z", true),
            ("2026-07-01T23:00:00Z", false),
        ] {
            let event = event("submissions", "plaudit.submissions.v1.PitchSubmitted", "pitch/1", time);
            assert_eq!(filter.lets_through(&event), shown, "{time}");
        }
        assert_eq!(filter.query(9), "from=2026-07-01&until=2026-07-01&before=9");
        assert!(!Filter::read(&Fields::parse(b"from=yesterday"), "UTC").errors().is_empty());
    }

    #[test]
    fn notes_between_services_come_only_when_asked_for() {
        let note = event("scoring", "plaudit.intake.v1.FactTaken", "pitch/1", "2026-07-01T00:00:00Z");
        assert!(!Filter::default().lets_through(&note));
        assert!(Filter::read(&Fields::parse(b"what=notes"), "UTC").lets_through(&note));
        let role =
            event("submissions", "plaudit.submissions.v1.RoleGranted", "programme/1", "2026-07-01T00:00:00Z");
        assert_eq!(kind(&role), "people");
    }
}
