use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::house::{House, shared};

const SIGN_IN: &str = "/api/accounts/sign-in";

impl House {
    /// Asks for a code; answers the challenge's path and the code of the mail.
    async fn asked(&self, email: &str) -> (String, String) {
        let challenge = self.post("", SIGN_IN, json!({ "email": email })).await.expect(202);
        let challenge = challenge["challenge"].as_str().unwrap().to_owned();
        let mails = self.get("", "/dev/mail").await.expect(200);
        let mail = mails["items"].as_array().unwrap().iter().find(|mail| mail["to"] == email).unwrap();
        let text = mail["text"].as_str().unwrap();
        let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
        (format!("{SIGN_IN}/{challenge}"), code)
    }

    pub async fn signed_in(&self, email: &str) -> String {
        let (path, code) = self.asked(email).await;
        let session = self.post("", &path, json!({ "code": code })).await.expect(200);
        session["session_token"].as_str().unwrap().to_owned()
    }
}

fn other_than(code: &str) -> Value {
    json!({ "code": if code == "000000" { "000001" } else { "000000" } })
}

#[test]
fn the_code_signs_in_once() {
    let house = shared();
    house.run(async {
        let (path, code) = house.asked("once@example.org").await;
        let wrong = house.post("", &path, other_than(&code)).await.expect(422);
        assert_eq!(wrong["errors"][0]["field"], "code");
        let session = house.post("", &path, json!({ "code": code })).await.expect(200);
        let session = session["session_token"].as_str().unwrap();
        let me = house.get(session, "/api/accounts/me").await.expect(200);
        assert_eq!(me["email"], "once@example.org");
        house.post("", &path, json!({ "code": code })).await.expect(410);
    });
}

#[test]
fn the_code_is_nothing_without_the_challenge() {
    let house = shared();
    house.run(async {
        let (_, code) = house.asked("bound@example.org").await;
        let (other, _) = house.asked("thief@example.org").await;
        house.post("", &other, json!({ "code": code })).await.expect(422);
        house.post("", &format!("{SIGN_IN}/guess"), json!({ "code": code })).await.expect(410);
    });
}

#[test]
fn after_five_wrong_tries_the_right_code_is_over_too() {
    let house = shared();
    house.run(async {
        let (path, code) = house.asked("tries@example.org").await;
        for _ in 0..4 {
            house.post("", &path, other_than(&code)).await.expect(422);
        }
        house.post("", &path, other_than(&code)).await.expect(410);
        house.post("", &path, json!({ "code": code })).await.expect(410);
    });
}

#[test]
fn two_at_the_same_moment_get_one_session() {
    let house = shared();
    house.run(async {
        let (path, code) = house.asked("twice@example.org").await;
        let tries = (0..4).map(|_| house.post("", &path, json!({ "code": code })));
        let answers = futures_util::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    });
}

#[test]
fn code_and_session_end_with_their_time() {
    let house = House::open();
    house.run(async {
        let (path, code) = house.asked("late@example.org").await;
        house.clock.advance(SignedDuration::from_mins(10));
        house.post("", &path, json!({ "code": code })).await.expect(410);
        let session = house.signed_in("late@example.org").await;
        house.clock.advance(SignedDuration::from_hours(30 * 24 - 1));
        house.get(&session, "/api/accounts/me").await.expect(200);
        house.clock.advance(SignedDuration::from_hours(1));
        house.get(&session, "/api/accounts/me").await.expect(401);
    });
}

#[test]
fn too_many_codes_to_one_address_have_to_wait() {
    let house = shared();
    house.run(async {
        for _ in 0..5 {
            house.post("", SIGN_IN, json!({ "email": "often@example.org" })).await.expect(202);
        }
        let refused = house.post("", SIGN_IN, json!({ "email": "Often@Example.org" })).await;
        assert_eq!(refused.status, 429);
        let wait: u64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=600).contains(&wait), "{wait}");
    });
}

