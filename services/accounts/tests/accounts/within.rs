//! What accounts tells another service, and nobody else.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use plaudit_chassis::http::{WITHIN, WithinSecret};
use plaudit_chassis::id::MemberId;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::house::{House, shared};

/// Asks who these are, under a secret.
async fn who(house: &House, secret: [u8; 32], members: &[MemberId]) -> (StatusCode, Value) {
    let request = Request::builder()
        .method("POST")
        .uri("/within/members")
        .header(WITHIN, WithinSecret(secret).header())
        .header("content-type", "application/json")
        .body(Body::from(json!({ "members": members }).to_string()))
        .unwrap();
    let router = WithinSecret([7; 32]).admits(house.router());
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

#[test]
fn who_members_are_is_told_to_whoever_knows_the_secret_until_they_leave() {
    let house = shared();
    house.run(async {
        let programme = house.programme(MemberId::random()).await;
        let path = |rest: &str| format!("/api/accounts/programmes/{programme}/{rest}");
        let boss = house.signed_in("boss@within.example").await;
        let organiser = MemberId(house.get(&boss, &path("me")).await.id("member"));
        house.grant(programme, organiser, plaudit_proto::v1::Role::Organiser).await;
        let session = house.signed_in("ada@within.example").await;
        house.ask("PUT", &session, "/api/accounts/me", Some(json!({ "name": "Ada" }))).await.expect(200);
        let ada = MemberId(house.get(&session, &path("me")).await.id("member"));
        let invitation = json!({ "email": "ben@within.example", "name": "Ben" });
        let ben = MemberId(house.post(&boss, &path("invitations"), invitation).await.id("member"));

        let (status, known) = who(&house, [7; 32], &[ada, ben, MemberId::random()]).await;
        assert_eq!(status, StatusCode::OK);
        let mut items = known["items"].as_array().unwrap().clone();
        items.sort_by_key(|item| item["name"].to_string());
        let expected = [
            json!({ "member": ada, "name": "Ada", "address": "ada@within.example" }),
            json!({ "member": ben, "name": "Ben", "address": "ben@within.example" }),
        ];
        assert_eq!(items, expected);

        let (status, nothing) = who(&house, [8; 32], &[ada]).await;
        assert_eq!((status, nothing["items"].is_null()), (StatusCode::NOT_FOUND, true));
        house.post(&boss, "/api/accounts/within/members", json!({ "members": [ada] })).await.expect(404);

        house.ask("DELETE", &session, "/api/accounts/me", None).await.expect(204);
        let (_, known) = who(&house, [7; 32], &[ada, ben]).await;
        assert_eq!(known["items"], json!([expected[1]]));
    });
}
