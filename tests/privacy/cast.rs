//! Those who play: signed in by a code, as people do.

use plaudit_tests::people::{Person, Seen};
use plaudit_tests::program::Program;
use reqwest::Method;
use serde_json::{Value, json};

use crate::marker::Markers;

/// Everybody of a small prize.
pub struct Cast {
    pub anyone: Person,
    /// Two organisers.
    pub ada: Person,
    pub ben: Person,
    /// An approver.
    pub cleo: Person,
    /// The entrants.
    pub eva: Person,
    pub finn: Person,
    pub judges: Vec<Person>,
}

/// Where accounts keeps who somebody is: as an invitation says, until they
/// come and say so themselves.
pub const ADDRESSES: &[&str] = &["table accounts.people", "table accounts.members"];
const CLIENTS: &[&str] = &["table accounts.sessions"];

impl Cast {
    /// They sign in; all they say and are given is private.
    pub async fn sign_in(program: &Program, markers: &Markers, seen: &Seen) -> Self {
        let person = async |who: &str| {
            let email = markers.email(&format!("the address of {who}"), ADDRESSES);
            signed_in(program, markers, seen, who, &email).await
        };
        Self {
            anyone: Person::anyone(program.url(), seen),
            ada: person("ada").await,
            ben: person("ben").await,
            cleo: person("cleo").await,
            eva: person("eva").await,
            finn: person("finn").await,
            judges: vec![person("judge 1").await, person("judge 2").await, person("judge 3").await],
        }
    }
}

async fn signed_in(program: &Program, markers: &Markers, seen: &Seen, who: &str, email: &str) -> Person {
    let client = markers.email(&format!("the client of {who}"), CLIENTS);
    let anyone = Person::anyone(program.url(), seen).with_header("user-agent", &client);
    let asked = said(&anyone, "accounts/sign-in", json!({ "email": email })).await;
    let challenge = asked["challenge"].as_str().unwrap().to_owned();
    markers.exactly("a challenge", &challenge);
    let code = mailed(program, email).await;
    // Six digits alone are found everywhere.
    markers.exactly("a code", &format!("\"{code}\""));
    markers.exactly("a code", &format!("is {code}"));
    let signed_in = said(&anyone, &format!("accounts/sign-in/{challenge}"), json!({ "code": code })).await;
    let token = signed_in["session_token"].as_str().unwrap();
    markers.exactly("a session's token", token);
    Person::with_token(program.url(), seen, email, token)
}

async fn said(anyone: &Person, path: &str, body: Value) -> Value {
    let answer = anyone.asks(Method::POST, path, None, Some(body.to_string().into_bytes())).await;
    assert!(answer.status.is_success(), "{path}: {answer:?}");
    answer.body
}

/// The code in the last letter to an address.
async fn mailed(program: &Program, email: &str) -> String {
    let outbox = reqwest::get(format!("{}/dev/mail", program.url())).await.unwrap();
    let outbox: Value = serde_json::from_slice(&outbox.bytes().await.unwrap()).unwrap();
    let letter = outbox["items"].as_array().unwrap().iter().find(|letter| letter["to"] == email).unwrap();
    let digits = letter["text"].as_str().unwrap().chars().filter(char::is_ascii_digit);
    digits.take(6).collect()
}
