//! Notify and the services whose events it reads, on servers of their own,
//! and a town that knows who lives where.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::foreign::Say;
use plaudit_chassis::http::AskWithin;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId, StreamId};
use plaudit_chassis::mail::Outbox;
use plaudit_chassis::service::AskHead;
use plaudit_chassis::store::{Gate, head};
use plaudit_chassis::token::{Claims, Minter};
use plaudit_chassis::{Actor, Ask, Clock, Module, Running, Service, Settings};
use plaudit_notify::{NotifySettings, Peers};
use plaudit_proto::submissions::v1::{
    CallOpened, PitchSubmitted, ProgrammeDrafted, RoleGranted, RulebookPublished,
};
use plaudit_proto::v1::{self as proto, Role};
use plaudit_servers::{DataFolder, Servers};
use serde_json::{Value, json};
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::foreign::Said;
use crate::postman::Postman;

/// The services besides notify.
const OTHERS: [&str; 6] = ["submissions", "panels", "scoring", "awards", "accounts", "audit"];

pub const PROGRAMME: ProgrammeId = ProgrammeId(Uuid::from_u128(0x0193_e4a2_0000_7000_8000_0000_0000_0001));
pub const TITLE: &str = "The Den";

/// Organises it.
pub const ANNE: MemberId = MemberId(Uuid::from_u128(101));
/// Organises it too.
pub const BELA: MemberId = MemberId(Uuid::from_u128(102));
/// Enter it.
pub const EDA: MemberId = MemberId(Uuid::from_u128(201));
pub const ELI: MemberId = MemberId(Uuid::from_u128(202));
pub const FAY: MemberId = MemberId(Uuid::from_u128(203));
/// Has a draft, or not.
pub const DORA: MemberId = MemberId(Uuid::from_u128(204));
/// Judge it.
pub const JAN: MemberId = MemberId(Uuid::from_u128(301));
pub const JOY: MemberId = MemberId(Uuid::from_u128(302));
/// A member without a role.
pub const MAX: MemberId = MemberId(Uuid::from_u128(401));

const TOWN: [(MemberId, &str); 9] = [
    (ANNE, "anne"),
    (BELA, "bela"),
    (EDA, "eda"),
    (ELI, "eli"),
    (FAY, "fay"),
    (DORA, "dora"),
    (JAN, "jan"),
    (JOY, "joy"),
    (MAX, "max"),
];

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(40);

/// Who lives where, and what is in the drawers.
#[derive(Default)]
pub struct Town {
    pub addresses: HashMap<MemberId, String>,
    pub drafting: Vec<MemberId>,
    /// Nobody answers.
    pub asleep: bool,
}

pub struct Stand {
    _folder: DataFolder,
    pub servers: Servers,
    pub clock: Clock,
    pub postman: Postman,
    pub town: Arc<Mutex<Town>>,
    others: BTreeMap<&'static str, Running>,
    /// Where the last thing that was said lies: what is said next follows from it.
    last: Mutex<Option<String>>,
    minter: Minter,
    notify: Option<Running>,
}

impl Stand {
    pub async fn start() -> Self {
        let folder = DataFolder::temporary().unwrap();
        let servers = Servers::start(&folder).await.unwrap();
        let clock = Clock::system();
        let minter = Minter::new(&[1; 32], clock.clone()).unwrap();
        let addresses = TOWN.into_iter().map(|(member, name)| (member, format!("{name}@example.org")));
        let town = Town { addresses: addresses.collect(), ..Town::default() };
        let mut stand = Self {
            _folder: folder,
            servers,
            clock,
            postman: Postman::start().await,
            town: Arc::new(Mutex::new(town)),
            others: BTreeMap::new(),
            last: Mutex::default(),
            minter,
            notify: None,
        };
        for name in OTHERS {
            let module = Module {
                name,
                api: OpenApiRouter::new(),
                read_models: Vec::new(),
                managers: Vec::new(),
                migrations: None,
                on_record: false,
                background: Vec::new(),
            };
            let running = Service::start(module, stand.settings(name)).await.unwrap();
            stand.others.insert(name, running);
        }
        stand.notify_starts().await;
        stand
    }

