//! Not a byte of a file can be changed, added or lost.

use plaudit_verifier::verify::verify;

use crate::forge::Forge;

#[test]
fn every_byte_changed_in_turn_is_found() {
    let file = Forge::first("the-den", 6).bundle();
    assert_eq!(verify(&file).exit_code(), 3);
    for at in 0..file.len() {
        for flip in [1, 0x20, 0x80] {
            let mut changed = file.clone();
            changed[at] ^= flip;
            assert_eq!(verify(&changed).exit_code(), 1, "byte {at} flipped by {flip:#x}");
        }
    }
}

#[test]
fn every_truncation_and_every_addition_is_found() {
    let file = Forge::first("the-den", 6).bundle();
    for length in 0..file.len() {
        let report = verify(&file[..length]);
        assert_eq!(report.exit_code(), 1, "{length} bytes");
    }
    for more in ["\n", "x", "end \n"] {
        assert_eq!(verify(&[file.as_slice(), more.as_bytes()].concat()).exit_code(), 1, "{more:?}");
    }
}

#[test]
fn every_byte_of_a_receipt_counts() {
    let file = Forge::first("the-den", 20).receipt_file(12);
    assert_eq!(verify(&file).exit_code(), 0, "{}", verify(&file));
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert_eq!(verify(&changed).exit_code(), 1, "byte {at}");
    }
}
