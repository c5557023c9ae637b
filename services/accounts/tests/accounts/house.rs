//! What every test here needs: servers, the service, the edge, a toy for each
//! other service.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::{Json, Router};
use plaudit_accounts::InvitationsADay;
use plaudit_accounts::edge::{self, EdgeConfig, Upstream};
use plaudit_accounts::people::{self, NewPerson, Provided};
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::id::{MemberId, ProgrammeId, StreamId};
use plaudit_chassis::store::Gate;
use plaudit_chassis::token::{Minter, Verifier};
use plaudit_chassis::{Actor, Ask, Clock, Decision, Problem, Running, Scope, Service, Settings};
use plaudit_proto::intake::v1::FactTaken;
use plaudit_proto::intake::v1::fact_taken::Fact;
use plaudit_proto::submissions::v1::{RoleGranted, RulebookPublished};
use plaudit_proto::v1::{Role, Rulebook};
use plaudit_servers::{DataFolder, Servers};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower::ServiceExt;
use uuid::Uuid;

use crate::toy_provider::Toy;

/// So few that a test reaches the limit.
pub const INVITATIONS: InvitationsADay = InvitationsADay(NonZeroU32::new(4).unwrap());

/// What browsers call the installation.
pub const ORIGIN: &str = "http://localhost:8080";

/// Field order is the order of ending.
pub struct House {
    pub edge: Router,
    pub clock: Clock,
    pub minter: Minter,
    pub verifier: Verifier,
    pub toy: Toy,
    running: Running,
    runtime: Runtime,
    _servers: Servers,
}

static SHARED: Mutex<Weak<House>> = Mutex::new(Weak::new());

/// The house that tests share which leave the clock alone.
pub fn shared() -> Arc<House> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let house = Arc::new(House::open());
        *shared = Arc::downgrade(&house);
        house
    })
}

impl House {
    pub fn open() -> Self {
        let runtime = Runtime::new().unwrap();
        let clock = Clock::system();
        let minter = Minter::new(&[9; 32], clock.clone()).unwrap();
        let verifier = minter.verifier();
        let (servers, running) = runtime.block_on(start(&clock, &verifier));
        let upstreams = BTreeMap::from([
            ("accounts", Upstream::Here(running.router.clone())),
            ("scoring", Upstream::Here(Router::new().fallback(echo))),
            ("submissions", Upstream::Here(Router::new().fallback(echo))),
            ("awards", Upstream::There(nobody_there())),
            ("panels", Upstream::There(runtime.block_on(elsewhere()))),
        ]);
        let toy = Toy::default();
        let edge = {
            let _guard = runtime.enter();
            let public = ORIGIN.parse().unwrap();
            let mut config = EdgeConfig::new(upstreams, minter.clone(), running.service.clone(), public);
            config.pages = Some(Upstream::There(runtime.block_on(elsewhere())));
            config.provider = Some(runtime.block_on(toy.provider()));
            edge::router(config)
        };
        Self { edge, clock, minter, verifier, toy, running, runtime, _servers: servers }
    }

    pub fn run<T>(&self, test: impl Future<Output = T>) -> T {
        self.runtime.block_on(test)
    }

    pub fn service(&self) -> &Service {
        &self.running.service
    }

    /// What accounts itself answers, behind the edge.
    pub fn router(&self) -> Router {
        self.running.router.clone()
    }

    pub async fn person(&self, email: &str) -> Provided {
        let new = NewPerson { email: email.to_owned(), name: String::new() };
        people::create(self.service(), &[new]).await.unwrap().remove(0)
    }

    /// Makes a programme known whose rules are public, as the intake does, with
    /// an organiser.
    pub async fn programme(&self, organiser: MemberId) -> ProgrammeId {
        let programme = self.drafted(organiser).await;
        let published =
            RulebookPublished { rulebook: Some(Rulebook::default()), ..RulebookPublished::default() };
        self.learn(programme, Fact::RulebookPublished(published)).await;
        programme
    }

    /// Makes a programme known that is being drafted.
    pub async fn drafted(&self, organiser: MemberId) -> ProgrammeId {
        let programme = ProgrammeId::random();
        self.grant(programme, organiser, Role::Organiser).await;
        programme
    }

    pub async fn grant(&self, programme: ProgrammeId, member: MemberId, role: Role) {
        let granted = RoleGranted { member: member.to_string(), role: role.into() };
        self.learn(programme, Fact::RoleGranted(granted)).await;
    }

