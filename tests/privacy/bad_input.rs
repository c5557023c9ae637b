//! Bad input: each is refused with a problem that says what was wrong, names
//! the field where there is one, and nothing at all is stored.

use plaudit_tests::people::{Answer, Person};
use plaudit_tests::program::Program;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::heaps;
use crate::prize::Prize;

/// A refusal: its status, its code, and the field it names, if there is one.
type Expected = (u16, &'static str, Option<&'static str>);

fn field(name: &'static str) -> Expected {
    (422, "invalid-field", Some(name))
}

const NO_JSON: Expected = (400, "not-json", None);

#[track_caller]
fn is_refused(what: &str, answer: &Answer, (status, code, field): Expected) {
    let seen = (answer.status.as_u16(), answer.code());
    assert_eq!(seen, (status, code), "{what}: {answer:?}");
    assert_eq!(answer.content_type, "application/problem+json", "{what}: {answer:?}");
    assert!(answer.body["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{what}: {answer:?}");
    assert_eq!(answer.body["status"], status, "{what}: {answer:?}");
    let fields = answer.body["errors"].as_array().cloned().unwrap_or_default();
    let named = |name| fields.iter().any(|error| error["field"] == name);
    assert!(field.is_none_or(named), "{what}: {field:?} is not named in {answer:?}");
}

/// That not a row of a table has changed.
async fn nothing_more_is_stored(program: &Program, before: &[(String, Vec<u8>)]) {
    for ((table, before), (_, after)) in before.iter().zip(stored(program).await) {
        let [before, after] = [before, &after].map(|rows| String::from_utf8_lossy(rows).into_owned());
        let more: Vec<&str> = after.lines().filter(|row| !before.contains(row)).collect();
        assert!(before == after, "{table} has changed: {more:?}");
    }
}

/// Every row of every table.
async fn stored(program: &Program) -> Vec<(String, Vec<u8>)> {
    program.is_sound();
    heaps::tables(program).await.into_iter().map(|heap| (heap.name, heap.bytes)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_is_told_what_is_wrong_and_leaves_nothing() {
    let program = Program::start(&[]);
    let mut prize = Prize::draft(&program).await;
    prize.publish("public").await;
    prize.enter().await;
    prize.screen().await;
    prize.seat().await;
    let known = a_key_is_used_once(&prize).await;
    let before = stored(&program).await;
    bodies(&prize).await;
    types(&prize).await;
    marks(&prize).await;
    headers(&prize, &known).await;
    addresses(&prize).await;
    tokens(&prize).await;
    nothing_more_is_stored(&program, &before).await;

    prize.mark().await;
    prize.unseal().await;
    prize.award().await;
    let before = stored(&program).await;
    money(&prize).await;
    nothing_more_is_stored(&program, &before).await;
}

/// A key, and the body that it was used for.
struct Known {
    path: String,
    key: String,
    body: Vec<u8>,
    answer: Value,
}

async fn a_key_is_used_once(prize: &Prize) -> Known {
    let path = prize.address("submissions/programmes/{programme}/rulebook/amendment", &[]);
    let key = Uuid::new_v4().to_string();
    let body = json!({ "prose": "Again.", "reason": "clarification" }).to_string().into_bytes();
    let answer = prize.cast.ada.asks(Method::POST, &path, Some(&key), Some(body.clone())).await;
    assert!(answer.status.is_success(), "{answer:?}");
    Known { path, key, body, answer: answer.body }
}

/// What is wrong with a body as such.
async fn bodies(prize: &Prize) {
    let ada = &prize.cast.ada;
    let titled = |title: &str| format!("{{\"title\": {title}}}").into_bytes();
    let deep = "[".repeat(200_000);
    let large = titled(&format!("\"{}\"", "x".repeat(1 << 20)));
    let drafts: [(&str, Vec<u8>, Expected); 17] = [
        ("a body over the limit", large, (413, "too-large", None)),
        ("a long title", titled(&format!("\"{}\"", "x".repeat(201))), field("title")),
        ("an empty title", titled("\"  \""), field("title")),
        ("a number for a text", titled("5"), field("title")),
        ("nothing for a text", titled("null"), field("title")),
        ("an object for a text", titled("{}"), field("title")),
        ("a field too few", b"{}".to_vec(), (422, "invalid-field", None)),
        ("no object", b"[]".to_vec(), (422, "invalid-field", None)),
        ("an unknown field", b"{\"title\": \"x\", \"colour\": \"red\"}".to_vec(), field("colour")),
        ("a field twice", b"{\"title\": \"x\", \"title\": \"y\"}".to_vec(), field("title")),
        ("a NUL", titled("\"a\\u0000b\""), field("title")),
        ("half a surrogate", titled("\"\\ud800\""), NO_JSON),
        (
            "no UTF-8",
            titled("\"\u{0}\"").iter().map(|b| if *b == 0 { 0xff } else { *b }).collect(),
            (400, "not-utf8", None),
        ),
        ("no JSON", b"title=x".to_vec(), NO_JSON),
        ("half of it", b"{\"title\": \"x".to_vec(), NO_JSON),
        ("more after it", b"{\"title\": \"x\"} {}".to_vec(), NO_JSON),
        ("a deep one", titled(&deep), NO_JSON),
    ];
    for (what, body, expected) in drafts {
        let answer = prize.attempts(ada, "POST submissions/programmes", &[], body).await;
        is_refused(what, &answer, expected);
    }
}

/// What is wrong with a field.
async fn types(prize: &Prize) {
    let ada = &prize.cast.ada;
    let support = "POST awards/programmes/{programme}/support";
    let seat = "POST panels/programmes/{programme}/rounds/{round}/panel/judges";
    let deadline = "POST submissions/programmes/{programme}/call/deadline";
    let role = "POST submissions/programmes/{programme}/roles";
    let invitation = "POST accounts/programmes/{programme}/invitations";
    let pledge =
        |quarters: &str| format!("{{\"what\": \"x\", \"unit\": \"hour\", \"quarters\": {quarters}}}");
    let member = Uuid::new_v4();
    let others: [(&str, &str, String, Expected); 14] = [
        ("less than nothing", support, pledge("-1"), field("quarters")),
        ("more than fits", support, pledge("4294967296"), field("quarters")),
        ("a part of a quarter", support, pledge("1.5"), field("quarters")),
        ("a number without end", support, pledge("1e999"), NO_JSON),
        ("a text for a number", support, pledge("\"4\""), field("quarters")),
        (
            "an unknown unit",
            support,
            json!({ "what": "x", "quarters": 4, "unit": "week" }).to_string(),
            field("unit"),
        ),
        (
            "too much for a cap",
            seat,
            json!({ "member": member, "cap": 1u64 << 40 }).to_string(),
            field("cap"),
        ),
        ("no id", seat, json!({ "member": "ada" }).to_string(), field("member")),
        (
            "no instant",
            deadline,
            json!({ "deadline": "tomorrow", "reason": "service_fault" }).to_string(),
            field("deadline"),
        ),
        (
            "no such day",
            deadline,
            json!({ "deadline": "2099-02-30T12:00:00Z", "reason": "service_fault" }).to_string(),
            field("deadline"),
        ),
        ("an unknown role", role, json!({ "member": member, "role": "king" }).to_string(), field("role")),
        ("no address", invitation, json!({ "email": "ada" }).to_string(), field("email")),
        (
            "two addresses",
            invitation,
            json!({ "email": "a@b.example, c@d.example" }).to_string(),
            field("email"),
        ),
        (
            "a name of two lines",
            invitation,
            json!({ "email": "a@b.example", "name": "a\nb" }).to_string(),
            field("name"),
        ),
    ];
    for (what, operation, body, expected) in others {
        is_refused(what, &prize.attempts(ada, operation, &[], body.into_bytes()).await, expected);
    }
}

/// Marks that the rulebook doesn't allow.
async fn marks(prize: &Prize) {
    let judge = &prize.cast.judges[0];
    let seal = "POST scoring/programmes/{programme}/rounds/{round}/scorecards/{pitch}/seal";
    let sheet = |impact: &str| format!(r#"{{"marks": {{"impact": {impact}, "team": "5"}}}}"#);
    let not_allowed = |name| (422, "marks-not-allowed", Some(name));
    let (impact, no_mark) = (not_allowed("marks.impact"), field("marks.impact"));
    let taste = r#"{"marks": {"impact": "5", "team": "5", "taste": "5"}}"#.to_owned();
    let twice = r#"{"marks": {"impact": "5", "team": "5", "impact": "9"}}"#.to_owned();
    let words = json!({ "marks": { "impact": "1", "team": "5" }, "comment_to_panel": "x".repeat(10_001) });
    for (what, body, expected) in [
        ("off the step", sheet(r#""5.0000000000001""#), impact),
        ("above the scale", sheet(r#""10.000000000001""#), impact),
        ("below the scale", sheet(r#""-1""#), impact),
        ("a criterion too few", r#"{"marks": {"team": "5"}}"#.to_owned(), impact),
        ("no marks", r#"{"marks": {}}"#.to_owned(), impact),
        ("an unknown criterion", taste, not_allowed("marks.taste")),
        ("a criterion twice", twice, no_mark),
        ("a word", sheet(r#""eight""#), no_mark),
        ("no number", sheet(r#""NaN""#), no_mark),
        ("a power", sheet(r#""1e1""#), no_mark),
        ("other digits", sheet(r#""５""#), no_mark),
        ("a NUL", sheet(r#""5\u0000""#), no_mark),
        ("too long", sheet(&format!("\"{}\"", "1".repeat(5000))), no_mark),
        ("a JSON number", sheet("5"), no_mark),
        ("nothing", sheet("null"), no_mark),
        ("too many words", words.to_string(), field("comment_to_panel")),
    ] {
        let answer = prize.attempts(judge, seal, &[&prize.pitches[0]], body.into_bytes()).await;
        is_refused(what, &answer, expected);
    }
    let unknown = Uuid::new_v4().to_string();
    let answer = prize.attempts(judge, seal, &[&unknown], sheet(r#""5""#).into_bytes()).await;
    is_refused("marks for no pitch", &answer, (403, "scorecard-not-expected", None));
}

/// Keys and versions.
async fn headers(prize: &Prize, known: &Known) {
    let ada = &prize.cast.ada;
    let body = || Some(known.body.clone());
    let post = Method::POST;
    let again = ada.asks(post.clone(), &known.path, Some(&known.key), body()).await;
    assert_eq!(again.body, known.answer, "the same key and body are the same command");
    let other = json!({ "prose": "Other.", "reason": "clarification" }).to_string().into_bytes();
    let reused = ada.asks(post.clone(), &known.path, Some(&known.key), Some(other)).await;
    is_refused("a key for another body", &reused, (422, "key-reused", None));
    let missing = ada.asks(post.clone(), &known.path, None, body()).await;
    is_refused("no key", &missing, (400, "key-missing", None));
    for key in ["", "k".repeat(256).as_str()] {
        let malformed = ada.asks(post.clone(), &known.path, Some(key), body()).await;
        is_refused("a strange key", &malformed, (400, "key-malformed", None));
    }
    let stale = ada
        .with_header("if-match", "\"1\"")
        .attempts(&known.path, json!({ "prose": "x", "reason": "clarification" }))
        .await;
    assert_eq!(stale.status.as_u16(), 412, "{stale:?}");
    for version in ["*", "one", "-1", "\"99999999999999999999\""] {
        let strange =
            ada.with_header("if-match", version).asks(post.clone(), &known.path, Some("k"), body()).await;
        is_refused("a strange version", &strange, (400, "if-match-malformed", None));
    }
    for position in ["submissions", "submissions/x", "submissions/-1"] {
        let strange = ada.with_header("plaudit-position", position).reads("submissions/programmes").await;
        is_refused("a strange position", &strange, (400, "position-malformed", None));
    }
}

/// Paths and queries.
async fn addresses(prize: &Prize) {
    let ada = &prize.cast.ada;
    let programme = prize.address("submissions/programmes/{programme}", &[]);
    let query: Expected = (400, "query-malformed", None);
    for (what, query, expected) in [
        ("a NUL", "after=%00", query),
        ("a NUL in the middle", "after=a%1F%00b", query),
        ("no UTF-8", "after=%FF%1F", query),
        ("no place", "after=nowhere", (400, "after-malformed", None)),
        ("less than nothing", "limit=-1", query),
        ("no number", "limit=many", query),
        ("more than fits", "limit=4294967296", query),
    ] {
        is_refused(what, &ada.reads(&format!("{programme}/pitches?{query}")).await, expected);
    }
    let panel = prize.address("panels/programmes/{programme}/rounds", &[]);
    let not_found: Expected = (404, "not-found", None);
    for (what, path) in [
        ("no service", "nothing/programmes".to_owned()),
        ("no page", format!("{programme}/nothing")),
        ("no pitch's id", format!("{programme}/pitches/nothing")),
        ("an unknown pitch", format!("{programme}/pitches/{}", Uuid::new_v4())),
        ("no programme's id", "submissions/programmes/nothing".to_owned()),
        ("an unknown programme", format!("submissions/programmes/{}", Uuid::new_v4())),
        ("a NUL in an id", format!("{programme}/pitches/%00")),
        ("an unknown round", format!("{panel}/other/panel")),
        ("a NUL for a round", format!("{panel}/%00/panel")),
        ("a round that is no UTF-8", format!("{panel}/%FF/panel")),
        ("a service's own door", "submissions/head".to_owned()),
        ("a way around", format!("submissions/programmes/%2e%2e/{programme}")),
    ] {
        is_refused(what, &ada.reads(&path).await, not_found);
    }
    let patched =
        ada.asks(Method::PATCH, &format!("{programme}/pitches"), Some("k"), Some(b"{}".to_vec())).await;
    is_refused("another method", &patched, (405, "method-not-allowed", None));
}

/// Bearers that are not good.
async fn tokens(prize: &Prize) {
    let anyone = &prize.cast.anyone;
    let path = prize.address("submissions/programmes/{programme}/roles", &[]);
    let body = || json!({ "member": Uuid::new_v4(), "role": "helper" });
    let out: Expected = (401, "not-signed-in", None);
    is_refused("no bearer", &anyone.attempts(&path, body()).await, out);
    let secret = "A".repeat(43);
    for bearer in [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Basic YWRhOmFkYQ==".to_owned(),
        "Bearer nobody".to_owned(),
        format!("Bearer plaudit_s_{secret}"),
        format!("Bearer plaudit_t_{secret}"),
        // As the edge makes them for services, whose they alone are.
        format!("Bearer v4.public.{secret}{secret}"),
    ] {
        let stranger: Person = anyone.with_header("authorization", &bearer);
        is_refused(&bearer, &stranger.attempts(&path, body()).await, out);
        is_refused(&bearer, &stranger.reads(&path).await, out);
    }
}

/// A prize is given once.
async fn money(prize: &Prize) {
    let award = json!({ "round": "final", "prize": "first", "pitch": prize.pitches[1], "departure": "panel_departure" });
    let propose = "POST awards/programmes/{programme}/awards";
    let answer = prize.attempts(&prize.cast.ada, propose, &[], award.to_string().into_bytes()).await;
    is_refused("a second award of the whole pot", &answer, (409, "prize-given-already", Some("prize")));
    let pay = "POST awards/programmes/{programme}/awards/{award}/payout/payee";
    for (what, wrong, name) in [
        ("a short account", json!({ "name": "x", "account": "12345", "sort_code": "00-00-00" }), "account"),
        (
            "letters for digits",
            json!({ "name": "x", "account": "1234567x", "sort_code": "00-00-00" }),
            "account",
        ),
        (
            "a short sort code",
            json!({ "name": "x", "account": "12345678", "sort_code": "00-00" }),
            "sort_code",
        ),
        ("nobody", json!({ "name": " ", "account": "12345678", "sort_code": "00-00-00" }), "name"),
    ] {
        let answer =
            prize.attempts(&prize.cast.eva, pay, &[&prize.award], wrong.to_string().into_bytes()).await;
        is_refused(what, &answer, (422, "invalid-field", Some(name)));
    }
}
