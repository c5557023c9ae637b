//! From the first draft to the end of the screening.

use serde_json::{Value, json};

use crate::stand::{ADA, BEN, CLEO, ENTRANT, OTHER, Stand, entry};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invited_call_from_its_opening_to_the_end_of_the_screening() {
    let stand = Stand::start().await;
    stand.read(ENTRANT, "").await.refused(404);
    stand.published(|rulebook| rulebook["call"] = json!("invited")).await;
    stand.send(BEN, "POST /call/opening", Value::Null).await.refused(403);
    stand.send(ADA, "POST /call/opening", Value::Null).await.done();
    assert_eq!(
        stand.send(ADA, "POST /call/opening/confirmation", Value::Null).await.refused(403),
        ["same-person"]
    );
    stand.send(BEN, "POST /call/opening/confirmation", Value::Null).await.done();
    for member in [ENTRANT, OTHER] {
        stand.send(ADA, "POST /call/invitees", json!({ "member": member })).await.done();
    }

    // The entrant enters, replaces and is answered the same when repeating.
    let key = [("idempotency-key", "once")];
    let first = stand.request(Some(ENTRANT), "POST /pitches", &key, entry("Bees")).await.done();
    let again = stand.request(Some(ENTRANT), "POST /pitches", &key, entry("Bees")).await.done();
    assert_eq!(first, again);
    let other = stand.request(Some(ENTRANT), "POST /pitches", &key, entry("Wasps")).await;
    assert_eq!(other.refused(422), ["key-reused"]);
    let pitch = format!("/pitches/{}", first["id"].as_str().unwrap());
    let line = format!("POST {pitch}/submissions");
    stand.send(ENTRANT, &line, entry("Bees for all")).await.done();
    stand.send(OTHER, &line, entry("Not mine")).await.refused(404);
    let mut wrong = entry("Bees");
    wrong["answers"] = json!({ "what": "x".repeat(201), "why": "" });
    assert_eq!(stand.send(ENTRANT, &line, wrong).await.refused(422), ["answers.what", "answers.why"]);

    let own = stand.read(ENTRANT, &pitch).await.done();
    assert_eq!(own["title"], "Bees for all");
    assert_eq!(own["answers"]["what"], "A co-op of bees");
    assert_eq!(own["progress"]["submission"], 2);
    assert_eq!(own["receipt"]["seals"][0]["content"], "Bees for all");
    stand.read(OTHER, &pitch).await.refused(404);

    // Closed early by two, once everybody has answered.
    assert_eq!(stand.send(ADA, "POST /call/closing", Value::Null).await.refused(409), ["answers-missing"]);
    stand.send(OTHER, "POST /call/refusal", Value::Null).await.done();
    stand.send(ADA, "POST /call/closing", Value::Null).await.done();
    stand.send(BEN, "POST /call/closing/confirmation", Value::Null).await.done();
    stand.send(ENTRANT, &line, entry("Too late")).await.refused(409);

    screened(&stand, &pitch).await;
    stand.same_when_rebuilt().await;
}

async fn screened(stand: &Stand, pitch: &str) {
    let screening = format!("POST {pitch}/screening");
    assert_eq!(
        stand.send(ADA, "POST /screening/completion", Value::Null).await.refused(409),
        ["pitches-undecided"]
    );
    stand.send(ADA, &format!("POST {pitch}/query"), json!({ "question": "Whose bees?" })).await.done();
    stand.send(ENTRANT, &format!("POST {pitch}/answer"), json!({ "answer": "Ours." })).await.done();
    let refusal = json!({ "outcome": "ineligible", "reason": "out_of_scope", "words": "Bees can't vote." });
    stand.send(BEN, &screening, refusal.clone()).await.refused(403);
    stand.send(ADA, &screening, refusal).await.done();
    let fine = json!({ "outcome": "eligible", "reason": "made_in_error" });
    stand.send(ADA, &screening, fine.clone()).await.refused(403);
    stand.send(CLEO, &screening, fine).await.done();
    let own = stand.read(ENTRANT, pitch).await.done();
    assert_eq!(own["progress"]["screening"]["again"], true);
    assert_eq!(own["progress"]["question"], "Whose bees?");
    stand.send(ADA, "POST /screening/completion", Value::Null).await.done();
    let programme = stand.read(None, "").await.done();
    assert_eq!(programme["title"], "The den");
    assert_eq!(programme["screening"]["eligible"], 1);
    assert_eq!(programme["rulebook"]["rounds"][0]["tally"]["ties"][1], "most_first_places");
    assert!(programme.get("people").is_none());
    let listed = stand.read(None, "/programmes").await.done();
    assert_eq!(listed["items"][0]["title"], "The den");
}
