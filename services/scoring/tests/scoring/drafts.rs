//! What a judge is still writing.

use std::time::Duration;

use futures_util::future::join_all;
use plaudit_chassis::id::MemberId;
use plaudit_proto::panels::v1::JudgeRecused;
use plaudit_proto::v1::{MarksVisibility, Reason};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::stand::{ANNE, CARA, Stand, entrant, judge, pitch, round, seat};

const PLAN: [(u128, u128); 5] = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)];

fn path(number: u128) -> String {
    format!("/scorecards/{}/draft", pitch(number))
}

fn words(impact: &str, comment: &str) -> Value {
    json!({"marks": {"impact": impact}, "comment_to_panel": comment})
}

/// Status, the version in `ETag`, the body.
type Answer = (u16, Option<u64>, Value);

async fn ask(stand: &Stand, who: MemberId, line: &str, seen: Option<u64>, key: &str, body: Value) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let seen = seen.map(|seen| format!("\"{seen}\""));
    let mut headers = vec![("idempotency-key", key)];
    headers.extend(seen.as_deref().map(|seen| ("if-match", seen)));
    let (status, body, headers) = stand.call_with(Some(who), method, path, &headers, body).await;
    let etag = headers.get("etag").map(|etag| etag.to_str().unwrap().trim_matches('"').parse().unwrap());
    (status.as_u16(), etag, serde_json::from_slice(&body).unwrap_or_default())
}

async fn save(stand: &Stand, who: MemberId, of: u128, seen: u64, body: Value) -> (u16, Option<u64>) {
    let key = Uuid::new_v4().to_string();
    let (status, version, _) = ask(stand, who, &format!("PUT {}", path(of)), Some(seen), &key, body).await;
    (status, version)
}

async fn opened() -> Stand {
    let stand = Stand::start().await;
    stand.panel(MarksVisibility::Public, 3, 2, &PLAN).await;
    assert_eq!(stand.post(ANNE, "/opening", Value::Null).await.0, 200);
    stand
}

async fn rows(stand: &Stand, which: &str) -> i64 {
    let client = stand.scoring.service.pool().get().await.unwrap();
    let sql = format!("select count(*) from scorecard_drafts where {which}");
    client.query_one(&sql, &[]).await.unwrap().get(0)
}

