//! After a loss: tiles are made again from the ledger, the ledger from the
//! tiles, and both from the events and the order in which they were signed.
//! Where that order is gone too, or the events no longer make the tree that was
//! signed, another generation of the log begins, which names the last
//! checkpoint of the one before. Never a fork.

use std::collections::{BTreeMap, HashMap, VecDeque};

use async_nats::jetstream::stream::Stream;
use bytes::Bytes;
use futures_util::future::join_all;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::feed::{Feed, FeedError, Place};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::nats;
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::note::Note;
use plaudit_verifier::log::tile::{Tile, tiles};
use plaudit_verifier::log::tree::{Hash, Leaves, leaf_hash};

use crate::ledger::{Leaf, Ledger, LogRow, Placed};
use crate::log::{Log, LogError, Nats, read_tile};
use crate::{SOURCES, Trail};

/// Logs that get no leaves just now, and why: something of theirs is missing.
/// The others go on.
pub type Held = BTreeMap<ProgrammeId, String>;

fn away(error: impl std::fmt::Display) -> LogError {
    LogError::Nats(error.to_string())
}

async fn stream(context: &Nats, service: &str) -> Result<Stream, LogError> {
    context.get_stream(nats::stream_name(service)).await.map_err(away)
}

/// Events that are asked for at the same time.
const AT_ONCE: usize = 256;

/// The leaves' events, in order.
pub async fn events(context: &Nats, leaves: &[Placed]) -> Result<Vec<Bytes>, LogError> {
    let mut streams = BTreeMap::new();
    for leaf in leaves {
        if !streams.contains_key(leaf.service) {
            streams.insert(leaf.service, stream(context, leaf.service).await?);
        }
    }
    let mut events = Vec::with_capacity(leaves.len());
    for leaves in leaves.chunks(AT_ONCE) {
        let asked = leaves.iter().map(|leaf| nats::find(&streams[leaf.service], leaf.position));
        for (leaf, found) in leaves.iter().zip(join_all(asked).await) {
            events.push(found.map_err(away)?.ok_or_else(|| LogError::Gone(leaf.to_string()))?);
        }
    }
    Ok(events)
}

/// Brings ledger and shelf to what was signed, before anything gets a place.
/// Answers the logs for which that can't be done.
pub async fn recover(trail: &Trail, ledger: &Ledger, context: &Nats) -> Result<Held, LogError> {
    ledger.make_what_was_dropped().await?;
    let mut lost = Vec::new();
    for programme in trail.memory.programmes()? {
        let Some(last) = trail.memory.last(programme)? else { continue };
        let note = Note::parse(last.as_bytes()).map_err(|error| LogError::Format(error.to_string()))?;
        let signed = Checkpoint::parse(note.text()).map_err(|error| LogError::Format(error.to_string()))?;
        let row = ledger.log(programme).await?;
        if row.as_ref().is_some_and(|row| row.before.as_deref() == Some(last.as_str())) {
            // Another generation has begun and nothing is signed in it yet.
            continue;
        }
        if row.is_none() || ledger.unbroken(programme).await? < signed.size() {
            lost.push(Lost { programme, last, signed });
        }
    }
    let mut held = Held::new();
    if !lost.is_empty() {
        held = restore(trail, ledger, context, lost).await?;
    }
    for programme in ledger.logs().await? {
        if !held.contains_key(&programme) {
            // All that was signed over is there now: what is missing comes later.
            ledger.take_back(programme, ledger.unbroken(programme).await?).await?;
        }
    }
    if ledger.lacks_places().await? {
        ledger.take_again().await?;
    }
    for programme in ledger.logs().await? {
        if held.contains_key(&programme) {
            continue;
        }
        let healed = async {
            let mut log = Log::open(trail, ledger, context, programme).await?;
            log.heal(trail, ledger, context).await
        };
        match healed.await {
            Err(error @ (LogError::Gone(_) | LogError::Fork(_))) => {
                held.insert(programme, error.to_string());
            }
            other => other?,
        }
    }
    for (programme, why) in &held {
        tracing::error!(%programme, %why, "a log stands still");
    }
    Ok(held)
}

