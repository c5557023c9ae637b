//! What submissions tells another service, and nobody else.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use plaudit_chassis::http::{WITHIN, WithinSecret};
use plaudit_chassis::id::ProgrammeId;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::stand::{ADA, ENTRANT, OTHER, PROGRAMME, Stand};

async fn called(stand: &Stand, secret: [u8; 32], drafts: bool) -> Value {
    let asked = json!({ "programmes": [PROGRAMME, ProgrammeId::random()], "drafts": drafts });
    let request = Request::builder()
        .method("POST")
        .uri("/within/programmes")
        .header(WITHIN, WithinSecret(secret).header())
        .header("content-type", "application/json")
        .body(Body::from(asked.to_string()))
        .unwrap();
    let router = WithinSecret([7; 32]).admits(stand.running.router.clone());
    let answer = router.oneshot(request).await.unwrap();
    serde_json::from_slice(&to_bytes(answer.into_body(), usize::MAX).await.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn titles_and_who_has_an_open_draft_are_told_to_whoever_knows_the_secret() {
    let stand = Stand::start().await;
    stand.open(|_| {}).await;
    for who in [ENTRANT, ENTRANT, OTHER] {
        stand.send(who, "POST /drafts", Value::Null).await.done();
    }
    let answer = called(&stand, [7; 32], true).await;
    let item = &answer["items"][0];
    assert_eq!((answer["items"].as_array().unwrap().len(), &item["programme"]), (1, &json!(PROGRAMME)));
    assert_eq!(item["drafting"], json!([ENTRANT, OTHER]));
    assert_eq!(item["title"], "The den");
    assert_eq!(called(&stand, [7; 32], false).await["items"][0]["drafting"], json!([]));
    assert_eq!(called(&stand, [8; 32], true).await["items"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_programme_that_began_this_moment_is_called_what_it_is_called() {
    let stand = Stand::start().await;
    stand.send(ADA, "POST /programmes", json!({ "title": "The den" })).await.done();
    assert_eq!(called(&stand, [7; 32], false).await["items"][0]["title"], "The den");
}
