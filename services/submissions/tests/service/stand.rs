//! The service on servers of its own, with a clock that can be set.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::service::AskHead;
use plaudit_chassis::store::Gate;
use plaudit_chassis::token::{Claims, Minter};
use plaudit_chassis::{Clock, Module, Running, Service, Settings};
use plaudit_servers::{DataFolder, Servers};
use plaudit_submissions::Objects;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

pub const PROGRAMME: ProgrammeId = ProgrammeId(Uuid::from_u128(0xC0FFEE));
pub const ADA: MemberId = MemberId(Uuid::from_u128(1));
pub const BEN: MemberId = MemberId(Uuid::from_u128(2));
pub const CLEO: MemberId = MemberId(Uuid::from_u128(3));
pub const ENTRANT: MemberId = MemberId(Uuid::from_u128(7));
pub const OTHER: MemberId = MemberId(Uuid::from_u128(8));

pub struct Stand {
    pub clock: Clock,
    pub running: Running,
    pub panels: Running,
    /// Where attachments lie.
    pub files: PathBuf,
    minter: Minter,
    _servers: Servers,
    _folder: DataFolder,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub etag: Option<String>,
    pub body: Value,
}

impl Answer {
    /// The body, if it was done.
    #[track_caller]
    pub fn done(self) -> Value {
        assert!(self.status.is_success(), "{self:?}");
        self.body
    }

    /// The fields at fault or else the code, if it was refused like this.
    #[track_caller]
    pub fn refused(self, status: u16) -> Vec<String> {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        match self.body["errors"].as_array() {
            Some(errors) => errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect(),
            None => vec![self.body["type"].as_str().unwrap().trim_start_matches("/problems/").to_owned()],
        }
    }
}

impl Stand {
    pub async fn start() -> Self {
        Self::keeping(|folder| Objects::in_folder(folder).unwrap()).await
    }

    /// With another place for attachments than the folder.
    pub async fn keeping(place: impl FnOnce(&Path) -> Objects) -> Self {
        let folder = DataFolder::temporary().unwrap();
        let servers = Servers::start(&folder).await.unwrap();
        let clock = Clock::system();
        let minter = Minter::new(&[1; 32], clock.clone()).unwrap();
        let panels = start(&servers, crate::panels::module(), &clock, &minter, BTreeMap::new()).await;
        let pool = panels.service.pool().clone();
        let head: AskHead = std::sync::Arc::new(move || {
            let pool = pool.clone();
            Box::pin(
                async move { plaudit_chassis::store::head(&pool).await.map_err(|error| error.to_string()) },
            )
        });
        let peers = BTreeMap::from([("panels", head)]);
        let files = folder.path().join("attachments");
        let module = plaudit_submissions::module(&place(&files));
        let running = start(&servers, module, &clock, &minter, peers).await;
        Self { clock, running, panels, files, minter, _servers: servers, _folder: folder }
    }

    pub fn service(&self) -> &Service {
        &self.running.service
    }

