//! A device that keeps one passkey, and the browser in front of it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::house::ORIGIN;

/// User present, user verified.
const SEEN: u8 = 0b101;
/// A new credential follows.
const ATTESTED: u8 = 0b100_0000;

pub struct Device {
    key: SigningKey,
    id: [u8; 16],
    user: String,
    counter: u32,
    pub origin: &'static str,
    /// Whether its owner shows it that it is they.
    pub verified: bool,
}

impl Device {
    pub fn new() -> Self {
        let seed: [u8; 32] = std::array::from_fn(|_| rand::random());
        let id = *uuid::Uuid::new_v4().as_bytes();
        let key = SigningKey::from_slice(&seed).unwrap();
        Self { key, id, user: String::new(), counter: 0, origin: ORIGIN, verified: true }
    }

    /// What `navigator.credentials.create` gives.
    pub fn creates(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        self.user = options["user"]["id"].as_str().unwrap().to_owned();
        let mut data = self.data(options["rp"]["id"].as_str().unwrap(), ATTESTED);
        data.extend([0; 16]);
        data.extend((self.id.len() as u16).to_be_bytes());
        data.extend(self.id);
        data.extend(self.cose_key());
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).unwrap());
        attestation.extend(data);
        self.answer(json!({
            "attestationObject": BASE64.encode(attestation),
            "clientDataJSON": BASE64.encode(self.client_data("webauthn.create", options)),
        }))
    }

    /// What `navigator.credentials.get` gives.
    pub fn shows(&mut self, options: &Value) -> Value {
        let options = &options["publicKey"];
        self.counter += 1;
        let data = self.data(options["rpId"].as_str().unwrap(), 0);
        let client_data = self.client_data("webauthn.get", options);
        let signed = [data.clone(), Sha256::digest(&client_data).to_vec()].concat();
        let signature: Signature = self.key.sign(&signed);
        self.answer(json!({
            "authenticatorData": BASE64.encode(data),
            "clientDataJSON": BASE64.encode(client_data),
            "signature": BASE64.encode(signature.to_der().as_bytes()),
            "userHandle": self.user,
        }))
    }

    /// Pretends to be a copy that was made before it was used.
    pub fn forgets_its_use(&mut self) {
        self.counter = 0;
    }

    fn data(&self, domain: &str, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(domain).to_vec();
        data.push(if self.verified { SEEN } else { 1 } | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let point = point.as_bytes();
        let (x, y) = (&point[1..33], &point[33..65]);
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".as_slice(), x, b"\x22\x58\x20", y].concat()
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let challenge = &options["challenge"];
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    fn answer(&self, response: Value) -> Value {
        let id = BASE64.encode(self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} })
    }
}
