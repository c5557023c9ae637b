//! The whole story against a stub that says yes to everything, and keeps who
//! said what. It writes `expected.csv` when the programme is concluded: a
//! story that opened it before would find nothing.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};
use uuid::Uuid;

use super::scenario::tests::folder;
use super::*;

/// What was said, by whom.
struct Said {
    token: String,
    what: String,
    body: Value,
}

#[derive(Default)]
struct Heard {
    said: Vec<Said>,
    pitches: Vec<Uuid>,
    support: Option<Uuid>,
    asked_for_result: u32,
}

#[derive(Clone)]
struct Stub {
    folder: PathBuf,
    expected: &'static str,
    awarded: u64,
    heard: Arc<Mutex<Heard>>,
}

impl Stub {
    fn new(folder: &Path, expected: &'static str) -> Self {
        Self { folder: folder.to_owned(), expected, awarded: 1001, heard: Arc::default() }
    }

    async fn play(&self, out: Option<PathBuf>) -> Summary {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let dirs = vec![self.folder.clone()];
        let people = people_for(&dirs).unwrap().into_iter();
        let people = people.map(|(email, name)| Person { token: short(&email), email, name }).collect();
        play(PlayOptions { dirs, url, people, out, jobs: 2, bundle: None }).await.unwrap()
    }

    fn told(&self, method: &Method, path: &str) -> (StatusCode, Value) {
        let mut heard = self.heard.lock().unwrap();
        let id = Uuid::from_u128(heard.said.len() as u128);
        if *method != Method::GET {
            match path.rsplit('/').next().unwrap() {
                "pitches" => heard.pitches.push(id),
                "support" => heard.support = Some(id),
                "conclusion" => std::fs::write(self.folder.join("expected.csv"), self.expected).unwrap(),
                _ => {}
            }
            return (
                StatusCode::OK,
                json!({ "id": id, "member": id, "version": 1, "position": heard.said.len() }),
            );
        }
        if path.ends_with("/result") {
            heard.asked_for_result += 1;
            if heard.asked_for_result < 3 {
                return (StatusCode::NOT_FOUND, json!({ "detail": "There is no such result here." }));
            }
            let place =
                |at: usize, total, rank| json!({ "pitch": heard.pitches[at], "total": total, "rank": rank });
            return (
                StatusCode::OK,
                json!({ "items": [place(0, "17.50", 1), place(1, "14.00", 2)], "next": null }),
            );
        }
        let body = match path.rsplit('/').next().unwrap() {
            "final" => json!({ "progress": { "expected": 4, "sealed": 3, "abstained": 1 } }),
            "support" => {
                json!({ "items": [{ "id": heard.support, "status": "closed", "owed": 0 }], "next": null })
            }
            _ => json!({
                "amount": { "minor": self.awarded, "currency": "GBP" },
                "status": "accepted",
                "payout": "confirmed",
            }),
        };
        (StatusCode::OK, body)
    }

    /// Whoever sent the first command that ends so, and its body.
    fn first(&self, end: &str) -> (usize, String, Value) {
        let heard = self.heard.lock().unwrap();
        let at = heard.said.iter().position(|said| said.what.ends_with(end)).expect(end);
        (at, heard.said[at].token.clone(), heard.said[at].body.clone())
    }
}

/// `organiser-a` and the like.
fn short(email: &str) -> String {
    email.split('@').next().unwrap().to_owned()
}

