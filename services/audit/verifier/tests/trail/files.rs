//! Receipts, and two files against each other.

use plaudit_verifier::against::{Compared, Verdict, compare};
use plaudit_verifier::bundle::write_receipt;
use plaudit_verifier::report::Outcome;
use plaudit_verifier::verify::{Verifier, verify};

use crate::forge::Forge;

#[test]
fn a_receipt_shows_that_its_event_is_in_the_log() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("PitchSubmitted", 1);
    forge.reseal(at, "title", "PitchSubmitted.title", b"A rota that carers own");
    let report = verify(&forge.receipt_file(at));
    assert_eq!(report.exit_code(), 0, "{report}");
    let inside = &report.get("tree").unwrap().sentence;
    assert_eq!(
        inside,
        &format!("Your event, {}, is in the log: number {} of 241.", forge.events[at].0, at + 1)
    );
    assert_eq!(report.get("openings").unwrap().sentence, "Your 1 copy is what was sealed.");
}

#[test]
fn a_receipt_of_another_event_is_found() {
    let forge = Forge::of("the-den");
    let mut receipt = forge.receipt(forge.nth("PitchSubmitted", 0));
    let (place, text) = &forge.events[forge.nth("PitchSubmitted", 1)];
    receipt.event = (place.clone(), text.clone().into_bytes());
    let report = verify(&write_receipt(receipt));
    assert_eq!(report.get("tree").unwrap().outcome, Outcome::Fails);
}

#[test]
fn a_receipt_with_another_copy_is_found() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("PitchSubmitted", 0);
    forge.reseal(at, "title", "PitchSubmitted.title", b"What I handed in");
    forge.openings[0].content = b"What I wish I had".to_vec();
    let report = verify(&forge.receipt_file(at));
    assert_eq!(report.get("openings").unwrap().outcome, Outcome::Fails, "{report}");
}

fn against(one: &[u8], other: &[u8]) -> Compared {
    let seen = |file: &[u8]| {
        let mut verifier = Verifier::default();
        let mut pieces = file.chunks(4096);
        while !verifier.has_seen() {
            verifier.push(pieces.next().unwrap_or_default());
        }
        verifier.seen()
    };
    let (first, second) = (seen(one), seen(other));
    let watched = |file: &[u8], seen| {
        let mut verifier = Verifier::default().watching(seen);
        verifier.push(file);
        verifier.watched().clone()
    };
    compare(&first, &second, &watched(one, &second), &watched(other, &first))
}

#[test]
fn the_same_log_at_two_sizes_is_the_same() {
    let (whole, part) = (Forge::of("the-den"), Forge::first("the-den", 100));
    assert_eq!(against(&whole.bundle(), &part.bundle()).verdict, Verdict::Same);
    let receipt = part.receipt_file(12);
    let compared = against(&receipt, &whole.bundle());
    assert_eq!(compared.verdict, Verdict::Same, "{compared:?}");
    assert!(compared.sentence.contains("the smaller (100 events)"), "{compared:?}");
}

#[test]
fn two_logs_of_one_size_are_a_split_view() {
    let one = Forge::of("the-den");
    let mut other = one.clone();
    let at = other.nth("PitchSubmitted", 2);
    other.change(at, "\"nonce\":\"", "\"nonce\":\"A");
    let compared = against(&one.bundle(), &other.bundle());
    assert_eq!(compared.verdict, Verdict::Split);
    assert!(compared.sentence.starts_with("Two logs were shown"), "{compared:?}");
}

#[test]
fn two_logs_of_different_sizes_are_a_split_view() {
    let one = Forge::of("the-den");
    let mut other = Forge::first("the-den", 100);
    other.sizes = vec![90];
    other.change(60, "\"nonce\":\"", "\"nonce\":\"A");
    assert_eq!(against(&one.bundle(), &other.bundle()).verdict, Verdict::Split);
    assert_eq!(against(&other.receipt_file(12), &one.bundle()).verdict, Verdict::Split);
}

#[test]
fn a_receipt_whose_event_is_another_in_the_bundle_is_a_split_view() {
    let one = Forge::of("the-den");
    let mut other = one.clone();
    other.change(12, "\"nonce\":\"", "\"nonce\":\"A");
    other.sizes.clear();
    let bundle = Forge { sizes: Vec::new(), ..one };
    assert_eq!(against(&other.receipt_file(12), &bundle.bundle()).verdict, Verdict::Split);
}

#[test]
fn files_of_different_logs_cannot_be_compared() {
    let (one, other) = (Forge::of("the-den"), Forge::of("median"));
    assert_eq!(against(&one.bundle(), &other.bundle()).verdict, Verdict::Unshown);
}
