#![allow(clippy::unwrap_used)]

use super::*;

const PITCH: &str = "37baa408-f0a3-4365-9747-7620987c4442";
const MEMBER: &str = "81bb9348-9712-4694-8c4d-3a386307d870";

fn event(kind: &str, subject: &str, data: serde_json::Value) -> Event {
    let source = kind.split('.').nth(1).unwrap();
    serde_json::from_value(serde_json::json!({
        "source": source, "type": kind, "subject": subject, "time": "2026-11-23T13:53:40Z",
        "actor": format!("member/{MEMBER}"), "data": data,
    }))
    .unwrap()
}

fn programme() -> Programme {
    serde_json::from_value(serde_json::json!({ "id": "d08e0092-fe15-8c1e-b1d2-2c9a7b1a7e78" })).unwrap()
}

/// Every message of the contracts that is an event.
fn messages() -> Vec<String> {
    let packages = ["accounts", "submissions", "panels", "scoring", "awards", "intake"];
    let mut found = Vec::new();
    for package in packages {
        let path = format!("{}/../../proto/plaudit/{package}/v1/events.proto", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let names = text.lines().filter_map(|line| line.strip_prefix("message ")?.split([' ', '{']).next());
        // A mark is a part of an event.
        found.extend(names.filter(|name| *name != "Mark").map(|name| format!("plaudit.{package}.v1.{name}")));
    }
    found
}

#[test]
fn every_event_of_the_contracts_has_a_sentence() {
    let (programme, wording, names) = (programme(), Wording::default(), Names::default());
    let known = Known::of(&programme, &wording, &names, &[]);
    let messages = messages();
    assert!(messages.len() > 80, "{}", messages.len());
    for kind in messages {
        let data = match kind.ends_with("FactTaken") {
            true => serde_json::json!({ "callOpened": {}, "actor": MEMBER }),
            false => serde_json::json!({ "code": "not-allowed" }),
        };
        let told = told(&event(&kind, &format!("x/{PITCH}"), data), &known);
        let told = told.unwrap_or_else(|| panic!("{kind} has no sentence"));
        assert!(told.ends_with('.') && told.len() > 10, "{kind}: {told}");
        assert!(
            told.chars()
                .next()
                .is_some_and(|first| first.is_uppercase() || first.is_numeric() || "“£".contains(first)),
            "{kind}: {told}"
        );
        for broken in ["  ", "..", "{", "::", " ,", ": ."] {
            assert!(!told.contains(broken), "{kind}: {told}");
        }
    }
}

/// Every fact that a service may take in from another, too.
#[test]
fn every_fact_that_is_taken_in_has_a_sentence() {
    let path = format!("{}/../../proto/plaudit/intake/v1/events.proto", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let facts = text.lines().filter_map(|line| {
        let (kind, rest) = line.trim().strip_prefix("plaudit.")?.split_once(' ')?;
        let is_event = ["submissions.", "panels.", "awards."].iter().any(|package| kind.starts_with(package));
        is_event.then(|| rest.split(' ').next().map(str::to_owned))?
    });
    let facts: Vec<String> = facts.collect();
    assert!(facts.len() > 20);
    let (programme, wording, names) = (programme(), Wording::default(), Names::default());
    let known = Known::of(&programme, &wording, &names, &[]);
    for field in facts {
        let mut parts = field.split('_');
        let first = parts.next().unwrap().to_owned();
        let field = first + &parts.map(panels::capital).collect::<String>();
        let data = serde_json::json!({ (field.as_str()): {}, "actor": MEMBER });
        let mut event = event("plaudit.intake.v1.FactTaken", "pitch/x", data);
        event.source = "scoring".to_owned();
        let told = sentence(&event, &known);
        assert!(told.starts_with("Scoring took note: "), "{field}: {told}");
    }
}

#[test]
fn sentences_name_what_the_reader_may_know_and_nothing_else() {
    let programme = programme();
    let (pitch, member) = (PITCH.parse().unwrap(), MEMBER.parse().unwrap());
    let wording = Wording::default();
    let names = Names::for_tests(&[(pitch, "The rota", "Handover")], &[(member, "Rhiannon Pugh")]);
    let submitted = event(
        "plaudit.submissions.v1.PitchSubmitted",
        &format!("pitch/{PITCH}"),
        serde_json::json!({ "submission": 2 }),
    );
    let known = Known::of(&programme, &wording, &names, &[]);
    assert_eq!(sentence(&submitted, &known), "Rhiannon Pugh replaced “Handover”: version 2.");
    let nobody = Names::default();
    let stranger = Known::of(&programme, &wording, &nobody, &[]);
    assert_eq!(sentence(&submitted, &stranger), "Somebody replaced a pitch: version 2.");
    let reserved = serde_json::json!({ "pitch": PITCH, "prize": "prize-1", "amount": { "minor": "200000", "currency": "GBP" } });
    let reserved = event("plaudit.awards.v1.AmountReserved", "pot/x", reserved);
    assert_eq!(sentence(&reserved, &known), "£2,000 of the pot was set aside: “Prize 1” for “Handover”.");
}

#[test]
fn what_is_new_is_told_by_its_name() {
    let (programme, wording, names) = (programme(), Wording::default(), Names::default());
    let known = Known::of(&programme, &wording, &names, &[]);
    let new = event("plaudit.awards.v1.TrophyEngraved", "award/x", serde_json::json!({}));
    assert_eq!(sentence(&new, &known), "Awards noted: trophy engraved.");
}
