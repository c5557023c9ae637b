//! Everybody asks for everything, and what they are answered.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use plaudit_tests::people::Answer;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::phases::PHASES;
use crate::play::Play;
use crate::routes::Route;
use crate::table::{Row, Signs, Table};
use crate::world::World;

/// How many ask at once.
const AT_ONCE: usize = 48;
/// How many at first: a stranger to what is not public waits until it is, or a
/// moment is over; they had better wait together.
const AT_ONCE_AT_FIRST: usize = 400;
/// A version that nothing has: what would be done is not done.
pub const NEVER: &str = "\"999999999\"";

/// Why an answer may have to wait for news.
const LATE: [&str; 3] = ["behind", "wall-not-current", "programme-not-known-yet"];

/// What somebody was answered.
pub struct Heard {
    pub role: &'static str,
    /// The route, as the table has it.
    pub asked: String,
    pub says: String,
}

pub struct Probes<'a> {
    table: &'a Table,
    /// The signs of the answers so far, by row and role.
    signs: BTreeMap<(usize, &'static str), Signs>,
    /// The first answer of each that was not the expected one.
    notes: Vec<String>,
    /// Everything of the last phase.
    pub heard: Vec<Heard>,
    /// How many cells there have been.
    pub asked: usize,
}

impl<'a> Probes<'a> {
    pub fn of(table: &'a Table) -> Self {
        Self { table, signs: BTreeMap::new(), notes: Vec::new(), heard: Vec::new(), asked: 0 }
    }

    /// Asks for every cell of this phase.
    pub async fn ask_everything(&mut self, play: &Play) {
        self.ask_for(play, |_| true).await;
    }

    /// Asks for every reading of this phase.
    pub async fn read_everything(&mut self, play: &Play) {
        self.ask_for(play, |row| row.route.reads()).await;
    }

    async fn ask_for(&mut self, play: &Play, wanted: fn(&Row) -> bool) {
        self.heard.clear();
        let rows = self.table.rows.iter().enumerate().filter(|(_, row)| wanted(row));
        let cells = rows.flat_map(|(at, row)| row.signs.keys().map(move |role| (at, row, *role)));
        let answered = stream::iter(cells).map(async |(at, row, role)| {
            let left = row.signs[role].contains(&'E');
            let answer = if left {
                None
            } else {
                Some(ask(play, &play.world, &row.route, row.body.as_ref(), role, Some(NEVER)).await)
            };
            (at, row, role, answer)
        });
        let at_once = if self.asked == 0 { AT_ONCE_AT_FIRST } else { AT_ONCE };
        let answered: Vec<_> = answered.buffer_unordered(at_once).collect().await;
        for (at, row, role, answer) in answered {
            self.asked += 1;
            let signs = self.signs.entry((at, role)).or_default();
            let Some(answer) = answer else {
                signs.push('E');
                continue;
            };
            let sign = sign(&row.route, &answer);
            let so_far = signs.len();
            let first = signs[..] == row.signs[role][..so_far];
            if first && sign != row.signs[role][so_far] {
                let (phase, Answer { status, body, .. }) = (PHASES[so_far], &answer);
                self.notes.push(format!("{} {phase}, {role}: {status} {body}", row.place));
            }
            signs.push(sign);
            let says = format!("{} {}", answer.body, answer.etag.unwrap_or_default());
            self.heard.push(Heard { role, asked: row.route.name(), says });
        }
    }

    /// The rows in which somebody was answered otherwise.
    pub fn differences(&self) -> Vec<String> {
        let mut differences = Vec::new();
        for (at, row) in self.table.rows.iter().enumerate() {
            for (role, expected) in &row.signs {
                let found = &self.signs[&(at, *role)];
                if found != expected {
                    let (expected, found): (String, String) =
                        (expected.iter().collect(), found.iter().collect());
                    let name = row.route.name();
                    differences
                        .push(format!("{} {name}\n  {role}: {found} instead of {expected}", row.place));
                }
            }
        }
        differences.extend(self.notes.iter().cloned());
        differences
    }

    /// Does what could not be tried without being done.
    pub async fn carry_out_the_rest(&mut self, play: &Play) -> Vec<String> {
        let mut refused = Vec::new();
        for row in &self.table.rows {
            for (role, _) in row.signs.iter().filter(|(_, signs)| signs.contains(&'E')) {
                let answer = ask(play, &play.world, &row.route, row.body.as_ref(), role, None).await;
                if !answer.status.is_success() {
                    refused.push(format!("{} {role} in the end: {answer:?}", row.place));
                }
            }
        }
        refused
    }
}

/// Asks for one thing. What is only late is asked for again.
pub async fn ask(
    play: &Play,
    world: &World,
    route: &Route,
    body: Option<&Value>,
    role: &str,
    if_match: Option<&str>,
) -> Answer {
    let mut person = play.person(role).clone();
    if let Some(version) = if_match {
        person = person.with_header("if-match", version);
    }
    let path = route.path(world);
    for _ in 0..100 {
        let answer = if route.reads() {
            person.reads(&path).await
        } else {
            let body = world.fill(body.unwrap_or(&json!({}))).to_string();
            let key = Uuid::new_v4().to_string();
            person.asks(route.method.clone(), &path, Some(&key), Some(body.into())).await
        };
        if !LATE.contains(&answer.code()) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{role}, {path}: not available for ten seconds");
}

/// The sign that stands for an answer; `!` if none does.
pub fn sign(route: &Route, answer: &Answer) -> char {
    match (answer.status.as_u16(), answer.code()) {
        (200, _) if route.reads() => 'Y',
        (200 | 201 | 204, _) if !route.reads() => 'D',
        (401, "not-signed-in") => '?',
        (403, "same-person" | "second-person-needed") => '2',
        (403, _) => '-',
        (404, _) => '.',
        (409, _) => 'n',
        (410, _) => 'o',
        (412, "changed-since") => 'Y',
        (422, _) => 'x',
        _ => '!',
    }
}
