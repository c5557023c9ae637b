use serde_json::{Value, json};

use crate::house::{House, shared};

const OIDC: &str = "/api/accounts/sign-in/oidc";

impl House {
    async fn departs(&self) -> (String, String) {
        let departure = self.post("", OIDC, json!({})).await.expect(200);
        let text = |field: &str| departure[field].as_str().unwrap().to_owned();
        (format!("{OIDC}/{}", text("challenge")), text("location"))
    }

    /// Signs in at the toy, which says this of the person.
    async fn by_toy(&self, claims: Value) -> crate::house::Answer {
        let (path, location) = self.departs().await;
        self.post("", &path, self.toy.consents(&location, claims)).await
    }
}

#[test]
fn a_proven_address_signs_in_and_is_the_same_person_as_by_code() {
    let house = shared();
    house.run(async {
        let by_code = house.signed_in("ada@oidc.example").await;
        let person = house.get(&by_code, "/api/accounts/me").await.expect(200)["id"].clone();
        let claims = json!({ "email": "Ada@oidc.example", "email_verified": true });
        let session = house.by_toy(claims).await.expect(200);
        let session = session["session_token"].as_str().unwrap();
        let me = house.get(session, "/api/accounts/me").await.expect(200);
        assert_eq!(me["id"], person);
        assert!(me["second_key_until"].is_null(), "the provider may have asked them long ago");
        let sessions = house.get(session, "/api/accounts/me/sessions").await.expect(200);
        assert_eq!(sessions["items"][1]["signed_in_by"], "openid-connect");
        let ways = house.get("", "/api/accounts/sign-in").await.expect(200);
        assert_eq!(ways, json!({ "email": true, "passkey": true, "oidc": "Toy" }));
    });
}

#[test]
fn an_address_that_is_not_proven_signs_nobody_in() {
    let house = shared();
    house.run(async {
        for claims in [
            json!({ "email": "eve@oidc.example", "email_verified": false }),
            json!({ "email": "eve@oidc.example" }),
            json!({}),
        ] {
            let refused = house.by_toy(claims.clone()).await.expect(403);
            assert_eq!(refused["type"], "/problems/address-not-proven", "{claims}");
        }
        assert!(!house.dump("people").await.contains("eve@oidc.example"));
    });
}

#[test]
fn a_word_that_is_not_the_providers_to_us_now_is_refused() {
    let house = shared();
    house.run(async {
        for wrong in [
            json!({ "forged": true }),
            json!({ "nonce": "another" }),
            json!({ "aud": "somebody-else" }),
            json!({ "iss": "http://127.0.0.1:1" }),
            json!({ "exp": 1000 }),
        ] {
            let mut claims = json!({ "email": "mallory@oidc.example", "email_verified": true });
            claims.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
            let refused = house.by_toy(claims).await.expect(403);
            assert_eq!(refused["type"], "/problems/provider-refused", "{wrong}");
        }
        assert!(!house.dump("people").await.contains("mallory@oidc.example"));
    });
}

#[test]
fn who_comes_back_must_be_who_went() {
    let house = shared();
    house.run(async {
        let claims = json!({ "email": "victim@oidc.example", "email_verified": true });
        let (mine, location) = house.departs().await;
        let (others, _) = house.departs().await;
        let back = house.toy.consents(&location, claims.clone());
        house.post("", &others, back.clone()).await.expect(403);
        house.post("", &others, back.clone()).await.expect(410);
        let other_state = json!({ "code": back["code"], "state": "another" });
        house.post("", &mine, other_state).await.expect(403);
        house.post("", &mine, back).await.expect(410);
        house.post("", &format!("{OIDC}/guess"), json!({ "code": "x", "state": "y" })).await.expect(410);
        assert!(!house.dump("people").await.contains("victim@oidc.example"));
    });
}
