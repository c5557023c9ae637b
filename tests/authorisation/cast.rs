//! The people: they sign in as anybody does, by a code that is sent to them.

use std::collections::BTreeMap;

use plaudit_tests::people::{Person, Seen};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Everybody whom the table speaks of.
pub const ROLES: [&str; 18] = [
    // Without a token.
    "public",
    // Signed in, and a member by having looked.
    "stranger",
    // A stranger who pledges support for the winner.
    "supporter",
    // Organises another programme.
    "elsewhere",
    // Helper and teller.
    "helper",
    // Whose pitch it is.
    "entrant",
    // Who entered the other pitch.
    "rival",
    // A judge who has not answered the invitation.
    "invited",
    // A judge who has accepted, and not declared their interests.
    "undeclared",
    // A judge who marks the pitch.
    "judge",
    // A judge who stands aside from the pitch and marks the other.
    "aside",
    // A judge who knows the pitch's team and was not let through, likewise.
    "known",
    // The first organiser, who proposes everything.
    "amy",
    // The second organiser.
    "ben",
    // An organiser with a conflict with the pitch, since the call opened.
    "conflicted",
    "approver",
    // Whom Amy and Ben have admitted as an auditor, since the call opened.
    "auditor",
    // Amy's token that may only read.
    "reader",
];

/// Judges who make up the panel.
const OTHER_JUDGES: [&str; 2] = ["second", "spare"];

pub struct Cast {
    pub seen: Seen,
    people: BTreeMap<&'static str, Person>,
}

impl Cast {
    /// Everybody signs in.
    pub async fn sign_in(url: &str) -> Self {
        let seen = Seen::default();
        let mut people = BTreeMap::new();
        let persons = ROLES.into_iter().filter(|role| !["public", "reader"].contains(role));
        for role in persons.chain(OTHER_JUDGES) {
            let person = signed_in(url, &seen, &address(role)).await;
            people.insert(role, with_every_scope(url, &seen, &person).await);
        }
        let amy = &people["amy"];
        let body = json!({"name": "for reading", "scopes": ["read"]});
        let made = amy.attempts("accounts/me/tokens", body).await;
        let token = made.body["token"].as_str().unwrap();
        let reader = Person::with_token(url, &seen, &amy.email, token);
        people.insert("reader", reader);
        people.insert("public", Person::anyone(url, &seen));
        Self { seen, people }
    }

    pub fn person(&self, role: &str) -> &Person {
        self.people.get(role).unwrap_or_else(|| panic!("nobody is {role}"))
    }

    /// Everybody with an account, by role.
    pub fn names() -> Vec<&'static str> {
        let persons = ROLES.into_iter().filter(|role| !["public", "reader"].contains(role));
        persons.chain(OTHER_JUDGES).collect()
    }
}

/// Where somebody's mail goes.
pub fn address(role: &str) -> String {
    format!("{role}@authorisation.example")
}

/// Signs somebody in.
pub async fn signed_in(url: &str, seen: &Seen, email: &str) -> Person {
    let anyone = Person::anyone(url, seen);
    let body = json!({ "email": email }).to_string().into_bytes();
    let asked = anyone.asks(Method::POST, "accounts/sign-in", None, Some(body)).await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{asked:?}");
    let challenge = asked.body["challenge"].as_str().unwrap();
    let body = json!({ "code": code_for(url, email).await }).to_string().into_bytes();
    let path = format!("accounts/sign-in/{challenge}");
    let answered = anyone.asks(Method::POST, &path, None, Some(body)).await;
    let token = answered.body["session_token"].as_str().unwrap_or_else(|| panic!("{answered:?}"));
    Person::with_token(url, seen, email, token)
}

/// The same with a token for everything: a session's second key might be stale
/// before the play is over.
async fn with_every_scope(url: &str, seen: &Seen, person: &Person) -> Person {
    let scopes = json!(["read", "write", "account", "second-key"]);
    let made = person.attempts("accounts/me/tokens", json!({ "name": "everything", "scopes": scopes })).await;
    let token = made.body["token"].as_str().unwrap_or_else(|| panic!("{made:?}"));
    Person::with_token(url, seen, &person.email, token)
}

/// The code in the newest mail to an address.
async fn code_for(url: &str, email: &str) -> String {
    let mails = reqwest::get(format!("{url}/dev/mail")).await.unwrap().bytes().await.unwrap();
    let mails: Value = serde_json::from_slice(&mails).unwrap();
    let mails = mails["items"].as_array().unwrap();
    let mail = mails.iter().find(|mail| mail["to"] == email).unwrap_or_else(|| panic!("no mail to {email}"));
    let words = mail["text"].as_str().unwrap().split_whitespace();
    let mut words = words.skip_while(|word| *word != "is").skip(1);
    words.next().unwrap().to_owned()
}
