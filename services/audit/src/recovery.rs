//! After a loss: tiles are made again from the ledger, the ledger from the
//! tiles, and where both are gone another generation of the log begins, which
//! names the last checkpoint of the one before. Never a fork.

use std::collections::HashMap;

use bytes::Bytes;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::feed::{Feed, Place};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::nats;
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::note::Note;
use plaudit_verifier::log::tile::{Tile, tiles};
use plaudit_verifier::log::tree::{Hash, Leaves, leaf_hash};

use crate::ledger::{Leaf, Ledger, LogRow};
use crate::log::{Log, LogError, Nats, read_tile};
use crate::{SOURCES, Trail};

/// An event's bytes by its place at its service.
pub async fn entry(context: &Nats, service: &str, position: u64) -> Result<Bytes, LogError> {
    let away = |error: String| LogError::Nats(format!("event {service}/{position}: {error}"));
    let stream =
        context.get_stream(nats::stream_name(service)).await.map_err(|error| away(error.to_string()))?;
    nats::message(&stream, position).await.map_err(|error| away(error.to_string()))
}

/// Brings ledger and shelf to what was signed, before anything gets a place.
pub async fn recover(trail: &Trail, ledger: &Ledger, context: &Nats) -> Result<(), LogError> {
    let mut lost = Vec::new();
    for programme in trail.memory.programmes()? {
        let Some(last) = trail.memory.last(programme)? else { continue };
        let note = Note::parse(last.as_bytes()).map_err(|error| LogError::Format(error.to_string()))?;
        let signed = Checkpoint::parse(note.text()).map_err(|error| LogError::Format(error.to_string()))?;
        if ledger.log(programme).await?.is_some_and(|row| row.before.as_deref() == Some(last.as_str())) {
            // Another generation has begun and nothing is signed in it yet.
            continue;
        }
        let known = ledger.hashes(programme).await?;
        if (known.len() as u64) < signed.size() {
            lost.push(Lost { programme, last, signed, known });
        }
    }
    if !lost.is_empty() {
        restore(trail, ledger, context, lost).await?;
        ledger.take_again().await?;
    }
    for programme in ledger.logs().await? {
        let mut log = Log::open(trail, ledger, context, programme).await?;
        log.heal(trail, ledger, context).await?;
    }
    Ok(())
}

/// A log of which the ledger lacks leaves that were signed over.
struct Lost {
    programme: ProgrammeId,
    last: String,
    signed: Checkpoint,
    /// What the ledger has.
    known: Vec<Hash>,
}

impl Lost {
    /// The generation that the last note was signed in: the number behind the
    /// programme in its origin.
    fn generation(&self) -> i32 {
        let number = self.signed.origin().rsplit('/').next().and_then(|last| last.parse().ok());
        number.unwrap_or(1)
    }
}

async fn restore(trail: &Trail, ledger: &Ledger, context: &Nats, lost: Vec<Lost>) -> Result<(), LogError> {
    // Which event is which leaf is found by its bytes.
    let mut wanted: HashMap<Hash, (ProgrammeId, u64)> = HashMap::new();
    let mut found: HashMap<ProgrammeId, Vec<Leaf>> = HashMap::new();
    let mut whole = Vec::new();
    for log in lost {
        match from_tiles(trail, &log)? {
            Some(hashes) => {
                let missing = hashes.iter().zip(0..).skip(log.known.len());
                wanted.extend(missing.map(|(hash, index)| (*hash, (log.programme, index))));
                whole.push(log);
            }
            None => begin_again(ledger, &log).await?,
        }
    }
    for source in SOURCES {
        find(context, source, &mut wanted, &mut found).await?;
    }
    for log in whole {
        let leaves = found.remove(&log.programme).unwrap_or_default();
        let complete = (log.known.len() + leaves.len()) as u64 == log.signed.size();
        if complete {
            tracing::warn!(programme = %log.programme, leaves = leaves.len(), "leaves were lost and are read back from the tiles");
            if ledger.log(log.programme).await?.is_none() {
                let row = LogRow { generation: log.generation(), before: None };
                ledger.begin(log.programme, &row).await?;
            }
            ledger.put_back(&leaves).await?;
            ledger.keep(log.programme, log.signed.size(), &log.last).await?;
        } else {
            begin_again(ledger, &log).await?;
        }
    }
    Ok(())
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
    let same = tree.root() == *log.signed.root() && hashes.starts_with(&log.known);
    Ok(same.then_some(hashes))
}

/// Reads a service's events from the first for those that are wanted.
async fn find(
    context: &Nats,
    source: &'static str,
    wanted: &mut HashMap<Hash, (ProgrammeId, u64)>,
    found: &mut HashMap<ProgrammeId, Vec<Leaf>>,
) -> Result<(), LogError> {
    let away = |error: String| LogError::Nats(error);
    let stream = context.get_stream(nats::stream_name(source)).await;
    let stream = stream.map_err(|error| away(error.to_string()))?;
    let last = stream.get_info().await.map_err(|error| away(error.to_string()))?.state.last_sequence;
    let mut at = 0;
    if wanted.is_empty() || last == 0 {
        return Ok(());
    }
    let mut feed =
        Feed::open(context, source, Place::default()).await.map_err(|error| away(error.to_string()))?;
    while at < last && !wanted.is_empty() {
        let batch: Vec<Recorded> = feed.batch().await.map_err(|error| away(error.to_string()))?;
        for event in batch {
            at = event.position;
            let hash = leaf_hash(&event.bytes);
            if let Some((programme, index)) = wanted.remove(&hash) {
                let service = source.to_owned();
                let leaf = Leaf { programme, index, service, position: event.position, hash };
                found.entry(programme).or_default().push(leaf);
            }
        }
    }
    Ok(())
}

/// Ledger and tiles together can't say what was signed: another generation.
async fn begin_again(ledger: &Ledger, log: &Lost) -> Result<(), LogError> {
    let generation = log.generation() + 1;
    tracing::error!(programme = %log.programme, generation, "a log is lost; another begins and says so");
    let row = LogRow { generation, before: Some(log.last.clone()) };
    ledger.begin_again(log.programme, &row).await?;
    Ok(())
}
