//! Deciding: what every command does between the request and the append.
//!
//! A [`Decision`] loads what it relies on through a [`Scope`], which notes
//! each stream's version as an expectation, and lets aggregates decide on
//! clones. `execute` appends all of it at once, and decides again if one of
//! the streams has moved in between.

use std::any::Any;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::http::StatusCode;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use jiff::Timestamp;
use uuid::Uuid;

use crate::deciding::Deciding;
use crate::event::{Event, Stamp};
use crate::id::{MemberId, ProgrammeId, StreamId};
use crate::problem::Problem;
use crate::store::{Gate, Loaded, NewEvent, Outcome, Store, StoreError, Write};
use crate::vault::Opening;

/// How often a command decides again before its caller is told that too many
/// want the same at once.
const ATTEMPTS: usize = 8;

/// The code of a refusal because too many want the same at once.
pub(crate) const CROWDED: &str = "too-many-at-once";

/// Who asks for a command, and how it is known again.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Cut from actor, route and idempotency key: the same request again has
    /// the same.
    pub command: Uuid,
    /// A keyed hash of the body; `None` for process managers.
    pub mac: Option<[u8; 32]>,
    /// The programme that all of it belongs to.
    pub programme: ProgrammeId,
    /// Who.
    pub actor: Actor,
    /// Whom a helper does it for.
    pub on_behalf: Option<MemberId>,
    /// When the last byte of the request had arrived.
    pub received_at: Timestamp,
    /// The version that the caller has seen of the main stream (`If-Match`).
    pub if_match: Option<u64>,
    /// The event that it follows from, written `service/position`.
    pub cause: Option<String>,
}

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A member of the programme.
    Member(MemberId),
    /// A process manager or timer, by its name.
    Process(&'static str),
}

impl Actor {
    fn written(&self) -> String {
        match self {
            Self::Member(member) => format!("member/{member}"),
            Self::Process(name) => format!("process/{name}"),
        }
    }
}

/// What a command did, or had done when it came the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The stream that the answer is about.
    pub stream: StreamId,
    /// Its version after the command.
    pub version: u64,
    /// The position of the command's last event.
    pub position: u64,
    /// Whether it was done now rather than before.
    pub first: bool,
}

/// A command: it loads, and lets aggregates decide. It may be asked again, so
/// it changes nothing itself.
pub trait Decision: Send + Sync {
    /// Decides, and names the stream that the answer is about.
    fn decide(&self, scope: &mut Scope) -> impl Future<Output = Result<StreamId, Problem>> + Send;
}

/// A [`Decision`] of any type.
pub trait AnyDecision: Send + Sync {
    /// See [`Decision::decide`].
    fn decide_any<'a>(
        &'a self,
        scope: &'a mut Scope,
    ) -> Pin<Box<dyn Future<Output = Result<StreamId, Problem>> + Send + 'a>>;
}

impl<D: Decision> AnyDecision for D {
    fn decide_any<'a>(
        &'a self,
        scope: &'a mut Scope,
    ) -> Pin<Box<dyn Future<Output = Result<StreamId, Problem>> + Send + 'a>> {
        Box::pin(self.decide(scope))
    }
}

/// One attempt at deciding.
pub struct Scope {
    store: Store,
    ask: Ask,
    deciding: Deciding,
    /// Read from PostgreSQL rather than from the cache.
    fresh: bool,
    basis: String,
    /// What this attempt has read, each stream once: a decision must not see a
    /// stream at two versions, and the first is the one that it relies on.
    read: HashMap<StreamId, Read>,
    /// The streams that this command writes, as they will be.
    written: HashMap<StreamId, Tentative>,
    events: Vec<NewEvent>,
    openings: Vec<Opening>,
}

/// A stream as it was read.
struct Read {
    version: u64,
    state: Arc<dyn Any + Send + Sync>,
}

/// A stream's state as this command makes it, before it is committed.
struct Tentative {
    version: u64,
    state: Box<dyn Any + Send + Sync>,
    remember: fn(&Store, &StreamId, &Tentative),
}

impl Scope {
    fn new(store: &Store, ask: &Ask, fresh: bool) -> Self {
        let actor = match ask.actor {
            Actor::Member(member) => Some(member),
            Actor::Process(_) => None,
        };
        let now = store.clock().now();
        Self {
            store: store.clone(),
            ask: ask.clone(),
            deciding: Deciding { now, received_at: ask.received_at, actor },
            fresh,
            basis: store.basis(),
            read: HashMap::new(),
            written: HashMap::new(),
            events: Vec::new(),
            openings: Vec::new(),
        }
    }

    /// When, and who.
    pub fn deciding(&self) -> &Deciding {
        &self.deciding
    }

    /// The programme of the request.
    pub fn programme(&self) -> ProgrammeId {
        self.ask.programme
    }

    /// The event that this follows from, if it is a process manager's.
    pub fn cause(&self) -> Option<&str> {
        self.ask.cause.as_deref()
    }

