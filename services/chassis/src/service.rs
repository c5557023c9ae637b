//! A service, running: what its module says, on its databases and its NATS.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_nats::jetstream::Context;
use axum::Router;
use deadpool_postgres::Pool;
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinSet;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::clock::Clock;
use crate::database::{self, StartError};
use crate::intake::{self, AnyManager, CountHoldings};
use crate::nats;
use crate::problem::Problem;
use crate::publisher::{Published, Publisher};
use crate::read_model::{self, AnyReadModel, Difference, ReadModel, Rebuilt, Rows, Source};
use crate::reader::{Reader, Standing};
use crate::scope::{AnyDecision, Ask, Done};
use crate::store::{Gate, Store};
use crate::token::Verifier;
use crate::vault::{Vault, mac};

/// What a service is made of.
pub struct Module {
    /// Its name: its database's, its stream's, and in every URL.
    pub name: &'static str,
    /// Its HTTP API.
    pub api: OpenApiRouter<Service>,
    /// Its read models.
    pub read_models: Vec<Box<dyn AnyReadModel>>,
    /// Its process managers.
    pub managers: Vec<Box<dyn AnyManager>>,
    /// Whether what it does belongs into the record of a programme: then it
    /// says at each milestone how much it holds. A service without events of
    /// its own has nothing to count.
    pub on_record: bool,
    /// The migrations of tables of its own, if it has any.
    pub migrations: Option<refinery::Runner>,
    /// What else runs for it, as long as it does.
    pub background: Vec<Background>,
}

/// Something that runs beside a service and never ends by itself.
pub type Background = Box<dyn FnOnce(Service) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// Asks another service for its head.
pub type AskHead = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<u64, String>> + Send>> + Send + Sync>;

/// What a service is told at its start.
#[derive(Clone)]
pub struct Settings {
    /// Its database, as its own role.
    pub database_url: String,
    /// Where the keys of its vault lie.
    pub keys_url: String,
    /// NATS, as its own user.
    pub nats_url: String,
    /// Copies of each message that JetStream keeps.
    pub replicas: usize,
    /// The program's clock.
    pub clock: Clock,
    /// Wraps the keys of its vault.
    pub vault_secret: [u8; 32],
    /// Makes the ids of commands.
    pub command_secret: [u8; 32],
    /// Verifies the edge's tokens.
    pub verifier: Verifier,
    /// How to ask other services for their heads.
    pub peers: BTreeMap<&'static str, AskHead>,
    /// Connections to its database, at the most.
    pub connections: usize,
}

/// A running service, as its handlers know it. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    context: Context,
    verifier: Verifier,
    command_secret: [u8; 32],
    peers: BTreeMap<&'static str, AskHead>,
    heads: Mutex<BTreeMap<&'static str, (u64, Instant)>>,
    models: Vec<(Reader, Arc<dyn AnyReadModel>)>,
    managers: Vec<(Reader, Arc<dyn AnyManager>)>,
    /// How far what runs in the background has come with others' events.
    followed: watch::Sender<BTreeMap<&'static str, u64>>,
    published: watch::Receiver<Published>,
}

/// A service with everything that runs for it. Dropping it stops all of it.
pub struct Running {
    /// For those who work with it in the same program.
    pub service: Service,
    /// What it answers.
    pub router: Router,
    /// The description of it.
    pub openapi: OpenApi,
    tasks: JoinSet<()>,
}

impl Running {
    /// Waits until one of its tasks ends, which none does by itself.
    pub async fn ended(&mut self) {
        self.tasks.join_next().await;
    }
}

/// How a service is doing, as `/readyz` tells it.
#[derive(Clone, Debug, Serialize)]
pub struct Health {
    /// Whether commands are taken.
    pub ready: bool,
    /// Whether something lags or has stopped though commands are taken.
    pub degraded: bool,
    /// The last position in PostgreSQL that this process knows.
    pub head: u64,
    /// The last position that NATS has acknowledged.
    pub published: u64,
    /// Why it is not, in words.
    pub trouble: Vec<String>,
    /// How far each reader has come.
    pub readers: BTreeMap<&'static str, u64>,
}

/// How old another service's answer about its head may be.
const HEAD_IS_GOOD_FOR: Duration = Duration::from_secs(5);

/// How old it may be before it is asked for again.
const ASK_AGAIN: Duration = Duration::from_millis(500);

impl Service {
    /// Starts a service: migrates, connects, compares, runs.
    pub async fn start(module: Module, settings: Settings) -> Result<Running, StartError> {
        let mut module = module;
        let (api, background) = (module.api.clone(), std::mem::take(&mut module.background));
        let (service, publisher) = Self::build(module, settings).await?;
        for (reader, model) in &service.inner.models {
            read_model::prepare(reader, model.as_ref()).await?;
        }
        let mut tasks = service.run_all(publisher);
        for start in background {
            tasks.spawn(start(service.clone()));
        }
        let (router, openapi) = crate::http::router(&service, api);
        Ok(Running { service, router, openapi, tasks })
    }

