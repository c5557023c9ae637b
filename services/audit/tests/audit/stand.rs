//! Audit and the services whose events it gives places, on servers of their
//! own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode, header};
use plaudit_audit::{LogSettings, WitnessPolicy};
use plaudit_chassis::foreign::Say;
use plaudit_chassis::id::{MemberId, ProgrammeId, StreamId};
use plaudit_chassis::nats::stream_name;
use plaudit_chassis::service::AskHead;
use plaudit_chassis::store::{Gate, head};
use plaudit_chassis::token::{Claims, Minter};
use plaudit_chassis::{Actor, Ask, Clock, Module, Running, Service, Settings};
use plaudit_proto::accounts::v1::MemberJoined;
use plaudit_proto::awards::v1::WinnersAnnounced;
use plaudit_proto::submissions::v1::{RoleGranted, RulebookPublished};
use plaudit_proto::v1::{self as proto, Role};
use plaudit_servers::{DataFolder, Servers};
use serde_json::Value;
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::foreign::Said;

/// The services besides audit.
const OTHERS: [&str; 5] = ["submissions", "panels", "scoring", "awards", "accounts"];

/// Where the logs say that they are.
pub const HOST: &str = "prizes.example.org";

/// The log's key.
pub const KEY: [u8; 32] = [9; 32];

/// Organises every programme.
pub const ANNE: MemberId = MemberId(Uuid::from_u128(101));
/// A second organiser, who has an interest where somebody says so.
pub const BELA: MemberId = MemberId(Uuid::from_u128(102));
/// A member without a role.
pub const CARA: MemberId = MemberId(Uuid::from_u128(103));

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn programme(number: u128) -> ProgrammeId {
    ProgrammeId(Uuid::from_u128(0x0193_e4a2_0000_7000_8000_0000_0000_0000 + number))
}

pub struct Stand {
    pub folder: DataFolder,
    pub servers: Servers,
    others: BTreeMap<&'static str, Running>,
    minter: Minter,
    audit: Option<Running>,
    /// Who cosigns.
    witnesses: WitnessPolicy,
}

impl Stand {
    pub async fn start() -> Self {
        Self::start_witnessed(WitnessPolicy::none()).await
    }

    /// With logs that somebody cosigns.
    pub async fn start_witnessed(witnesses: WitnessPolicy) -> Self {
        let folder = DataFolder::temporary().unwrap();
        let servers = Servers::start(&folder).await.unwrap();
        let minter = Minter::new(&[1; 32], Clock::system()).unwrap();
        let mut stand = Self { folder, servers, others: BTreeMap::new(), minter, audit: None, witnesses };
        for name in OTHERS {
            stand.starts(name).await;
        }
        stand.audit_starts().await;
        stand
    }

    /// Starts one of the services whose events have places.
    async fn starts(&mut self, name: &'static str) {
        let module = Module {
            name,
            api: OpenApiRouter::new(),
            read_models: Vec::new(),
            managers: Vec::new(),
            migrations: None,
            on_record: true,
            background: Vec::new(),
        };
        let running = Service::start(module, self.settings(name)).await.unwrap();
        self.others.insert(name, running);
    }

    /// NATS has an event no longer, and its service is away.
    pub async fn loses_event(&mut self, name: &str, position: u64) {
        let other = self.others.remove(name).unwrap();
        let stream = other.service.context().get_stream(stream_name(name)).await.unwrap();
        drop(other);
        assert!(stream.delete_message(position).await.unwrap());
    }

