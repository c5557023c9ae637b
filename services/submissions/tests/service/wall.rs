//! Who sees what of a pitch, and walls.

use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_proto::panels::v1::DeclarationConfirmed;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::panels::{assigned, happened, recused, sits};
use crate::stand::{ADA, BEN, CLEO, ENTRANT, OTHER, Stand, entry};

const JUDGE: MemberId = MemberId(Uuid::from_u128(20));

async fn pitches(stand: &Stand) -> [PitchId; 2] {
    let mut pitches = Vec::new();
    for member in [ENTRANT, OTHER] {
        let done = stand.send(member, "POST /pitches", entry("Bees")).await.done();
        pitches.push(PitchId(done["id"].as_str().unwrap().parse().unwrap()));
    }
    [pitches[0], pitches[1]]
}

/// The same list without what was written but names.
fn named(listed: &Value) -> Value {
    let mut named = listed.clone();
    for item in named["items"].as_array_mut().unwrap() {
        let item = item.as_object_mut().unwrap();
        for written in ["answers", "attachments", "receipt"] {
            item.remove(written);
        }
        if let Some(Value::Object(progress)) = item.get_mut("progress") {
            progress.extend(["question", "answer"].map(|written| (written.to_owned(), Value::Null)));
            if let Some(Value::Object(screening)) = progress.get_mut("screening") {
                screening.insert("words".to_owned(), Value::Null);
            }
        }
    }
    named
}

/// How much of each pitch in the list somebody sees.
async fn sights(stand: &Stand, who: MemberId) -> Vec<String> {
    let listed = stand.read(who, "/pitches").await.done();
    assert_eq!(stand.read(who, "/pitches?names=true").await.done(), named(&listed));
    let items = listed["items"].as_array().unwrap();
    items.iter().map(|item| item["sight"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_sees_what_is_theirs_and_a_wall_stands_at_once() {
    let stand = Stand::start().await;
    stand.open(|_| {}).await;
    let [bees, others] = pitches(&stand).await;

    assert_eq!(sights(&stand, ENTRANT).await, ["everything"]);
    assert_eq!(sights(&stand, BEN).await, ["everything", "everything"]);
    let conflict = json!({ "pitch": bees, "nature": "My cousin's." });
    stand.send(BEN, "POST /conflicts", conflict).await.done();
    assert_eq!(sights(&stand, BEN).await, ["existence", "everything"]);
    let walled = stand.read(BEN, &format!("/pitches/{bees}")).await;
    assert_eq!((&walled.etag, &walled.body), (&None, &json!({ "id": bees, "sight": "existence" })));
    let elsewhere = json!({ "pitch": PitchId::random(), "nature": "Whose?" });
    stand.send(BEN, "POST /conflicts", elsewhere).await.refused(404);

    // Two people, and neither behind a wall.
    let out = format!("POST /pitches/{bees}/disqualification");
    stand.send(ADA, &out, json!({ "reason": "duplicate" })).await.done();
    stand.send(BEN, &format!("{out}/confirmation"), Value::Null).await.refused(403);
    let soon = json!({ "until": (stand.now() + jiff::SignedDuration::from_mins(20)).to_string(), "reason": "adjustment" });
    stand.send(ADA, &format!("POST /pitches/{bees}/reopening"), soon).await.done();
    stand.send(CLEO, &format!("POST /pitches/{bees}/reopening/confirmation"), Value::Null).await.done();

    stand.pass(jiff::SignedDuration::from_mins(11));
    stand.reaches("closed").await;
    stand.send(ENTRANT, &format!("POST /pitches/{bees}/submissions"), entry("Better bees")).await.done();
    stand.pass(jiff::SignedDuration::from_mins(11));
    for pitch in [bees, others] {
        let fine = json!({ "outcome": "eligible" });
        stand.send(ADA, &format!("POST /pitches/{pitch}/screening"), fine).await.done();
    }
    judged(&stand, bees).await;
    stand.same_when_rebuilt().await;
}

async fn judged(stand: &Stand, bees: PitchId) {
    assert_eq!(sights(stand, JUDGE).await, [""; 0]);
    sits(stand, JUDGE).await;
    assigned(stand, JUDGE, bees).await;
    // Whether an invitation is known here yet is for the position to say.
    let head = plaudit_chassis::store::head(stand.panels.service.pool()).await.unwrap();
    assert!(stand.service().reaches("panels", head, std::time::Duration::from_secs(10)).await);
    assert_eq!(sights(stand, JUDGE).await, ["names", "names"]);
    let before = stand.read(JUDGE, &format!("/pitches/{bees}")).await.done();
    assert_eq!(
        before,
        json!({ "id": bees, "sight": "names", "title": "Better bees", "team_name": "The Hive" })
    );

    happened(stand, JUDGE, DeclarationConfirmed { pitches: 2, ..Default::default() }).await;
    // The head that panels said last may be half a second old.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(sights(stand, JUDGE).await, ["content", "names"]);
    recused(stand, JUDGE, bees).await;
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(sights(stand, JUDGE).await, ["names"]);
    stand.read(JUDGE, &format!("/pitches/{bees}")).await.refused(404);
}
