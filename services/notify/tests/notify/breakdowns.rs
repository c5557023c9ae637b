//! Mail servers that refuse, hang up or fall silent, a notify that dies, and
//! people who are forgotten.

use std::time::Duration;

use jiff::SignedDuration;
use plaudit_chassis::id::PitchId;
use plaudit_proto::accounts::v1::{MemberForgotten, MemberInvited};
use plaudit_proto::submissions::v1::EntrantInvited;
use serde_json::{Value, json};

use crate::postman::Mood;
use crate::stand::{ANNE, EDA, ELI, FAY, MAX, Stand};

/// Waits until the postman has seen so many letters.
async fn seen(stand: &Stand, letters: usize) {
    for _ in 0..400 {
        if stand.postman.letters().len() >= letters {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the postman has seen {:?}", stand.postman.letters());
}

/// Waits until a letter has been tried so often.
async fn tried(stand: &Stand, attempts: i64) {
    for _ in 0..400 {
        let query = "select coalesce(max(attempts), 0)::bigint from letters where state = 'waiting'";
        if stand.number(query).await >= attempts {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it was not tried");
}

/// The letter in the log to this member.
async fn logged(stand: &Stand, member: plaudit_chassis::id::MemberId) -> Value {
    let log = stand.log().await;
    log.into_iter().find(|letter| letter["member"] == json!(member)).expect("it is in the log")
}

async fn open(stand: &Stand) {
    stand.opens_call(500).await;
    stand.settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_may_have_gone_goes_again_as_the_same_letter_and_the_log_says_so() {
    let mut stand = Stand::start().await;
    open(&stand).await;
    let before = stand.postman.letters().len();
    // The server has the letter and hangs up without a word.
    stand.postman.is(Mood::HangsUp);
    stand.rules(EntrantInvited { member: FAY.into() }).await;
    seen(&stand, before + 1).await;
    tried(&stand, 1).await;
    stand.postman.is(Mood::Takes);
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert_eq!(stand.postman.letters().len(), before + 1, "not at once");
    stand.clock.advance(SignedDuration::from_secs(61));
    stand.settled().await;
    let letters = stand.postman.letters();
    assert_eq!((letters[before].taken, letters[before + 1].taken), (false, true));
    assert_eq!(letters[before].id, letters[before + 1].id);
    let log = logged(&stand, FAY).await;
    assert_eq!((&log["state"], &log["maybe_twice"]), (&json!("sent"), &json!(true)));
    assert!(letters[before].id.contains(log["letter"].as_str().unwrap()));

    // Notify dies while the server has the letter and says nothing.
    stand.postman.is(Mood::FallsSilent);
    stand.rules(EntrantInvited { member: MAX.into() }).await;
    seen(&stand, before + 3).await;
    stand.notify_stops();
    assert_eq!(stand.number("select count(*) from letters where state = 'claimed'").await, 1);
    stand.postman.is(Mood::Takes);
    stand.notify_starts().await;
    stand.settled().await;
    let letters = stand.postman.letters();
    assert_eq!(letters.len(), before + 4);
    assert_eq!(letters[before + 2].id, letters[before + 3].id);
    let log = logged(&stand, MAX).await;
    assert_eq!(
        (&log["state"], &log["maybe_twice"], &log["attempts"]),
        (&json!("sent"), &json!(true), &json!(2))
    );
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_gets_it_later_and_one_that_is_away_costs_no_attempt() {
    let stand = Stand::start().await;
    open(&stand).await;
    let before = stand.postman.letters().len();
    stand.postman.is(Mood::Refuses);
    stand.rules(EntrantInvited { member: FAY.into() }).await;
    for attempts in 1..=3 {
        tried(&stand, attempts).await;
        stand.clock.advance(SignedDuration::from_mins(1 << (attempts - 1)));
    }
    stand.postman.is(Mood::Takes);
    stand.clock.advance(SignedDuration::from_mins(5));
    stand.settled().await;
    assert_eq!(stand.postman.letters().len(), before + 1);
    let log = logged(&stand, FAY).await;
    assert_eq!((&log["state"], &log["maybe_twice"]), (&json!("sent"), &json!(false)));

    stand.postman.is(Mood::Away);
    stand.town.lock().unwrap().asleep = true;
    stand.rules(EntrantInvited { member: MAX.into() }).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(logged(&stand, MAX).await["attempts"], 0);
    // Nor does a service that does not say who somebody is.
    stand.postman.is(Mood::Takes);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(logged(&stand, MAX).await["attempts"], 0);
    stand.town.lock().unwrap().asleep = false;
    stand.settled().await;
    assert_eq!(logged(&stand, MAX).await["state"], "sent");

    stand.postman.is(Mood::RefusesForGood);
    stand.rules(EntrantInvited { member: ELI.into() }).await;
    stand.settled().await;
    let log = logged(&stand, ELI).await;
    assert_eq!((&log["state"], &log["why"]), (&json!("given-up"), &json!("refused")));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_forgotten_gets_nothing_more_and_no_table_has_an_address_or_a_name() {
    let stand = Stand::start().await;
    open(&stand).await;
    let before = stand.postman.letters().len();
    stand.postman.is(Mood::Refuses);
    stand.enters(PitchId::random(), &[EDA, ELI]).await;
    tried(&stand, 1).await;
    stand.town.lock().unwrap().addresses.remove(&EDA);
    stand.says("accounts", EDA, vec![(EDA.stream(), MemberForgotten {}.into())]).await;
    // Known to nobody, though no event says that they were forgotten.
    stand.says("accounts", ANNE, vec![(FAY.stream(), MemberInvited {}.into())]).await;
    stand.town.lock().unwrap().addresses.remove(&FAY);
    // Somebody who has no address.
    stand.town.lock().unwrap().addresses.insert(MAX, String::new());
    stand.rules(EntrantInvited { member: MAX.into() }).await;
    stand.postman.is(Mood::Takes);
    stand.clock.advance(SignedDuration::from_mins(3));
    stand.settled().await;
    let to: Vec<String> = stand.postman.letters().into_iter().skip(before).map(|letter| letter.to).collect();
    assert_eq!(to, ["eli@example.org"]);
    for (member, why) in [(EDA, "forgotten"), (FAY, "forgotten"), (MAX, "no-address")] {
        let log = logged(&stand, member).await;
        assert_eq!((&log["state"], &log["why"]), (&json!("dropped"), &json!(why)));
    }
    for table in ["letters", "facts", "mailings", "commands", "events"] {
        let rows = stand.rows(&format!("select row_to_json(t)::text from {table} t")).await;
        for row in rows.iter().map(|row| row.get::<_, String>(0)) {
            assert!(
                !row.contains("example.org") && !row.contains("The Den") && !row.contains("eli"),
                "{row}"
            );
        }
    }
    stand.end().await;
}
