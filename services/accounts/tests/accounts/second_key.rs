use jiff::SignedDuration;
use plaudit_chassis::id::MemberId;
use serde_json::{Value, json};

use crate::house::House;

const ME: &str = "/api/accounts/me";
const SECOND_KEY: &str = "/api/accounts/me/second-key";
const TOKENS: &str = "/api/accounts/me/tokens";

impl House {
    /// What services are told.
    async fn second_key(&self, bearer: &str, path: &str) -> bool {
        let asked = self.get(bearer, path).await.expect(200);
        let token = asked["headers"]["authorization"].as_str().unwrap().strip_prefix("Bearer ").unwrap();
        self.verifier.verify("scoring", token).unwrap().second_key
    }

    /// Asks for a code; answers where to send it.
    async fn asked_again(&self, session: &str, email: &str) -> (String, Value) {
        let challenge = self.post(session, SECOND_KEY, json!({})).await.expect(202);
        let mails = self.get("", "/dev/mail").await.expect(200);
        let mail = mails["items"].as_array().unwrap().iter().find(|mail| mail["to"] == email).unwrap();
        assert!(!mail["text"].as_str().unwrap().contains("http"));
        let code: String =
            mail["text"].as_str().unwrap().chars().filter(char::is_ascii_digit).take(6).collect();
        (format!("{SECOND_KEY}/{}", challenge["challenge"].as_str().unwrap()), json!({ "code": code }))
    }
}

#[test]
fn a_session_holds_the_second_key_for_fifteen_minutes_after_each_proof() {
    let house = House::open();
    house.run(async {
        let email = "fresh@key.example";
        let programme = house.programme(MemberId::random()).await;
        let path = format!("/api/scoring/programmes/{programme}");
        let session = house.signed_in(email).await;
        let other = house.signed_in(email).await;
        assert!(house.second_key(&session, &path).await);
        house.clock.advance(SignedDuration::from_mins(15));
        assert!(!house.second_key(&session, &path).await);
        assert!(house.get(&session, ME).await.expect(200)["second_key_until"].is_null());

        let (challenge, code) = house.asked_again(&session, email).await;
        house.post(&other, &challenge, code.clone()).await.expect(410);
        let stolen = challenge.replace("me/second-key", "sign-in");
        house.post("", &stolen, code.clone()).await.expect(410);
        house.post(&session, &challenge, json!({ "code": "x" })).await.expect(422);
        let confirmed = house.post(&session, &challenge, code.clone()).await.expect(200);
        house.post(&session, &challenge, code).await.expect(410);
        assert!(house.second_key(&session, &path).await);
        assert!(!house.second_key(&other, &path).await);
        let me = house.get(&session, ME).await.expect(200);
        assert_eq!(me["second_key_until"], confirmed["second_key_until"]);

        house.clock.advance(SignedDuration::from_mins(14));
        assert!(house.second_key(&session, &path).await);
        house.clock.advance(SignedDuration::from_mins(1));
        assert!(!house.second_key(&session, &path).await);
    });
}

#[test]
fn a_code_to_sign_in_is_no_second_key() {
    let house = House::open();
    house.run(async {
        let email = "mixed@key.example";
        let session = house.signed_in(email).await;
        let challenge = house.post("", "/api/accounts/sign-in", json!({ "email": email })).await.expect(202);
        let path = format!("{SECOND_KEY}/{}", challenge["challenge"].as_str().unwrap());
        house.post(&session, &path, json!({ "code": "000000" })).await.expect(410);
    });
}

#[test]
fn a_token_holds_the_second_key_only_if_it_was_made_for_it_at_a_fresh_proof() {
    let house = House::open();
    house.run(async {
        let programme = house.programme(MemberId::random()).await;
        let path = format!("/api/scoring/programmes/{programme}");
        let session = house.signed_in("token@key.example").await;
        let wanted = json!({ "name": "x", "scopes": ["read", "account", "second-key"] });
        let made = house.post(&session, TOKENS, wanted.clone()).await.expect(201);
        let token = made["token"].as_str().unwrap();
        assert!(house.second_key(token, &path).await);
        house.post(token, TOKENS, wanted.clone()).await.expect(403);
        house.post(token, SECOND_KEY, json!({})).await.expect(403);
        house.post(token, &format!("{SECOND_KEY}/x"), json!({ "code": "000000" })).await.expect(403);

        house.clock.advance(SignedDuration::from_mins(15));
        let refused = house.post(&session, TOKENS, wanted).await.expect(403);
        assert_eq!(refused["type"], "/problems/second-key-needed");
        let plain = json!({ "name": "x", "scopes": ["read", "write"] });
        let plain = house.post(&session, TOKENS, plain).await.expect(201);
        assert!(!house.second_key(plain["token"].as_str().unwrap(), &path).await);
        assert!(house.second_key(token, &path).await);
        let operators = house.person("operators@key.example").await;
        assert!(house.second_key(&operators.token, &path).await);
    });
}

#[test]
fn asking_and_trying_for_the_second_key_have_their_limits() {
    let house = House::open();
    house.run(async {
        let email = "limits@key.example";
        let session = house.signed_in(email).await;
        for _ in 0..4 {
            house.post(&session, SECOND_KEY, json!({})).await.expect(202);
        }
        let refused = house.post(&session, SECOND_KEY, json!({})).await;
        assert_eq!((refused.status.as_u16(), refused.headers.contains_key("retry-after")), (429, true));
        let path = format!("{SECOND_KEY}/guess");
        for _ in 0..25 {
            house.post(&session, &path, json!({ "code": "000000" })).await.expect(410);
        }
        let refused = house.post(&session, &path, json!({ "code": "000000" })).await;
        assert_eq!((refused.status.as_u16(), refused.headers.contains_key("retry-after")), (429, true));
    });
}
