//! A reader of logs that believes nothing: it knows the log's key, fetches
//! what is served, and checks all of it.

use std::collections::HashMap;

use axum::body::Bytes;
use plaudit_chassis::id::ProgrammeId;
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::note::{KeyKind, Note, Signer, VerifierKey};
use plaudit_verifier::log::tile::{Tile, TileHashes, entries, tiles};
use plaudit_verifier::log::tree::{Hash, Leaves, leaf_hash, root_at};

use crate::stand::{ANNE, HOST, KEY, Stand};

/// A log as it was served at one size, checked.
#[derive(Clone)]
pub struct Read {
    pub note: String,
    pub checkpoint: Checkpoint,
    /// Every tile of that size.
    pub tiles: HashMap<Tile, Bytes>,
    pub entries: Vec<Bytes>,
}

/// The public half of the log's key, made without asking the log.
pub fn key(programme: ProgrammeId, generation: u32) -> VerifierKey {
    let origin = match generation {
        1 => format!("{HOST}/log/{programme}"),
        later => format!("{HOST}/log/{programme}/{later}"),
    };
    Signer::new(&origin, KeyKind::Ed25519, &KEY).unwrap().verifier_key().clone()
}

/// The last checkpoint, signed by the log.
pub async fn checkpoint(stand: &Stand, programme: ProgrammeId, generation: u32) -> (String, Checkpoint) {
    let note = stand.gets(None, programme, "/checkpoint").await.text();
    let parsed = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(parsed.to_string(), note);
    let checkpoint = Checkpoint::open(&parsed, &key(programme, generation)).unwrap();
    (note, checkpoint)
}

/// Reads a log at its last checkpoint: its hash tiles as the public, its
/// entries as an organiser. Each must lead to the checkpoint's root.
pub async fn read(stand: &Stand, programme: ProgrammeId) -> Read {
    read_generation(stand, programme, 1).await
}

pub async fn read_generation(stand: &Stand, programme: ProgrammeId, generation: u32) -> Read {
    let (note, checkpoint) = checkpoint(stand, programme, generation).await;
    let size = checkpoint.size();
    let mut fetched: HashMap<Tile, Bytes> = HashMap::new();
    for tile in tiles(size) {
        fetched.insert(tile, stand.gets(None, programme, &format!("/{tile}")).await.there());
    }
    assert_eq!(root_of(&fetched, size, size), *checkpoint.root(), "the tiles' root");

    let mut held = Vec::new();
    for bundle in entries(size) {
        let bytes = stand.gets(ANNE, programme, &format!("/{bundle}")).await.there();
        held.extend(bundle.decode(&bytes).unwrap().into_iter().map(|entry| bytes.slice_ref(entry)));
    }
    let leaves: Leaves = held.iter().map(|entry| leaf_hash(entry)).collect();
    assert_eq!((leaves.size(), leaves.root()), (size, *checkpoint.root()), "the entries' root");
    for (tile, bytes) in &fetched {
        assert_eq!(tile.cut(&leaves).unwrap(), *bytes, "{tile}");
    }
    Read { note, checkpoint, tiles: fetched, entries: held }
}

/// The root of the first `at` leaves of a tree of `size`, from its tiles.
fn root_of(tiles: &HashMap<Tile, Bytes>, size: u64, at: u64) -> Hash {
    root_at(&TileHashes::new(size, |tile| tiles.get(&tile)), at).unwrap()
}

impl Read {
    /// It must be the same log as one that was read earlier, grown or not.
    pub fn continues(&self, earlier: &Read) {
        let (size, old) = (self.checkpoint.size(), earlier.checkpoint.size());
        assert!(size >= old, "{size} leaves where there were {old}");
        assert_eq!(self.checkpoint.origin(), earlier.checkpoint.origin());
        assert_eq!(root_of(&self.tiles, size, old), *earlier.checkpoint.root(), "a fork below {old}");
        assert_eq!(self.entries[..earlier.entries.len()], earlier.entries);
    }

    /// Every event of the programme must be in it, once, and each service's in
    /// their order.
    pub async fn is_complete(&self, stand: &Stand, programme: ProgrammeId) {
        let mut left: HashMap<&Bytes, &str> = HashMap::new();
        let events = stand.events().await;
        for (place, bytes, of) in &events {
            if *of == programme {
                left.insert(bytes, place);
            }
        }
        let mut through: HashMap<&str, u64> = HashMap::new();
        for entry in &self.entries {
            let place =
                left.remove(entry).unwrap_or_else(|| panic!("not an event, or there twice: {entry:?}"));
            let (service, position) = place.split_once('/').unwrap();
            let position: u64 = position.parse().unwrap();
            let before = through.insert(service, position).unwrap_or(0);
            assert!(before < position, "{place} stands after {service}/{before}");
        }
        assert!(left.is_empty(), "without a place: {:?}", left.values());
    }
}
