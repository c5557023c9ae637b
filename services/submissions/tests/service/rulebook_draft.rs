//! A rulebook in the making.

use serde_json::{Value, json};

use crate::stand::{ADA, Answer, BEN, CLEO, ENTRANT, Stand};

async fn save(stand: &Stand, seen: &str, key: &str, content: &str) -> Answer {
    let headers = [("idempotency-key", key), ("if-match", seen)];
    stand.request(Some(ADA), "PUT /rulebook/draft", &headers, json!({ "content": content })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn organisers_share_one_draft_and_overwrite_nothing_unseen() {
    let stand = Stand::start().await;
    stand.published(|_| {}).await;
    stand.read(ADA, "/rulebook/draft").await.refused(404);
    let missing = stand.send(ADA, "PUT /rulebook/draft", json!({ "content": "{}" })).await;
    assert_eq!(missing.refused(428), ["if-match-missing"]);

    let first = save(&stand, "\"0\"", "one", "{\"a\":1}").await;
    assert_eq!((first.etag.as_deref(), &first.body), (Some("\"1\""), &json!({ "version": 1 })));
    assert_eq!(save(&stand, "\"0\"", "one", "{\"a\":1}").await.done(), json!({ "version": 1 }), "repeated");
    assert_eq!(save(&stand, "\"0\"", "one", "{}").await.refused(422), ["key-reused"]);
    assert_eq!(save(&stand, "\"0\"", "two", "{}").await.refused(412), ["changed-since"]);
    assert_eq!(save(&stand, "\"1\"", "three", "{\"a\":2}").await.done()["version"], 2);
    assert_eq!(save(&stand, "\"1\"", "four", "{}").await.refused(412), ["changed-since"]);
    assert_eq!(save(&stand, "\"2\"", "five", &"x".repeat(200_001)).await.refused(422), ["content"]);

    let read = stand.read(CLEO, "/rulebook/draft").await;
    assert_eq!(read.etag.as_deref(), Some("\"2\""));
    assert_eq!(read.body["content"], "{\"a\":2}");
    for other in [BEN, ENTRANT] {
        stand.read(other, "/rulebook/draft").await.refused(403);
    }

    stand.send(ADA, "POST /call/opening", Value::Null).await.done();
    stand.send(BEN, "POST /call/opening/confirmation", Value::Null).await.done();
    assert_eq!(save(&stand, "\"2\"", "six", "{}").await.refused(409), ["rules-fixed"]);
    stand.read(ADA, "/rulebook/draft").await.done();
    stand.send(ADA, "POST /cancellation", json!({ "reason": "too_few_pitches" })).await.done();
    for _ in 0..200 {
        if stand.read(ADA, "/rulebook/draft").await.status == 404 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the draft is still there");
}