#[test]
fn what_was_asked_badly_names_its_field() {
    let house = shared();
    house.run(async {
        let wrong = house.post("", SIGN_IN, json!({ "email": "nobody" })).await.expect(422);
        assert_eq!(wrong["errors"][0]["field"], "email");
        let wrong = house.post("", SIGN_IN, json!({ "email": 7 })).await.expect(422);
        assert_eq!(wrong["errors"][0]["field"], "email");
        house.post("", SIGN_IN, json!({ "email": "a@b.c", "more": 1 })).await.expect(422);
        house.ask("PUT", "", SIGN_IN, Some(json!({}))).await.expect(405);
    });
}

#[test]
fn no_secret_is_kept() {
    let house = shared();
    house.run(async {
        let pending = house.post("", SIGN_IN, json!({ "email": "kept@example.org" })).await.expect(202);
        let session = house.signed_in("kept@example.org").await;
        let wanted = json!({ "name": "laptop", "scopes": ["read"] });
        let token = house.post(&session, "/api/accounts/me/tokens", wanted).await.expect(201);
        let (challenge, token) = (pending["challenge"].as_str().unwrap(), token["token"].as_str().unwrap());
        for table in ["sign_ins", "sessions", "tokens", "people"] {
            let dump = house.dump(table).await;
            for secret in [challenge, token, session.as_str()] {
                assert!(!dump.contains(secret), "{table} holds a secret");
            }
        }
    });
}

#[test]
fn the_outbox_is_for_who_sits_at_the_machine() {
    let house = shared();
    house.run(async {
        let mut request =
            Request::get("/dev/mail").header("host", "localhost:8080").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 40_000))));
        house.send(request).await.expect(404);
        let elsewhere =
            Request::get("/dev/mail").header("host", "plaudit.example").body(Body::empty()).unwrap();
        house.send(elsewhere).await.expect(404);
    });
}

#[test]
fn sessions_are_listed_and_ended() {
    let house = shared();
    house.run(async {
        let (one, other) = (house.signed_in("s@example.org").await, house.signed_in("s@example.org").await);
        let page = house.get(&one, "/api/accounts/me/sessions?limit=1").await.expect(200);
        let first = &page["items"][0];
        assert_eq!(first["current"], true);
        let next = format!("/api/accounts/me/sessions?after={}", page["next"].as_str().unwrap());
        let rest = house.get(&one, &next).await.expect(200);
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));
        let path = format!("/api/accounts/me/sessions/{}", rest["items"][0]["id"].as_str().unwrap());
        let stranger = house.signed_in("stranger@example.org").await;
        house.ask("DELETE", &stranger, &path, None).await.expect(404);
        house.get(&other, "/api/accounts/me").await.expect(200);
        house.ask("DELETE", &one, &path, None).await.expect(204);
        house.get(&other, "/api/accounts/me").await.expect(401);
        house.get(&one, "/api/accounts/me").await.expect(200);
    });
}

#[test]
fn a_token_reaches_as_far_as_its_scopes() {
    let house = shared();
    house.run(async {
        let session = house.signed_in("t@example.org").await;
        let tokens = "/api/accounts/me/tokens";
        let make = |scopes: Value| json!({ "name": "x", "scopes": scopes });
        let narrow = house.post(&session, tokens, make(json!(["account"]))).await.expect(201);
        let narrow_token = narrow["token"].as_str().unwrap();
        house.post(narrow_token, tokens, make(json!(["account"]))).await.expect(201);
        house.post(narrow_token, tokens, make(json!(["write"]))).await.expect(403);
        house.post(&session, tokens, make(json!([]))).await.expect(422);
        house.post(&session, tokens, make(json!(["everything"]))).await.expect(422);
        let listed = house.get(&session, tokens).await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 2);
        assert_eq!(listed["items"][0]["scopes"], json!(["account"]));
        let path = format!("{tokens}/{}", narrow["id"].as_str().unwrap());
        house.ask("DELETE", &session, &path, None).await.expect(204);
        house.get(narrow_token, tokens).await.expect(401);
    });
}