    pub async fn notify_starts(&mut self) {
        let outbox = Outbox::smtp(&self.postman.url, "Plaudit <no-reply@prizes.example.org>").unwrap();
        let peers = Peers { accounts: knows_people(&self.town), submissions: knows_drafts(&self.town) };
        let told = NotifySettings { public_url: "https://prizes.example.org".to_owned(), outbox, peers };
        let module = plaudit_notify::module(told);
        self.notify = Some(Service::start(module, self.settings("notify")).await.unwrap());
    }

    /// Ends notify as a crash does.
    pub fn notify_stops(&mut self) {
        self.notify = None;
    }

    pub fn notify(&self) -> &Running {
        self.notify.as_ref().expect("notify runs")
    }

    fn settings(&self, name: &str) -> Settings {
        let peers = self.others.iter().map(|(name, other)| (*name, ask_head(other.service.clone())));
        Settings {
            database_url: self.servers.database_url(name).unwrap().to_owned(),
            keys_url: self.servers.keys_url(name).unwrap().to_owned(),
            nats_url: self.servers.nats_url(name).unwrap().to_owned(),
            replicas: 1,
            verifier: self.minter.verifier(),
            clock: self.clock.clone(),
            vault_secret: [2; 32],
            command_secret: [3; 32],
            peers: peers.collect(),
            connections: 12,
        }
    }

    /// Lets a service say something.
    pub async fn says(&self, name: &str, by: MemberId, said: Vec<(StreamId, Said)>) {
        let service = &self.others[name].service;
        let ask = Ask {
            command: Uuid::new_v4(),
            mac: None,
            programme: PROGRAMME,
            actor: Actor::Member(by),
            on_behalf: None,
            received_at: service.clock().now(),
            if_match: None,
            cause: self.last.lock().unwrap().clone(),
        };
        let mut gate = service.store().gate();
        gate.wait_for(|gate| *gate == Gate::Open).await.unwrap();
        let done = service.run(&ask, &Say(said)).await.unwrap();
        *self.last.lock().unwrap() = Some(format!("{name}/{}", done.position));
    }

    /// Says something about the programme itself.
    pub async fn rules(&self, said: impl Into<Said>) {
        self.says("submissions", ANNE, vec![(PROGRAMME.stream(), said.into())]).await;
    }

    /// Anne and Bela open a call that ends in so many hours.
    pub async fn opens_call(&self, hours: i64) -> Timestamp {
        let deadline = self.clock.now() + SignedDuration::from_hours(hours);
        let rulebook = proto::Rulebook {
            deadline: Some(to_proto(deadline)),
            time_zone: "Europe/London".to_owned(),
            ..proto::Rulebook::default()
        };
        self.rules(ProgrammeDrafted::default()).await;
        self.rules(RoleGranted { member: BELA.into(), role: Role::Organiser.into() }).await;
        self.rules(RulebookPublished { rulebook: Some(rulebook), ..RulebookPublished::default() }).await;
        self.rules(CallOpened { deadline: Some(to_proto(deadline)), ..CallOpened::default() }).await;
        deadline
    }

    /// A team hands a pitch in.
    pub async fn enters(&self, pitch: PitchId, team: &[MemberId]) {
        let submitted = PitchSubmitted {
            submission: 1,
            team: team.iter().map(|member| member.to_string()).collect(),
            answers: Bytes::from_static(&[0xab; 32]),
            received_at: Some(to_proto(self.clock.now())),
            ..PitchSubmitted::default()
        };
        self.says("submissions", team[0], vec![(pitch.stream(), submitted.into())]).await;
    }

