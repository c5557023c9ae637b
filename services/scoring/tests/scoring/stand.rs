//! Scoring and the three services that it listens to, on servers of their own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use plaudit_chassis::foreign::Say;
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, RoundId, StreamId};
use plaudit_chassis::service::AskHead;
use plaudit_chassis::token::{Claims, Minter};
use plaudit_chassis::{Actor, Ask, Clock, Module, Running, Service, Settings};
use plaudit_proto::awards::v1::WinnersAnnounced;
use plaudit_proto::panels::v1::{
    AssignmentMade, DeclarationConfirmed, JudgeAccepted, JudgeInvited, PanelReady,
};
use plaudit_proto::submissions::v1::{PitchSubmitted, RoleGranted, RulebookPublished};
use plaudit_proto::v1::{self as proto, MarksVisibility, Role};
use plaudit_servers::{DataFolder, Servers};
use serde_json::Value;
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::foreign::Said;

pub const PROGRAMME: ProgrammeId = ProgrammeId(Uuid::from_u128(7));
pub const ANNE: MemberId = MemberId(Uuid::from_u128(101));
pub const BELA: MemberId = MemberId(Uuid::from_u128(102));
pub const CARA: MemberId = MemberId(Uuid::from_u128(103));

pub fn judge(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(200 + number))
}

pub fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(100_000 - number))
}

pub fn entrant(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(500_000 + number))
}

pub fn round() -> RoundId {
    RoundId::of(PROGRAMME, "final")
}

pub fn seat(number: u128) -> JudgeId {
    JudgeId::of(round(), judge(number))
}

pub struct Stand {
    pub servers: Servers,
    pub scoring: Running,
    others: BTreeMap<&'static str, Running>,
    minter: Minter,
}

impl Stand {
    pub async fn start() -> Self {
        let folder = DataFolder::temporary().unwrap();
        let servers = Servers::start(&folder).await.unwrap();
        let minter = Minter::new(&[1; 32], Clock::system()).unwrap();
        let mut others = BTreeMap::new();
        let mut peers: BTreeMap<&'static str, AskHead> = BTreeMap::new();
        for name in ["submissions", "panels", "awards"] {
            let module = Module {
                name,
                api: OpenApiRouter::new(),
                read_models: Vec::new(),
                managers: Vec::new(),
                migrations: None,
                on_record: true,
                background: Vec::new(),
            };
            let running =
                Service::start(module, settings(&servers, &minter, name, BTreeMap::new())).await.unwrap();
            peers.insert(name, ask_head(running.service.clone()));
            others.insert(name, running);
        }
        let module = plaudit_scoring::module();
        let scoring = Service::start(module, settings(&servers, &minter, "scoring", peers)).await.unwrap();
        Self { servers, scoring, others, minter }
    }

    /// Lets another service say something.
    pub async fn say(&self, service: &str, said: Vec<(StreamId, Said)>) {
        let service = &self.others[service].service;
        let ask = Ask {
            command: Uuid::new_v4(),
            mac: None,
            programme: PROGRAMME,
            actor: Actor::Member(ANNE),
            on_behalf: None,
            received_at: service.clock().now(),
            if_match: None,
            cause: None,
        };
        let say = Say(said);
        loop {
            match service.run(&ask, &say).await {
                Ok(_) => return,
                Err(problem) if problem.code() == "starting" => {
                    tokio::time::sleep(Duration::from_millis(50)).await
                }
                Err(problem) => panic!("{problem}"),
            }
        }
    }

    /// Waits until scoring has taken in all that the others have said.
    pub async fn heard(&self) {
        for (name, other) in &self.others {
            let head = plaudit_chassis::store::head(other.service.pool()).await.unwrap();
            let reached = self.scoring.service.reaches(name, head, Duration::from_secs(120)).await;
            assert!(reached, "{name}/{head}: {:?}", self.scoring.service.health());
        }
    }

