//! What comes after the last instant: kept, never counted by itself, and let
//! in only by two people.

use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::id::MemberId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::stand::{ADA, Answer, BEN, CLEO, ENTRANT, OTHER, Stand, entry};

async fn draft(stand: &Stand, title: &str) -> String {
    let begun = stand.send(ENTRANT, "POST /drafts", Value::Null).await.done();
    let path = format!("/drafts/{}", begun["id"].as_str().unwrap());
    save(stand, ENTRANT, &path, 1, entry(title)).await.done();
    path
}

async fn save(stand: &Stand, who: MemberId, path: &str, seen: u64, content: Value) -> Answer {
    let (key, seen) = (Uuid::new_v4().to_string(), format!("\"{seen}\""));
    let headers = [("idempotency-key", key.as_str()), ("if-match", seen.as_str())];
    stand.request(Some(who), &format!("PUT {path}"), &headers, content).await
}

fn kept(answer: &Answer, version: u64) -> String {
    assert_eq!(answer.status.as_u16(), 409, "{answer:?}");
    assert_eq!(
        (&answer.body["type"], &answer.body["version"]),
        (&json!("/problems/late-kept"), &json!(version))
    );
    answer.body["id"].as_str().unwrap().to_owned()
}

/// An hour from now, for a service's fault.
fn hour(stand: &Stand) -> Value {
    let until: Timestamp = stand.now() + SignedDuration::from_hours(1);
    json!({ "until": until.to_string(), "reason": "service_fault" })
}

