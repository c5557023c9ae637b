//! Paths of tiles and bundles are written again as they were read, and bundles hold the entries that were
//! read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plaudit_verifier::log::tile::{Entries, Tile};

fuzz_target!(|bytes: &[u8]| {
    if let Some((width, bundle)) = bytes.split_first()
        && let Ok(entries) = Entries::new(0, u16::from(*width) + 1)
        && let Ok(read) = entries.decode(bundle)
    {
        assert_eq!(entries.encode(&read).as_deref(), Ok(bundle));
    }
    let Ok(path) = str::from_utf8(bytes) else { return };
    if let Ok(tile) = Tile::parse(path) {
        assert_eq!(tile.to_string(), path);
        assert_eq!(Tile::new(tile.level(), tile.index(), tile.width()), Ok(tile));
    }
    if let Ok(entries) = Entries::parse(path) {
        assert_eq!(entries.to_string(), path);
        assert!(entries.range().count() <= usize::from(entries.width()));
    }
});