    /// A service for tools: connected, with nothing running for it. It takes
    /// no commands.
    pub async fn at_rest(module: Module, settings: Settings) -> Result<Self, StartError> {
        Ok(Self::build(module, settings).await?.0)
    }

    async fn build(module: Module, settings: Settings) -> Result<(Self, Publisher), StartError> {
        let pool = database::open(&settings.database_url, settings.connections, module.migrations).await?;
        let keys = database::open_keys(&settings.keys_url).await?;
        let vault = Vault::new(pool.clone(), keys, settings.vault_secret);
        let store = Store::open(module.name, pool.clone(), settings.clock, vault).await?;
        let context = nats::connect(&settings.nats_url, module.name).await.map_err(StartError::Nats)?;
        let publisher = Publisher::new(store.clone(), context.clone(), settings.replicas);
        let counts = CountHoldings::all()
            .filter(|_| module.on_record)
            .map(|count| Box::new(count) as Box<dyn AnyManager>);
        let managers = module.managers.into_iter().chain(counts).map(|manager| {
            let manager: Arc<dyn AnyManager> = manager.into();
            (Reader::new(manager.name(), manager.source(), pool.clone()), manager)
        });
        let models = module.read_models.into_iter().map(|model| {
            let model: Arc<dyn AnyReadModel> = model.into();
            (Reader::new(model.name(), model.source(), pool.clone()), model)
        });
        let inner = Inner {
            store,
            context,
            verifier: settings.verifier,
            command_secret: settings.command_secret,
            peers: settings.peers,
            heads: Mutex::default(),
            models: models.collect(),
            managers: managers.collect(),
            followed: watch::Sender::default(),
            published: publisher.state(),
        };
        Ok((Self { inner: Arc::new(inner) }, publisher))
    }