    /// Waits until everything that was said was read, and every letter that is
    /// due has been dealt with.
    pub async fn settled(&self) {
        let began = Instant::now();
        for (name, other) in &self.others {
            let head = head(other.service.pool()).await.unwrap();
            assert!(self.notify().service.reaches(name, head, PATIENCE).await, "{name}/{head} is not read");
        }
        loop {
            let now = self.clock.now().as_millisecond();
            let open = self
                .number(&format!(
                    "select (select count(*) from letters where state = 'claimed' \
                     or state = 'waiting' and due_ms <= {now}) \
                     + (select count(*) from mailings where not done and due_ms <= {now})"
                ))
                .await;
            if open == 0 {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{open} are not dealt with");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// One number out of notify's database.
    pub async fn number(&self, query: &str) -> i64 {
        self.rows(query).await[0].get(0)
    }

    pub async fn rows(&self, query: &str) -> Vec<tokio_postgres::Row> {
        let url = self.servers.database_url("notify").unwrap();
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        let rows = client.query(query, &[]).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
        rows
    }

    /// What was taken, as `subject > address`, sorted.
    pub fn taken(&self) -> Vec<String> {
        let letters = self.postman.letters();
        let taken = letters.iter().filter(|letter| letter.taken);
        let mut taken: Vec<String> = taken
            .map(|letter| format!("{} > {}", letter.subject, letter.to.split('@').next().unwrap()))
            .map(|line| line.replace(&format!("{TITLE}: "), ""))
            .collect();
        taken.sort();
        taken
    }

    /// Calls notify's API, as a member or as nobody.
    pub async fn calls(
        &self,
        who: impl Into<Option<MemberId>>,
        method: &str,
        path: &str,
        body: Value,
    ) -> (StatusCode, Value) {
        self.calls_with(who, method, path, body, &Uuid::new_v4().to_string()).await
    }

    /// The same with a key.
    pub async fn calls_with(
        &self,
        who: impl Into<Option<MemberId>>,
        method: &str,
        path: &str,
        body: Value,
        key: &str,
    ) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/programmes/{PROGRAMME}/letters{path}"))
            .header("idempotency-key", key);
        let request = match who.into() {
            Some(member) => request.header("authorization", format!("Bearer {}", self.token(member))),
            None => request,
        };
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let router = self.notify().router.clone();
        let answer = router.oneshot(request.body(body).unwrap()).await.unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// The log, as Anne sees it: kind, state, why.
    pub async fn log(&self) -> Vec<Value> {
        let (status, body) = self.calls(ANNE, "GET", "", Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body["items"].as_array().unwrap().clone()
    }

    fn token(&self, member: MemberId) -> String {
        let now = self.clock.now();
        let claims = Claims {
            audience: "notify".to_owned(),
            programme: PROGRAMME,
            member,
            session: Uuid::nil(),
            scopes: Vec::new(),
            signed_in_by: "code".to_owned(),
            signed_in_at: now,
            received_at: now,
            second_key: false,
        };
        self.minter.mint(&claims).unwrap()
    }

    pub async fn end(mut self) {
        self.notify_stops();
        self.others.clear();
        self.servers.stop().await;
    }
}

/// Accounts, as notify asks it.
fn knows_people(town: &Arc<Mutex<Town>>) -> AskWithin {
    let town = town.clone();
    Arc::new(move |path, body| {
        assert_eq!(path, "/within/members");
        let town = town.lock().unwrap();
        let members: Vec<MemberId> = serde_json::from_value(body["members"].clone()).unwrap();
        let items: Vec<Value> = members
            .iter()
            .filter_map(|member| {
                let address = town.addresses.get(member)?;
                let name = TOWN.iter().find(|(known, _)| known == member).map_or("", |(_, name)| name);
                let address = Some(address).filter(|address| !address.is_empty());
                Some(json!({ "member": member, "name": name, "address": address }))
            })
            .collect();
        let answer = if town.asleep { Err("asleep".to_owned()) } else { Ok(json!({ "items": items })) };
        Box::pin(std::future::ready(answer))
    })
}

/// Submissions, as notify asks it.
fn knows_drafts(town: &Arc<Mutex<Town>>) -> AskWithin {
    let town = town.clone();
    Arc::new(move |path, body| {
        assert_eq!((path, &body["programmes"][0]), ("/within/programmes", &json!(PROGRAMME)));
        let drafting = town.lock().unwrap().drafting.clone();
        let drafting = if body["drafts"] == true { drafting } else { Vec::new() };
        let called = json!({ "programme": PROGRAMME, "title": TITLE, "drafting": drafting });
        Box::pin(std::future::ready(Ok(json!({ "items": [called] }))))
    })
}

fn ask_head(service: Service) -> AskHead {
    Arc::new(move || {
        let pool = service.pool().clone();
        Box::pin(async move { head(&pool).await.map_err(|error| error.to_string()) })
    })
}
