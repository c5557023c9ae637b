//! What organisers see and word, and nobody else.

use plaudit_chassis::id::{AwardId, MemberId, PitchId};
use plaudit_proto::awards::v1::{AwardProposed, SupportPledged, WinnersAnnounced};
use plaudit_proto::submissions::v1::{OrganiserConflictDeclared, RoleGranted, RoleRevoked};
use plaudit_proto::v1::Role;
use serde_json::{Value, json};

use crate::stand::{ANNE, BELA, EDA, ELI, FAY, JAN, MAX, PROGRAMME, Stand};

const ROUTES: [(&str, &str); 4] =
    [("GET", ""), ("GET", "/previews/result"), ("PUT", "/wordings/result"), ("POST", "/nudge")];

fn wording() -> Value {
    json!({ "subject": "{programme} has winners", "text": "Dear {name},\n\nsee {link}\nBest, us" })
}

fn body(method: &str, path: &str) -> Value {
    match (method, path) {
        ("GET", _) => Value::Null,
        (_, "/nudge") => json!({}),
        _ => wording(),
    }
}

async fn status(stand: &Stand, who: impl Into<Option<MemberId>>, method: &str, path: &str) -> u16 {
    stand.calls(who, method, path, body(method, path)).await.0.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_organisers_see_and_word_and_a_wall_stands_here_too() {
    let stand = Stand::start().await;
    let pitch = PitchId::random();
    stand.opens_call(100).await;
    stand.rules(RoleGranted { member: MAX.into(), role: Role::Approver.into() }).await;
    stand.enters(pitch, &[EDA, ELI]).await;
    stand.settled().await;
    for (method, path) in ROUTES {
        assert_eq!(status(&stand, None, method, path).await, 401, "{method} {path}");
        for other in [EDA, JAN, MAX, FAY] {
            assert_eq!(status(&stand, other, method, path).await, 403, "{method} {path}");
        }
        let organiser = if path == "/nudge" { 409 } else { 200 };
        assert_eq!(status(&stand, BELA, method, path).await, organiser, "{method} {path}");
    }
    assert_eq!(status(&stand, BELA, "GET", "/previews/receipt").await, 404);
    assert_eq!(status(&stand, BELA, "GET", "/previews/marks").await, 404);
    // A page is as long as it was asked to be, and leads to the next.
    let (_, page) = stand.calls(ANNE, "GET", "?limit=2", Value::Null).await;
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let next = page["next"].as_str().unwrap();
    let (_, rest) = stand.calls(ANNE, "GET", &format!("?after={next}"), Value::Null).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (2, &Value::Null));

    let conflict =
        OrganiserConflictDeclared { member: BELA.into(), pitch: pitch.into(), ..Default::default() };
    stand.rules(conflict).await;
    let kinds = |log: &Value| -> Vec<String> {
        let items = log["items"].as_array().unwrap().iter();
        items.map(|letter| letter["kind"].as_str().unwrap().to_owned()).collect()
    };
    stand.settled().await;
    let (_, log) = stand.calls(BELA, "GET", "", Value::Null).await;
    assert_eq!(kinds(&log), ["role-granted", "role-granted"]);
    assert_eq!(stand.log().await.len(), 4);
    stand.rules(RoleRevoked { member: BELA.into(), role: Role::Organiser.into() }).await;
    stand.settled().await;
    assert_eq!(status(&stand, BELA, "GET", "").await, 403);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_to_many_is_seen_and_worded_before_it_goes() {
    let stand = Stand::start().await;
    stand.opens_call(100).await;
    stand.enters(PitchId::random(), &[EDA]).await;
    stand.settled().await;
    let (_, preview) = stand.calls(ANNE, "GET", "/previews/reminder-day", Value::Null).await;
    assert_eq!((&preview["edited"], &preview["wording"]), (&json!(false), &preview["default"]));
    assert_eq!(preview["subject"], "The Den: a day left to enter");
    assert_eq!(preview["placeholders"], json!(["name", "programme", "link", "when"]));
    assert!(preview["text"].as_str().unwrap().contains("Dear Ada Example,"));

    let wrong = json!({ "subject": "{title}", "text": "{marks}" });
    let (status, problem) = stand.calls(ANNE, "PUT", "/wordings/result", wrong).await;
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!((status.as_u16(), fields), (422, vec!["subject", "text"]));
    assert!(problem["detail"].as_str().unwrap().contains("{title}"));

    let put = |body: Value, key: &'static str| stand.calls_with(ANNE, "PUT", "/wordings/result", body, key);
    let first = put(wording(), "a").await;
    assert_eq!((first.0.as_u16(), &first.1["version"]), (200, &json!(1)));
    assert_eq!(put(wording(), "a").await, first, "the same command again is the same");
    assert_eq!(put(json!({ "subject": "x", "text": "y" }), "a").await.1["type"], "/problems/key-reused");
    assert_eq!(put(wording(), "b").await.1["version"], 2);
    let (_, preview) = stand.calls(ANNE, "GET", "/previews/result", Value::Null).await;
    assert_eq!((&preview["edited"], &preview["subject"]), (&json!(true), &json!("The Den has winners")));

    let pot = plaudit_chassis::id::StreamId::new("pot", PROGRAMME.0);
    stand.says("awards", ANNE, vec![(pot, WinnersAnnounced::default().into())]).await;
    stand.settled().await;
    let letter = stand.postman.letters().pop().unwrap();
    assert_eq!((letter.subject.as_str(), letter.to.as_str()), ("The Den has winners", "eda@example.org"));
    assert!(letter.whole.contains("Dear eda,"));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_no_offers_gets_none_and_everything_that_is_needed() {
    let stand = Stand::start().await;
    let pitch = PitchId::random();
    let award = AwardId::of(PROGRAMME, "first", pitch);
    stand.opens_call(100).await;
    stand.enters(pitch, &[EDA, ELI]).await;
    stand.settled().await;
    assert_eq!(stand.calls(EDA, "GET", "/choices", Value::Null).await.1, json!({ "optional": true }));
    assert_eq!(stand.calls(None, "PUT", "/choices", json!({ "optional": false })).await.0.as_u16(), 401);
    stand.calls(EDA, "PUT", "/choices", json!({ "optional": false })).await;
    assert_eq!(stand.calls(EDA, "GET", "/choices", Value::Null).await.1, json!({ "optional": false }));
    let proposed = AwardProposed { pitch: pitch.into(), ..Default::default() };
    let pledged = SupportPledged { award: award.into(), ..Default::default() };
    let help = plaudit_chassis::id::SupportId::random().stream();
    stand.says("awards", ANNE, vec![(award.stream(), proposed.into())]).await;
    stand.says("awards", MAX, vec![(help, pledged.into())]).await;
    stand.settled().await;
    let taken = stand.taken();
    assert!(taken.contains(&"your pitch has come in > eda".to_owned()), "{taken:?}");
    let offers: Vec<&String> = taken.iter().filter(|letter| letter.contains("offers")).collect();
    assert_eq!(offers, ["somebody offers you help > eli"]);
    stand.end().await;
}
