#![allow(clippy::unwrap_used)]

use super::*;
use crate::log::tree::{Leaves, leaf_hash, root_at};

fn leaves(size: u64) -> Leaves {
    (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

fn tile(level: u8, index: u64, width: u16) -> Tile {
    Tile::new(level, index, width).unwrap()
}

#[test]
fn a_path_has_its_index_in_groups_of_three() {
    for (index, path) in [
        (0, "000"),
        (7, "007"),
        (999, "999"),
        (1000, "x001/000"),
        (1_234_067, "x001/x234/067"),
        (u64::MAX, "x018/x446/x744/x073/x709/x551/615"),
    ] {
        let full = tile(2, index, 256);
        assert_eq!(full.to_string(), format!("tile/2/{path}"));
        assert_eq!(Tile::parse(&full.to_string()), Ok(full));
        let partial = Entries::new(index, 112).unwrap();
        assert_eq!(partial.to_string(), format!("tile/entries/{path}.p/112"));
        assert_eq!(Entries::parse(&partial.to_string()), Ok(partial));
    }
}

#[test]
fn a_path_is_written_in_one_way_only() {
    for path in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile//000",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0//000",
        "tile/00/000",
        "tile/01/000",
        "tile/+1/000",
        "tile/-1/000",
        "tile/256/000",
        "tile/ 0/000",
        "tile/8/0/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/00a",
        "tile/0/+01",
        "tile/0/1000",
        "tile/0/٠٠١",
        "tile/0/x000/001",
        "tile/0/x000",
        "tile/0/x001",
        "tile/0/001/000",
        "tile/0/X001/000",
        "tile/0/x001/x000",
        "tile/0/xx01/000",
        "tile/0/x1/000",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x018/x446/x744/x073/x709/x552/000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/000.p/65537",
        "tile/0/x001.p/1/000",
        "tile/entries/000",
        "tile/data/000",
    ] {
        assert_eq!(Tile::parse(path), Err(PathError::Tile { path: path.to_owned() }), "{path}");
    }
    for path in ["tile/entries/", "tile/entries", "tile/0/000", "tile/entries/0", "tile/entries/000.p/256"] {
        assert_eq!(Entries::parse(path), Err(PathError::Entries { path: path.to_owned() }), "{path}");
    }
}

#[test]
fn levels_and_widths_have_bounds() {
    assert!(Tile::new(63, 0, 256).is_ok() && Tile::parse("tile/63/000").is_ok());
    assert_eq!(Tile::new(64, 0, 1), Err(PathError::Level { level: 64 }));
    assert_eq!(Tile::parse("tile/64/000"), Err(PathError::Level { level: 64 }));
    for width in [0, 257] {
        assert_eq!(Tile::new(0, 0, width), Err(PathError::Width { width }));
        assert_eq!(Entries::new(0, width), Err(PathError::Width { width }));
    }
}

#[test]
fn a_tree_of_70000_leaves_has_the_tiles_of_the_specification() {
    let tiles: Vec<Tile> = tiles(70_000).collect();
    let count =
        |level, full| tiles.iter().filter(|tile| tile.level == level && (tile.width == FULL) == full).count();
    assert_eq!((count(0, true), count(0, false)), (273, 1));
    assert_eq!((count(1, true), count(1, false)), (1, 1));
    assert_eq!((count(2, true), count(2, false)), (0, 1));
    for partial in [tile(0, 273, 112), tile(1, 1, 17), tile(2, 0, 1)] {
        assert!(tiles.contains(&partial), "{partial}");
    }
    assert_eq!(tiles.len(), 277);
    assert_eq!(entries(70_000).count(), 274);
    assert_eq!(entries(70_000).last(), Entries::new(273, 112).ok());
}

#[test]
fn a_tree_of_256_leaves_has_a_full_tile_and_the_beginning_of_the_next_level() {
    assert_eq!(tiles(256).collect::<Vec<_>>(), [tile(0, 0, 256), tile(1, 0, 1)]);
    assert_eq!(tiles(0).count() + entries(0).count(), 0);
    assert_eq!(tiles(u64::MAX).take(3).count(), 3);
}

#[test]
fn what_is_new_is_what_the_larger_tree_has_and_the_smaller_had_not() {
    for (old, new) in
        [(0, 1), (1, 2), (1, 256), (255, 256), (256, 257), (300, 300), (300, 299), (500, 70_000)]
    {
        let had: Vec<Tile> = tiles(old).collect();
        let expected: Vec<Tile> =
            if old < new { tiles(new).filter(|tile| !had.contains(tile)).collect() } else { vec![] };
        assert_eq!(new_tiles(old, new).collect::<Vec<_>>(), expected, "{old} to {new}");
        let had: Vec<Entries> = entries(old).collect();
        let expected: Vec<Entries> =
            if old < new { entries(new).filter(|bundle| !had.contains(bundle)).collect() } else { vec![] };
        assert_eq!(new_entries(old, new).collect::<Vec<_>>(), expected, "{old} to {new}");
    }
}

#[test]
fn a_tile_is_the_hashes_of_the_full_tiles_below() {
    let tree = leaves(70_000);
    let below = tile(0, 16, 256).cut(&tree).unwrap();
    let root = below.chunks(32).map(|hash| <Hash>::try_from(hash).unwrap()).collect::<Leaves>().root();
    let above = tile(1, 0, 256).cut(&tree).unwrap();
    assert_eq!(above.len(), 8192);
    assert_eq!(above[16 * 32..17 * 32], root);
    assert_eq!(below[..32], leaf_hash(&(16_u64 * 256).to_be_bytes()));
    for beyond in [tile(0, 273, 113), tile(3, 0, 1), tile(32, 0, 1), tile(63, 0, 1), tile(0, u64::MAX, 256)] {
        assert!(beyond.cut(&tree).is_err(), "{beyond}");
    }
}

#[test]
fn tiles_give_every_hash_that_the_tree_has_and_no_other() {
    let tree = leaves(66_000);
    let tiles = TileHashes::new(66_000, |tile: Tile| tile.cut(&tree).ok());
    for level in 0..=17 {
        for index in [0, 1, 7, 250, 255, 256, 257, 65_535, 65_999, 66_000, u64::MAX] {
            assert_eq!(tiles.hash(level, index).ok(), tree.hash(level, index).ok(), "{index} at {level}");
        }
    }
    let missing = ReadError::NoSuchSubtree { level: 64, index: 0, size: 66_000 };
    assert_eq!(tiles.hash(64, 0), Err(missing));
    assert_eq!(root_at(&tiles, 66_000), Ok(tree.root()));
}

#[test]
fn only_tiles_of_the_trees_size_are_asked_for_and_their_length_is_checked() {
    let none = TileHashes::new(300, |_: Tile| None::<Vec<u8>>);
    assert_eq!(none.hash(0, 299), Err(ReadError::Missing(tile(0, 1, 44))));
    assert_eq!(none.hash(7, 1), Err(ReadError::Missing(tile(0, 0, 256))));
    assert_eq!(none.hash(8, 0), Err(ReadError::Missing(tile(1, 0, 1))));
    for found in [0, 31, 33, 64] {
        let short = TileHashes::new(300, |_: Tile| Some(vec![0; found]));
        assert_eq!(short.hash(8, 0), Err(ReadError::Length { tile: tile(1, 0, 1), expected: 32, found }));
    }
}

#[test]
fn a_bundle_is_its_entries_after_their_lengths() {
    let bundle = Entries::new(3, 3).unwrap();
    let bytes = bundle.encode(&[b"".as_slice(), b"abc", &[7; 0x102]]).unwrap();
    assert_eq!(bytes[..9], *b"\0\0\0\x03abc\x01\x02");
    assert_eq!(bundle.decode(&bytes), Ok(vec![b"".as_slice(), b"abc", &[7; 0x102]]));
    assert_eq!(bundle.range(), 768..771);
}

#[test]
fn a_bundle_holds_as_many_entries_as_its_path_says() {
    let bundle = Entries::new(0, 2).unwrap();
    assert_eq!(bundle.encode(&["one"]), Err(EntriesError::Count { width: 2, found: 1 }));
    assert_eq!(bundle.decode(b"\0\x01a\0\x01b"), Ok(vec![b"a".as_slice(), b"b"]));
    for short in [b"".as_slice(), b"\0", b"\0\x01"] {
        assert_eq!(bundle.decode(short), Err(EntriesError::Truncated { position: 0, width: 2 }));
    }
    for short in [b"\0\x01a".as_slice(), b"\0\x01a\0", b"\0\x01a\0\x02b"] {
        assert_eq!(bundle.decode(short), Err(EntriesError::Truncated { position: 1, width: 2 }));
    }
    assert_eq!(bundle.decode(b"\0\x01a\0\x01b\0"), Err(EntriesError::LeftOver { bytes: 1, width: 2 }));
}

#[test]
fn an_entry_of_more_than_16_bits_of_length_is_refused() {
    let bundle = Entries::new(0, 1).unwrap();
    let longest = vec![1; 0xffff];
    assert_eq!(bundle.decode(&bundle.encode(&[&longest]).unwrap()), Ok(vec![longest.as_slice()]));
    let found = Err(EntriesError::EntryTooLong { position: 0, length: 0x10000 });
    assert_eq!(bundle.encode(&[vec![1; 0x10000]]), found);
}