    /// The service's store, for lists; what a rule relies on is loaded.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Loads an aggregate, and lets the append fail if its stream has moved
    /// by then. What this command has written of it already is included.
    pub async fn load<A>(&mut self, stream: &StreamId) -> Result<Loaded<A>, Problem>
    where
        A: Aggregate + Clone + 'static,
        A::Event: Event,
    {
        if let Some(tentative) = self.written.get(stream)
            && let Some(state) = tentative.state.downcast_ref::<A>()
        {
            let state = Arc::new(state.clone());
            return Ok(Loaded { state, version: tentative.version });
        }
        if let Some(loaded) = self.read_before::<A>(stream) {
            return Ok(loaded);
        }
        let loaded = if self.fresh {
            self.store.reload::<A>(stream).await?
        } else {
            self.store.load::<A>(stream).await?
        };
        self.note(stream, &loaded);
        Ok(loaded)
    }

    fn read_before<A: Any + Send + Sync>(&self, stream: &StreamId) -> Option<Loaded<A>> {
        let read = self.read.get(stream)?;
        let state = Arc::clone(&read.state).downcast::<A>().ok()?;
        Some(Loaded { state, version: read.version })
    }

    fn note<A: Any + Send + Sync>(&mut self, stream: &StreamId, loaded: &Loaded<A>) {
        let read = Read { version: loaded.version, state: loaded.state.clone() };
        self.read.entry(stream.clone()).or_insert(read);
    }

    /// Takes a stream that this command makes as empty, without reading it:
    /// the append finds out if it is not, and then it is read.
    pub fn begin<A: Aggregate + 'static>(&mut self, stream: &StreamId) {
        if !self.fresh {
            self.note(stream, &Loaded { state: Arc::new(A::default()), version: 0 });
        }
    }

    /// Loads many of a kind in one round trip; otherwise like [`Scope::load`].
    pub async fn load_many<A>(
        &mut self,
        streams: &[StreamId],
    ) -> Result<HashMap<StreamId, Loaded<A>>, Problem>
    where
        A: Aggregate + Clone + 'static,
        A::Event: Event,
    {
        let unread: Vec<StreamId> =
            streams.iter().filter(|stream| !self.read.contains_key(*stream)).cloned().collect();
        for (stream, loaded) in self.store.load_many::<A>(&unread).await? {
            self.note(&stream, &loaded);
            self.store.remember(&stream, &loaded);
        }
        let mut all = HashMap::with_capacity(streams.len());
        for stream in streams {
            let loaded = self.load::<A>(stream).await?;
            all.insert(stream.clone(), loaded);
        }
        Ok(all)
    }

    /// Lets the aggregate decide on a clone of itself. Its events are appended
    /// with everything else that this command writes. Answers how many events
    /// there were.
    pub async fn handle<A>(&mut self, stream: &StreamId, command: A::Command) -> Result<usize, Problem>
    where
        A: Aggregate<Services = Deciding> + Clone + 'static,
        A::Event: Event,
        A::Command: Send,
        A::Error: Into<Problem> + Send,
    {
        let loaded = self.load::<A>(stream).await?;
        let mut state = (*loaded.state).clone();
        let sink = EventSink::default();
        state.handle(command, &self.deciding, &sink).await.map_err(Into::into)?;
        let events = sink.collect().await;
        let count = events.len();
        self.write::<A>(stream, loaded.version, state, &events)?;
        Ok(count)
    }

    fn write<A>(&mut self, stream: &StreamId, from: u64, state: A, events: &[A::Event]) -> Result<(), Problem>
    where
        A: Aggregate + Clone + 'static,
        A::Event: Event,
    {
        for (version, event) in (from + 1..).zip(events) {
            let actor = self.ask.actor.written();
            let stamp = Stamp {
                source: self.store.service(),
                time: self.deciding.now,
                programme: self.ask.programme,
                actor: &actor,
                onbehalf: self.ask.on_behalf.map(|member| member.0),
                command: self.ask.command,
                cause: self.ask.cause.as_deref(),
                basis: &self.basis,
            };
            let event = NewEvent::new(&stamp, stream, version, event).map_err(Problem::internal)?;
            self.events.push(event);
        }
        let version = from + events.len() as u64;
        let tentative = Tentative { version, state: Box::new(state), remember: remember::<A> };
        self.written.insert(stream.clone(), tentative);
        Ok(())
    }

    /// Puts an opening into the vault with the append.
    pub fn keep(&mut self, opening: &Opening) {
        self.openings.push(opening.clone());
    }

    fn version_of(&self, stream: &StreamId) -> u64 {
        self.written
            .get(stream)
            .map(|tentative| tentative.version)
            .or_else(|| self.read.get(stream).map(|read| read.version))
            .unwrap_or_default()
    }

    fn seen(&self, main: &StreamId) -> Result<(), Problem> {
        let version = self.read.get(main).map_or(0, |read| read.version);
        match self.ask.if_match {
            Some(seen) if seen != version => Err(Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "changed-since",
                format!(
                    "This has changed since you saw it: you have version {seen}, now it is {version}. Read it again."
                ),
            )),
            _ => Ok(()),
        }
    }

    async fn into_write(self, main: StreamId) -> Result<(Write, HashMap<StreamId, Tentative>), Problem> {
        let main_version = self.version_of(&main);
        let openings = self.store.vault().rest(&self.openings).await?;
        let write = Write {
            command: self.ask.command,
            mac: self.ask.mac,
            main,
            main_version,
            decided_ms: self.deciding.now.as_millisecond(),
            expected: self.read.into_iter().map(|(stream, read)| (stream, read.version)).collect(),
            events: self.events,
            openings,
        };
        Ok((write, self.written))
    }
}

