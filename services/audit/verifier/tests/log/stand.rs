//! Keys and trees to test with.

use plaudit_verifier::log::{
    note::{KeyKind, Signer},
    tree::{Hash, Leaves, leaf_hash},
};

pub fn hex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "{text}");
    (0..text.len()).step_by(2).map(|place| u8::from_str_radix(&text[place..place + 2], 16).unwrap()).collect()
}

pub fn hash(text: &str) -> Hash {
    hex(text).try_into().unwrap()
}

/// The entry of a tree in which every entry is another.
pub fn entry(index: u64) -> Vec<u8> {
    index.to_be_bytes().to_vec()
}

pub fn leaves(size: u64) -> Leaves {
    (0..size).map(|index| leaf_hash(&entry(index))).collect()
}

pub fn log() -> Signer {
    Signer::new("example.com/log", KeyKind::Ed25519, &[1; 32]).unwrap()
}

pub fn witness(number: u8) -> Signer {
    Signer::new(&format!("witness.example/{number}"), KeyKind::CosignatureV1, &[number; 32]).unwrap()
}