    /// A service is back, and NATS has all its events again.
    pub async fn sends_again(&mut self, name: &'static str) {
        self.starts(name).await;
        let service = &self.others[name].service;
        let (last, began) = (head(service.pool()).await.unwrap(), Instant::now());
        while service.health().published < last {
            assert!(began.elapsed() < PATIENCE, "never sent: {:?}", service.health());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Starts audit, on whatever it finds.
    pub async fn audit_starts(&mut self) {
        let module = plaudit_audit::module(self.log_settings());
        self.audit = Some(Service::start(module, self.settings("audit")).await.unwrap());
    }

    /// Stops audit as a crash does.
    pub fn audit_stops(&mut self) {
        self.audit = None;
    }

    /// What audit is told of its logs.
    fn log_settings(&self) -> LogSettings {
        LogSettings {
            folder: self.log_folder(),
            key: KEY,
            host: HOST.to_owned(),
            witnesses: self.witnesses.clone(),
        }
    }

    /// Where audit keeps its files.
    pub fn log_folder(&self) -> PathBuf {
        self.folder.path().join("audit")
    }

    /// Where the tiles of all logs lie.
    pub fn tiles_folder(&self) -> PathBuf {
        self.log_folder().join("log")
    }

    fn settings(&self, name: &str) -> Settings {
        let peers = self.others.iter().map(|(name, other)| (*name, ask_head(other.service.clone())));
        Settings {
            database_url: self.servers.database_url(name).unwrap().to_owned(),
            keys_url: self.servers.keys_url(name).unwrap().to_owned(),
            nats_url: self.servers.nats_url(name).unwrap().to_owned(),
            replicas: 1,
            verifier: self.minter.verifier(),
            clock: Clock::system(),
            vault_secret: [2; 32],
            command_secret: [3; 32],
            peers: peers.collect(),
            connections: 20,
        }
    }

    pub fn audit(&self) -> &Running {
        self.audit.as_ref().expect("audit runs")
    }

    /// Runs SQL on audit's database, also while audit doesn't run.
    pub async fn sql(&self, statements: &str) {
        let url = self.servers.database_url("audit").unwrap();
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        client.batch_execute(statements).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
    }

    /// One number out of audit's database.
    pub async fn number(&self, query: &str) -> u64 {
        let client = self.audit().service.pool().get().await.unwrap();
        client.query_one(query, &[]).await.unwrap().get::<_, i64>(0) as u64
    }

    /// Lets a service say something of a programme.
    pub async fn says(&self, service: &str, programme: ProgrammeId, said: Vec<(StreamId, Said)>) {
        let service = &self.others[service].service;
        let ask = Ask {
            command: Uuid::new_v4(),
            mac: None,
            programme,
            actor: Actor::Member(ANNE),
            on_behalf: None,
            received_at: service.clock().now(),
            if_match: None,
            cause: None,
        };
        let mut gate = service.store().gate();
        gate.wait_for(|gate| *gate == Gate::Open).await.unwrap();
        service.run(&ask, &Say(said)).await.unwrap();
    }

    /// Events that say nothing, so many, of a programme's members.
    pub async fn joined(&self, programme: ProgrammeId, many: usize) {
        let stream = StreamId::new("member", Uuid::new_v4());
        let said = (0..many).map(|_| (stream.clone(), MemberJoined {}.into())).collect();
        self.says("accounts", programme, said).await;
    }

    /// A programme with two organisers and published rules: its log is public
    /// and has a checkpoint.
    pub async fn opens(&self, programme: ProgrammeId) {
        let stream = programme.stream();
        let granted = |member: MemberId| {
            let granted = RoleGranted { member: member.into(), role: Role::Organiser.into() };
            (stream.clone(), granted.into())
        };
        self.says("submissions", programme, vec![granted(ANNE), granted(BELA)]).await;
        self.rules(programme, proto::Rulebook::default()).await;
    }

    /// Publishes rules: a milestone.
    pub async fn rules(&self, programme: ProgrammeId, rulebook: proto::Rulebook) {
        let hash = Bytes::from_static(&[5; 32]);
        let published = RulebookPublished { rulebook: Some(rulebook), hash, ..RulebookPublished::default() };
        self.says("submissions", programme, vec![(programme.stream(), published.into())]).await;
    }

    pub async fn announces(&self, programme: ProgrammeId) {
        let pot = StreamId::new("pot", programme.0);
        self.says("awards", programme, vec![(pot, WinnersAnnounced::default().into())]).await;
    }

    /// Waits until audit has reacted to everything that was said, and every
    /// event of every service has a place.
    pub async fn placed(&self) {
        let began = Instant::now();
        loop {
            let mut all = true;
            for name in ["submissions", "awards"] {
                let head = head(self.others[name].service.pool()).await.unwrap();
                all &= self.audit().service.reaches(name, head, PATIENCE).await;
            }
            if all && self.heads().await.values().sum::<u64>() == self.leaves().await {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "never placed: {:?}", self.audit().service.health());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// How many events have a place.
    pub async fn leaves(&self) -> u64 {
        // Dropped, it is made again when audit has started.
        match self.number("select count(to_regclass('leaves'))").await {
            0 => 0,
            _ => self.number("select count(*) from leaves").await,
        }
    }

    /// How many events every service has.
    pub async fn heads(&self) -> BTreeMap<&'static str, u64> {
        let mut heads = BTreeMap::new();
        let all = self.others.iter().map(|(name, other)| (*name, other)).chain([("audit", self.audit())]);
        for (name, running) in all {
            heads.insert(name, head(running.service.pool()).await.unwrap());
        }
        heads
    }

    /// Every event as stored, with its service and position.
    pub async fn events(&self) -> Vec<(String, Bytes, ProgrammeId)> {
        let mut events = Vec::new();
        for running in self.others.values().chain([self.audit()]) {
            for event in running.service.store().read_after(0, u32::MAX >> 1).await.unwrap() {
                events.push((event.place(), event.bytes, event.envelope.programme));
            }
        }
        events
    }

    /// Asks audit for something of a programme's log.
    pub async fn gets(
        &self,
        who: impl Into<Option<MemberId>>,
        programme: impl std::fmt::Display,
        path: &str,
    ) -> Got {
        self.gets_having_seen(who, programme, path, "").await
    }

    /// The same, with a `Plaudit-Position`.
    pub async fn gets_having_seen(
        &self,
        who: impl Into<Option<MemberId>>,
        programme: impl std::fmt::Display,
        path: &str,
        seen: &str,
    ) -> Got {
        let request = Request::builder().uri(format!("/programmes/{programme}/log{path}"));
        let request = request.header("plaudit-position", seen);
        let request = match who.into() {
            Some(member) => {
                let of = programme.to_string().parse().unwrap();
                request.header("authorization", format!("Bearer {}", self.token(of, member)))
            }
            None => request,
        };
        let router = self.audit().router.clone();
        let (parts, body) = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        Got {
            status: parts.status,
            kind: kind.unwrap_or_default().to_owned(),
            body: to_bytes(body, usize::MAX).await.unwrap(),
        }
    }

    fn token(&self, programme: ProgrammeId, member: MemberId) -> String {
        let now = self.audit().service.clock().now();
        let claims = Claims {
            audience: "audit".to_owned(),
            programme,
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

    pub async fn end(mut self) {
        self.audit_stops();
        self.others.clear();
        self.servers.stop().await;
    }
}

/// What audit answered.
#[derive(Debug)]
pub struct Got {
    pub status: StatusCode,
    pub kind: String,
    pub body: Bytes,
}

impl Got {
    /// What it has, which it must.
    pub fn there(self) -> Bytes {
        assert_eq!(self.status, StatusCode::OK, "{}", String::from_utf8_lossy(&self.body));
        self.body
    }

    pub fn text(self) -> String {
        String::from_utf8(self.there().to_vec()).unwrap()
    }

    pub fn json(self) -> Value {
        serde_json::from_slice(&self.there()).unwrap()
    }

    /// It must be refused with this status, and say so as a problem does.
    pub fn refused(&self, status: u16) -> Value {
        assert_eq!(
            (self.status.as_u16(), self.kind.as_str()),
            (status, "application/problem+json"),
            "{self:?}"
        );
        serde_json::from_slice(&self.body).unwrap()
    }
}

fn ask_head(service: Service) -> AskHead {
    Arc::new(move || {
        let pool = service.pool().clone();
        Box::pin(async move { head(&pool).await.map_err(|error| error.to_string()) })
    })
}
