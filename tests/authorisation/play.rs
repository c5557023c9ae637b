//! One programme and its people, played forward.

use std::collections::BTreeSet;

use plaudit_tests::people::{Answer, Person};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::cast::{self, Cast, address};
use crate::probe::ask;
use crate::routes::Route;
use crate::rules::Rules;
use crate::world::World;

pub struct Play {
    pub cast: Cast,
    pub world: World,
    /// The routes by which it got here.
    pub done: BTreeSet<String>,
}

impl Play {
    /// Everybody signs in; nothing else has happened.
    pub async fn begin(url: &str, rules: Rules) -> Self {
        let cast = Cast::sign_in(url).await;
        let mut world = World::new(rules, &Cast::names());
        let again = cast::signed_in(url, &cast.seen, &address("amy")).await;
        let sessions = again.reads("accounts/me/sessions").await;
        let current = sessions.body["items"].as_array().unwrap().iter().find(|one| one["current"] == true);
        world.set("session", current.unwrap()["id"].clone());
        let token = json!({"name": "of no use", "scopes": ["read"]});
        let token = cast.person("amy").attempts("accounts/me/tokens", token).await;
        world.set("token", token.body["id"].clone());
        Self { cast, world, done: BTreeSet::new() }
    }

    pub fn person(&self, role: &str) -> &Person {
        self.cast.person(role)
    }

    /// Somebody does something in the programme, which must succeed:
    /// `submissions/pitches/{pitch}/screening`.
    pub async fn does(&mut self, role: &str, what: &str, body: Value) -> Answer {
        self.carries_out(role, Method::POST, what, body).await
    }

    /// The same by `PUT`.
    pub async fn puts(&mut self, role: &str, what: &str, body: Value) -> Answer {
        self.carries_out(role, Method::PUT, what, body).await
    }

    /// Somebody sends a few bytes by another method, which must succeed.
    pub async fn sends(&mut self, role: &str, method: Method, what: &str) -> Answer {
        let (service, rest) = what.split_once('/').unwrap();
        let route = Route::read(&format!("{method} /{service}/programmes/{{programme}}/{rest}"));
        let (path, key) = (route.path(&self.world), Uuid::new_v4().to_string());
        let answer = self.cast.person(role).asks(method, &path, Some(&key), Some(b"{}".to_vec())).await;
        assert!(answer.status.is_success(), "{role}, {what}: {answer:?}");
        self.done.insert(route.name());
        answer
    }

    async fn carries_out(&mut self, role: &str, method: Method, what: &str, body: Value) -> Answer {
        let (service, rest) = what.split_once('/').unwrap();
        let route = Route::read(&format!("{method} /{service}/programmes/{{programme}}/{rest}"));
        let path = route.path(&self.world);
        let body = self.world.fill(&body);
        let person = self.cast.person(role);
        let answer = match route.method {
            Method::PUT => person.puts(&path, body).await,
            _ => person.does(&path, body).await,
        };
        self.done.insert(route.name());
        answer
    }

    /// What somebody reads in the programme, which must be shown.
    pub async fn reads(&self, role: &str, what: &str) -> Value {
        self.looks(role, what).await.body
    }

    /// The same, with what surrounds it.
    pub async fn looks(&self, role: &str, what: &str) -> Answer {
        let (service, rest) = what.split_once('/').unwrap();
        let route = Route::read(&format!("GET /{service}/programmes/{{programme}}/{rest}"));
        let answer = ask(self, &self.world, &route, None, role, None).await;
        assert!(answer.status.is_success(), "{role}, {what}: {answer:?}");
        answer
    }

    /// Somebody comes by themselves, which they can once that is known.
    pub async fn comes(&self, role: &str) {
        let path = format!("accounts/programmes/{}/me", self.world.word("programme"));
        for _ in 0..20 {
            if self.person(role).reads(&path).await.status.is_success() {
                return;
            }
        }
        panic!("{role} can't come");
    }

    /// Gives somebody a place in the programme, which they take.
    pub async fn invites(&mut self, role: &'static str) {
        let invited = self.does("amy", "accounts/invitations", json!({"email": address(role)})).await;
        let me = self.reads(role, "accounts/me").await;
        assert_eq!(invited.body["member"], me["member"], "{role}");
        self.world.set(role, me["member"].clone());
    }
}
