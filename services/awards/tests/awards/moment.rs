//! The announcement at a set moment.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::stand::{ADA, BEA, COI, STRANGER, Stand, TREASURER, pitch, winner};

const MOMENT: &str = "/announcement";

/// The embargo ends an hour after the stand was started.
fn in_hours(hours: i64) -> Timestamp {
    let at = Timestamp::now() + SignedDuration::from_hours(hours);
    Timestamp::from_millisecond(at.as_millisecond()).unwrap()
}

async fn set(stand: &Stand, at: Timestamp) {
    let answer = stand.put(ADA, MOMENT, json!({"at": at})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

async fn proposed(stand: &Stand, number: u128) -> String {
    let proposal = json!({"round": "final", "prize": "first", "pitch": pitch(number)});
    stand.done(ADA, "/awards", proposal).await
}

async fn approved(stand: &Stand, number: u128) {
    let award = proposed(stand, number).await;
    stand.done(TREASURER, &format!("/awards/{award}/approval"), json!({})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_approved_then_is_announced_at_the_moment_set_last() {
    let stand = Stand::start().await;
    for (at, code) in [(in_hours(-1), "moment-passed"), (in_hours(0), "moment-passed")] {
        let refused = stand.put(ADA, MOMENT, json!({"at": at})).await;
        assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["field"]), (422, &json!("at")));
        assert_eq!(refused.body["type"], format!("/problems/{code}"));
    }
    let early = Timestamp::now() + SignedDuration::from_mins(30);
    let refused = stand.put(ADA, MOMENT, json!({"at": early})).await;
    assert_eq!(refused.body["type"], "/problems/moment-before-embargo", "{}", refused.body);
    for who in [TREASURER, winner(1), STRANGER] {
        assert_eq!(stand.put(who, MOMENT, json!({"at": in_hours(3)})).await.status, 403);
    }
    set(&stand, in_hours(2)).await;
    let last = in_hours(48);
    set(&stand, last).await;
    approved(&stand, 1).await;
    let seen = stand.get(COI, MOMENT).await.body;
    assert_eq!((&seen["scheduled_for"], &seen["waiting"]["approved"]), (&json!(last), &json!(0)), "a wall");
    let seen = stand.get(TREASURER, MOMENT).await.body;
    assert_eq!(
        (&seen["scheduled_by"], &seen["waiting"]),
        (&json!(ADA), &json!({"approved": 1, "proposed": 0}))
    );
    for who in [Some(winner(1)), None] {
        assert_eq!(stand.get(who, MOMENT).await.status, 404);
    }
    stand.days_pass(1);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(stand.get(None, "/awards").await.status, 404, "the first moment no longer counts");
    stand.days_pass(1);
    let seen = stand.eventually(BEA, MOMENT, |seen| seen["announced_at"].is_string()).await;
    assert_eq!((&seen["scheduled_for"], &seen["refused"]), (&Value::Null, &Value::Null));
    let public = stand.get(None, MOMENT).await.body;
    assert!(public["announced_at"].is_string() && public["waiting"].is_null(), "{public}");
    assert_eq!(stand.get(None, "/awards").await.body["items"][0]["status"], "announced");
    let events = stand.service().store().read_after(0, 10_000).await.unwrap();
    let announced = events.iter().find(|event| event.envelope.kind() == "WinnersAnnounced").unwrap();
    assert_eq!(announced.envelope.actor, "process/announce_at_moment");
    for difference in stand.service().check().await.unwrap() {
        assert_eq!((difference.only_live, difference.only_rebuilt), (0, 0), "{difference:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_announced_while_an_award_waits_for_its_second_person_or_when_called_off() {
    let stand = Stand::start().await;
    assert_eq!(stand.delete(ADA, MOMENT).await.body["type"], "/problems/nothing-scheduled");
    set(&stand, in_hours(2)).await;
    assert_eq!(stand.delete(ADA, MOMENT).await.status, 200);
    approved(&stand, 1).await;
    stand.days_pass(1);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let seen = stand.get(ADA, MOMENT).await.body;
    assert_eq!((&seen["announced_at"], &seen["refused"]), (&Value::Null, &Value::Null), "called off");
    set(&stand, in_hours(48)).await;
    let second = proposed(&stand, 2).await;
    stand.days_pass(2);
    let seen = stand.eventually(ADA, MOMENT, |seen| seen["refused"].is_string()).await;
    assert_eq!((&seen["refused"], &seen["announced_at"]), (&json!("still-proposed"), &Value::Null));
    assert_eq!(stand.get(None, "/awards").await.status, 404);
    stand.done(TREASURER, &format!("/awards/{second}/approval"), json!({})).await;
    stand.done(ADA, MOMENT, json!({})).await;
    let seen = stand.get(ADA, MOMENT).await.body;
    assert_eq!((&seen["refused"], &seen["scheduled_for"]), (&Value::Null, &Value::Null));
}
