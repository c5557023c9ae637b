//! Drafts, and the deadline that closes the call by itself.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::stand::{ADA, BEN, ENTRANT, OTHER, Stand, entry};

async fn draft(stand: &Stand, content: Value) -> (String, u64) {
    let begun = stand.send(ENTRANT, "POST /drafts", Value::Null).await.done();
    let path = format!("/drafts/{}", begun["id"].as_str().unwrap());
    let headers = [("idempotency-key", path.as_str()), ("if-match", "\"1\"")];
    let line = format!("PUT {path}");
    let saved = stand.request(Some(ENTRANT), &line, &headers, content.clone()).await.done();
    assert_eq!(saved["version"], 2);
    let again = stand.request(Some(ENTRANT), &line, &headers, content).await.done();
    assert_eq!(again["version"], 2, "the same command again");
    (path, 2)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_are_private_and_enter_once() {
    let stand = Stand::start().await;
    stand.open(|_| {}).await;
    stand.send(ADA, "POST /drafts", Value::Null).await.refused(403);
    let (path, _) = draft(&stand, entry("Bees")).await;
    let line = format!("PUT {path}");
    assert_eq!(stand.send(ENTRANT, &line, entry("Bees")).await.refused(428), ["if-match-missing"]);
    let stale = [("idempotency-key", "stale"), ("if-match", "\"1\"")];
    stand.request(Some(ENTRANT), &line, &stale, entry("Bees")).await.refused(412);
    stand.read(OTHER, &path).await.refused(404);
    stand.send(OTHER, &format!("DELETE {path}"), Value::Null).await.refused(404);
    let own = stand.read(ENTRANT, &path).await;
    assert_eq!(own.etag.as_deref(), Some("\"2\""));
    assert_eq!(own.done()["missing"], json!([]));

    let submit = format!("POST {path}/submission");
    let key = [("idempotency-key", "enter")];
    let entered = stand.request(Some(ENTRANT), &submit, &key, Value::Null).await.done();
    let again = stand.request(Some(ENTRANT), &submit, &key, Value::Null).await.done();
    assert_eq!(entered, again);
    stand.send(ENTRANT, &submit, Value::Null).await.refused(404);
    stand.read(ENTRANT, &path).await.refused(404);
    assert_eq!(stand.read(ENTRANT, "/drafts").await.done()["items"], json!([]));
    let pitches = stand.read(ENTRANT, "/pitches").await.done();
    assert_eq!(pitches["items"].as_array().unwrap().len(), 1);

    // Whoever has entered can't decide too, though nobody invited them.
    let role = json!({ "member": ENTRANT, "role": "approver" });
    assert_eq!(stand.send(ADA, "POST /roles", role).await.refused(409), ["entrant-cant-decide"]);

    let (path, _) = draft(&stand, json!({ "title": "Half" })).await;
    assert_ne!(stand.read(ENTRANT, &path).await.done()["missing"], json!([]));
    let unseen = [("idempotency-key", "unseen"), ("if-match", "\"1\"")];
    stand.request(Some(ENTRANT), &format!("DELETE {path}"), &unseen, Value::Null).await.refused(412);
    let gone = [("idempotency-key", "gone")];
    for _ in 0..2 {
        let deleted = stand.request(Some(ENTRANT), &format!("DELETE {path}"), &gone, Value::Null).await;
        assert_eq!(deleted.status.as_u16(), 204);
    }
    stand.read(ENTRANT, &path).await.refused(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_deadline_closes_the_call_after_the_drafts_that_enter_themselves() {
    let stand = Stand::start().await;
    stand.open(|_| {}).await;
    draft(&stand, entry("Complete")).await;
    draft(&stand, json!({ "title": "Half" })).await;
    let mut kept = entry("Kept back");
    kept["enter_at_deadline"] = json!(false);
    draft(&stand, kept).await;

    // Moved once: the first deadline's timer closes nothing.
    let later = (stand.now() + SignedDuration::from_mins(20)).to_string();
    let moved = json!({ "deadline": later, "reason": "service_fault" });
    stand.send(ADA, "POST /call/deadline", moved).await.done();
    stand.pass(SignedDuration::from_mins(11));
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    stand.send(ENTRANT, "POST /pitches", entry("In time")).await.done();
    stand.pass(SignedDuration::from_mins(9) + SignedDuration::from_secs(10));
    assert_eq!(stand.send(ENTRANT, "POST /pitches", entry("Late")).await.refused(409), ["late-kept"]);
    stand.pass(SignedDuration::from_secs(30));
    stand.reaches("closed").await;

    let changes = stand.read(None, "").await.done()["changes"].take();
    assert_eq!(changes[0]["change"], "deadline_moved");
    assert_eq!(changes[0]["reason"], "service_fault");
    let pitches = stand.read(BEN, "/pitches").await.done();
    let items = pitches["items"].as_array().unwrap();
    let titles: Vec<_> = items.iter().map(|item| item["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["In time", "Complete"]);
    assert_eq!(items[1]["progress"]["by_itself"], true);
    assert_eq!(items[1]["progress"]["team"], json!([ENTRANT]));
    let left = stand.read(ENTRANT, "/drafts").await.done();
    assert_eq!(left["items"].as_array().unwrap().len(), 3, "what has not entered stays its author's");
    stand.same_when_rebuilt().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_millisecond_counts_and_the_next_does_not() {
    let stand = Stand::start().await;
    // The rulebook's own: ten minutes from now and five seconds of grace.
    let mut deadline = Timestamp::UNIX_EPOCH;
    stand
        .open(|rulebook| {
            deadline = rulebook["deadline"].as_str().unwrap().parse().unwrap();
        })
        .await;
    let last = deadline + SignedDuration::from_secs(5);
    stand.pass(stand.now().duration_until(last) + SignedDuration::from_secs(3));
    let next = last + SignedDuration::from_millis(1);
    let head = plaudit_chassis::store::head(stand.service().pool()).await.unwrap();
    let late = stand.send_at(next, ENTRANT, "POST /pitches", entry("Late")).await;
    assert_eq!(late.refused(409), ["late-kept"]);
    let late = stand.send_at(next, ENTRANT, "POST /drafts", Value::Null).await;
    assert_eq!(late.refused(409), ["too-late"]);
    assert_eq!(
        plaudit_chassis::store::head(stand.service().pool()).await.unwrap(),
        head,
        "nothing has happened"
    );

    let pitch = stand.send_at(last, ENTRANT, "POST /pitches", entry("In time")).await.done();
    let replace = format!("POST /pitches/{}/submissions", pitch["id"].as_str().unwrap());
    stand.send_at(last, ENTRANT, &replace, entry("Again in time")).await.done();
    let late = stand.send_at(next, ENTRANT, &replace, entry("Again, late")).await;
    assert_eq!(late.refused(409), ["late-kept"]);
    let shown = stand.read(ENTRANT, "/pitches").await.done();
    assert_eq!(shown["items"][0]["title"], "Again in time");
}
