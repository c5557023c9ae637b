//! A draft that several people write.

use jiff::SignedDuration;
use plaudit_chassis::id::MemberId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::panels::sits;
use crate::stand::{ADA, Answer, BEN, ENTRANT, OTHER, Stand, entry};

async fn draft(stand: &Stand) -> String {
    let begun = stand.send(ENTRANT, "POST /drafts", Value::Null).await.done();
    format!("/drafts/{}", begun["id"].as_str().unwrap())
}

async fn save(stand: &Stand, who: MemberId, draft: &str, seen: u64, title: &str) -> Answer {
    let (key, seen) = (Uuid::new_v4().to_string(), format!("\"{seen}\""));
    let headers = [("idempotency-key", key.as_str()), ("if-match", seen.as_str())];
    stand.request(Some(who), &format!("PUT {draft}"), &headers, entry(title)).await
}

async fn code(stand: &Stand, draft: &str) -> String {
    let made = stand.send(ENTRANT, &format!("POST {draft}/invitation"), Value::Null).await.done();
    made["code"].as_str().unwrap().to_owned()
}

async fn join(stand: &Stand, who: MemberId, code: &str) -> Answer {
    stand.send(who, "POST /drafts/join", json!({ "code": code })).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_writes_the_same_draft_and_is_in_the_team() {
    let stand = Stand::start().await;
    stand.open(|_| {}).await;
    let path = draft(&stand).await;
    stand.read(OTHER, &path).await.refused(404);
    let code = code(&stand, &path).await;
    let joined = join(&stand, OTHER, &code).await.done();
    assert!(path.ends_with(joined["id"].as_str().unwrap()));
    join(&stand, OTHER, &code).await.done();
    assert_eq!(join(&stand, ENTRANT, &code).await.refused(409), ["own-draft"]);

    let shown = stand.read(OTHER, &path).await.done();
    assert_eq!((&shown["author"], &shown["collaborators"]), (&json!(ENTRANT), &json!([OTHER])));
    assert_eq!(stand.read(OTHER, "/drafts").await.done()["items"].as_array().unwrap().len(), 1);
    save(&stand, OTHER, &path, 1, "Bees").await.done();
    // The author hasn't seen that, and overwrites nothing.
    let told = save(&stand, ENTRANT, &path, 1, "Wasps").await;
    assert_eq!((told.status.as_u16(), &told.body["version"]), (412, &json!(2)));
    let shown = stand.read(ENTRANT, &path).await.done();
    assert_eq!((&shown["content"]["title"], &shown["saved_by"]), (&json!("Bees"), &json!(OTHER)));
    for line in ["DELETE {}", "POST {}/invitation", "GET {}/invitation", "DELETE {}/invitation"] {
        let line = line.replace("{}", &path);
        assert_eq!(stand.send(OTHER, &line, Value::Null).await.refused(403), ["not-allowed"], "{line}");
    }

    let submit = format!("POST {path}/submission");
    let unseen = [("idempotency-key", "unseen"), ("if-match", "\"1\"")];
    stand.request(Some(OTHER), &submit, &unseen, Value::Null).await.refused(412);
    let entered = stand.send(OTHER, &submit, Value::Null).await.done();
    let pitch = format!("/pitches/{}", entered["id"].as_str().unwrap());
    let shown = stand.read(OTHER, &pitch).await.done();
    assert_eq!(shown["progress"]["team"], json!([ENTRANT, OTHER]));
    stand.send(OTHER, &format!("POST {pitch}/submissions"), entry("Better bees")).await.done();
    let shown = stand.read(ENTRANT, &pitch).await.done();
    assert_eq!(shown["progress"]["team"], json!([ENTRANT, OTHER]), "as before");
    stand.send(OTHER, &format!("POST {pitch}/withdrawal"), Value::Null).await.done();
    stand.same_when_rebuilt().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_lets_nobody_in_who_should_stay_outside() {
    let stand = Stand::start().await;
    stand.open(|rulebook| rulebook["deadline"] = json!((deadline(&stand)).to_string())).await;
    let path = draft(&stand).await;
    let key = [("idempotency-key", "one")];
    let make = format!("POST {path}/invitation");
    let first = stand.request(Some(ENTRANT), &make, &key, Value::Null).await.done();
    assert_eq!(first, stand.request(Some(ENTRANT), &make, &key, Value::Null).await.done(), "repeated");
    let first = first["code"].as_str().unwrap();
    assert_eq!(join(&stand, ADA, first).await.refused(403), ["cant-be-in-team"]);
    assert_eq!(join(&stand, BEN, first).await.refused(403), ["cant-be-in-team"]);
    assert_eq!(join(&stand, OTHER, &"A".repeat(43)).await.refused(404), ["code-unknown"]);

    let second = code(&stand, &path).await;
    assert_eq!(join(&stand, OTHER, first).await.refused(404), ["code-unknown"], "only the last counts");
    stand.send(ENTRANT, &format!("DELETE {path}/invitation"), Value::Null).await;
    assert_eq!(join(&stand, OTHER, &second).await.refused(404), ["code-unknown"]);
    let shown = stand.read(ENTRANT, &format!("{path}/invitation")).await.done();
    assert_eq!(shown["expires_at"], Value::Null);

    let third = code(&stand, &path).await;
    let judge = MemberId(Uuid::from_u128(20));
    sits(&stand, judge).await;
    let head = plaudit_chassis::store::head(stand.panels.service.pool()).await.unwrap();
    assert!(stand.service().reaches("panels", head, std::time::Duration::from_secs(10)).await);
    assert_eq!(join(&stand, judge, &third).await.refused(403), ["cant-be-in-team"]);
    join(&stand, OTHER, &third).await.done();
    let off = format!("DELETE {path}/collaborators/{OTHER}");
    assert_eq!(
        stand.send(OTHER, &format!("DELETE {path}/collaborators/{BEN}"), Value::Null).await.refused(403),
        ["not-allowed"]
    );
    assert_eq!(stand.send(OTHER, &off, Value::Null).await.status.as_u16(), 204, "who leaves");
    stand.read(OTHER, &path).await.refused(404);
    for number in 100..110 {
        join(&stand, MemberId(Uuid::from_u128(number)), &third).await.done();
    }
    assert_eq!(join(&stand, OTHER, &third).await.refused(409), ["too-many-collaborators"]);
    stand.pass(SignedDuration::from_hours(241));
    assert_eq!(join(&stand, OTHER, &third).await.refused(409), ["code-over"]);
}

fn deadline(stand: &Stand) -> jiff::Timestamp {
    stand.now() + SignedDuration::from_hours(24 * 30)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_author_adds_and_removes_members() {
    let stand = Stand::start().await;
    stand.open(|_| {}).await;
    let path = draft(&stand).await;
    let add = format!("POST {path}/collaborators");
    stand.send(OTHER, &add, json!({ "member": OTHER })).await.refused(404);
    assert_eq!(stand.send(ENTRANT, &add, json!({ "member": BEN })).await.refused(403), ["cant-be-in-team"]);
    assert_eq!(stand.send(ENTRANT, &add, json!({ "member": ENTRANT })).await.refused(409), ["own-draft"]);
    assert_eq!(stand.send(ENTRANT, &add, json!({ "member": OTHER })).await.status.as_u16(), 204);
    assert_eq!(stand.send(OTHER, &add, json!({ "member": OTHER })).await.refused(403), ["not-allowed"]);
    save(&stand, OTHER, &path, 1, "Bees").await.done();
    let off = format!("DELETE {path}/collaborators/{OTHER}");
    assert_eq!(stand.send(ENTRANT, &off, Value::Null).await.status.as_u16(), 204);
    save(&stand, OTHER, &path, 2, "Wasps").await.refused(404);
    assert_eq!(stand.read(ENTRANT, &path).await.done()["content"]["title"], "Bees");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_to_be_saved_has_entered() {
    let stand = Stand::start().await;
    stand.open(|_| {}).await;
    let (mut before, mut not) = (0, 0);
    for _ in 0..20 {
        let path = draft(&stand).await;
        join(&stand, OTHER, &code(&stand, &path).await).await.done();
        save(&stand, ENTRANT, &path, 1, "First").await.done();
        let submit = format!("POST {path}/submission");
        let (saved, entered) =
            tokio::join!(save(&stand, OTHER, &path, 2, "Second"), stand.send(ENTRANT, &submit, Value::Null),);
        let pitch = format!("/pitches/{}", entered.done()["id"].as_str().unwrap());
        let title = stand.read(ENTRANT, &pitch).await.done()["title"].take();
        if saved.status.is_success() {
            before += 1;
            assert_eq!(title, "Second", "a version that was saved is lost");
        } else {
            not += 1;
            assert!([404, 409].contains(&saved.status.as_u16()), "{saved:?}");
            assert_eq!(title, "First");
        }
    }
    println!("{before} saved before, {not} not");
}