/// A log of which the ledger lacks leaves that were signed over.
struct Lost {
    programme: ProgrammeId,
    last: String,
    signed: Checkpoint,
}

impl Lost {
    /// The generation that the last note was signed in: the number behind the
    /// programme in its origin.
    fn generation(&self) -> i32 {
        let number = self.signed.origin().rsplit('/').next().and_then(|last| last.parse().ok());
        number.unwrap_or(1)
    }
}

async fn restore(trail: &Trail, ledger: &Ledger, context: &Nats, lost: Vec<Lost>) -> Result<Held, LogError> {
    let mut search = Search::default();
    let mut sought = Vec::new();
    for log in lost {
        let order = in_order(trail, &log)?;
        if let Some(hashes) = from_tiles(trail, &log)? {
            search.for_hashes(log.programme, hashes);
        } else if let Some(order) = &order {
            search.for_order(log.programme, order);
        } else {
            begin_again(trail, ledger, &log).await?;
            continue;
        }
        sought.push((log, order));
    }
    for source in SOURCES {
        search.through(context, source).await?;
    }
    let mut held = Held::new();
    for (log, order) in sought {
        let mut leaves = search.found.remove(&log.programme).unwrap_or_default();
        leaves.sort_by_key(|leaf| leaf.index);
        if (leaves.len() as u64) < log.signed.size() {
            // A service's events may be on their way back to NATS.
            held.insert(log.programme, missing(&log, &leaves, order.as_deref()));
            continue;
        }
        let tree: Leaves = leaves.iter().map(|leaf| leaf.hash).collect();
        match (tree.root() == *log.signed.root(), search.gone.first()) {
            (true, _) => {}
            (false, Some(gone)) => {
                let why =
                    format!("Event {gone} is not in NATS: without it, it can't be said what was signed.");
                held.insert(log.programme, why);
                continue;
            }
            (false, None) => {
                begin_again(trail, ledger, &log).await?;
                continue;
            }
        }
        tracing::warn!(programme = %log.programme, size = tree.size(), "leaves were lost and are found again");
        let generation = log.generation();
        let before = if generation > 1 { trail.memory.before(log.programme)? } else { None };
        ledger.put_back(log.programme, &LogRow { generation, before }, &leaves).await?;
        ledger.keep(log.programme, log.signed.size(), &log.last).await?;
    }
    Ok(held)
}

/// All leaf hashes that the tiles have, if they are the tree that was signed.
fn from_tiles(trail: &Trail, log: &Lost) -> Result<Option<Vec<Hash>>, LogError> {
    let mut hashes = Vec::new();
    let level_0 = tiles(log.signed.size()).filter(|tile| tile.level() == 0);
    let mut leaves: Vec<Tile> = level_0.collect();
    leaves.sort_by_key(Tile::index);
    for tile in leaves {
        let Some(bytes) = read_tile(trail, log.programme, log.generation(), tile)? else { return Ok(None) };
        hashes.extend(bytes.chunks_exact(size_of::<Hash>()).filter_map(|hash| Hash::try_from(hash).ok()));
    }
    let tree: Leaves = hashes.iter().copied().collect();
    Ok((tree.root() == *log.signed.root()).then_some(hashes))
}

/// The service of each leaf, if the order is remembered as far as was signed.
fn in_order(trail: &Trail, log: &Lost) -> Result<Option<Vec<&'static str>>, LogError> {
    let order = trail.memory.order(log.programme)?;
    let Some(order) = order.get(..log.signed.size() as usize) else { return Ok(None) };
    let source = |number: &u8| SOURCES.get(usize::from(number.checked_sub(b'0')?)).copied();
    Ok(order.iter().map(source).collect())
}