    fn run_all(&self, publisher: Publisher) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        tasks.spawn(publisher.run());
        tasks.spawn(self.clone().after_a_restore());
        for (reader, model) in &self.inner.models {
            let context = self.inner.context.clone();
            tasks.spawn(read_model::run(reader.clone(), context, model.clone()));
        }
        for (reader, manager) in &self.inner.managers {
            let context = self.inner.context.clone();
            tasks.spawn(intake::run(self.clone(), reader.clone(), context, manager.clone()));
        }
        let managers = self.inner.managers.iter().map(|(_, manager)| manager.clone()).collect();
        tasks.spawn(intake::keep_time(self.clone(), managers));
        tasks
    }

    /// Once commands are taken: what a restored backup lacks is said.
    async fn after_a_restore(self) {
        loop {
            self.open().await;
            match self.say_what_is_lost().await {
                Ok(()) => return std::future::pending().await,
                Err(problem) => tracing::warn!(%problem, "what was lost can't be said yet"),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.inner.store.service()
    }

    /// Its events.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Its openings.
    pub fn vault(&self) -> &Vault {
        self.inner.store.vault()
    }

    /// Its database.
    pub fn pool(&self) -> &Pool {
        self.inner.store.pool()
    }

    /// The program's clock.
    pub fn clock(&self) -> &Clock {
        self.inner.store.clock()
    }

    /// NATS.
    pub fn context(&self) -> &Context {
        &self.inner.context
    }

    pub(crate) fn verifier(&self) -> &Verifier {
        &self.inner.verifier
    }

    pub(crate) fn command_secret(&self) -> &[u8; 32] {
        &self.inner.command_secret
    }

    /// The id of a command by what makes it the same command.
    pub fn command_of(&self, parts: &[&[u8]]) -> Uuid {
        crate::id::uuid_from(&mac(&self.inner.command_secret, parts))
    }

    /// A secret of its own for what makes it the same: 32 bytes that nobody can
    /// guess, and the same whenever they are asked for.
    pub fn secret_of(&self, parts: &[&[u8]]) -> [u8; 32] {
        mac(&self.inner.command_secret, parts)
    }

    /// Carries out a command once, however often it is asked for.
    pub async fn run(&self, ask: &Ask, decision: &dyn AnyDecision) -> Result<Done, Problem> {
        self.store().execute(ask, decision).await
    }

    /// A read model's rows.
    pub fn rows<M: ReadModel>(&self) -> Rows<M> {
        Rows::new(self.pool().clone(), self.command_secret())
    }

    /// Waits until commands are taken.
    pub(crate) async fn open(&self) {
        let mut gate = self.store().gate();
        // The sender lives as long as the store.
        let _ = gate.wait_for(|gate| *gate == Gate::Open).await;
    }

    /// Notes how far the managers of a source have come: as far as the last.
    pub(crate) fn took_in(&self, source: &'static str) {
        if source != self.name() {
            self.store().took_in(source, self.taken_in(source));
        }
    }

    fn taken_in(&self, source: &str) -> u64 {
        let managers = self.inner.managers.iter().filter(|(reader, _)| reader.source() == source);
        managers.map(|(reader, _)| reader.standing().borrow().position()).min().unwrap_or(0)
    }

    /// Notes how far something in the background has come with a source's
    /// events: whoever has seen more waits for it.
    pub fn follows(&self, source: &'static str, position: u64) {
        self.inner.followed.send_modify(|followed| {
            followed.insert(source, position);
        });
    }

    /// How far all of its own read models have come.
    pub fn read_position(&self) -> u64 {
        let own = self.inner.models.iter().filter(|(reader, _)| reader.source() == self.name());
        own.map(|(reader, _)| reader.standing().borrow().position())
            .min()
            .unwrap_or_else(|| *self.store().head().borrow())
    }

    /// Waits until all that reads from a source has come to a position; false
    /// if it takes longer.
    pub async fn reaches(&self, source: &str, position: u64, wait: Duration) -> bool {
        let models = self.inner.models.iter().map(|(reader, _)| reader);
        let foreign = source != self.name();
        let managers = self.inner.managers.iter().map(|(reader, _)| reader).filter(|_| foreign);
        let readers: Vec<_> = models.chain(managers).filter(|reader| reader.source() == source).collect();
        let all = async {
            let mut followed = self.inner.followed.subscribe();
            let there =
                |followed: &BTreeMap<&str, u64>| followed.get(source).is_none_or(|at| *at >= position);
            if followed.wait_for(there).await.is_err() {
                return false;
            }
            for reader in readers {
                let mut standing = reader.standing();
                if standing.wait_for(|standing| standing.position() >= position).await.is_err() {
                    return false;
                }
            }
            true
        };
        tokio::time::timeout(wait, all).await.unwrap_or(false)
    }

    /// 503 unless what is taken in from another service has come as far as
    /// that service said it was, at most five seconds ago: for walls, which
    /// must not be seen through because a message is late.
    pub async fn current_with(&self, source: &'static str) -> Result<(), Problem> {
        let head = self.head_of(source).await?;
        if self.reaches(source, head, Duration::from_secs(2)).await {
            return Ok(());
        }
        Err(Problem::unavailable(
            "wall-not-current",
            format!("{} has not taken in the latest from {source}. Try again in a moment.", self.name()),
        ))
    }

    async fn head_of(&self, source: &'static str) -> Result<u64, Problem> {
        let known = self.inner.heads.lock().unwrap_or_else(PoisonError::into_inner).get(source).copied();
        if let Some((head, asked)) = known
            && asked.elapsed() < ASK_AGAIN
        {
            return Ok(head);
        }
        let ask = self.inner.peers.get(source).ok_or_else(|| {
            Problem::internal(format!("{} does not know how to ask {source} for its head", self.name()))
        })?;
        match ask().await {
            Ok(head) => {
                let mut heads = self.inner.heads.lock().unwrap_or_else(PoisonError::into_inner);
                heads.insert(source, (head, Instant::now()));
                Ok(head)
            }
            Err(error) => match known {
                Some((head, asked)) if asked.elapsed() < HEAD_IS_GOOD_FOR => Ok(head),
                _ => Err(Problem::unavailable(
                    "wall-not-current",
                    format!(
                        "{source} does not answer ({error}), so nobody can say who stands aside. Try again in a moment."
                    ),
                )),
            },
        }
    }

    /// How it is doing.
    pub fn health(&self) -> Health {
        let published = self.inner.published.borrow().clone();
        let gate = self.store().gate().borrow().clone();
        let mut trouble: Vec<String> = published.trouble.into_iter().collect();
        if let Gate::Forked(why) = &gate {
            trouble.push(why.clone());
        }
        let models = self.inner.models.iter().map(|(reader, _)| reader);
        let managers = self.inner.managers.iter().map(|(reader, _)| reader);
        let mut readers = BTreeMap::new();
        for reader in models.chain(managers) {
            let standing = reader.standing().borrow().clone();
            readers.insert(reader.name(), standing.position());
            if let Standing::Stopped(why) = standing {
                trouble.push(format!("{} has stopped: {why}", reader.name()));
            }
        }
        Health {
            ready: gate == Gate::Open,
            degraded: !trouble.is_empty(),
            head: *self.store().head().borrow(),
            published: published.position,
            trouble,
            readers,
        }
    }

    /// Rebuilds all read models, or says which could not be.
    pub async fn rebuild(&self) -> Result<Vec<Rebuilt>, String> {
        let source = Source { store: self.store(), context: &self.inner.context };
        let mut done = Vec::new();
        for (reader, model) in &self.inner.models {
            done.push(read_model::rebuild(reader, &source, model.as_ref()).await?);
        }
        Ok(done)
    }

    /// Compares all read models, live with rebuilt, and changes nothing.
    pub async fn check(&self) -> Result<Vec<Difference>, String> {
        let source = Source { store: self.store(), context: &self.inner.context };
        let mut done = Vec::new();
        for (reader, model) in &self.inner.models {
            done.push(read_model::check(reader, &source, model.as_ref()).await?);
        }
        Ok(done)
    }
}
