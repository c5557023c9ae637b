//! What is said in the public API, body by body.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::prizes::slug;
use super::scenario::{MarksFor, Method, Office, Pitch, Pledge, Question, Scenario, Ties};

/// What the rulebook calls the one round.
pub const ROUND: &str = "final";
/// How long the call could run, if it weren't closed early.
const CALL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A command that needs no more words.
pub fn nothing() -> Value {
    json!({})
}

pub fn programme(scenario: &Scenario) -> Value {
    json!({ "title": scenario.title })
}

/// A place for the owner of an address.
pub fn invitation(email: &str, name: &str) -> Value {
    json!({ "email": email, "name": name })
}

pub fn role(member: Uuid, role: &str) -> Value {
    json!({ "member": member, "role": role })
}

/// The rulebook that the scenario was judged by.
pub fn rulebook(scenario: &Scenario, now: Timestamp) -> Value {
    let pot: u64 = scenario.prizes.iter().map(|prize| prize.minor).sum();
    let gate = scenario.form.gate.iter().map(|question| json!({ "id": question.id }));
    let rulebook = json!({
        "call": "invited",
        "deadline": now + CALL,
        "grace_seconds": 60,
        "time_zone": "Europe/London",
        "languages": ["en-GB"],
        "gate": gate.collect::<Vec<_>>(),
        "form": scenario.form.form.iter().map(form_question).collect::<Vec<_>>(),
        "rounds": [round(scenario)],
        "prizes": prizes(scenario),
        "pot": money(scenario, pot),
        "marks": match scenario.marks_for {
            MarksFor::Everybody => "public",
            MarksFor::EntrantsAndAuditors => "own_entrant",
        },
        "days_to_accept": 14,
        "may_give_no_award": false,
        "days_kept": 365,
    });
    json!({ "rulebook": rulebook, "prose": prose(scenario) })
}

fn form_question(question: &Question) -> Value {
    json!({ "id": question.id, "required": true, "most_characters": question.most_characters })
}

fn round(scenario: &Scenario) -> Value {
    json!({
        "id": ROUND,
        "kind": "den",
        "end": "marks_only",
        "tally": tally(scenario),
        "judges_per_pitch": 0,
        "anonymous": false,
        "quorum": scenario.judges.len(),
        "independent_judge_needed": scenario.has_independent_judge(),
    })
}

/// A mean that leaves marks out is a trimmed mean, and one that leaves none
/// out is not; leaving out the same number at both ends changes no median.
fn tally(scenario: &Scenario) -> Value {
    let settings = &scenario.aggregation;
    let (aggregation, trim) = match (settings.method, settings.trim) {
        (Method::Median, _) => ("median", 0),
        (Method::Mean | Method::TrimmedMean, 0) => ("mean", 0),
        (Method::Mean | Method::TrimmedMean, trim) => ("trimmed_mean", trim),
    };
    let criteria = scenario.criteria.iter();
    let criteria = criteria.map(|criterion| json!({ "id": criterion.id, "weight": criterion.weight }));
    let scale = &scenario.scale;
    json!({
        "scale": { "min": scale.min, "max": scale.max, "step": scale.step },
        "criteria": criteria.collect::<Vec<_>>(),
        "aggregation": aggregation,
        "trim": trim,
        "normalisation": settings.normalisation,
        "round_criterion": settings.round_criterion,
        "round_weighted": settings.round_weighted,
        "ties": match settings.ties { Ties::Share => json!([]) },
        "least_marks": 1,
    })
}

fn prizes(scenario: &Scenario) -> Value {
    let prizes = scenario.prizes.iter().enumerate().map(|(at, prize)| {
        json!({
            "id": slug(at),
            "rank": prize.rank,
            "amount": money(scenario, prize.minor),
            "support": prize.support.is_some(),
        })
    });
    prizes.collect()
}

fn money(scenario: &Scenario, minor: u64) -> Value {
    json!({ "minor": minor, "currency": scenario.currency })
}

/// The words around the rulebook: what is asked, marked and won.
fn prose(scenario: &Scenario) -> String {
    let mut lines = vec![format!("# {}", scenario.title)];
    lines.extend(Some(scenario.form.about.trim().to_owned()).filter(|about| !about.is_empty()));
    let questions = scenario.form.gate.iter().chain(&scenario.form.form);
    lines.extend(questions.map(|question| format!("{}: {}", question.id, question.ask)));
    let criteria = scenario.criteria.iter();
    lines.extend(
        criteria
            .map(|criterion| format!("{}: {}, weight {}", criterion.id, criterion.name, criterion.weight)),
    );
    let pledges = scenario.prizes.iter().filter_map(|prize| Some((prize.rank, prize.support.as_ref()?)));
    lines.extend(pledges.map(|(rank, pledge)| format!("Rank {rank} also wins {}.", pledge.what)));
    lines.join("\n\n")
}

pub fn invitee(member: Uuid) -> Value {
    json!({ "member": member })
}

/// An entry that passes the gate.
pub fn entry(scenario: &Scenario, pitch: &Pitch) -> Value {
    let gate: BTreeMap<&str, bool> =
        scenario.form.gate.iter().map(|question| (question.id.as_str(), true)).collect();
    json!({
        "title": pitch.title,
        "team_name": pitch.team,
        "gate": gate,
        "answers": pitch.answers,
        "accept_rules": true,
    })
}

pub fn eligible() -> Value {
    json!({ "outcome": "eligible" })
}

pub fn seat(member: Uuid, office: Office, independent: bool) -> Value {
    let office = match office {
        Office::Chair => "chair",
        Office::Deputy => "deputy",
        Office::Judge => "judge",
    };
    json!({ "member": member, "office": office, "independent": independent })
}

pub fn acceptance() -> Value {
    json!({ "confidentiality": true })
}

/// No connection to anybody.
pub fn declaration() -> Value {
    json!({ "connections": [], "none_for_the_rest": true })
}

pub fn marks(
    marks: &BTreeMap<String, String>,
    to_panel: Option<&String>,
    to_entrant: Option<&String>,
) -> Value {
    json!({ "marks": marks, "comment_to_panel": to_panel, "comment_to_entrant": to_entrant })
}

/// A judge who has no marks for a pitch wasn't there.
pub fn abstention() -> Value {
    json!({ "reason": "absent" })
}

pub fn award(prize: usize, pitch: Uuid) -> Value {
    json!({ "round": ROUND, "prize": slug(prize), "pitch": pitch })
}

/// An account that no bank has.
pub fn payee(team: &str) -> Value {
    json!({ "name": team, "account": "00000000", "sort_code": "00-00-00" })
}

pub fn agreement(scenario: &Scenario) -> Value {
    json!({ "agreement": format!("The prize of {} is spent on what was pitched.", scenario.title) })
}

pub fn sending(award: Uuid) -> Value {
    json!({ "reference": format!("PRIZE {}", &award.simple().to_string()[24..]) })
}

pub fn pledge(pledge: &Pledge, award: Uuid) -> Value {
    json!({
        "what": pledge.what,
        "quarters": pledge.quarters,
        "unit": pledge.unit.word(),
        "award": award,
    })
}

pub fn schedule(at: Timestamp, quarters: u32) -> Value {
    json!({ "at": at, "quarters": quarters })
}

pub fn delivery(quarters: u32, evidence: Option<&String>) -> Value {
    json!({ "quarters": quarters, "evidence": evidence })
}
