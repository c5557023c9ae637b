//! What a status and a text can't tell: numbers, versions among them. Whoever
//! has a conflict with a pitch counts as if it were not there.

use serde_json::{Value, json};

use crate::phases::PHASES;
use crate::play::Play;

/// What is otherwise in a phase than it must be, besides the tables.
pub async fn differences(play: &Play, phase: &str) -> Vec<String> {
    let reached = |other: &str| {
        let place = |sought: &str| PHASES.iter().position(|known| *known == sought);
        place(phase) >= place(other)
    };
    let mut seen = Seen { phase: phase.to_owned(), differences: Vec::new() };
    if reached("open") {
        only_that_it_is_there(play, &mut seen).await;
    }
    if reached("assigned") {
        no_count_of_the_panel(play, &mut seen).await;
    }
    if reached("marking") {
        no_count_of_the_round(play, &mut seen).await;
    }
    if reached("declared") {
        no_place(play, &mut seen).await;
    }
    if reached("announced") {
        no_version(play, &mut seen, "awards/awards/{award}", &["public", "conflicted", "rival"], "entrant")
            .await;
    }
    seen.differences
}

struct Seen {
    phase: String,
    differences: Vec<String>,
}

impl Seen {
    fn is(&mut self, what: &str, role: &str, found: Value, expected: Value) {
        if found != expected {
            let phase = &self.phase;
            self.differences.push(format!("{phase}, {what}: {role} finds {found} instead of {expected}"));
        }
    }
}

async fn only_that_it_is_there(play: &Play, seen: &mut Seen) {
    let pitch = play.reads("conflicted", "submissions/pitches/{pitch}").await;
    let expected = json!({"id": play.world.word("pitch"), "sight": "existence"});
    seen.is("the pitch", "conflicted", pitch, expected);
    no_version(play, seen, "submissions/pitches/{pitch}", &["conflicted"], "ben").await;
}

/// What has a version for somebody who sees all of it has none for the others.
async fn no_version(play: &Play, seen: &mut Seen, of: &str, others: &[&str], sees_all: &str) {
    for role in others {
        let version = play.looks(role, of).await.etag;
        seen.is(of, role, json!(version), Value::Null);
    }
    let version = play.looks(sees_all, of).await.etag;
    seen.is(of, sees_all, json!(version.is_some()), json!(true));
}

async fn no_count_of_the_panel(play: &Play, seen: &mut Seen) {
    let other = play.world.word("other");
    for (role, pitches, assignments, load) in [("ben", 2, 4, 1), ("conflicted", 1, 2, 0)] {
        let counts = play.reads(role, "panels/rounds/{round}/panel").await["counts"].clone();
        let counts = json!([counts["pitches"], counts["assignments"]]);
        seen.is("pitches and assignments", role, counts, json!([pitches, assignments]));
        let judges = play.reads(role, "panels/rounds/{round}/panel/judges").await;
        let judge = find(&judges, "member", &play.world.word("judge"));
        seen.is("the judge's load", role, judge["assigned"].clone(), json!(load));
    }
    let assignments = "panels/rounds/{round}/panel/assignments";
    for (role, expected) in [
        ("conflicted", json!([other, other])),
        ("judge", json!([play.world.word("pitch")])),
        ("aside", json!([other])),
        ("undeclared", json!([])),
    ] {
        seen.is("assignments", role, pitches(&play.reads(role, assignments).await), expected);
    }
}

async fn no_count_of_the_round(play: &Play, seen: &mut Seen) {
    let other = play.world.word("other");
    for (role, expected) in [
        ("ben", json!([4, 4, 4])),
        ("conflicted", json!([2, 2, 2])),
        ("judge", json!([null, null, null])),
        ("entrant", json!([null, null, null])),
        ("stranger", json!([null, null, null])),
    ] {
        let progress = play.reads(role, "scoring/rounds/{round}").await["progress"].clone();
        let judges = progress["judges"].as_array().map(Vec::len);
        let found = json!([progress["expected"], progress["sealed"], judges]);
        seen.is("expected, sealed, judges", role, found, expected);
    }
    no_version(play, seen, "scoring/rounds/{round}", &["conflicted", "judge", "stranger"], "ben").await;
    for (role, expected) in [
        ("conflicted", json!([other, other])),
        ("judge", json!([play.world.word("pitch")])),
        ("aside", json!([other])),
    ] {
        let scorecards = play.reads(role, "scoring/rounds/{round}/scorecards").await;
        seen.is("scorecards", role, pitches(&scorecards), expected);
    }
}

async fn no_place(play: &Play, seen: &mut Seen) {
    let (pitch, other) = (play.world.word("pitch"), play.world.word("other"));
    for (role, expected) in [("ben", json!([pitch, other])), ("conflicted", json!([other]))] {
        let ranking = play.reads(role, "awards/rounds/{round}/ranking").await;
        seen.is("the ranking", role, pitches(&ranking), expected);
    }
}

fn find<'a>(body: &'a Value, field: &str, value: &str) -> &'a Value {
    let items = body["items"].as_array().unwrap();
    items.iter().find(|item| item[field] == value).unwrap_or_else(|| panic!("no {value} in {body}"))
}

fn pitches(body: &Value) -> Value {
    body["items"].as_array().unwrap().iter().map(|item| item["pitch"].clone()).collect()
}
