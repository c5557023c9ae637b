//! What a status and a text can't tell: numbers. Whoever has a conflict with a
//! pitch counts as if it were not there.

use serde_json::{Value, json};

use crate::phases::PHASES;
use crate::play::Play;

/// What must hold in a phase, besides the tables.
pub async fn hold(play: &Play, phase: &str) {
    let reached = |other: &str| {
        let place = |sought: &str| PHASES.iter().position(|known| *known == sought).unwrap();
        place(phase) >= place(other)
    };
    if reached("open") {
        only_that_it_is_there(play).await;
    }
    if reached("assigned") {
        no_count_of_the_panel(play).await;
    }
    if reached("marking") {
        no_count_of_the_round(play).await;
    }
    if reached("declared") {
        no_place(play).await;
    }
}

async fn only_that_it_is_there(play: &Play) {
    let pitch = play.reads("conflicted", "submissions/pitches/{pitch}").await;
    assert_eq!(pitch, json!({"id": play.world.word("pitch"), "sight": "existence"}));
}

async fn no_count_of_the_panel(play: &Play) {
    let counts = async |role: &str| {
        let panel = play.reads(role, "panels/rounds/{round}/panel").await;
        (panel["counts"]["pitches"].clone(), panel["counts"]["assignments"].clone())
    };
    assert_eq!(counts("ben").await, (json!(2), json!(4)));
    assert_eq!(counts("conflicted").await, (json!(1), json!(2)));
    let load = async |role: &str| {
        let judges = play.reads(role, "panels/rounds/{round}/panel/judges").await;
        find(&judges, "member", &play.world.word("judge"))["assigned"].clone()
    };
    assert_eq!(load("ben").await, 1);
    assert_eq!(load("conflicted").await, 0);
    let pitches = async |role: &str| list(&play.reads(role, "panels/rounds/{round}/panel/assignments").await, "pitch");
    assert_eq!(pitches("ben").await.len(), 4);
    assert_eq!(pitches("conflicted").await, [play.world.word("other"), play.world.word("other")]);
}

async fn no_count_of_the_round(play: &Play) {
    let progress = async |role: &str| {
        let progress = play.reads(role, "scoring/rounds/{round}").await["progress"].clone();
        let judges = progress["judges"].as_array().map(Vec::len);
        (progress["expected"].clone(), progress["sealed"].clone(), judges)
    };
    assert_eq!(progress("ben").await, (json!(4), json!(4), Some(4)));
    assert_eq!(progress("conflicted").await, (json!(2), json!(2), Some(2)));
    for role in ["judge", "undeclared", "entrant", "stranger"] {
        assert_eq!(progress(role).await, (Value::Null, Value::Null, None), "{role}");
    }
    let scorecards = async |role: &str| list(&play.reads(role, "scoring/rounds/{round}/scorecards").await, "pitch");
    assert_eq!(scorecards("ben").await.len(), 4);
    assert_eq!(scorecards("conflicted").await, [play.world.word("other"), play.world.word("other")]);
    // A judge behind a wall has the other pitch left.
    assert_eq!(scorecards("aside").await, [play.world.word("other")]);
    assert_eq!(scorecards("judge").await, [play.world.word("pitch")]);
}

async fn no_place(play: &Play) {
    let ranked = async |role: &str| list(&play.reads(role, "awards/rounds/{round}/ranking").await, "pitch");
    assert_eq!(ranked("ben").await, [play.world.word("pitch"), play.world.word("other")]);
    assert_eq!(ranked("conflicted").await, [play.world.word("other")]);
}

fn find<'a>(body: &'a Value, field: &str, value: &str) -> &'a Value {
    let items = body["items"].as_array().unwrap();
    items.iter().find(|item| item[field] == value).unwrap_or_else(|| panic!("no {value} in {body}"))
}

fn list(body: &Value, field: &str) -> Vec<String> {
    let items = body["items"].as_array().unwrap();
    items.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}
