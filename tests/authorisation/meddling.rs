//! An organiser of another programme reaches for this one's things through
//! their own, where everything is theirs to do.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::play::Play;
use crate::probe::{NEVER, put};
use crate::routes::Route;
use crate::table::{Row, Table};
use crate::world::World;

/// What belongs to the other programme, or to none.
const NOT_OURS: [&str; 6] = ["programme", "round", "part", "challenge", "session", "token"];

/// What is asked in a body, and what is answered to it.
const IN_A_BODY: [(&str, &str, u16); 7] = [
    ("submissions/programmes/{programme}/conflicts", r#"{"pitch": "$pitch", "nature": "None."}"#, 404),
    (
        "panels/programmes/{programme}/rounds/{round}/panel/recusals",
        r#"{"pitch": "$pitch", "reason": "conflict_of_interest"}"#,
        422,
    ),
    (
        "panels/programmes/{programme}/rounds/{round}/panel/declaration",
        r#"{"none_for_the_rest": true, "connections": [{"pitch": "$pitch", "connection": "stand_aside"}]}"#,
        409,
    ),
    (
        "panels/programmes/{programme}/rounds/{round}/panel/assignments/moves",
        r#"{"pitch": "$pitch", "from": "$judge", "to": "$spare"}"#,
        409,
    ),
    (
        "awards/programmes/{programme}/awards",
        r#"{"round": "final", "prize": "first", "pitch": "$pitch"}"#,
        409,
    ),
    (
        "awards/programmes/{programme}/support",
        r#"{"what": "A desk", "quarters": 4, "unit": "item", "award": "$award"}"#,
        404,
    ),
    ("awards/programmes/{programme}/support/{support=pledge}/acceptance", r#"{"pitch": "$pitch"}"#, 422),
];

/// The other programme: its rules are public, its organiser sits on its panel
/// and has pledged support.
pub struct Meddling {
    programme: Value,
    pledge: Value,
}

impl Meddling {
    pub async fn begin(play: &mut Play) -> Self {
        let elsewhere = play.person("elsewhere");
        let drafted = elsewhere.does("submissions/programmes", json!({"title": "Another prize"})).await;
        let programme = drafted.id();
        let within = |service: &str, rest: &str| format!("{service}/programmes/{programme}/{rest}");
        let rulebook = play.world.fill(&json!({"rulebook": "$rulebook", "prose": "The same."}));
        elsewhere.puts(&within("submissions", "rulebook"), rulebook).await;
        let me = elsewhere.reads(&within("accounts", "me")).await.body["member"].clone();
        let panel = within("panels", "rounds/final/panel");
        elsewhere.does(&panel, json!({})).await;
        elsewhere.does(&format!("{panel}/judges"), json!({"member": me})).await;
        elsewhere.does(&format!("{panel}/acceptance"), json!({"confidentiality": true})).await;
        let pledge = json!({"what": "A chair", "quarters": 4, "unit": "item"});
        let pledge = elsewhere.does(&within("awards", "support"), pledge).await.id();
        Self { programme: programme.into(), pledge: pledge.into() }
    }

    /// Asks for everything that names something of the play.
    pub async fn gets_nowhere(&self, play: &Play, table: &Table) {
        let mut world = play.world.clone();
        world.set("programme", self.programme.clone());
        world.set("pledge", self.pledge.clone());
        let naming = |row: &&Row| row.route.things().any(|thing| !NOT_OURS.contains(&thing));
        for row in table.rows.iter().filter(naming) {
            let name = row.route.name();
            // Their own round expects no scorecard of them.
            let marks = name.ends_with("/seal") || name.ends_with("/abstention");
            let expected = if marks { 403 } else { 404 };
            is_refused(play, &world, row, expected).await;
        }
        for (path, body, expected) in IN_A_BODY {
            let body = serde_json::from_str(body).unwrap();
            let route = Route::read(&format!("POST /{path}"));
            let row = Row { route, body: Some(body), place: String::new(), signs: Default::default() };
            is_refused(play, &world, &row, expected).await;
        }
    }
}

async fn is_refused(play: &Play, world: &World, row: &Row, expected: u16) {
    let answer = put(play, world, row, "elsewhere", Some(NEVER)).await;
    let name = row.route.name();
    assert_eq!(answer.status, StatusCode::from_u16(expected).unwrap(), "{name} of another programme: {answer:?}");
}
