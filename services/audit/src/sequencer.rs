//! Gives every event its place within a second, and has it signed: at each
//! milestone at once, otherwise every minute, and when somebody asks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use plaudit_chassis::Service;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::feed::{Feed, FeedError, Place};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::merge::Merge;
use plaudit_chassis::store::StoreError;
use plaudit_verifier::log::tree::leaf_hash;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::ledger::{Leaf, Ledger, Taken};
use crate::log::{Draft, Log, LogError};
use crate::recovery::{self, Held};
use crate::{SOURCES, Trail};

/// Somebody wants a checkpoint over all that has a place now.
pub struct Sign {
    pub programme: ProgrammeId,
    /// Told when it is there, or why it is not.
    pub done: oneshot::Sender<Result<(), String>>,
}

/// How long an event waits for a checkpoint at most.
const EVERY: Duration = Duration::from_secs(60);

/// So many events without one are signed with the next: they are kept in
/// memory.
const MOST_UNSIGNED: u64 = 4096;

/// The most events that are given places in one transaction.
const BATCH: usize = 4096;

/// The most that wait for others, before no more are taken in.
const MOST_WAITING: usize = 64 * 1024;

/// How many logs are kept in memory when nothing happens in them.
const KEPT: usize = 32;

/// How often it is looked whether what a log misses is there again, and said
/// what that is: all events are read for that.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// Events after which a checkpoint is signed at once.
pub const MILESTONES: [&str; 10] = [
    "plaudit.submissions.v1.RulebookPublished",
    "plaudit.submissions.v1.CallOpened",
    "plaudit.submissions.v1.CallClosed",
    "plaudit.scoring.v1.RoundLocked",
    "plaudit.scoring.v1.RoundUnsealed",
    "plaudit.scoring.v1.ResultDeclared",
    "plaudit.awards.v1.WinnersAnnounced",
    "plaudit.awards.v1.PayoutConfirmed",
    "plaudit.submissions.v1.ProgrammeConcluded",
    "plaudit.submissions.v1.ProgrammeCancelled",
];

/// Runs for ever.
pub async fn run(service: Service, trail: Arc<Trail>, mut asked: mpsc::Receiver<Sign>) {
    let ledger = Ledger::new(service.pool().clone());
    loop {
        match work(&service, &trail, &ledger, &mut asked).await {
            Ok(()) => {}
            Err(Stop::Log(error)) => tracing::warn!(%error, "no event gets a place just now"),
            Err(Stop::Feed(error)) => tracing::warn!(%error, "no event gets a place just now"),
        }
        // Nobody signs here just now: whoever asks for it is to ask again.
        while asked.try_recv().is_ok() {}
        tokio::time::sleep(AGAIN).await;
    }
}

#[derive(Debug)]
enum Stop {
    Log(LogError),
    Feed(FeedError),
}

impl From<LogError> for Stop {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Log(error.into())
    }
}

type Batch = Result<(&'static str, Vec<Recorded>), FeedError>;

async fn work(
    service: &Service,
    trail: &Trail,
    ledger: &Ledger,
    asked: &mut mpsc::Receiver<Sign>,
) -> Result<(), Stop> {
    let Some(lock) = ledger.be_the_one().await? else { return Ok(()) };
    // The lock is the connection's: back in the pool it would keep others out.
    let lock = deadpool_postgres::Object::take(lock);
    let held = recovery::recover(trail, ledger, service.context()).await?;
    let again = if held.is_empty() { Duration::MAX } else { LOOK_AGAIN };
    // They may have been away when this process was.
    ledger.logs().await?.into_iter().for_each(|programme| trail.tell_witnesses(programme));
    let taken = ledger.taken(&SOURCES).await?;
    let through = taken.iter().map(|(source, (position, _))| (*source, *position)).collect();
    let mut sequencer = Sequencer {
        service,
        trail,
        ledger,
        merge: Merge::after(through),
        last_placed: ledger.last_placed().await?,
        logs: HashMap::new(),
        drafts: Vec::new(),
        unsigned: BTreeMap::new(),
        held,
    };
    let (batches, mut incoming) = mpsc::channel::<Batch>(8);
    let mut feeds = JoinSet::new();
    for source in SOURCES {
        let from = taken
            .get(source)
            .map_or(Place::default(), |(position, event)| Place { position: *position, event: Some(*event) });
        feeds.spawn(feed(service.clone(), source, from, batches.clone()));
    }
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    let recovered = Instant::now();
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        if lock.is_closed() || recovered.elapsed() > again {
            return Ok(());
        }
        tokio::select! {
            batch = incoming.recv(), if sequencer.merge.waiting() < MOST_WAITING => {
                let Some(batch) = batch else { return Ok(()) };
                sequencer.take(batch)?;
                while sequencer.merge.waiting() < MOST_WAITING
                    && let Ok(batch) = incoming.try_recv()
                {
                    sequencer.take(batch)?;
                }
                sequencer.place().await?;
            }
            Some(sign) = asked.recv() => {
                let signed = sequencer.sign(sign.programme).await;
                let answer = match &signed {
                    Ok(refused) => refused.clone().map_or(Ok(()), Err),
                    Err(error) => Err(error.to_string()),
                };
                // Who has gone away needs no answer.
                let _ = sign.done.send(answer);
                signed?;
            }
            _ = tick.tick() => sequencer.sign_what_is_due().await?,
        }
    }
}