    /// Lets time pass for everybody.
    pub fn pass(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A request, as the edge would pass it on.
    pub async fn request(
        &self,
        who: Option<MemberId>,
        line: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let bearer = who.map(|member| format!("Bearer {}", self.minter.mint(&self.claims(member)).unwrap()));
        self.request_with(bearer, line, headers, body).await
    }

    /// The same with an Authorization header of its own.
    pub async fn request_with(
        &self,
        bearer: Option<String>,
        line: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let uri = format!("/programmes/{PROGRAMME}{path}");
        let uri = if path == "/programmes" { path.to_owned() } else { uri };
        let mut request = Request::builder().method(method).uri(uri);
        if let Some(bearer) = bearer {
            request = request.header("authorization", bearer);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let answer = self.running.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let etag = answer.headers().get("etag").map(|etag| etag.to_str().unwrap().to_owned());
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status, etag, body }
    }

    /// A part of a file, or a whole one.
    pub async fn upload(&self, who: MemberId, line: &str, bytes: Vec<u8>) -> Answer {
        self.upload_as(&Uuid::new_v4().to_string(), who, line, bytes).await
    }

    /// The same under this Idempotency-Key.
    pub async fn upload_as(&self, key: &str, who: MemberId, line: &str, bytes: Vec<u8>) -> Answer {
        let bearer = format!("Bearer {}", self.minter.mint(&self.claims(who)).unwrap());
        let (method, path) = line.split_once(' ').unwrap();
        let request = Request::builder()
            .method(method)
            .uri(format!("/programmes/{PROGRAMME}{path}"))
            .header("authorization", bearer)
            .header("idempotency-key", key)
            .header("content-type", "application/octet-stream");
        let request = request.body(Body::from(bytes)).unwrap();
        let answer = self.running.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        Answer { status, etag: None, body: serde_json::from_slice(&bytes).unwrap_or_default() }
    }

    /// A file: its status, its headers and its bytes.
    pub async fn download(&self, who: MemberId, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        let bearer = format!("Bearer {}", self.minter.mint(&self.claims(who)).unwrap());
        let request = Request::get(format!("/programmes/{PROGRAMME}{path}")).header("authorization", bearer);
        let request = request.body(Body::empty()).unwrap();
        let answer = self.running.router.clone().oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        (head.status, head.headers, body.collect().await.unwrap().to_bytes().to_vec())
    }

    /// A command with a new key.
    pub async fn send(&self, who: MemberId, line: &str, body: Value) -> Answer {
        let key = Uuid::new_v4().to_string();
        self.request(Some(who), line, &[("idempotency-key", &key)], body).await
    }

    /// A command whose last byte had arrived at this instant.
    pub async fn send_at(&self, at: Timestamp, who: MemberId, line: &str, body: Value) -> Answer {
        let claims = Claims { received_at: at, ..self.claims(who) };
        let bearer = format!("Bearer {}", self.minter.mint(&claims).unwrap());
        let key = Uuid::new_v4().to_string();
        self.request_with(Some(bearer), line, &[("idempotency-key", &key)], body).await
    }

    /// What somebody reads, no older than what was written last.
    pub async fn read(&self, who: impl Into<Option<MemberId>>, path: &str) -> Answer {
        let head = plaudit_chassis::store::head(self.service().pool()).await.unwrap();
        let seen = format!("submissions/{head}");
        self.request(who.into(), &format!("GET {path}"), &[("plaudit-position", &seen)], Value::Null).await
    }

    /// What the edge says of a member.
    pub fn claims(&self, member: MemberId) -> Claims {
        let now = self.now();
        Claims {
            audience: "submissions".into(),
            programme: PROGRAMME,
            member,
            session: Uuid::nil(),
            scopes: Vec::new(),
            signed_in_by: "code".into(),
            signed_in_at: now,
            received_at: now,
            second_key: true,
        }
    }

    /// Waits until the programme is in this phase.
    pub async fn reaches(&self, phase: &str) {
        for _ in 0..400 {
            let answer = self.read(ADA, "").await;
            if answer.body["phase"] == phase {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never {phase}: {:?}", self.service().health());
    }

    /// A programme of Ada's with Ben as approver and Cleo as organiser, open
    /// for ten minutes.
    pub async fn open(&self, change: impl FnOnce(&mut Value)) {
        self.published(change).await;
        self.send(ADA, "POST /call/opening", Value::Null).await.done();
        self.send(BEN, "POST /call/opening/confirmation", Value::Null).await.done();
    }

    pub async fn published(&self, change: impl FnOnce(&mut Value)) {
        self.send(ADA, "POST /programmes", json!({ "title": "The den" })).await.done();
        self.send(ADA, "POST /roles", json!({ "member": BEN, "role": "approver" })).await.done();
        self.send(ADA, "POST /roles", json!({ "member": CLEO, "role": "organiser" })).await.done();
        let mut rulebook = rulebook(self.now() + SignedDuration::from_mins(10));
        change(&mut rulebook);
        let body = json!({ "rulebook": rulebook, "prose": "One prize." });
        self.send(ADA, "PUT /rulebook", body).await.done();
    }

    /// Live and rebuilt read models are equal.
    pub async fn same_when_rebuilt(&self) {
        for difference in self.service().check().await.unwrap() {
            assert_eq!((difference.only_live, difference.only_rebuilt), (0, 0), "{difference:?}");
        }
    }
}

async fn start(
    servers: &Servers,
    module: Module,
    clock: &Clock,
    minter: &Minter,
    peers: BTreeMap<&'static str, AskHead>,
) -> Running {
    let settings = Settings {
        database_url: servers.database_url(module.name).unwrap().to_owned(),
        keys_url: servers.keys_url(module.name).unwrap().to_owned(),
        nats_url: servers.nats_url(module.name).unwrap().to_owned(),
        replicas: 1,
        clock: clock.clone(),
        vault_secret: [2; 32],
        command_secret: [3; 32],
        verifier: minter.verifier(),
        peers,
        connections: 20,
    };
    let running = Service::start(module, settings).await.unwrap();
    let mut gate = running.service.store().gate();
    let open = gate.wait_for(|gate| *gate == Gate::Open);
    assert!(tokio::time::timeout(Duration::from_secs(30), open).await.is_ok(), "never open");
    running
}

fn rulebook(deadline: Timestamp) -> Value {
    json!({
        "call": "open",
        "deadline": deadline.to_string(),
        "grace_seconds": 5,
        "time_zone": "Europe/London",
        "languages": ["en-GB"],
        "gate": [{ "id": "platform-co-op" }],
        "form": [{ "id": "what", "required": true, "most_characters": 200 }],
        "rounds": [{
            "id": "den", "kind": "den", "end": "marks_only", "quorum": 1,
            "tally": {
                "scale": { "min": "0", "max": "10.00", "step": "0.25" },
                "criteria": [{ "id": "impact", "weight": "1.2" }],
                "aggregation": "mean",
                "ties": [{ "criterion": "impact" }, "most_first_places", "higher_median"]
            }
        }],
        "prizes": [{ "id": "first", "rank": 1, "amount": { "minor": 200_000, "currency": "GBP" }, "support": true }],
        "pot": { "minor": 200_000, "currency": "GBP" },
        "marks": "public",
        "days_to_accept": 14,
        "days_kept": 365
    })
}

/// A complete entry.
pub fn entry(title: &str) -> Value {
    json!({
        "title": title,
        "team_name": "The Hive",
        "gate": { "platform-co-op": true },
        "answers": { "what": "A co-op of bees" },
        "accept_rules": true
    })
}
