//! Reminders: a day and an hour before the deadline, to those who have drafts.

use jiff::SignedDuration;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::PitchId;
use plaudit_proto::submissions::v1::{DeadlineMoved, ProgrammeCancelled, RulebookAmended};
use serde_json::Value;

use crate::stand::{ANNE, DORA, EDA, FAY, Stand};

const DAY: &str = "a day left to enter > ";
const HOUR: &str = "an hour left to enter > ";

/// So many letters like this were taken.
fn many(stand: &Stand, like: &str) -> usize {
    stand.taken().iter().filter(|letter| letter.starts_with(like)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_draft_is_reminded_of_the_deadline_as_it_is_now() {
    let stand = Stand::start().await;
    let deadline = stand.opens_call(48).await;
    stand.enters(PitchId::random(), &[EDA]).await;
    stand.town.lock().unwrap().drafting = vec![DORA, FAY];
    stand.settled().await;
    // It moves by a day: of the first nobody is reminded.
    let later = deadline + SignedDuration::from_hours(24);
    stand.rules(DeadlineMoved { deadline: Some(to_proto(later)), ..Default::default() }).await;
    stand.rules(RulebookAmended::default()).await;
    stand.settled().await;
    for (told, who) in [
        ("the deadline has moved > ", "eda"),
        ("the deadline has moved > ", "dora"),
        ("the rules were amended > ", "eda"),
        ("the rules were amended > ", "fay"),
    ] {
        assert_eq!(many(&stand, &format!("{told}{who}")), 1, "{told}{who}");
    }
    stand.clock.advance(SignedDuration::from_hours(47) + SignedDuration::from_mins(30));
    stand.settled().await;
    assert_eq!(many(&stand, HOUR), 0);
    stand.clock.advance(SignedDuration::from_mins(40));
    stand.settled().await;
    assert_eq!((many(&stand, DAY), many(&stand, "a day left to enter > eda")), (2, 0));
    // Fay enters, or deletes the draft.
    stand.town.lock().unwrap().drafting = vec![DORA];
    stand.clock.advance(SignedDuration::from_hours(23));
    stand.settled().await;
    assert_eq!((many(&stand, &format!("{HOUR}dora")), many(&stand, HOUR)), (1, 1));
    // To whom these went would say who has a draft.
    for letter in stand.log().await {
        let kind = letter["kind"].as_str().unwrap();
        if kind.starts_with("reminder") {
            assert_eq!(letter["member"], Value::Null, "{letter}");
        }
        assert_ne!(letter["member"], serde_json::json!(DORA), "{letter}");
    }
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_of_what_was_cancelled_or_late() {
    let mut stand = Stand::start().await;
    stand.opens_call(30).await;
    stand.town.lock().unwrap().drafting = vec![DORA];
    stand.settled().await;
    // Notify is away at the hour: afterwards a reminder is of no use.
    stand.notify_stops();
    stand.clock.advance(SignedDuration::from_hours(31));
    stand.notify_starts().await;
    stand.settled().await;
    assert_eq!(many(&stand, DAY) + many(&stand, HOUR), 0);
    let deadline = stand.clock.now() + SignedDuration::from_hours(30);
    stand.rules(DeadlineMoved { deadline: Some(to_proto(deadline)), ..Default::default() }).await;
    stand.settled().await;
    stand
        .says(
            "submissions",
            ANNE,
            vec![(crate::stand::PROGRAMME.stream(), ProgrammeCancelled::default().into())],
        )
        .await;
    stand.clock.advance(SignedDuration::from_hours(29));
    stand.settled().await;
    assert_eq!(many(&stand, DAY) + many(&stand, HOUR), 0);
    stand.end().await;
}
