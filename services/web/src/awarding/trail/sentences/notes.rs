//! What services noted of each other, counted and forgot.

use super::panels::capital;
use super::{Known, number, service, text, told as tell};
use crate::awarding::trail::entries::Event;
use crate::words::count;

pub fn told(event: &Event, known: &Known) -> Option<String> {
    let who = service(&event.source);
    Some(match event.name() {
        "FactTaken" => format!("{who} took note: {}", taken(event, known)?),
        "HoldingsCounted" => format!(
            "{who} counted what it holds {}: {}.",
            milestone(event),
            count(number(event, "streams"), "history", "histories")
        ),
        "IntakeRefused" => format!(
            "{who} was asked for something that a rule does not allow, and says so: {}.",
            text(event, "code").replace('-', " ")
        ),
        "OpeningsLost" => format!(
            "After a loss, {who} no longer has {}: whoever wrote them is asked again.",
            count(number(event, "openings"), "private text", "private texts")
        ),
        "OpeningsForgotten" => format!(
            "{who} forgot {} of {}{}.",
            count(number(event, "openings"), "private text", "private texts"),
            match text(event, "subject") {
                "SUBJECT_MEMBER" => "a member",
                "SUBJECT_PITCH" => "a pitch",
                "SUBJECT_ROUND" => "a round",
                _ => "the programme",
            },
            why(event)
        ),
        "OpeningForgotten" => format!("{who} forgot a private text{}.", why(event)),
        _ => return None,
    })
}

fn why(event: &Event) -> &'static str {
    match text(event, "because") {
        "FORGOTTEN_BECAUSE_ASKED" => ", as was asked",
        "FORGOTTEN_BECAUSE_KEPT_LONG_ENOUGH" => ", as it was kept as long as the rules said",
        _ => ", as it was no longer needed",
    }
}

fn milestone(event: &Event) -> &'static str {
    match text(event, "milestone") {
        "MILESTONE_CALL_CLOSED" => "at the close of the call",
        "MILESTONE_ROUND_LOCKED" => "at the lock of a round",
        "MILESTONE_RESULT_DECLARED" => "when a result was declared",
        "MILESTONE_ANNOUNCED" => "at the announcement",
        "MILESTONE_CANCELLED" => "when the programme was called off",
        _ => "at the end of the programme",
    }
}

/// What another service had said, in the words that it has there.
fn taken(event: &Event, known: &Known) -> Option<String> {
    let data = event.data.as_object()?;
    let (field, fact) = data.iter().find(|(field, _)| field.as_str() != "actor")?;
    let name = capital(field);
    let actor = data.get("actor").and_then(|actor| actor.as_str()).unwrap_or_default();
    ["submissions", "panels", "awards"].into_iter().find_map(|package| {
        let mut original = event.clone();
        original.kind = format!("plaudit.{package}.v1.{name}");
        original.source = package.to_owned();
        original.data = fact.clone();
        original.actor =
            if actor.is_empty() { "process/unknown".to_owned() } else { format!("member/{actor}") };
        tell(&original, known)
    })
}
