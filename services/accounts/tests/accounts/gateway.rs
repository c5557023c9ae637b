use axum::body::Body;
use axum::extract::Request;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use serde_json::json;

use crate::house::{Answer, House, shared};

async fn here(house: &House, email: &str) -> (String, ProgrammeId) {
    let person = house.person(email).await;
    (person.token, house.programme(MemberId::random()).await)
}

fn told(answer: &Answer) -> &str {
    answer.body["headers"]["authorization"].as_str().unwrap().strip_prefix("Bearer ").unwrap()
}

#[test]
fn a_service_is_told_the_member_and_never_the_person() {
    let house = shared();
    house.run(async {
        let (token, programme) = here(&house, "told@edge.example").await;
        let before = house.clock.now();
        for service in ["scoring", "panels"] {
            let request =
                Request::post(format!("/api/{service}/programmes/{programme}/rounds/den/lock?a=b%20c"))
                    .header("authorization", format!("Bearer {token}"))
                    .header("cookie", "secret=1")
                    .header("connection", "close")
                    .header("idempotency-key", "k1")
                    .header("if-match", "\"3\"")
                    .header("plaudit-position", "scoring/5")
                    .header("content-type", "application/json")
                    .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                    .body(Body::from("{\"a\":1}"))
                    .unwrap();
            let answer = house.send(request).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!(answer.headers["etag"], "\"7\"");
            assert!(!answer.headers.contains_key("keep-alive"));
            assert_eq!(answer.body["path"], format!("/programmes/{programme}/rounds/den/lock?a=b%20c"));
            assert_eq!(answer.body["body"], "{\"a\":1}");
            let headers = answer.body["headers"].as_object().unwrap();
            for (name, value) in
                [("idempotency-key", "k1"), ("if-match", "\"3\""), ("plaudit-position", "scoring/5")]
            {
                assert_eq!(headers[name], value);
            }
            assert!(headers["traceparent"].as_str().unwrap().contains("0af7651916cd43dd8448eb211c80319c"));
            assert!(!headers.contains_key("cookie") && !answer.body.to_string().contains(&token));
            let claims = house.verifier.verify(service, told(&answer)).unwrap();
            assert_eq!((claims.programme, claims.audience.as_str()), (programme, service));
            assert!(claims.received_at >= before && claims.received_at <= house.clock.now());
            assert_eq!(house.events_of(claims.member).await, ["MemberJoined"]);
            assert!(house.verifier.verify("awards", told(&answer)).is_err());
        }
    });
}

#[test]
fn the_public_reads_without_a_token_and_writes_nothing() {
    let house = shared();
    house.run(async {
        let programme = house.programme(MemberId::random()).await;
        let path = format!("/api/scoring/programmes/{programme}");
        let read = house.get("", &path).await.expect(200);
        assert!(read["headers"]["authorization"].is_null());
        house.post("", &path, json!({})).await.expect(401);
        house.get("plaudit_s_unknown", &path).await.expect(401);
        house.get("v4.public.forged", &path).await.expect(401);
        let list = house.get("", "/api/submissions/programmes?limit=2").await.expect(200);
        assert_eq!(list["path"], "/programmes?limit=2");
        let described = house.get("", "/api/scoring/openapi.json").await.expect(200);
        assert_eq!(described["path"], "/openapi.json");
    });
}

#[test]
fn what_is_not_public_is_not_there() {
    let house = shared();
    house.run(async {
        let (token, programme) = here(&house, "hidden@edge.example").await;
        for path in [
            "/api/scoring/head".to_owned(),
            "/api/scoring/readyz".to_owned(),
            format!("/api/scoring/programmes/{programme}/../../head"),
            format!("/api/scoring/programmes/{programme}/%2e%2e/head"),
            format!("/api/nothing/programmes/{programme}"),
            "/api/scoring".to_owned(),
            "/dev/nothing".to_owned(),
            "/log".to_owned(),
        ] {
            let answer = house.get(&token, &path).await;
            assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
            answer.expect(404);
        }
        house.ask("OPTIONS", &token, "/api/scoring/programmes", None).await.expect(405);
        house.ask("DELETE", &token, "/api/accounts/sign-in", None).await.expect(405);
    });
}

#[test]
fn limits_are_problems() {
    let house = shared();
    house.run(async {
        let (token, programme) = here(&house, "limits@edge.example").await;
        let path = format!("/api/scoring/programmes/{programme}/x");
        let too_large = json!("x".repeat(1 << 20));
        house.post(&token, &path, too_large.clone()).await.expect(413);
        house.post("", "/api/accounts/sign-in", too_large).await.expect(413);
        let down = house.post(&token, &format!("/api/awards/programmes/{programme}/x"), json!({})).await;
        assert_eq!(down.headers["retry-after"], "1");
        assert_eq!(down.headers["content-type"], "application/problem+json");
        down.expect(503);
    });
}