/// What is missing, in words: the place of the first, as far as it is known.
fn missing(log: &Lost, found: &[Leaf], order: Option<&[&'static str]>) -> String {
    let size = log.signed.size();
    let first = found.iter().zip(0..).find(|(leaf, due)| leaf.index != *due);
    let first = first.map_or(found.len() as u64, |(_, due)| due);
    let what = match order.and_then(|order| order.get(first as usize)) {
        Some(service) => {
            let before = found.iter().take(first as usize).rev().find(|leaf| leaf.service == *service);
            format!("an event of {service} after {service}/{}", before.map_or(0, |leaf| leaf.position))
        }
        None => "an event of a service that is not known".to_owned(),
    };
    format!(
        "{} of the {size} events that were signed are not in NATS, and their services do not send them again. \
         The first is leaf {first}, {what}.",
        size - found.len() as u64
    )
}

/// Which event is which leaf: known by its bytes where the tiles are there,
/// otherwise by its turn among the programme's events of its service.
#[derive(Default)]
struct Search {
    hashes: HashMap<Hash, (ProgrammeId, u64)>,
    turns: HashMap<(&'static str, ProgrammeId), VecDeque<u64>>,
    found: HashMap<ProgrammeId, Vec<Leaf>>,
    /// Events that NATS lacks: with them, turns would be others.
    gone: Vec<String>,
}

impl Search {
    fn for_hashes(&mut self, programme: ProgrammeId, hashes: Vec<Hash>) {
        self.hashes.extend(hashes.into_iter().zip(0..).map(|(hash, index)| (hash, (programme, index))));
    }

    fn for_order(&mut self, programme: ProgrammeId, order: &[&'static str]) {
        for (source, index) in order.iter().zip(0..) {
            self.turns.entry((*source, programme)).or_default().push_back(index);
        }
    }

    /// Whether nothing of a service's events is sought any more.
    fn is_over(&self, source: &'static str) -> bool {
        let mut turns = self.turns.iter().filter(|((of, _), _)| *of == source);
        self.hashes.is_empty() && turns.all(|(_, turns)| turns.is_empty())
    }

    /// Reads a service's events from the first, past any that are missing.
    async fn through(&mut self, context: &Nats, source: &'static str) -> Result<(), LogError> {
        let stream = stream(context, source).await?;
        let last = stream.get_info().await.map_err(away)?.state.last_sequence;
        let mut at = Place::default();
        while at.position < last && !self.is_over(source) {
            let mut feed = Feed::open(context, source, at).await.map_err(away)?;
            while at.position < last && !self.is_over(source) {
                match feed.batch().await {
                    Ok(batch) => {
                        at.position = batch.last().map_or(at.position, |event| event.position);
                        batch.into_iter().for_each(|event| self.look_at(source, event));
                    }
                    Err(FeedError::Away(why)) => {
                        let next = after_a_hole(&stream, at.position + 1, last).await?;
                        if next == at.position + 1 {
                            return Err(LogError::Nats(why));
                        }
                        self.gone.extend((at.position + 1..next).map(|gone| format!("{source}/{gone}")));
                        at.position = next - 1;
                        break;
                    }
                    Err(error) => return Err(away(error)),
                }
            }
        }
        Ok(())
    }

    fn look_at(&mut self, source: &'static str, event: Recorded) {
        let (hash, programme) = (leaf_hash(&event.bytes), event.envelope.programme);
        let known = self.hashes.remove(&hash).map(|(_, index)| index);
        let in_turn = || self.turns.get_mut(&(source, programme))?.pop_front();
        if let Some(index) = known.or_else(in_turn) {
            let leaf = Leaf { programme, index, service: source.to_owned(), position: event.position, hash };
            self.found.entry(programme).or_default().push(leaf);
        }
    }
}

/// The first message from `at` on that is there, or the one after the last.
async fn after_a_hole(stream: &Stream, mut at: u64, last: u64) -> Result<u64, LogError> {
    while at <= last && nats::find(stream, at).await.map_err(away)?.is_none() {
        at += 1;
    }
    Ok(at)
}

/// Neither ledger nor tiles nor the order of events say what was signed:
/// another generation.
async fn begin_again(trail: &Trail, ledger: &Ledger, log: &Lost) -> Result<(), LogError> {
    let generation = log.generation() + 1;
    tracing::error!(programme = %log.programme, generation, "a log is lost; another begins and says so");
    let row = LogRow { generation, before: Some(log.last.clone()) };
    trail.memory.remember_lost(log.programme, &log.last)?;
    trail.memory.forget_order(log.programme)?;
    ledger.begin_again(log.programme, &row).await?;
    Ok(())
}
