//! Panels and the stand-in for submissions on servers of their own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use plaudit_chassis::foreign::Say;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId, StreamId};
use plaudit_chassis::token::{Claims, Minter};
use plaudit_chassis::{Actor, Ask, Clock, Module, Running, Service, Settings};
use plaudit_proto::submissions::v1::Screening;
use plaudit_proto::v1::{Role, Round};
use plaudit_servers::{DataFolder, Servers};
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use crate::submissions::{self, Said};

pub const PROGRAMME: ProgrammeId = ProgrammeId(Uuid::from_u128(7));
pub const ORGANISER: MemberId = MemberId(Uuid::from_u128(11));
pub const SECOND_ORGANISER: MemberId = MemberId(Uuid::from_u128(12));
pub const APPROVER: MemberId = MemberId(Uuid::from_u128(13));
pub const STRANGER: MemberId = MemberId(Uuid::from_u128(14));

pub fn judge(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(100 + number))
}

pub fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(200 + number))
}

/// Who entered a pitch.
pub fn entrant(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(300 + number))
}

pub struct Stand {
    pub panels: Running,
    submissions: Running,
    minter: Minter,
    keys: AtomicU64,
    /// How far submissions has come.
    said: AtomicU64,
    _servers: Servers,
}

impl Stand {
    /// A programme with two organisers, an approver and a round `final`, and
    /// so many pitches, all eligible.
    pub async fn start(pitches: u128, round: Round) -> Self {
        let folder = DataFolder::temporary().unwrap();
        let servers = Servers::start(&folder).await.unwrap();
        let minter = Minter::new(&[1; 32], Clock::system()).unwrap();
        let submissions = start(&servers, submissions::module(), &minter).await;
        let panels = start(&servers, plaudit_panels::module(), &minter).await;
        let (keys, said) = (AtomicU64::new(0), AtomicU64::new(0));
        let stand = Self { panels, submissions, minter, keys, said, _servers: servers };
        let mut programme = vec![
            submissions::granted(ORGANISER, Role::Organiser),
            submissions::granted(SECOND_ORGANISER, Role::Organiser),
            submissions::granted(APPROVER, Role::Approver),
        ];
        let id = "final".to_owned();
        programme.push(submissions::rulebook(Round { id, ..round }));
        stand.say(PROGRAMME.stream(), programme).await;
        for number in 1..=pitches {
            let eligible = submissions::screened(Screening::Eligible, false);
            stand.say(pitch(number).stream(), vec![submissions::submitted(entrant(number)), eligible]).await;
        }
        stand.say(PROGRAMME.stream(), vec![submissions::completed()]).await;
        stand
    }

    /// Lets submissions say something, and panels take it in.
    pub async fn say(&self, stream: StreamId, events: Vec<Said>) {
        let ask = Ask {
            command: Uuid::new_v4(),
            mac: None,
            programme: PROGRAMME,
            actor: Actor::Member(ORGANISER),
            on_behalf: None,
            received_at: jiff::Timestamp::now(),
            if_match: None,
            cause: None,
        };
        let events = events.into_iter().map(|said| (stream.clone(), said)).collect();
        let done = self.submissions.service.run(&ask, &Say(events)).await.unwrap();
        self.said.store(done.position, Ordering::Relaxed);
        let taken_in = self.service().reaches("submissions", done.position, Duration::from_secs(20));
        assert!(taken_in.await, "{:?}", self.service().health());
    }

    pub fn service(&self) -> &Service {
        &self.panels.service
    }