#[test]
fn a_token_for_reading_writes_nothing() {
    let house = shared();
    house.run(async {
        let session = house.signed_in("reader@edge.example").await;
        let programme = house.programme(MemberId::random()).await;
        let wanted = json!({ "name": "reader", "scopes": ["read"] });
        let made = house.post(&session, "/api/accounts/me/tokens", wanted).await.expect(201);
        let token = made["token"].as_str().unwrap();
        let path = format!("/api/scoring/programmes/{programme}");
        let read = house.get(token, &path).await;
        let claims = house.verifier.verify("scoring", told(&read)).unwrap();
        assert_eq!((claims.scopes, claims.signed_in_by.as_str()), (vec!["read".to_owned()], "api-token"));
        house.post(token, &path, json!({})).await.expect(403);
        house.get(token, "/api/accounts/me").await.expect(403);
        let read = house.get(&session, &path).await;
        let claims = house.verifier.verify("scoring", told(&read)).unwrap();
        assert_eq!((claims.scopes, claims.signed_in_by.as_str()), (vec![], "emailed-code"));
    });
}

/// `answer` is the status that the toy is to give.
async fn found(house: &House, token: &str, key: Option<&str>, answer: &str) -> Answer {
    let mut request = Request::post("/api/submissions/programmes")
        .header("authorization", format!("Bearer {token}"))
        .header("accept-language", answer);
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    house.send(request.body(Body::from("{\"title\":\"x\"}")).unwrap()).await
}

#[test]
fn the_same_request_makes_the_same_programme() {
    let house = shared();
    house.run(async {
        let (founder, other) =
            (house.person("founder@edge.example").await, house.person("other@edge.example").await);
        let claims = |answer: &Answer| house.verifier.verify("submissions", told(answer)).unwrap();
        found(&house, &founder.token, None, "201").await.expect(400);

        let refused = claims(&found(&house, &founder.token, Some("a"), "422").await);
        assert!(house.events_of(refused.member).await.is_empty(), "of a programme that never was");
        let made = claims(&found(&house, &founder.token, Some("a"), "201").await);
        assert_eq!(made.programme, refused.programme);
        assert_ne!(made.member, refused.member, "the seat in what never was is given up");
        assert_eq!(made.programme.0.get_version_num(), 8);
        assert_eq!(house.events_of(made.member).await, ["MemberJoined"]);
        let again = claims(&found(&house, &founder.token, Some("a"), "201").await);
        assert_eq!((again.programme, again.member), (made.programme, made.member));
        assert_eq!(house.events_of(made.member).await, ["MemberJoined"]);

        assert_ne!(claims(&found(&house, &founder.token, Some("b"), "201").await).programme, made.programme);
        assert_ne!(claims(&found(&house, &other.token, Some("a"), "201").await).programme, made.programme);
    });
}

#[test]
fn accounts_describes_all_that_it_answers() {
    let house = shared();
    house.run(async {
        let described = house.get("", "/api/accounts/openapi.json").await.expect(200);
        let paths: Vec<&str> = described["paths"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "/me",
                "/me/everything",
                "/me/passkeys",
                "/me/passkeys/begin",
                "/me/passkeys/{id}",
                "/me/programmes",
                "/me/second-key",
                "/me/second-key/passkey",
                "/me/second-key/passkey/{challenge}",
                "/me/second-key/{challenge}",
                "/me/sessions",
                "/me/sessions/{id}",
                "/me/tokens",
                "/me/tokens/{id}",
                "/programmes/{programme}/auditors/bundle",
                "/programmes/{programme}/invitations",
                "/programmes/{programme}/me",
                "/programmes/{programme}/members",
                "/programmes/{programme}/receipts/{service}/{position}",
                "/sign-in",
                "/sign-in/oidc",
                "/sign-in/oidc/{challenge}",
                "/sign-in/passkey",
                "/sign-in/passkey/{challenge}",
                "/sign-in/{challenge}",
            ]
        );
        assert_eq!(described["openapi"], "3.1.0");
    });
}

#[test]
fn readiness_is_everybodys() {
    let house = shared();
    house.run(async {
        let ready = house.get("", "/readyz").await;
        assert_eq!(ready.status, 503, "awards does not answer");
        assert_eq!(ready.body["services"]["accounts"]["ready"], true);
        assert_eq!(ready.body["services"]["awards"]["ready"], false);
        assert_eq!(house.get("", "/livez").await.status, 200);
    });
}
