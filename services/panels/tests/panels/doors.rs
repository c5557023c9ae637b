//! Who gets through which door, and what bad input is told.

use axum::http::StatusCode;
use plaudit_proto::submissions::v1::ProgrammeCancelled;
use plaudit_proto::v1::Round;
use serde_json::{Value, json};

use crate::stand::*;

#[tokio::test(flavor = "multi_thread")]
async fn every_route_for_everybody() {
    let stand = Stand::start(1, Round { quorum: 1, ..Round::default() }).await;
    stand.seat(1).await;
    let ending = format!("/judges/{}/standing-down", judge(9));
    let allowing = format!("/judges/{}/allowances", judge(9));
    let recusing = json!({ "pitch": pitch(1), "reason": "conflict_of_interest", "member": judge(9) });
    let moving = json!({ "pitch": pitch(1), "from": judge(8), "to": judge(9) });
    // Method, path, body; approver, judge, anybody else. Organisers come to
    // the rules behind the door, which are tested with the nouns.
    let table: [(&str, &str, Value, [u16; 3]); 16] = [
        ("POST", "", json!({}), [403, 403, 404]),
        ("GET", "", json!({}), [200, 200, 404]),
        ("POST", "/judges", json!({ "member": judge(5) }), [403, 403, 404]),
        ("GET", "/judges", json!({}), [200, 200, 404]),
        ("POST", "/acceptance", json!({ "confidentiality": true }), [403, 409, 404]),
        ("POST", "/refusal", json!({}), [403, 409, 404]),
        ("POST", &ending, json!({ "reason": "absent" }), [403, 403, 404]),
        ("POST", "/declaration", json!({ "none_for_the_rest": true }), [403, 409, 404]),
        ("GET", "/declaration", json!({}), [403, 200, 404]),
        ("POST", &allowing, json!({ "pitch": pitch(1) }), [403, 403, 404]),
        ("POST", "/recusals", recusing, [403, 403, 404]),
        ("POST", "/assignments", json!({}), [403, 403, 404]),
        ("GET", "/assignments", json!({}), [200, 200, 404]),
        ("GET", "/matrix", json!({}), [200, 403, 404]),
        ("POST", "/assignments/moves", moving, [403, 403, 404]),
        ("POST", "/readiness", json!({}), [403, 403, 404]),
    ];
    for (method, path, body, expected) in table {
        for (member, expected) in [APPROVER, judge(1), STRANGER].into_iter().zip(expected) {
            let (status, answer) = stand.ask(member, method, path, body.clone()).await;
            assert_eq!(status.as_u16(), expected, "{method} {path} by {member}: {answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn judges_see_their_own_and_bad_input_is_told() {
    let stand = Stand::start(2, Round { quorum: 1, ..Round::default() }).await;
    let strange = stand.refused(ORGANISER, "/judges", json!({ "member": judge(1) })).await;
    assert_eq!(strange, (404, "not-convened".to_owned()));
    stand.seat(2).await;
    stand.post(ORGANISER, "/assignments", json!({})).await;
    assert_eq!(stand.assignments(judge(2)).await, [(2, 1), (2, 2)]);
    let own = stand.get(judge(2), "/judges").await;
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    assert_eq!(own["items"][0]["member"], json!(judge(2)));
    let panel = stand.get(judge(2), "").await;
    assert_eq!((&panel["counts"], &panel["seat"]["member"]), (&Value::Null, &json!(judge(2))));

    let page = stand.get(ORGANISER, "/assignments?limit=3").await;
    let next = page["next"].as_str().unwrap();
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    let rest = stand.get(ORGANISER, &format!("/assignments?limit=3&after={next}")).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));

    let head = stand.log().await.len();
    let bad = [
        ("/judges", json!({ "member": "nobody" }), "member"),
        ("/judges", json!({ "member": judge(1), "office": "king" }), "office"),
        ("/recusals", json!({ "pitch": pitch(1), "reason": "dislike" }), "reason"),
        ("/recusals", json!({ "pitch": pitch(9), "reason": "not_competent", "member": judge(1) }), "pitch"),
        ("/assignments/moves", json!({ "pitch": pitch(9), "from": judge(1), "to": judge(2) }), "pitch"),
    ];
    for (path, body, field) in bad {
        let (status, answer) = stand.ask(ORGANISER, "POST", path, body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {answer}");
        assert_eq!(answer["errors"][0]["field"], field, "{path}: {answer}");
    }
    let long = "x".repeat(2001);
    let long = json!({ "pitch": pitch(1), "reason": "not_competent", "nature": long });
    assert_eq!(stand.refused(judge(1), "/recusals", long).await.0, 422);
    assert_eq!(stand.log().await.len(), head, "nothing of it was stored");

    stand.say(PROGRAMME.stream(), vec![ProgrammeCancelled::default().into()]).await;
    let cancelled = (409, "programme-cancelled".to_owned());
    assert_eq!(stand.refused(ORGANISER, "/readiness", json!({})).await, cancelled);
}
