//! An organiser of another programme reaches for this one's things through
//! their own, where everything is theirs to do.

use serde_json::{Value, json};

use crate::play::Play;
use crate::probe::{NEVER, ask};
use crate::routes::Route;
use crate::table::{Row, Table};

/// What belongs to the other programme, or to none.
const NOT_OURS: [&str; 10] =
    ["programme", "round", "part", "challenge", "session", "token", "tile", "bundle", "first", "result"];

/// What is asked in a body, and what is answered to it.
const IN_A_BODY: [(&str, &str, u16); 8] = [
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
        "scoring/programmes/{programme}/rounds/{round}/scorecards/{pitch}/return",
        r#"{"judge": "$seat", "reason": "clarification"}"#,
        404,
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

    /// Asks for everything that names something of the play; answers what was
    /// not refused as it should be.
    pub async fn gets_nowhere(&self, play: &Play, table: &Table) -> Vec<String> {
        let mut world = play.world.clone();
        world.set("programme", self.programme.clone());
        world.set("pledge", self.pledge.clone());
        let naming = |row: &&Row| row.route.things().any(|thing| !NOT_OURS.contains(&thing));
        let in_paths = table.rows.iter().filter(naming).map(|row| {
            // Their own round expects no scorecard of them.
            let marks = [("/seal", 403), ("/abstention", 403), ("/draft", 403), ("/comment", 403)];
            let marks = marks.iter().find(|(end, _)| row.route.name().ends_with(end));
            (row.route.clone(), row.body.clone(), marks.map_or(404, |(_, status)| *status))
        });
        let in_bodies = IN_A_BODY.iter().map(|(path, body, status)| {
            (Route::read(&format!("POST /{path}")), Some(serde_json::from_str(body).unwrap()), *status)
        });
        let mut wrong = Vec::new();
        for (route, body, expected) in in_paths.chain(in_bodies) {
            let answer = ask(play, &world, &route, body.as_ref(), "elsewhere", Some(NEVER)).await;
            if answer.status.as_u16() != expected {
                wrong.push(format!(
                    "{} of another programme, instead of {expected}: {answer:?}",
                    route.name()
                ));
            }
        }
        wrong
    }
}
