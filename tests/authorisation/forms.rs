//! What is refused for its form is refused before anybody looks at who asks.
//! That tells nothing as long as it is refused in the same words where there is
//! nothing at all; whatever the answer depends on comes after the authorisation.

use futures_util::{StreamExt, stream};
use plaudit_tests::people::Answer;
use serde_json::{Value, json};

use crate::phases::PHASES;
use crate::play::Play;
use crate::probe::{NEVER, ask, sign};
use crate::table::{Row, Table};

/// Where somebody who may not is told more than that: bodies are sent with one
/// field emptied, to what is there and to what is not.
pub async fn differences(play: &Play, table: &Table, phase: &str) -> Vec<String> {
    let column = PHASES.iter().position(|known| *known == phase).unwrap();
    let rows = table.rows.iter().flat_map(|row| emptied(row).into_iter().map(move |body| (row, body)));
    let cells = rows.flat_map(|(row, body)| {
        let refused = row.signs.iter().filter(|(_, signs)| "-.".contains(signs[column]));
        refused.map(move |(role, signs)| (row, body.clone(), *role, signs[column]))
    });
    let answered = stream::iter(cells).map(async |(row, body, role, expected)| {
        let nowhere = play.world.elsewhere();
        let there = ask(play, &play.world, &row.route, Some(&body), role, Some(NEVER)).await;
        let not_there = ask(play, &nowhere, &row.route, Some(&body), role, Some(NEVER)).await;
        let tells = sign(&row.route, &there) != expected && !same(&there, &not_there);
        tells.then(|| format!("{} {role}, {body}: {there:?}, but {not_there:?} where nothing is", row.place))
    });
    answered.buffer_unordered(48).filter_map(std::future::ready).collect().await
}

fn same(one: &Answer, other: &Answer) -> bool {
    one.status == other.status && one.body == other.body
}

/// The body with each of its texts and numbers emptied in turn.
fn emptied(row: &Row) -> Vec<Value> {
    let Some(Value::Object(fields)) = &row.body else { return Vec::new() };
    let each = fields.iter().filter_map(|(name, value)| {
        let empty = match value {
            Value::String(_) => json!(""),
            Value::Number(_) => json!(0),
            _ => return None,
        };
        let mut body = fields.clone();
        body.insert(name.clone(), empty);
        Some(Value::Object(body))
    });
    each.collect()
}