    /// A request to `…/panel` and what follows, and its answer.
    pub async fn ask(&self, member: MemberId, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let head = plaudit_chassis::store::head(self.service().pool()).await.unwrap();
        let key = self.keys.fetch_add(1, Ordering::Relaxed);
        let request = Request::builder()
            .method(method)
            .uri(format!("/programmes/{PROGRAMME}/rounds/final/panel{path}"))
            .header("authorization", format!("Bearer {}", self.token(member)))
            .header("idempotency-key", key)
            .header("plaudit-position", format!("panels/{head}"))
            .body(if method == "GET" { Body::empty() } else { Body::from(body.to_string()) });
        let answer = self.panels.router.clone().oneshot(request.unwrap()).await.unwrap();
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    pub async fn get(&self, member: MemberId, path: &str) -> Value {
        let (status, body) = self.ask(member, "GET", path, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "GET {path}: {body}");
        body
    }

    /// A command that succeeds.
    pub async fn post(&self, member: MemberId, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask(member, "POST", path, body).await;
        assert!(status.is_success(), "POST {path}: {answer}");
        answer
    }

    /// A command that is refused: its status and code.
    pub async fn refused(&self, member: MemberId, path: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.ask(member, "POST", path, body).await;
        let kind = answer["type"].as_str().unwrap_or_default();
        (status.as_u16(), kind.trim_start_matches("/problems/").to_owned())
    }

    /// Convenes the panel and seats so many judges, who declare nothing.
    pub async fn seat(&self, judges: u128) {
        self.post(ORGANISER, "", json!({})).await;
        for number in 1..=judges {
            self.invite(number).await;
            self.declare(number, json!([])).await;
        }
    }

    pub async fn invite(&self, number: u128) {
        self.post(ORGANISER, "/judges", json!({ "member": judge(number) })).await;
        self.post(judge(number), "/acceptance", json!({ "confidentiality": true })).await;
    }

    pub async fn declare(&self, number: u128, connections: Value) {
        let body = json!({ "connections": connections, "none_for_the_rest": true });
        self.post(judge(number), "/declaration", body).await;
    }

    /// Judge and pitch of every assignment, as their numbers, sorted.
    pub async fn assignments(&self, member: MemberId) -> Vec<(u128, u128)> {
        let listed = self.get(member, "/assignments").await;
        let number = |id: &Value, from| id.as_str().unwrap().parse::<Uuid>().unwrap().as_u128() - from;
        let items = listed["items"].as_array().unwrap().iter();
        let mut pairs: Vec<_> =
            items.map(|a| (number(&a["member"], 100), number(&a["pitch"], 200))).collect();
        pairs.sort_unstable();
        pairs
    }

    /// Waits until the assignments are as expected: some follow by themselves.
    pub async fn become_so(&self, expected: impl Fn(&[(u128, u128)]) -> bool) -> Vec<(u128, u128)> {
        for _ in 0..200 {
            let now = self.assignments(ORGANISER).await;
            if expected(&now) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("still {:?}; {:?}", self.assignments(ORGANISER).await, self.service().health());
    }

    /// The events of this service, from the first.
    pub async fn log(&self) -> Vec<String> {
        let events = self.service().store().read_after(0, u32::MAX >> 1).await.unwrap();
        events.iter().map(|event| String::from_utf8(event.bytes.to_vec()).unwrap()).collect()
    }

    /// The lists are what a rebuild would make of them.
    pub async fn live_is_rebuilt(&self) {
        let head = plaudit_chassis::store::head(self.service().pool()).await.unwrap();
        assert!(self.service().reaches("panels", head, Duration::from_secs(20)).await);
        for difference in self.service().check().await.unwrap() {
            assert_eq!((difference.only_live, difference.only_rebuilt), (0, 0), "{difference:?}");
        }
    }

    fn token(&self, member: MemberId) -> String {
        let now = jiff::Timestamp::now();
        let claims = Claims {
            audience: "panels".to_owned(),
            programme: PROGRAMME,
            member,
            session: Uuid::nil(),
            scopes: Vec::new(),
            signed_in_by: "code".to_owned(),
            signed_in_at: now,
            received_at: now,
            second_key: true,
        };
        self.minter.mint(&claims).unwrap()
    }
}

async fn start(servers: &Servers, module: Module, minter: &Minter) -> Running {
    let name = module.name;
    let settings = Settings {
        database_url: servers.database_url(name).unwrap().to_owned(),
        keys_url: servers.keys_url(name).unwrap().to_owned(),
        nats_url: servers.nats_url(name).unwrap().to_owned(),
        replicas: 1,
        verifier: minter.verifier(),
        clock: Clock::system(),
        vault_secret: [2; 32],
        command_secret: [3; 32],
        peers: BTreeMap::new(),
        connections: 20,
    };
    let running = Service::start(module, settings).await.unwrap();
    let mut gate = running.service.store().gate();
    let open = gate.wait_for(|gate| *gate == plaudit_chassis::store::Gate::Open);
    let in_time = tokio::time::timeout(Duration::from_secs(30), open).await;
    assert!(in_time.is_ok(), "never open: {:?}", running.service.health());
    running
}