    async fn learn(&self, programme: ProgrammeId, fact: Fact) {
        let ask = Ask {
            command: Uuid::new_v4(),
            mac: None,
            programme,
            actor: Actor::Process("test"),
            on_behalf: None,
            received_at: self.clock.now(),
            if_match: None,
            cause: None,
        };
        self.service().run(&ask, &Learn(fact)).await.unwrap();
    }

    /// The kinds of a member's events.
    pub async fn events_of(&self, member: MemberId) -> Vec<String> {
        let events = self.service().store().read_stream(&member.stream(), 0).await.unwrap();
        events.iter().map(|event| event.envelope.kind().to_owned()).collect()
    }

    /// Everything that a table holds, as text.
    pub async fn dump(&self, table: &str) -> String {
        let client = self.service().pool().get().await.unwrap();
        let rows = client.query(&format!("select row_to_json(t)::text from {table} t"), &[]).await.unwrap();
        rows.iter().map(|row| row.get::<_, String>(0)).collect()
    }

    pub async fn get(&self, bearer: &str, path: &str) -> Answer {
        self.ask("GET", bearer, path, None).await
    }

    pub async fn post(&self, bearer: &str, path: &str, body: Value) -> Answer {
        self.ask("POST", bearer, path, Some(body)).await
    }

    /// One request; an empty bearer is the public.
    pub async fn ask(&self, method: &str, bearer: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost:8080")
            .header("idempotency-key", Uuid::new_v4().to_string());
        if !bearer.is_empty() {
            request = request.header("authorization", format!("Bearer {bearer}"));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    pub async fn send(&self, mut request: Request) -> Answer {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().copied();
        let peer = peer.unwrap_or_else(|| ConnectInfo(somewhere_here()));
        request.extensions_mut().insert(peer);
        let answer = self.edge.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 26).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    pub fn id(&self, field: &str) -> Uuid {
        self.body[field].as_str().unwrap().parse().unwrap()
    }
}

struct Learn(Fact);

impl Decision for Learn {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = scope.programme().stream();
        let fact = Some(self.0.clone());
        let taken = FactTaken { fact, actor: MemberId::default().to_string() };
        scope.handle::<ProgrammeFacts>(&stream, taken).await?;
        Ok(stream)
    }
}

async fn start(clock: &Clock, verifier: &Verifier) -> (Servers, Running) {
    let folder = DataFolder::temporary().unwrap();
    let servers = Servers::start(&folder).await.unwrap();
    let settings = Settings {
        database_url: servers.database_url("accounts").unwrap().to_owned(),
        keys_url: servers.keys_url("accounts").unwrap().to_owned(),
        nats_url: servers.nats_url("accounts").unwrap().to_owned(),
        replicas: 1,
        clock: clock.clone(),
        vault_secret: [1; 32],
        command_secret: [2; 32],
        verifier: verifier.clone(),
        peers: BTreeMap::new(),
        connections: 8,
    };
    let running = Service::start(plaudit_accounts::module(INVITATIONS), settings).await.unwrap();
    let mut gate = running.service.store().gate();
    let open = gate.wait_for(|gate| *gate == Gate::Open);
    tokio::time::timeout(std::time::Duration::from_secs(30), open).await.unwrap().unwrap();
    (servers, running)
}

/// A toy service: answers what it was asked, with the status that the header
/// `accept-language` names.
async fn echo(request: Request) -> (StatusCode, [(&'static str, &'static str); 3], Json<Value>) {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 26).await.unwrap();
    let headers: BTreeMap<&str, &str> =
        parts.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    let status =
        headers.get("accept-language").and_then(|status| status.parse().ok()).unwrap_or(StatusCode::OK);
    let answer = json!({
        "method": parts.method.as_str(),
        "path": parts.uri.to_string(),
        "headers": headers,
        "body": String::from_utf8_lossy(&body),
    });
    let headers = [("etag", "\"7\""), ("keep-alive", "timeout=5"), ("set-cookie", "__Host-toy=1")];
    (status, headers, Json(answer))
}

async fn elsewhere() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, Router::new().fallback(echo)).into_future());
    format!("http://{address}/")
}

/// An address of this machine that nobody has had before: limits count each by
/// itself.
fn somewhere_here() -> SocketAddr {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let [_, b, c, d] = NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    SocketAddr::from(([127, b, c, d], 40_000))
}

/// An address that was free a moment ago.
fn nobody_there() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
