//! Entries are served as they were signed or not at all: what the shelf has
//! lost, or has otherwise, is read again where the event lies.

use plaudit_chassis::id::ProgrammeId;
use plaudit_verifier::log::tile::{Entries, FULL};
use plaudit_verifier::log::tree::leaf_hash;

use crate::Trail;
use crate::ledger::{LogRow, Placed};
use crate::log::{LogError, Nats, format_error};
use crate::recovery::events;
use crate::shelf;

/// A bundle of a log, for whoever asks; `leaves` are its own, from the ledger.
pub async fn as_signed(
    trail: &Trail,
    nats: &Nats,
    (programme, row): (ProgrammeId, &LogRow),
    bundle: Entries,
    leaves: &[Placed],
) -> Result<Vec<u8>, LogError> {
    let found = read(trail, programme, row.generation, bundle)?;
    if let Some(bytes) = &found
        && are_leaves(bundle, bytes, leaves)
    {
        return Ok(bytes.clone());
    }
    tracing::error!(%programme, %bundle, altered = found.is_some(), "entries on the shelf are not what was signed");
    let bytes = again(nats, bundle, leaves).await?;
    // One that isn't full yet is written anew with the next signature. Two who
    // mend at the same time write the same.
    if bundle.width() == FULL {
        let file = (path(trail, programme, row.generation, bundle)?, bytes.clone());
        tokio::task::spawn_blocking(move || shelf::write(&[file])).await.map_err(format_error)??;
    }
    Ok(bytes)
}

/// Makes a bundle from the events themselves.
pub async fn again(nats: &Nats, bundle: Entries, leaves: &[Placed]) -> Result<Vec<u8>, LogError> {
    let held = events(nats, leaves).await?;
    for (bytes, leaf) in held.iter().zip(leaves) {
        if leaf_hash(bytes) != leaf.hash {
            return Err(LogError::Fork(format!("Event {leaf} is another than the log's.")));
        }
    }
    bundle.encode(&held).map_err(format_error)
}

/// Whether a bundle's entries are these leaves.
fn are_leaves(bundle: Entries, bytes: &[u8], leaves: &[Placed]) -> bool {
    let entries = bundle.decode(bytes).unwrap_or_default();
    entries.len() == leaves.len()
        && entries.iter().zip(leaves).all(|(entry, leaf)| leaf_hash(entry) == leaf.hash)
}

/// Where a bundle lies, full or not.
pub fn path(
    trail: &Trail,
    programme: ProgrammeId,
    generation: i32,
    bundle: Entries,
) -> Result<std::path::PathBuf, LogError> {
    let name = Entries::new(bundle.index(), FULL).map_err(format_error)?;
    Ok(trail.shelf.path(programme, generation, &name.to_string()))
}

/// A bundle as the shelf has it, as much of it as is asked for; `None` if that
/// is not there.
pub fn read(
    trail: &Trail,
    programme: ProgrammeId,
    generation: i32,
    bundle: Entries,
) -> Result<Option<Vec<u8>>, LogError> {
    let name = Entries::new(bundle.index(), FULL).map_err(format_error)?;
    let Some(mut bytes) = trail.shelf.read(programme, generation, &name.to_string())? else {
        return Ok(None);
    };
    let mut end = 0;
    for _ in 0..bundle.width() {
        let length = bytes.get(end..end + 2).map(|length| u16::from_be_bytes([length[0], length[1]]));
        let Some(length) = length else { return Ok(None) };
        end += 2 + usize::from(length);
    }
    if bytes.len() < end {
        return Ok(None);
    }
    bytes.truncate(end);
    Ok(Some(bytes))
}