async fn answer(
    State(stub): State<Stub>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response {
    let token = headers["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned();
    let body = serde_json::from_str(&body).unwrap_or_default();
    let what = format!("{method} {}", uri.path());
    stub.heard.lock().unwrap().said.push(Said { token, what, body });
    let (status, body) = stub.told(&method, uri.path());
    (status, Json(body)).into_response()
}

const AS_PLAYED: &str = "pitch,total,rank\np01,17.50,1\np02,14.00,2\n";

#[tokio::test]
async fn a_programme_is_played_to_the_last_day_of_support() {
    let folder = folder();
    let stub = Stub::new(folder.path(), AS_PLAYED);
    let out = folder.path().join("out.jsonl");
    let summary = stub.play(Some(out.clone())).await;
    assert!(summary.all_match(), "{:?}", summary.programmes);
    let line: Value = serde_json::from_str(std::fs::read_to_string(out).unwrap().trim()).unwrap();
    assert_eq!(line["title"], "A small prize");
    assert_eq!(line["matches"], true);
    let place = json!({
        "pitch": "p02", "total": "14.00", "rank": 2,
        "expected_total": "14.00", "expected_rank": 2, "matches": true,
    });
    assert_eq!(line["pitches"][1], place);
}

#[tokio::test]
async fn everything_happens_in_order_and_by_the_right_people() {
    let folder = folder();
    let stub = Stub::new(folder.path(), AS_PLAYED);
    stub.play(None).await;
    let steps = [
        ("POST /api/submissions/programmes", "organiser-a"),
        ("/roles", "organiser-a"),
        ("/rulebook", "organiser-a"),
        ("/call/opening", "organiser-a"),
        ("/call/opening/confirmation", "organiser-b"),
        ("/call/invitees", "organiser-a"),
        ("/pitches", "entrant-p01"),
        ("/call/closing", "organiser-a"),
        ("/call/closing/confirmation", "organiser-b"),
        ("/screening", "organiser-a"),
        ("/screening/completion", "organiser-a"),
        ("/rounds/final/panel", "organiser-a"),
        ("/panel/judges", "organiser-a"),
        ("/panel/acceptance", "judge-j1"),
        ("/panel/declaration", "judge-j1"),
        ("/panel/assignments", "organiser-a"),
        ("/panel/readiness", "organiser-a"),
        ("/rounds/final/opening", "organiser-a"),
        ("/abstention", "judge-j2"),
        ("/lock", "organiser-a"),
        ("/unsealing", "organiser-a"),
        ("/unsealing/confirmation", "organiser-b"),
        ("/awards", "organiser-a"),
        ("/approval", "organiser-b"),
        ("/announcement", "organiser-a"),
        ("/payout/payee", "entrant-p01"),
        ("/payout/payee/check", "organiser-a"),
        ("/payout/request", "organiser-a"),
        ("/payout/authorisation", "organiser-b"),
        ("/payout/confirmation", "entrant-p01"),
        ("/support", "organiser-a"),
        ("/deliveries", "organiser-a"),
        ("/deliveries/2/confirmation", "entrant-p01"),
        ("/conclusion", "organiser-a"),
    ];
    let mut before = 0;
    for (step, who) in steps {
        let (at, by, _) = stub.first(step);
        assert_eq!(by, who, "{step}");
        assert!(at >= before, "{step} came too early");
        before = at;
    }
}

#[tokio::test]
async fn the_rulebook_and_the_marks_are_those_of_the_folder() {
    let folder = folder();
    let stub = Stub::new(folder.path(), AS_PLAYED);
    stub.play(None).await;
    let (_, _, body) = stub.first("/rulebook");
    let tally = &body["rulebook"]["rounds"][0]["tally"];
    assert_eq!((&tally["aggregation"], &tally["trim"]), (&json!("mean"), &json!(0)));
    assert_eq!(tally["criteria"], json!([{ "id": "idea", "weight": "2" }]));
    assert_eq!(body["rulebook"]["pot"], json!({ "minor": 1001, "currency": "GBP" }));
    let heard = stub.heard.lock().unwrap();
    let seals = heard.said.iter().filter(|said| said.what.ends_with("/seal"));
    let mut marks: Vec<(&str, &str)> =
        seals.map(|said| (said.token.as_str(), said.body["marks"]["idea"].as_str().unwrap())).collect();
    marks.sort_unstable();
    assert_eq!(marks, [("judge-j1", "7"), ("judge-j1", "9.5"), ("judge-j2", "8")]);
}

#[tokio::test]
async fn another_total_or_rank_or_amount_is_a_difference() {
    let scratch = folder();
    let total = Stub::new(scratch.path(), "pitch,total,rank\np01,17.51,1\np02,14.00,2\n");
    let summary = total.play(None).await;
    assert!(!summary.all_match());
    let matches: Vec<bool> = summary.programmes[0].pitches.iter().map(|pitch| pitch.matches).collect();
    assert_eq!(matches, [false, true]);
    let scratch = folder();
    let rank = Stub::new(scratch.path(), "pitch,total,rank\np01,17.50,1\np02,14.00,3\n");
    assert!(!rank.play(None).await.all_match());
    let scratch = folder();
    let amount = Stub { awarded: 1000, ..Stub::new(scratch.path(), AS_PLAYED) };
    let summary = amount.play(None).await;
    assert!(!summary.all_match());
    assert!(summary.programmes[0].pitches.iter().all(|pitch| pitch.matches));
}

#[tokio::test]
async fn somebody_without_a_token_is_named() {
    let scratch = folder();
    let options = PlayOptions {
        dirs: vec![scratch.path().to_owned()],
        url: "http://127.0.0.1:9".to_owned(),
        people: Vec::new(),
        out: None,
        jobs: 1,
        bundle: None,
    };
    let missing = play(options).await.unwrap_err().to_string();
    assert!(missing.contains("Organiser A (organiser-a@"), "{missing}");
}