/// A service's events, for ever, into the channel.
async fn feed(service: Service, source: &'static str, mut from: Place, batches: mpsc::Sender<Batch>) {
    let mut came = Instant::now();
    loop {
        let opened = Feed::open(service.context(), source, from).await;
        let ended = match opened {
            Ok(mut feed) => loop {
                match feed.batch().await {
                    Ok(batch) => {
                        if let Some(last) = batch.last() {
                            from = Place { position: last.position, event: Some(last.envelope.id) };
                            came = Instant::now();
                        }
                        if batches.send(Ok((source, batch))).await.is_err() {
                            return;
                        }
                    }
                    Err(error) => break error,
                }
            },
            Err(error) => error,
        };
        tracing::debug!(source, error = %ended, "a feed has ended");
        if came.elapsed() > LOOK_AGAIN {
            let due = format!("{source}/{}", from.position + 1);
            tracing::error!(%due, error = %ended, "an event does not come: nothing after it gets a place");
            came = Instant::now();
        }
        if !matches!(ended, FeedError::Away(_)) {
            // Whoever listens stops and starts anew.
            let _ = batches.send(Err(ended)).await;
            return;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

struct Sequencer<'a> {
    service: &'a Service,
    trail: &'a Trail,
    ledger: &'a Ledger,
    merge: Merge,
    /// Up to here a service's events may have places already.
    last_placed: BTreeMap<String, u64>,
    logs: HashMap<ProgrammeId, Log>,
    /// What is signed while the next events are given places.
    drafts: Vec<Draft>,
    /// Logs with events that no checkpoint covers, and since when.
    unsigned: BTreeMap<ProgrammeId, Instant>,
    /// Logs whose events get no places until what they miss is there.
    held: Held,
}

impl Sequencer<'_> {
    fn take(&mut self, batch: Batch) -> Result<(), Stop> {
        let (source, events) = batch.map_err(Stop::Feed)?;
        self.merge.push(source, events);
        Ok(())
    }

    /// Gives places to all that wait for nothing.
    async fn place(&mut self) -> Result<(), LogError> {
        loop {
            let ready = self.merge.ready(BATCH);
            if ready.is_empty() {
                return self.sign_drafts().await;
            }
            self.place_these(ready).await?;
        }
    }

    async fn place_these(&mut self, events: Vec<Recorded>) -> Result<(), LogError> {
        let mut taken = Taken::new();
        for event in &events {
            if let Some(source) = SOURCES.iter().find(|source| **source == event.envelope.source) {
                taken.insert(source, (event.position, event.envelope.id));
            }
        }
        let mut new = self.without_places(events).await?;
        new.retain(|event| !self.held.contains_key(&event.envelope.programme));
        let mut next: HashMap<ProgrammeId, u64> = HashMap::new();
        let mut leaves = Vec::with_capacity(new.len());
        for event in &new {
            let programme = event.envelope.programme;
            let size = self.log(programme).await?.size();
            let index = next.entry(programme).or_insert(size);
            leaves.push(Leaf {
                programme,
                index: *index,
                service: event.envelope.source.clone(),
                position: event.position,
                hash: leaf_hash(&event.bytes),
            });
            *index += 1;
        }
        // The disk is written while PostgreSQL writes what comes next. Both are
        // waited for, whatever becomes of one of them.
        let (ledger, trail, drafts) = (self.ledger, self.trail, std::mem::take(&mut self.drafts));
        let (placed, signed) = tokio::join!(ledger.place(&leaves, &taken), sign_all(&drafts, trail, ledger));
        signed?;
        self.are_signed(&drafts).await?;
        placed?;
        let mut milestones = HashSet::new();
        for (event, leaf) in new.into_iter().zip(leaves) {
            self.log(leaf.programme).await?.push(leaf.hash, event.bytes);
            self.unsigned.entry(leaf.programme).or_insert_with(Instant::now);
            if MILESTONES.contains(&event.envelope.type_name.as_str()) {
                milestones.insert(leaf.programme);
            }
        }
        for programme in milestones {
            self.sign(programme).await?;
        }
        let many = self.logs.values().filter(|log| log.unsigned() >= MOST_UNSIGNED);
        let drafts: Result<Vec<Option<Draft>>, LogError> = many.map(|log| log.draft(trail)).collect();
        self.drafts = drafts?.into_iter().flatten().collect();
        Ok(())
    }

    /// Signs what was left to be signed beside the next events, if none come.
    async fn sign_drafts(&mut self) -> Result<(), LogError> {
        let drafts = std::mem::take(&mut self.drafts);
        sign_all(&drafts, self.trail, self.ledger).await?;
        self.are_signed(&drafts).await
    }

    async fn are_signed(&mut self, drafts: &[Draft]) -> Result<(), LogError> {
        for draft in drafts {
            self.log(draft.programme).await?.is_signed(draft);
            self.unsigned.remove(&draft.programme);
            self.trail.tell_witnesses(draft.programme);
        }
        Ok(())
    }

    /// Without those that have a place already: after a loss every service's
    /// events are read again from the first.
    async fn without_places(&self, events: Vec<Recorded>) -> Result<Vec<Recorded>, LogError> {
        let mut known: HashSet<(String, u64)> = HashSet::new();
        for (service, last) in &self.last_placed {
            let old =
                events.iter().filter(|event| event.envelope.source == *service && event.position <= *last);
            let positions: Vec<i64> = old.map(|event| event.position as i64).collect();
            if !positions.is_empty() {
                let placed = self.ledger.placed(service, &positions).await?;
                known.extend(placed.into_iter().map(|position| (service.clone(), position)));
            }
        }
        if known.is_empty() {
            return Ok(events);
        }
        let mut events = events;
        events.retain(|event| !known.contains(&(event.envelope.source.clone(), event.position)));
        Ok(events)
    }

    /// The log of a programme.
    async fn log(&mut self, programme: ProgrammeId) -> Result<&mut Log, LogError> {
        if !self.logs.contains_key(&programme) {
            if self.logs.len() >= KEPT {
                self.logs.retain(|_, log| log.unsigned() > 0);
            }
            let log = Log::open(self.trail, self.ledger, self.service.context(), programme).await?;
            if log.unsigned() > 0 {
                self.unsigned.insert(programme, Instant::now());
            }
            self.logs.insert(programme, log);
        }
        // It was put there just now.
        self.logs.get_mut(&programme).ok_or_else(|| LogError::Format("a log went away".to_owned()))
    }

    /// Signs all that has a place. Answers why not, if the log refuses.
    async fn sign(&mut self, programme: ProgrammeId) -> Result<Option<String>, LogError> {
        if let Some(why) = self.held.get(&programme) {
            return Ok(Some(why.clone()));
        }
        if self.ledger.log(programme).await?.is_none() {
            return Ok(None);
        }
        let (trail, ledger) = (self.trail, self.ledger);
        let log = self.log(programme).await?;
        log.sign(trail, ledger).await?;
        let refused = log.refuses().map(str::to_owned);
        self.unsigned.remove(&programme);
        trail.tell_witnesses(programme);
        Ok(refused)
    }

    async fn sign_what_is_due(&mut self) -> Result<(), LogError> {
        let due: Vec<ProgrammeId> = self
            .unsigned
            .iter()
            .filter(|(_, since)| since.elapsed() >= EVERY)
            .map(|(programme, _)| *programme)
            .collect();
        for programme in due {
            self.sign(programme).await?;
        }
        Ok(())
    }
}

async fn sign_all(drafts: &[Draft], trail: &Trail, ledger: &Ledger) -> Result<(), LogError> {
    for draft in drafts {
        draft.sign(trail, ledger).await?;
    }
    Ok(())
}
