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
        if ledger.unbroken(programme).await? < signed.size() {
            lost.push(Lost { programme, last, signed });
        }
    }
    if !lost.is_empty() {
        restore(trail, ledger, context, lost).await?;
    }
    for programme in ledger.logs().await? {
        // All that was signed over is there now: what is missing comes later.
        ledger.take_back(programme, ledger.unbroken(programme).await?).await?;
    }
    if ledger.lacks_places().await? {
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
                wanted
                    .extend(hashes.into_iter().zip(0..).map(|(hash, index)| (hash, (log.programme, index))));
                whole.push(log);
            }
            None => begin_again(trail, ledger, &log).await?,
        }
    }
    for source in SOURCES {
        find(context, source, &mut wanted, &mut found).await?;
    }
    for log in whole {
        let (leaves, size) = (found.remove(&log.programme).unwrap_or_default(), log.signed.size());
        if (leaves.len() as u64) < size {
            // The tiles are whole, so nothing is lost for good: a service's
            // events may be on their way back to NATS.
            return Err(LogError::Nats(format!(
                "{} of the {size} events of programme {}'s log are not there",
                size - leaves.len() as u64,
                log.programme
            )));
        }
        tracing::warn!(programme = %log.programme, size, "leaves were lost and are read back from the tiles");
        let generation = log.generation();
        let before = if generation > 1 { trail.memory.before(log.programme)? } else { None };
        ledger.put_back(log.programme, &LogRow { generation, before }, &leaves).await?;
        ledger.keep(log.programme, size, &log.last).await?;
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
    Ok((tree.root() == *log.signed.root()).then_some(hashes))
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
async fn begin_again(trail: &Trail, ledger: &Ledger, log: &Lost) -> Result<(), LogError> {
    let generation = log.generation() + 1;
    tracing::error!(programme = %log.programme, generation, "a log is lost; another begins and says so");
    let row = LogRow { generation, before: Some(log.last.clone()) };
    trail.memory.remember_lost(log.programme, &log.last)?;
    ledger.begin_again(log.programme, &row).await?;
    Ok(())
}
