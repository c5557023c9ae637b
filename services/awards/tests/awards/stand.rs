//! A running awards service, and people who ask it for things.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId, RoundId};
use plaudit_chassis::store::Gate;
use plaudit_chassis::token::{Claims, Minter};
use plaudit_chassis::{Clock, Running, Service, Settings};
use plaudit_servers::{DataFolder, Servers};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::said::Voice;

pub const PROGRAMME: ProgrammeId = ProgrammeId(Uuid::from_u128(0xA));

pub const ADA: MemberId = MemberId(Uuid::from_u128(1));
pub const BEA: MemberId = MemberId(Uuid::from_u128(2));
pub const TREASURER: MemberId = MemberId(Uuid::from_u128(3));
/// An organiser with an interest in the first pitch.
pub const COI: MemberId = MemberId(Uuid::from_u128(4));
pub const STRANGER: MemberId = MemberId(Uuid::from_u128(5));

/// Pitch N is by member 100 + N.
pub fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(0xF00 + number))
}

pub fn winner(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(100 + number))
}

pub struct Stand {
    _servers: Servers,
    running: Running,
    clock: Clock,
    minter: Minter,
    /// What every reader waits for.
    seen: String,
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

impl Stand {
    /// Four pitches, of which the first two share the first rank.
    pub async fn start() -> Self {
        let folder = DataFolder::temporary().unwrap();
        let servers = Servers::start(&folder).await.unwrap();
        let submissions = programme(Voice::of(&servers, "submissions").await).await;
        let scoring = result(Voice::of(&servers, "scoring").await).await;
        let clock = Clock::system();
        let minter = Minter::new(&[1; 32], clock.clone()).unwrap();
        let settings = Settings {
            database_url: servers.database_url("awards").unwrap().to_owned(),
            keys_url: servers.keys_url("awards").unwrap().to_owned(),
            nats_url: servers.nats_url("awards").unwrap().to_owned(),
            replicas: 1,
            verifier: minter.verifier(),
            clock: clock.clone(),
            vault_secret: [2; 32],
            command_secret: [3; 32],
            peers: BTreeMap::new(),
            connections: 8,
        };
        let running = Service::start(plaudit_awards::module(), settings).await.unwrap();
        let mut gate = running.service.store().gate();
        let open = gate.wait_for(|gate| *gate == Gate::Open);
        tokio::time::timeout(Duration::from_secs(30), open).await.unwrap().unwrap();
        let seen = format!("submissions/{submissions},scoring/{scoring}");
        Self { _servers: servers, running, clock, minter, seen }
    }

    pub fn service(&self) -> &Service {
        &self.running.service
    }

    pub fn days_pass(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days) + SignedDuration::from_mins(1));
    }

    fn token(&self, member: MemberId, second_key: bool) -> String {
        let now = self.clock.now();
        let claims = Claims {
            audience: "awards".into(),
            programme: PROGRAMME,
            member,
            session: Uuid::nil(),
            scopes: Vec::new(),
            signed_in_by: "test".into(),
            signed_in_at: now,
            received_at: now,
            second_key,
        };
        self.minter.mint(&claims).unwrap()
    }

    async fn ask(&self, method: Method, who: Option<MemberId>, path: &str, body: Value) -> Answer {
        let bearer = who.map(|member| self.token(member, true));
        self.ask_with(method, bearer, path, body).await
    }

    async fn ask_with(&self, method: Method, bearer: Option<String>, path: &str, body: Value) -> Answer {
        let head = plaudit_chassis::store::head(self.service().pool()).await.unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/programmes/{PROGRAMME}{path}"))
            .header("idempotency-key", Uuid::new_v4().to_string())
            .header("plaudit-position", format!("{},awards/{head}", self.seen));
        if let Some(bearer) = bearer {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        let answer = self.running.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status, body }
    }

    pub async fn get(&self, who: impl Into<Option<MemberId>>, path: &str) -> Answer {
        self.ask(Method::GET, who.into(), path, Value::Null).await
    }

    pub async fn post(&self, who: MemberId, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, Some(who), path, body).await
    }

    pub async fn put(&self, who: MemberId, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, Some(who), path, body).await
    }

    pub async fn delete(&self, who: MemberId, path: &str) -> Answer {
        self.ask(Method::DELETE, Some(who), path, json!({})).await
    }

    /// The same, by somebody who has not proven of late who they are.
    pub async fn post_without_second_key(&self, who: MemberId, path: &str, body: Value) -> Answer {
        self.ask_with(Method::POST, Some(self.token(who, false)), path, body).await
    }

    /// Does it, and answers the id of what it was about.
    pub async fn done(&self, who: MemberId, path: &str, body: Value) -> String {
        let answer = self.post(who, path, body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.body);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// Is refused with this code.
    pub async fn refused(&self, who: MemberId, path: &str, body: Value, status: u16, code: &str) {
        let answer = self.post(who, path, body).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
        assert_eq!(answer.body["type"], format!("/problems/{code}"), "{path}");
    }

    /// Asks until it is so.
    pub async fn eventually(&self, who: MemberId, path: &str, so: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..100 {
            let answer = self.get(who, path).await;
            if so(&answer.body) {
                return answer.body;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{path} never came to that: {}", self.get(who, path).await.body);
    }
}

async fn programme(mut voice: Voice) -> u64 {
    let stream = PROGRAMME.stream();
    let roles = [
        (ADA, "ROLE_ORGANISER"),
        (BEA, "ROLE_ORGANISER"),
        (COI, "ROLE_ORGANISER"),
        (TREASURER, "ROLE_APPROVER"),
    ];
    let mut version = 0;
    for (member, role) in roles {
        version += 1;
        voice.say(&stream, version, "RoleGranted", json!({"member": member, "role": role})).await;
    }
    let conflict = json!({"member": COI, "pitch": pitch(1), "nature": ""});
    voice.say(&stream, 5, "OrganiserConflictDeclared", conflict).await;
    let pounds = |minor: u64| json!({"minor": minor.to_string(), "currency": "GBP"});
    let prize = |id, rank, minor| json!({"id": id, "rank": rank, "amount": pounds(minor), "support": true});
    let rulebook = json!({
        "prizes": [prize("first", 1, 200_000), prize("second", 2, 100_001), prize("third", 3, 50_000)],
        "pot": pounds(330_000),
        "daysToAccept": 14,
        "embargo": jiff::Timestamp::now() + SignedDuration::from_hours(1),
    });
    voice.say(&stream, 6, "RulebookPublished", json!({"rulebook": rulebook})).await;
    let mut position = 0;
    for number in 1..=4 {
        let team = json!({"submission": 1, "team": [winner(number)]});
        position = voice.say(&pitch(number).stream(), 1, "PitchSubmitted", team).await;
    }
    position
}

async fn result(mut voice: Voice) -> u64 {
    let stream = RoundId::of(PROGRAMME, "final").result();
    for (number, rank, shared_by) in [(1, 1, 2), (2, 1, 2), (3, 3, 1), (4, 4, 1)] {
        let place = json!({"pitch": pitch(number), "total": "9", "rank": rank, "sharedBy": shared_by});
        voice.say(&stream, number as u64, "PitchRanked", place).await;
    }
    voice.say(&stream, 5, "ResultDeclared", json!({"pitches": 4, "ranked": 4, "round": "final"})).await
}