async fn until_none(stand: &Stand, which: &str) {
    for _ in 0..400 {
        if rows(stand, which).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("there still are drafts: {which}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tabs_never_write_over_each_other() {
    let stand = opened().await;
    let missing = stand.get(judge(1), &path(1)).await;
    assert_eq!((missing.0, &missing.1["type"]), (404, &json!("/problems/not-found")));
    assert_eq!(save(&stand, judge(1), 1, 3, words("7", "")).await, (412, Some(0)), "there is none");
    assert_eq!(save(&stand, judge(1), 1, 0, words("7.", "first")).await, (200, Some(1)));
    assert_eq!(save(&stand, judge(1), 1, 0, words("8", "other tab")).await, (412, Some(1)));
    assert_eq!(save(&stand, judge(1), 1, 1, words("9", "second")).await, (200, Some(2)));
    assert_eq!(save(&stand, judge(1), 1, 1, words("8", "late")).await, (412, Some(2)));
    let (_, shown) = stand.get(judge(1), &path(1)).await;
    assert_eq!(
        (&shown["version"], &shown["content"]),
        (
            &json!(2),
            &json!({"marks": {"impact": "9"}, "comment_to_panel": "second", "comment_to_entrant": ""})
        )
    );
    let at_once = join_all((0..8).map(|n| save(&stand, judge(1), 2, 0, words(&n.to_string(), "")))).await;
    assert_eq!(at_once.iter().filter(|answer| answer.0 == 200).count(), 1, "{at_once:?}");
    let listed = stand.get(judge(1), "/drafts?limit=1").await.1;
    assert_eq!((listed["items"].as_array().unwrap().len(), listed["next"].is_string()), (1, true));
    let listed = stand.get(judge(1), "/drafts").await.1;
    let begun = listed["items"].as_array().unwrap().iter().find(|item| item["pitch"] == json!(pitch(1)));
    assert_eq!((&begun.unwrap()["marked"], &begun.unwrap()["comments"]), (&json!(1), &json!(true)));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_command_is_done_once() {
    let stand = opened().await;
    let line = format!("PUT {}", path(1));
    for _ in 0..2 {
        let saved = ask(&stand, judge(1), &line, Some(0), "one", words("7", "")).await;
        assert_eq!((saved.0, saved.1), (200, Some(1)));
    }
    let other = ask(&stand, judge(1), &line, Some(0), "one", words("8", "")).await;
    assert_eq!((other.0, &other.2["type"]), (422, &json!("/problems/key-reused")));
    let blind = ask(&stand, judge(1), &line, None, "two", words("8", "")).await;
    assert_eq!((blind.0, &blind.2["type"]), (428, &json!("/problems/if-match-missing")));
    let line = format!("DELETE {}", path(1));
    assert_eq!(ask(&stand, judge(1), &line, Some(7), "three", json!({})).await.1, Some(1));
    for _ in 0..2 {
        assert_eq!(ask(&stand, judge(1), &line, Some(1), "four", json!({})).await.0, 204);
    }
    assert_eq!(ask(&stand, judge(1), &line, None, "five", json!({})).await.0, 404);
    assert_eq!(save(&stand, judge(1), 1, 0, words("8", "")).await, (200, Some(2)), "no version comes twice");
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handing_in_ends_the_draft_in_the_same_instant() {
    let stand = opened().await;
    assert_eq!(save(&stand, judge(1), 1, 0, words("7", "MARKER")).await, (200, Some(1)));
    let seal = format!("/scorecards/{}/seal", pitch(1));
    let marks = json!({"marks": {"impact": "7", "team": "7"}});
    assert_eq!(stand.post(judge(1), &seal, marks).await.0, 200);
    assert_eq!(stand.get(judge(1), &path(1)).await.0, 404);
    assert_eq!(save(&stand, judge(1), 1, 1, words("8", "the other tab")).await, (412, Some(0)));
    until_none(&stand, "content <> ''").await;
    assert_eq!(save(&stand, judge(1), 1, 0, words("8", "again")).await, (200, Some(2)));
    let abstention = format!("/scorecards/{}/abstention", pitch(1));
    assert_eq!(stand.post(judge(1), &abstention, json!({"reason": "absent"})).await.0, 200);
    assert_eq!(stand.get(judge(1), &path(1)).await.0, 404);
    assert_eq!(stand.get(judge(1), "/drafts").await.1["items"], json!([]));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_sees_or_writes_one() {
    let stand = opened().await;
    assert_eq!(save(&stand, judge(1), 3, 0, words("7.25", "MARKER")).await.0, 200);
    // Judge 2 has no assignment to pitch 3.
    for who in [judge(2), ANNE, CARA, entrant(3)] {
        assert_eq!(stand.get(who, &path(3)).await.0, 403, "{who}");
        assert_eq!(save(&stand, who, 3, 0, words("1", "")).await.0, 403, "{who}");
    }
    assert_eq!(stand.get(None, &path(3)).await.0, 401);
    for who in [ANNE, CARA, entrant(3)] {
        assert_eq!(stand.get(who, "/drafts").await.0, 403, "{who}");
    }
    assert_eq!(stand.get(judge(2), "/drafts").await.1["items"], json!([]));
    for everywhere in ["", "/scorecards", &format!("/scorecards/{}", pitch(3))] {
        let shown = stand.get(ANNE, everywhere).await.1.to_string();
        assert!(!shown.contains("7.25") && !shown.contains("MARKER"), "{everywhere}: {shown}");
    }
    let client = stand.scoring.service.pool().get().await.unwrap();
    let kept = client.query("select content from scorecard_drafts", &[]).await.unwrap();
    for row in kept {
        let bytes: Vec<u8> = row.get(0);
        assert!(!String::from_utf8_lossy(&bytes).contains("MARKER"), "it rests in the clear");
    }
    drop(client);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_scorecard_of_this_round_is_refused_with_its_field() {
    let stand = opened().await;
    let tables = [
        (json!({"marks": {"novelty": "7"}}), "marks.novelty"),
        (json!({"marks": {"impact": "x".repeat(21)}}), "marks.impact"),
        (json!({"comment_to_entrant": "x".repeat(10_001)}), "comment_to_entrant"),
    ];
    for (body, field) in tables {
        let line = format!("PUT {}", path(1));
        let refused = ask(&stand, judge(1), &line, Some(0), &Uuid::new_v4().to_string(), body).await;
        assert_eq!((refused.0, &refused.2["errors"][0]["field"]), (422, &json!(field)));
    }
    assert_eq!(save(&stand, judge(1), 1, 0, json!({})).await, (200, Some(1)), "all of it may be missing");
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_go_with_the_judge_and_with_the_lock() {
    let stand = opened().await;
    for of in [1, 2] {
        assert_eq!(save(&stand, judge(1), of, 0, words("7", "MARKER")).await.0, 200);
    }
    assert_eq!(save(&stand, judge(2), 1, 0, words("7", "MARKER")).await.0, 200);
    let recused = JudgeRecused {
        pitch: pitch(1).into(),
        reason: Reason::ConflictOfInterest.into(),
        panel: round().into(),
        member: judge(1).into(),
        ..JudgeRecused::default()
    };
    stand.say("panels", vec![(seat(1).stream(), recused.into())]).await;
    stand.heard().await;
    assert_eq!(stand.get(judge(1), &path(1)).await.0, 403);
    assert_eq!(save(&stand, judge(1), 1, 1, words("8", "")).await.0, 403);
    let left: Vec<Value> = stand.get(judge(1), "/drafts").await.1["items"].as_array().unwrap().clone();
    assert_eq!(left.iter().map(|item| &item["pitch"]).collect::<Vec<_>>(), [&json!(pitch(2))]);
    assert_eq!(stand.post(ANNE, "/lock", Value::Null).await.0, 200);
    assert_eq!(stand.get(judge(1), &path(2)).await.1["type"], "/problems/round-locked");
    assert_eq!(save(&stand, judge(1), 2, 1, words("8", "")).await.0, 409);
    assert_eq!(stand.get(judge(1), "/drafts").await.1["items"], json!([]));
    until_none(&stand, "true").await;
    stand.end().await;
}
