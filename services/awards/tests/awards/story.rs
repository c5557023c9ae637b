//! One programme from the ranking to the last pound and the last hour.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::stand::{ADA, BEA, COI, STRANGER, Stand, TREASURER, pitch, winner};

/// Typed into every private field, and never to be found in an event.
const MARKER: &str = "Zaphod";

fn proposal(prize: &str, number: u128) -> Value {
    json!({"round": "final", "prize": prize, "pitch": pitch(number)})
}

fn items(body: &Value) -> &Vec<Value> {
    items_of(&body["items"])
}

fn items_of(list: &Value) -> &Vec<Value> {
    list.as_array().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_ranking_to_the_last_pound_and_the_last_hour() {
    let stand = Stand::start().await;
    the_ranking_says_who_wins_what(&stand).await;
    let [first, second] = awards_are_proposed_and_approved(&stand).await;
    nobody_else_knows(&stand, &first).await;
    winners_are_announced(&stand, &first).await;
    paid(&stand, &first).await;
    what_lapsed_falls_to_the_reserve(&stand, &second).await;
    supported(&stand, &first).await;
    silence_is_received(&stand, &first).await;
    nothing_private_is_in_an_event_and_rows_are_as_rebuilt(&stand).await;
}

async fn the_ranking_says_who_wins_what(stand: &Stand) {
    let ranking = stand.get(ADA, "/rounds/final/ranking").await.body;
    let wins: Vec<_> = items(&ranking).iter().map(|place| &place["wins"]).collect();
    assert_eq!(wins[0][0]["amount"], json!({"minor": 150_001, "currency": "GBP"}));
    assert_eq!((&wins[1][0]["prize"], &wins[1][0]["amount"]["minor"]), (&json!("first"), &json!(150_000)));
    assert_eq!(wins[2][0]["prize"], "third");
    assert_eq!(wins[3], &json!([]));
    let walled = stand.get(COI, "/rounds/final/ranking").await.body;
    assert_eq!(items(&walled).len(), 3, "a wall hides a place");
    assert_eq!(stand.get(winner(1), "/rounds/final/ranking").await.status, 404);
}

async fn awards_are_proposed_and_approved(stand: &Stand) -> [String; 2] {
    stand.refused(ADA, "/awards", proposal("third", 4), 422, "departure-needs-reason").await;
    stand.refused(ADA, "/awards", proposal("second", 3), 409, "prize-pooled").await;
    stand.refused(COI, "/awards", proposal("first", 1), 403, "not-allowed").await;
    stand.refused(TREASURER, "/awards", proposal("first", 1), 403, "not-allowed").await;
    stand.refused(ADA, "/announcement", json!({}), 409, "embargo").await;
    stand.days_pass(1);
    stand.refused(ADA, "/announcement", json!({}), 409, "nothing-to-announce").await;
    a_departure_is_refused(stand).await;
    let first = stand.done(ADA, "/awards", proposal("first", 1)).await;
    let second = stand.done(ADA, "/awards", proposal("first", 2)).await;
    stand.refused(ADA, "/awards", proposal("third", 3), 409, "over-the-pot").await;
    stand.refused(ADA, &format!("/awards/{first}/approval"), json!({}), 403, "second-person-needed").await;
    stand.refused(COI, &format!("/awards/{first}/approval"), json!({}), 404, "not-found").await;
    stand.done(TREASURER, &format!("/awards/{first}/approval"), json!({})).await;
    stand.refused(ADA, "/announcement", json!({}), 409, "still-proposed").await;
    stand.done(BEA, &format!("/awards/{second}/approval"), json!({})).await;
    [first, second]
}

/// It takes its reason, and gives its amount back.
async fn a_departure_is_refused(stand: &Stand) {
    let mut departure = proposal("third", 4);
    departure["departure"] = json!("bank_refused");
    stand.refused(ADA, "/awards", departure.clone(), 422, "invalid-field").await;
    departure["departure"] = json!("panel_departure");
    let award = stand.done(ADA, "/awards", departure).await;
    let seen = stand.get(BEA, &format!("/awards/{award}")).await.body;
    assert_eq!((&seen["departure"], &seen["amount"]["minor"]), (&json!("panel_departure"), &json!(50_000)));
    stand.refused(ADA, "/awards", proposal("third", 3), 409, "prize-given-already").await;
    stand.done(TREASURER, &format!("/awards/{award}/refusal"), json!({"reason": "rules_broken"})).await;
    let mut by_the_ranking = proposal("third", 3);
    by_the_ranking["departure"] = json!("panel_departure");
    stand.refused(ADA, "/awards", by_the_ranking, 422, "no-departure").await;
}

async fn nobody_else_knows(stand: &Stand, first: &str) {
    for (who, count) in [(ADA, 3), (TREASURER, 3), (COI, 2)] {
        assert_eq!(items(&stand.get(who, "/awards").await.body).len(), count, "{who}");
    }
    let one = format!("/awards/{first}");
    for who in [Some(winner(1)), Some(STRANGER), None] {
        assert_eq!(stand.get(who, "/awards").await.status, 404);
        assert_eq!(stand.get(who, &one).await.status, 404);
    }
    assert_eq!(stand.get(COI, &one).await.status, 404);
    stand.refused(winner(1), &format!("{one}/acceptance"), json!({}), 404, "not-found").await;
    stand.refused(winner(1), &format!("{one}/payout/payee"), account("87654321"), 404, "not-found").await;
}

async fn winners_are_announced(stand: &Stand, first: &str) {
    stand.refused(TREASURER, "/announcement", json!({}), 403, "not-allowed").await;
    stand.done(ADA, "/announcement", json!({})).await;
    let public = stand.get(None, "/awards").await.body;
    assert_eq!(items(&public).len(), 2);
    let amount = json!({"minor": 150_001, "currency": "GBP"});
    let expected = json!({
        "id": first, "pitch": pitch(1), "prize": "first", "amount": amount, "rank": 1,
        "departure": null, "status": "announced",
    });
    assert!(items(&public).contains(&expected), "{public}");
    let own = stand.get(winner(1), &format!("/awards/{first}")).await.body;
    assert!(own["accept_by"].is_string(), "{own}");
    stand.refused(STRANGER, &format!("/awards/{first}/acceptance"), json!({}), 403, "not-allowed").await;
    stand.done(winner(1), &format!("/awards/{first}/acceptance"), json!({})).await;
}

fn account(number: &str) -> Value {
    json!({"name": format!("{MARKER} Ltd"), "account": number, "sort_code": "112233"})
}

/// What of its payee the vault still has, by the fields' names.
async fn openings(stand: &Stand, award: &str) -> Vec<String> {
    let client = stand.service().pool().get().await.unwrap();
    let query = "select substr(field, 12) from openings \
                 where stream = $1 and starts_with(field, 'PayeeNamed.') order by field";
    let rows = client.query(query, &[&format!("payout/{award}")]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn paid(stand: &Stand, first: &str) {
    let payout = format!("/awards/{first}/payout");
    let step = |rest: &str| format!("{payout}/{rest}");
    stand.refused(ADA, &step("payee"), account("87654321"), 403, "not-allowed").await;
    stand.done(winner(1), &step("payee"), account("12345678")).await;
    stand.done(winner(1), &step("payee"), account("87654321")).await;
    assert_eq!(
        openings(stand, first).await,
        ["account", "payee", "payee"],
        "a replaced account is forgotten"
    );
    stand.refused(COI, &step("payee/check"), json!({}), 403, "not-allowed").await;
    let seen = stand.get(TREASURER, &payout).await.body;
    assert_eq!(seen["payee"]["account"], "87654321");
    let next = json!([
        {"step": "check_payee", "who": "organiser_or_approver", "yours": true},
        {"step": "record_agreement", "who": "organiser_or_winner", "yours": false},
    ]);
    assert_eq!(seen["next"], next, "{seen}");
    assert_eq!(seen["payee"]["sort_code"], "11-22-33");
    assert_eq!(stand.get(winner(1), &payout).await.body["payee"]["account"], "87654321");
    for who in [STRANGER, winner(2), COI] {
        assert_eq!(stand.get(who, &payout).await.status, 403);
    }
    stand.done(TREASURER, &step("payee/check"), json!({})).await;
    stand.done(ADA, &step("agreement"), json!({"agreement": MARKER})).await;
    stand.done(ADA, &step("request"), json!({})).await;
    stand.refused(ADA, &step("authorisation"), json!({}), 403, "second-person-needed").await;
    stand.refused(winner(1), &step("authorisation"), json!({}), 403, "not-allowed").await;
    stand.done(BEA, &step("authorisation"), json!({})).await;
    stand.done(TREASURER, &step("sending"), json!({"reference": MARKER})).await;
    let seen = stand.get(winner(1), &payout).await.body;
    let steps: Vec<_> = items_of(&seen["steps"]).iter().map(|step| (&step["step"], &step["by"])).collect();
    let expected = [
        ("payee_named", winner(1)),
        ("payee_named", winner(1)),
        ("payee_checked", TREASURER),
        ("agreement_recorded", ADA),
        ("requested", ADA),
        ("authorised", BEA),
        ("sent", TREASURER),
    ];
    let expected = expected.map(|(step, by)| (json!(step), json!(by)));
    assert!(steps.iter().map(|(step, by)| ((*step).clone(), (*by).clone())).eq(expected), "{seen}");
    assert_eq!(seen["next"], json!([{"step": "confirm", "who": "winner", "yours": true}]));
    assert!(seen["taken_as_received_at"].is_string());
    stand
        .refused(
            ADA,
            &format!("/awards/{first}/withdrawal"),
            json!({"reason": "rules_broken"}),
            409,
            "paid-already",
        )
        .await;
}

async fn what_lapsed_falls_to_the_reserve(stand: &Stand, second: &str) {
    let one = format!("/awards/{second}");
    stand.days_pass(14);
    let lapsed = stand.eventually(ADA, &one, |award| award["status"] == "lapsed").await;
    let amount = json!({"minor": 150_000, "currency": "GBP"});
    assert_eq!(lapsed["reserve"], json!([{"pitch": pitch(3), "rank": 3, "amount": amount}]));
    stand.refused(winner(2), &format!("{one}/acceptance"), json!({}), 409, "not-announced").await;
    let mut reserve = proposal("first", 3);
    stand.refused(ADA, "/awards", reserve.clone(), 422, "departure-needs-reason").await;
    reserve["in_place_of"] = json!(second);
    let third = stand.done(ADA, "/awards", reserve).await;
    assert_eq!(stand.get(ADA, &one).await.body["reserve"], json!([]), "replaced");
    assert_eq!(stand.get(None, &format!("/awards/{third}")).await.status, 404, "not announced yet");
    stand.done(BEA, &format!("/awards/{third}/approval"), json!({})).await;
    stand.done(ADA, "/announcement", json!({})).await;
    let public = stand.get(None, &format!("/awards/{third}")).await.body;
    assert_eq!((&public["status"], &public["amount"]), (&json!("announced"), &amount));
    stand.done(winner(3), &format!("/awards/{third}/decline"), json!({})).await;
}

async fn supported(stand: &Stand, first: &str) {
    let pledge = json!({"what": MARKER, "quarters": 12, "unit": "hour", "award": first});
    let support = stand.done(STRANGER, "/support", pledge).await;
    let step = |rest: &str| format!("/support/{support}/{rest}");
    stand.refused(winner(2), &step("acceptance"), json!({}), 404, "not-found").await;
    stand.refused(STRANGER, &step("acceptance"), json!({}), 403, "not-allowed").await;
    stand.done(winner(1), &step("acceptance"), json!({})).await;
    stand.done(winner(1), &step("schedule"), json!({"at": Timestamp::now(), "quarters": 8})).await;
    let ancient = json!({"at": "-000001-01-01T00:00:00Z", "quarters": 1});
    stand.refused(winner(1), &step("schedule"), ancient, 422, "invalid-field").await;
    stand.refused(STRANGER, &step("deliveries"), json!({"quarters": 13}), 409, "more-than-pledged").await;
    stand.done(STRANGER, &step("deliveries"), json!({"quarters": 8})).await;
    stand.done(STRANGER, &step("deliveries"), json!({"quarters": 4, "evidence": MARKER})).await;
    stand.refused(ADA, &step("closing"), json!({}), 409, "part-open").await;
    stand.refused(STRANGER, &step("deliveries/1/confirmation"), json!({}), 403, "not-allowed").await;
    stand.done(winner(1), &step("deliveries/1/confirmation"), json!({})).await;
    let ledger = stand.get(winner(1), "/support").await.body;
    assert_eq!((&items(&ledger)[0]["owed"], &items(&ledger)[0]["what"]), (&json!(0), &json!(MARKER)));
    assert_eq!(items(&stand.get(winner(2), "/support").await.body).len(), 0);
    stand.done(ADA, &step("closing"), json!({})).await;
}

/// Fourteen days have passed since the money was sent.
async fn silence_is_received(stand: &Stand, first: &str) {
    let payout = format!("/awards/{first}/payout");
    let complete =
        stand.eventually(TREASURER, &payout, |payout| payout["stage"] == "taken_as_received").await;
    let payee = &complete["payee"];
    assert_eq!((&payee["account"], &payee["sort_code"]), (&Value::Null, &Value::Null));
    assert_eq!(payee["name"], format!("{MARKER} Ltd"));
    assert_eq!(openings(stand, first).await, ["payee", "payee"], "the numbers are gone, not hidden");
}

async fn nothing_private_is_in_an_event_and_rows_are_as_rebuilt(stand: &Stand) {
    let events = stand.service().store().read_after(0, 10_000).await.unwrap();
    for event in &events {
        let text = String::from_utf8_lossy(&event.bytes);
        for private in [MARKER, "12345678", "87654321", "112233", "11-22-33"] {
            assert!(!text.contains(private), "{text}");
        }
    }
    for difference in stand.service().check().await.unwrap() {
        assert_eq!((difference.only_live, difference.only_rebuilt), (0, 0), "{difference:?}");
    }
}