    /// Calls the API, as a member or as the public.
    pub async fn call(
        &self,
        who: Option<MemberId>,
        method: &str,
        path: &str,
        body: Value,
    ) -> (StatusCode, Bytes, HeaderMap) {
        let key = Uuid::new_v4().to_string();
        self.call_with(who, method, path, &[("idempotency-key", &key)], body).await
    }

    /// The same with headers of one's own.
    pub async fn call_with(
        &self,
        who: Option<MemberId>,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> (StatusCode, Bytes, HeaderMap) {
        let bearer = who.map(|member| self.token(member, true));
        self.call_as(bearer, method, path, headers, body).await
    }

    async fn call_as(
        &self,
        bearer: Option<String>,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> (StatusCode, Bytes, HeaderMap) {
        let request =
            Request::builder().method(method).uri(format!("/programmes/{PROGRAMME}/rounds/final{path}"));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = match bearer {
            Some(bearer) => request.header("authorization", format!("Bearer {bearer}")),
            None => request,
        };
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let answer = self.scoring.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        (parts.status, to_bytes(body, usize::MAX).await.unwrap(), parts.headers)
    }

    pub async fn get(&self, who: impl Into<Option<MemberId>>, path: &str) -> (u16, Value) {
        self.settled().await;
        let (status, body, _) = self.call(who.into(), "GET", path, Value::Null).await;
        (status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
    }

    pub async fn post(&self, who: MemberId, path: &str, body: Value) -> (u16, Value) {
        let (status, body, _) = self.call(Some(who), "POST", path, body).await;
        (status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
    }

    /// The same, by somebody who has not proven of late who they are.
    pub async fn post_without_second_key(&self, who: MemberId, path: &str) -> (u16, Value) {
        let bearer = self.token(who, false);
        let key = Uuid::new_v4().to_string();
        let headers = [("idempotency-key", key.as_str())];
        let (status, body, _) = self.call_as(Some(bearer), "POST", path, &headers, Value::Null).await;
        (status.as_u16(), serde_json::from_slice(&body).unwrap_or_default())
    }

    fn token(&self, member: MemberId, second_key: bool) -> String {
        let now = self.scoring.service.clock().now();
        let claims = Claims {
            audience: "scoring".to_owned(),
            programme: PROGRAMME,
            member,
            session: Uuid::nil(),
            scopes: Vec::new(),
            signed_in_by: "code".to_owned(),
            signed_in_at: now,
            received_at: now,
            second_key,
        };
        self.minter.mint(&claims).unwrap()
    }

    /// Waits until scoring's own lists have everything.
    pub async fn settled(&self) {
        let head = plaudit_chassis::store::head(self.scoring.service.pool()).await.unwrap();
        assert!(self.scoring.service.reaches("scoring", head, Duration::from_secs(60)).await);
    }

    /// Asks until the answer is 200.
    pub async fn until_there(&self, who: MemberId, path: &str) -> Value {
        for _ in 0..1200 {
            if let (200, body) = self.get(who, path).await {
                return body;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{path} never came: {:?}", self.scoring.service.health());
    }

    /// All of scoring's events of a type, as `(stream, data)`.
    pub async fn events(&self, kind: &str) -> Vec<(StreamId, Value)> {
        let events = self.scoring.service.store().read_after(0, u32::MAX >> 1).await.unwrap();
        let of_kind = events.iter().filter(|event| event.envelope.kind() == kind);
        of_kind
            .map(|event| {
                (event.envelope.stream.clone(), serde_json::from_str(event.envelope.data.get()).unwrap())
            })
            .collect()
    }

    /// Live rows are what a rebuild would give.
    pub async fn end(self) {
        self.settled().await;
        for difference in self.scoring.service.check().await.unwrap() {
            assert_eq!((difference.only_live, difference.only_rebuilt), (0, 0), "{difference:?}");
        }
        self.servers.stop().await;
    }

    /// A programme whose panel is ready: `plan` says who marks which pitch.
    pub async fn panel(&self, marks: MarksVisibility, pitches: u128, judges: u128, plan: &[(u128, u128)]) {
        let programme = PROGRAMME.stream();
        let grant = |(member, role): (MemberId, Role)| {
            let granted = RoleGranted { member: member.into(), role: role.into() };
            (programme.clone(), granted.into())
        };
        let roles = [(ANNE, Role::Organiser), (BELA, Role::Organiser), (CARA, Role::Approver)];
        let mut said: Vec<(StreamId, Said)> = roles.into_iter().map(grant).collect();
        said.push((programme.clone(), rulebook(marks).into()));
        self.say("submissions", said).await;
        self.say("submissions", (1..=pitches).map(submitted).collect()).await;
        let mut said = Vec::new();
        for number in 1..=judges {
            let invited = JudgeInvited {
                panel: round().into(),
                member: judge(number).into(),
                ..JudgeInvited::default()
            };
            said.push((seat(number).stream(), invited.into()));
            said.push((seat(number).stream(), JudgeAccepted {}.into()));
            said.push((seat(number).stream(), DeclarationConfirmed::default().into()));
        }
        said.extend(plan.iter().map(|(judge, pitch)| assigned(*judge, *pitch)));
        let ready = PanelReady { judges: judges as u32, assignments: plan.len() as u32 };
        said.push((round().panel(), ready.into()));
        self.say("panels", said).await;
    }

    pub async fn announce(&self) {
        let pot = StreamId::new("pot", PROGRAMME.0);
        self.say("awards", vec![(pot, WinnersAnnounced::default().into())]).await;
        self.heard().await;
    }
}

pub type Bytes = axum::body::Bytes;

fn submitted(number: u128) -> (StreamId, Said) {
    let submitted =
        PitchSubmitted { submission: 1, team: vec![entrant(number).into()], ..PitchSubmitted::default() };
    (pitch(number).stream(), submitted.into())
}

pub fn assigned(number: u128, to: u128) -> (StreamId, Said) {
    let made =
        AssignmentMade { pitch: pitch(to).into(), panel: round().into(), member: judge(number).into() };
    (seat(number).stream(), made.into())
}

fn rulebook(marks: MarksVisibility) -> RulebookPublished {
    let criterion =
        |id: &str, weight: &str| proto::Criterion { id: id.to_owned(), weight: weight.to_owned() };
    let scale = proto::Scale { min: "0".to_owned(), max: "10".to_owned(), step: "0.25".to_owned() };
    let tally = proto::Tally {
        scale: Some(scale),
        criteria: vec![criterion("impact", "1.5"), criterion("team", "1")],
        aggregation: proto::Aggregation::Mean.into(),
        round_total: Some(2),
        least_marks: 1,
        ..proto::Tally::default()
    };
    let round = proto::Round {
        id: "final".to_owned(),
        end: proto::RoundEnd::MarksOnly.into(),
        tally: Some(tally),
        ..proto::Round::default()
    };
    let rulebook = proto::Rulebook { rounds: vec![round], marks: marks.into(), ..proto::Rulebook::default() };
    RulebookPublished {
        rulebook: Some(rulebook),
        hash: Bytes::from_static(&[5; 32]),
        ..RulebookPublished::default()
    }
}

fn ask_head(service: Service) -> AskHead {
    Arc::new(move || {
        let pool = service.pool().clone();
        Box::pin(async move { plaudit_chassis::store::head(&pool).await.map_err(|error| error.to_string()) })
    })
}

fn settings(
    servers: &Servers,
    minter: &Minter,
    name: &str,
    peers: BTreeMap<&'static str, AskHead>,
) -> Settings {
    Settings {
        database_url: servers.database_url(name).unwrap().to_owned(),
        keys_url: servers.keys_url(name).unwrap().to_owned(),
        nats_url: servers.nats_url(name).unwrap().to_owned(),
        replicas: 1,
        verifier: minter.verifier(),
        clock: Clock::system(),
        vault_secret: [2; 32],
        command_secret: [3; 32],
        peers,
        connections: 20,
    }
}