async fn closed(stand: &Stand) {
    stand.pass(SignedDuration::from_mins(11));
    stand.reaches("closed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_entry_that_comes_too_late_is_kept_and_reopened_by_two() {
    let stand = Stand::start().await;
    stand.open(|_| {}).await;
    closed(&stand).await;
    let key = [("idempotency-key", "late")];
    let late = stand.request(Some(ENTRANT), "POST /pitches", &key, entry("Late bees")).await;
    let id = kept(&late, 1);
    let again = stand.request(Some(ENTRANT), "POST /pitches", &key, entry("Late bees")).await;
    assert_eq!(kept(&again, 1), id, "the same command again");
    stand.send(ADA, "POST /pitches", entry("Mine")).await.refused(403);

    // Its author has every word of it; organisers see that it came.
    let path = format!("/drafts/{id}");
    let shown = stand.read(ENTRANT, &path).await.done();
    assert_eq!(shown["late"]["content"]["title"], "Late bees");
    stand.read(ENTRANT, "/late").await.refused(403);
    let listed = stand.read(BEN, "/late").await.done();
    let item = &listed["items"][0];
    assert_eq!(
        (&item["id"], &item["author"], &item["entered"]),
        (&json!(id), &json!(ENTRANT), &json!(false))
    );
    assert!(item["late_by_ms"].as_i64().unwrap() > 50_000);
    assert!(!listed.to_string().contains("bees"));
    assert_eq!(stand.read(ADA, "/pitches").await.done()["items"], json!([]));

    let reopening = format!("POST /pitches/{id}/reopening");
    let confirmation = format!("{reopening}/confirmation");
    stand.send(ADA, &format!("POST /pitches/{}/reopening", Uuid::new_v4()), hour(&stand)).await.refused(404);
    stand.send(ADA, &reopening, hour(&stand)).await.done();
    assert_eq!(stand.send(ADA, &confirmation, Value::Null).await.refused(403), ["same-person"]);
    assert_eq!(stand.read(ADA, "/late").await.done()["items"][0]["reopening"]["by"], json!(ADA));
    let submit = format!("POST {path}/submission");
    kept(&stand.send(ENTRANT, &submit, Value::Null).await, 1);
    stand.send(BEN, &confirmation, Value::Null).await.done();
    let screening = format!("POST /pitches/{id}/screening");
    stand.send(ADA, &screening, json!({ "outcome": "eligible" })).await.refused(404);
    let wait = stand.send(ADA, "POST /screening/completion", Value::Null).await;
    assert_eq!(wait.refused(409), ["pitches-undecided"]);

    let entered = stand.send(ENTRANT, &submit, Value::Null).await.done();
    assert_eq!(entered["id"], json!(id));
    let shown = stand.read(BEN, &format!("/pitches/{id}")).await.done();
    assert_eq!((&shown["title"], &shown["progress"]["submission"]), (&json!("Late bees"), &json!(1)));
    stand.pass(SignedDuration::from_hours(2));
    stand.send(ADA, &screening, json!({ "outcome": "eligible" })).await.done();
    stand.send(ADA, "POST /screening/completion", Value::Null).await.done();
    assert_eq!(stand.read(BEN, "/late").await.done()["items"], json!([]));
    stand.same_when_rebuilt().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_version_neither_counts_nor_overwrites() {
    let stand = Stand::start().await;
    stand.open(|_| {}).await;
    let complete = draft(&stand, "In time").await;
    let half = draft(&stand, "").await;
    let code = stand.send(ENTRANT, &format!("POST {half}/invitation"), Value::Null).await.done();
    stand.send(OTHER, "POST /drafts/join", json!({ "code": code["code"] })).await.done();
    stand.pass(SignedDuration::from_mins(10) + SignedDuration::from_secs(10));

    // Not closed yet, and too late all the same.
    let sent = stand.send(ENTRANT, &format!("POST {complete}/submission"), Value::Null).await;
    assert_eq!(sent.refused(409), ["enters-by-itself"]);
    kept(&save(&stand, ENTRANT, &complete, 2, entry("Too late")).await, 3);
    kept(&save(&stand, OTHER, &half, 2, entry("Ours, late")).await, 3);
    let unseen = save(&stand, ENTRANT, &half, 2, entry("Mine, late")).await;
    assert_eq!((unseen.status.as_u16(), &unseen.body["version"]), (412, &json!(3)), "told, not overwritten");
    let numbers = stand.read(ADA, "").await.done()["numbers"].take();
    assert_eq!(numbers, json!({ "drafts": 2, "pitches": 0, "to_screen": 0, "queried": 0 }));
    assert!(stand.read(ENTRANT, "").await.done().get("numbers").is_none());

    closed(&stand).await;
    let pitches = stand.read(BEN, "/pitches").await.done();
    assert_eq!(pitches["items"].as_array().unwrap().len(), 1);
    assert_eq!(pitches["items"][0]["title"], "In time");
    let numbers = stand.read(BEN, "").await.done()["numbers"].take();
    assert_eq!(numbers, json!({ "drafts": 1, "pitches": 1, "to_screen": 1, "queried": 0 }));
    // What came late to the one that entered is still its author's to read.
    let shown = stand.read(ENTRANT, &complete).await.done();
    assert_eq!(shown["late"]["content"]["title"], "Too late");
    let listed = stand.read(ADA, "/late").await.done();
    let entered: Vec<_> = listed["items"].as_array().unwrap().iter().map(|item| &item["entered"]).collect();
    assert_eq!(entered, [&json!(true), &json!(false)]);

    // A late replacement joins it, and the team's pitch is reopened as ever.
    let id = complete.rsplit('/').next().unwrap();
    let replace = format!("POST /pitches/{id}/submissions");
    assert_eq!(kept(&stand.send(ENTRANT, &replace, entry("Later still")).await, 4), id);
    stand.send(ADA, &format!("POST /pitches/{id}/reopening"), hour(&stand)).await.done();
    stand.send(CLEO, &format!("POST /pitches/{id}/reopening/confirmation"), Value::Null).await.done();
    let first = stand.send(ENTRANT, &format!("POST {complete}/submission"), Value::Null).await;
    assert_eq!(first.refused(409), ["already-submitted"]);
    stand.send(ENTRANT, &replace, entry("Let in")).await.done();
    let shown = stand.read(BEN, &format!("/pitches/{id}")).await.done();
    assert_eq!((&shown["title"], &shown["progress"]["submission"]), (&json!("Let in"), &json!(2)));
    for _ in 0..400 {
        if stand.read(ADA, "/late").await.done()["items"].as_array().unwrap().len() == 1 {
            return stand.same_when_rebuilt().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("what was let in is still listed as late");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reopens_what_they_have_a_part_in() {
    let stand = Stand::start().await;
    stand.open(|_| {}).await;
    closed(&stand).await;
    let id = kept(&stand.send(ENTRANT, "POST /pitches", entry("Late bees")).await, 1);
    // Whoever hasn't entered may still come to run the programme.
    stand.send(ADA, "POST /roles", json!({ "member": ENTRANT, "role": "organiser" })).await.done();
    let reopening = format!("POST /pitches/{id}/reopening");
    stand.send(ENTRANT, &reopening, hour(&stand)).await.refused(403);
    assert_eq!(stand.read(ENTRANT, "/late").await.done()["items"], json!([]));
    let conflict = json!({ "pitch": id, "nature": "My cousin's." });
    stand.send(CLEO, "POST /conflicts", conflict).await.done();
    stand.send(CLEO, &reopening, hour(&stand)).await.refused(403);
    assert_eq!(stand.read(CLEO, "/late").await.done()["items"], json!([]));
    stand.send(ADA, &reopening, hour(&stand)).await.done();
    stand.send(CLEO, &format!("{reopening}/confirmation"), Value::Null).await.refused(403);
}

/// A file's name and whether it is late, as the team has them.
async fn files(stand: &Stand, path: &str) -> Vec<(String, bool)> {
    let listed = stand.read(ENTRANT, &format!("{path}/attachments")).await.done();
    let items = listed["items"].as_array().unwrap().iter();
    items.map(|file| (file["name"].as_str().unwrap().to_owned(), file["late"].as_bool().unwrap())).collect()
}

async fn sealed(stand: &Stand, path: &str) -> Vec<String> {
    let pitch = path.replace("/drafts/", "/pitches/");
    let shown = stand.read(BEN, &pitch).await.done();
    let listed = shown["attachments"].as_array().cloned().unwrap_or_default();
    listed.iter().map(|file| file["name"].as_str().unwrap().to_owned()).collect()
}

fn files_taken(rulebook: &mut Value) {
    rulebook["most_attachments"] = json!(3);
}

async fn put(stand: &Stand, path: &str, name: &str) -> Answer {
    stand.upload(ENTRANT, &format!("PUT {path}/attachments?name={name}"), b"Bees".to_vec()).await
}

async fn reopened(stand: &Stand, id: &str) {
    stand.send(ADA, &format!("POST /pitches/{id}/reopening"), hour(stand)).await.done();
    stand.send(CLEO, &format!("POST /pitches/{id}/reopening/confirmation"), Value::Null).await.done();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_comes_too_late_is_kept_and_stays_out_of_what_enters_by_itself() {
    let stand = Stand::start().await;
    stand.open(files_taken).await;
    let path = draft(&stand, "In time").await;
    assert_eq!(put(&stand, &path, "early.txt").await.done()["late"], false);
    // Announced in time, and complete too late.
    let announced = json!({ "name": "half.txt", "size": 4 });
    let half = stand.send(ENTRANT, &format!("POST {path}/attachments"), announced).await.done();
    assert_eq!(half["late"], false);
    let half = format!("{path}/attachments/{}", half["id"].as_str().unwrap());
    stand.pass(SignedDuration::from_mins(10) + SignedDuration::from_secs(10));
    assert_eq!(stand.read(ADA, "/late").await.done()["items"], json!([]));

    let part = format!("PATCH {half}?offset=0");
    assert_eq!(stand.upload(ENTRANT, &part, b"Bees".to_vec()).await.done()["late"], true);
    stand.upload(OTHER, &part, b"Bees".to_vec()).await.refused(404);
    for _ in 0..2 {
        let complete = stand.send(ENTRANT, &format!("POST {half}/completion"), Value::Null).await.done();
        assert_eq!((&complete["complete"], &complete["late"]), (&json!(true), &json!(true)));
    }
    assert_eq!(put(&stand, &path, "late.txt").await.done()["late"], true);
    assert_eq!(put(&stand, &path, "more.txt").await.refused(409), ["too-many-attachments"]);
    let off = stand.send(ENTRANT, &format!("DELETE {half}"), Value::Null).await;
    assert_eq!(off.refused(409), ["too-late"]);
    // What was written is as it was: pressing the button says so.
    let sent = stand.send(ENTRANT, &format!("POST {path}/submission"), Value::Null).await;
    assert_eq!(sent.refused(409), ["enters-by-itself"]);

    closed(&stand).await;
    assert_eq!(sealed(&stand, &path).await, ["early.txt"]);
    let all =
        |late| [("early.txt", false), ("half.txt", late), ("late.txt", late)].map(|(n, l)| (n.to_owned(), l));
    assert_eq!(files(&stand, &path).await, all(true));
    let listed = stand.read(BEN, "/late").await.done();
    let item = &listed["items"][0];
    let id = path.rsplit('/').next().unwrap();
    assert_eq!((&item["id"], &item["by"], &item["entered"]), (&json!(id), &json!(ENTRANT), &json!(true)));
    assert!(item["late_by_ms"].as_i64().unwrap() > 0 && listed["items"][1].is_null());
    assert!(!listed.to_string().contains("txt"), "that it came, not what it says");
    let read = stand.download(BEN, &half.replace("/drafts/", "/pitches/")).await;
    assert_eq!(read.0.as_u16(), 404);

    // Two let it in: what is submitted then comes with all of them.
    reopened(&stand, id).await;
    assert_eq!(files(&stand, &path).await, all(false));
    stand.send(ENTRANT, &format!("POST /pitches/{id}/submissions"), entry("Let in")).await.done();
    assert_eq!(sealed(&stand, &path).await, ["early.txt", "half.txt", "late.txt"]);
    stand.pass(SignedDuration::from_hours(2));
    assert_eq!(files(&stand, &path).await, all(false), "they count");
    stand.same_when_rebuilt().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_file_for_a_pitch_that_is_in_is_kept_beside_it_with_the_same_words() {
    let stand = Stand::start().await;
    stand.open(files_taken).await;
    let entered = stand.send(ENTRANT, "POST /pitches", entry("In time")).await.done();
    let id = entered["id"].as_str().unwrap();
    let path = format!("/drafts/{id}");
    closed(&stand).await;
    // What is none of those that are taken is kept by nobody.
    let program = format!("PUT {path}/attachments?name=a.pdf");
    let program = stand.upload(ENTRANT, &program, b"MZ\x90\0".to_vec()).await;
    assert_eq!(program.refused(422), ["type-not-taken"]);
    assert_eq!(stand.read(ADA, "/late").await.done()["items"], json!([]));

    stand.upload(OTHER, &format!("PUT {path}/attachments?name=a.txt"), b"Bees".to_vec()).await.refused(404);
    assert_eq!(put(&stand, &path, "late.txt").await.done()["late"], true);
    let listed = stand.read(ADA, "/late").await.done();
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["entered"]), (&json!(id), &json!(true)));
    let kept = stand.read(ENTRANT, &path).await.done();
    let written: Value = entry("In time");
    for (field, words) in written.as_object().unwrap() {
        assert_eq!(kept["late"]["content"][field], *words, "{field}");
    }
    assert_eq!((sealed(&stand, &path).await, kept["missing"].clone()), (Vec::new(), json!([])));
    assert_eq!(stand.read(BEN, &format!("/pitches/{id}")).await.done()["progress"]["submission"], 1);

    // Words that come later still are kept over these, and a file then leaves them.
    let words = stand.send(ENTRANT, &format!("POST /pitches/{id}/submissions"), entry("Late words")).await;
    assert_eq!(words.refused(409), ["late-kept"]);
    put(&stand, &path, "later.txt").await.done();
    let kept = stand.read(ENTRANT, &path).await.done();
    assert_eq!(kept["late"]["content"]["title"], "Late words");

    reopened(&stand, id).await;
    stand.send(ENTRANT, &format!("POST /pitches/{id}/submissions"), entry("Let in")).await.done();
    assert_eq!(sealed(&stand, &path).await, ["late.txt", "later.txt"]);

    // A pitch that was taken back takes nothing more.
    stand.send(ENTRANT, &format!("POST /pitches/{id}/withdrawal"), Value::Null).await.done();
    assert_eq!(put(&stand, &path, "last.txt").await.refused(409), ["pitch-withdrawn"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_two_closed_the_call_early_a_file_after_that_is_late_before_the_deadline() {
    let stand = Stand::start().await;
    stand
        .published(|rulebook| {
            rulebook["call"] = json!("invited");
            files_taken(rulebook);
        })
        .await;
    stand.send(ADA, "POST /call/invitees", json!({ "member": ENTRANT })).await.done();
    stand.send(ADA, "POST /call/opening", Value::Null).await.done();
    stand.send(BEN, "POST /call/opening/confirmation", Value::Null).await.done();
    let path = draft(&stand, "In time").await;
    put(&stand, &path, "early.txt").await.done();
    stand.send(ENTRANT, &format!("POST {path}/submission"), Value::Null).await.done();
    stand.send(ADA, "POST /call/closing", Value::Null).await.done();
    stand.send(BEN, "POST /call/closing/confirmation", Value::Null).await.done();
    stand.reaches("closed").await;
    stand.pass(SignedDuration::from_secs(1));
    assert_eq!(put(&stand, &path, "late.txt").await.done()["late"], true);
    let had = [("early.txt", false), ("late.txt", true)].map(|(name, late)| (name.to_owned(), late));
    assert_eq!(files(&stand, &path).await, had);
    assert_eq!(sealed(&stand, &path).await, ["early.txt"]);
    assert_eq!(
        stand.read(ADA, "/late").await.done()["items"][0]["late_by_ms"].as_i64().map(|by| by > 0),
        Some(true)
    );
}
