use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::device::Device;
use crate::house::{Answer, House, shared};

const MINE: &str = "/api/accounts/me/passkeys";
const SIGN_IN: &str = "/api/accounts/sign-in/passkey";
const SECOND_KEY: &str = "/api/accounts/me/second-key/passkey";

impl House {
    /// Asks for a passkey, to sign in or as the second key; answers where to
    /// send it, and what the browser is told.
    async fn question(&self, bearer: &str, path: &str) -> (String, Value) {
        let question = self.post(bearer, path, json!({})).await.expect(200);
        (format!("{path}/{}", question["challenge"].as_str().unwrap()), question["options"].clone())
    }

    pub async fn adds(&self, session: &str, device: &mut Device) -> Answer {
        let question = self.post(session, &format!("{MINE}/begin"), json!({})).await.expect(200);
        let credential = device.creates(&question["options"]);
        let new =
            json!({ "challenge": question["challenge"], "name": "Marker phone", "credential": credential });
        self.post(session, MINE, new).await
    }

    async fn shows(&self, bearer: &str, path: &str, device: &mut Device) -> Answer {
        let (path, options) = self.question(bearer, path).await;
        self.post(bearer, &path, json!({ "credential": device.shows(&options) })).await
    }
}

#[test]
fn a_passkey_signs_in_without_an_address() {
    let house = shared();
    house.run(async {
        let session = house.signed_in("ada@passkey.example").await;
        let mut device = Device::new();
        assert_eq!(house.get(&session, "/api/accounts/me").await.expect(200)["passkeys"], false);
        house.adds(&session, &mut device).await.expect(201);
        let me = house.get(&session, "/api/accounts/me").await.expect(200);
        assert_eq!(me["passkeys"], true);

        let signed_in = house.shows("", SIGN_IN, &mut device).await.expect(200);
        let by_passkey = signed_in["session_token"].as_str().unwrap();
        assert_eq!(house.get(by_passkey, "/api/accounts/me").await.expect(200)["id"], me["id"]);
        let listed = house.get(by_passkey, MINE).await.expect(200);
        assert_eq!(listed["items"][0]["name"], "Marker phone");
        assert!(listed["items"][0]["used_at"].is_string());
        let everything = house.get(by_passkey, "/api/accounts/me/everything").await.expect(200);
        assert_eq!(everything["passkeys"], listed["items"]);

        let path = format!("{MINE}/{}", listed["items"][0]["id"].as_str().unwrap());
        let stranger = house.signed_in("stranger@passkey.example").await;
        house.ask("DELETE", &stranger, &path, None).await.expect(404);
        house.ask("DELETE", by_passkey, &path, None).await.expect(204);
        house.shows("", SIGN_IN, &mut device).await.expect(422);
    });
}

#[test]
fn a_passkey_that_is_wrong_in_any_way_opens_nothing() {
    let house = shared();
    house.run(async {
        let session = house.signed_in("bea@passkey.example").await;
        let mut device = Device::new();
        house.adds(&session, &mut device).await.expect(201);
        house.adds(&session, &mut device).await.expect(422);
        house.shows("", SIGN_IN, &mut Device::new()).await.expect(422);

        device.origin = "https://plaudit.evil.example";
        house.shows("", SIGN_IN, &mut device).await.expect(422);
        device.origin = crate::house::ORIGIN;
        device.verified = false;
        house.shows("", SIGN_IN, &mut device).await.expect(422);
        device.verified = true;

        let (path, options) = house.question("", SIGN_IN).await;
        let (other, _) = house.question("", SIGN_IN).await;
        let answer = json!({ "credential": device.shows(&options) });
        house.post("", &other, answer.clone()).await.expect(422);
        house.post("", &path, answer.clone()).await.expect(200);
        house.post("", &path, answer).await.expect(410);

        device.forgets_its_use();
        house.shows("", SIGN_IN, &mut device).await.expect(422);
    });
}

#[test]
fn a_passkey_is_a_second_key_for_its_owners_session_alone() {
    let house = House::open();
    house.run(async {
        let (session, other) =
            (house.signed_in("cid@passkey.example").await, house.signed_in("dan@passkey.example").await);
        let mut device = Device::new();
        house.adds(&session, &mut device).await.expect(201);
        house.clock.advance(SignedDuration::from_mins(15));

        let refused = house.post(&session, &format!("{MINE}/begin"), json!({})).await.expect(403);
        assert_eq!(refused["type"], "/problems/second-key-needed");
        house.shows(&other, SECOND_KEY, &mut device).await.expect(422);
        let (path, options) = house.question(&session, SECOND_KEY).await;
        let answer = json!({ "credential": device.shows(&options) });
        house.post(&other, &path, answer.clone()).await.expect(410);
        let confirmed = house.post(&session, &path, answer).await.expect(200);
        let me = house.get(&session, "/api/accounts/me").await.expect(200);
        assert_eq!(me["second_key_until"], confirmed["second_key_until"]);
        assert!(house.get(&other, "/api/accounts/me").await.expect(200)["second_key_until"].is_null());

        let (path, options) = house.question("", SIGN_IN).await;
        house.clock.advance(SignedDuration::from_mins(10));
        house.post("", &path, json!({ "credential": device.shows(&options) })).await.expect(410);
    });
}