fn remember<A: Aggregate + Clone + 'static>(store: &Store, stream: &StreamId, tentative: &Tentative) {
    if let Some(state) = tentative.state.downcast_ref::<A>() {
        let state = Arc::new(state.clone());
        store.remember(stream, &Loaded { state, version: tentative.version });
    }
}

impl Store {
    /// Carries out a command once, however often it is asked for.
    pub async fn execute(&self, ask: &Ask, decision: &dyn AnyDecision) -> Result<Done, Problem> {
        self.accepting()?;
        let mut turn = Vec::new();
        for attempt in 0..ATTEMPTS {
            let mut scope = Scope::new(self, ask, attempt > 0);
            let main = match decision.decide_any(&mut scope).await {
                Ok(main) => main,
                Err(refusal) => match self.decided_on_the_past(ask, attempt, refusal).await? {
                    Settled::Known(done) => return Ok(done),
                    Settled::Again => continue,
                },
            };
            if let Err(changed) = scope.seen(&main) {
                match self.decided_on_the_past(ask, attempt, changed).await? {
                    Settled::Known(done) => return Ok(done),
                    Settled::Again => continue,
                }
            }
            let (write, written) = scope.into_write(main).await?;
            let expected = write.expected.clone();
            let forgets = write.events.iter().filter_map(|event| event.forgets.as_ref()?.subject());
            let forgets: Vec<String> = forgets.map(str::to_owned).collect();
            match self.append(write).await? {
                Outcome::Done { first, stream, version, position, mac } => {
                    if first {
                        for (stream, tentative) in &written {
                            (tentative.remember)(self, stream, tentative);
                        }
                    } else {
                        same_body(ask, mac.as_deref())?;
                    }
                    // The first time this may have been interrupted.
                    self.vault().forget_keys(&forgets).await?;
                    return Ok(Done { stream, version, position, first });
                }
                Outcome::Older => {
                    self.set_gate(Gate::Comparing);
                    self.accepting()?;
                }
                Outcome::Moved | Outcome::Stale => {
                    for (stream, _) in &expected {
                        self.forget_cached(stream);
                    }
                    if turn.is_empty() {
                        turn = self.turn(expected.iter().map(|(stream, _)| stream)).await;
                    }
                }
            }
        }
        Err(Problem::conflict(CROWDED, "Others are changing the same thing at this moment. Try again."))
    }

    /// A refusal stands only if it was decided on what is stored: a repeated
    /// command is answered as it was the first time, and a first attempt on
    /// cached state is made again on what PostgreSQL says.
    async fn decided_on_the_past(
        &self,
        ask: &Ask,
        attempt: usize,
        refusal: Problem,
    ) -> Result<Settled, Problem> {
        if let Some(done) = self.known(ask).await? {
            return Ok(Settled::Known(done));
        }
        if attempt == 0 && refusal.is_refusal() {
            return Ok(Settled::Again);
        }
        Err(refusal)
    }

    /// What a command did, if it was carried out before.
    pub async fn known(&self, ask: &Ask) -> Result<Option<Done>, Problem> {
        let client = self.pool().get().await.map_err(StoreError::from)?;
        let statement = client.prepare_cached(KNOWN).await.map_err(StoreError::from)?;
        let row = client.query_opt(&statement, &[&ask.command]).await.map_err(StoreError::from)?;
        let Some(row) = row else { return Ok(None) };
        same_body(ask, row.get::<_, Option<&[u8]>>(3))?;
        let stream = StreamId::try_from(row.get::<_, String>(0)).map_err(Problem::internal)?;
        Ok(Some(Done {
            stream,
            version: row.get::<_, i64>(1) as u64,
            position: row.get::<_, i64>(2) as u64,
            first: false,
        }))
    }
}

const KNOWN: &str = "select stream, version, position, mac from keys where command = $1";

enum Settled {
    Known(Done),
    Again,
}

/// 422 if a key was used for another body before.
fn same_body(ask: &Ask, before: Option<&[u8]>) -> Result<(), Problem> {
    use subtle::ConstantTimeEq;
    match (&ask.mac, before) {
        (Some(now), Some(before)) if !bool::from(now.as_slice().ct_eq(before)) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "key-reused",
            "This Idempotency-Key was used for a different request before. Use a new key for a new request.",
        )),
        _ => Ok(()),
    }
}
