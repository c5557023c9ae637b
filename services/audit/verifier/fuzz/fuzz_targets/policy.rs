//! A policy says the same when it is written again, and can be asked about a note.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plaudit_verifier::log::{
    checkpoint::Checkpoint,
    cosignature,
    note::{KeyKind, Note, Signer},
    policy::Policy,
};

/// Signed by the log and cosigned by the first two witnesses of the seeds.
static NOTE: LazyLock<Note> = LazyLock::new(|| {
    let signer =
        |name: &str, kind, seed| Signer::new(name, kind, &[seed; 32]).expect("names without a space");
    let checkpoint = Checkpoint::new("example.com/log", 7, [3; 32]).expect("an origin of one line");
    let mut note =
        checkpoint.sign(&signer("example.com/log", KeyKind::Ed25519, 1)).expect("a log's own checkpoint");
    for seed in [2, 3] {
        let witness = signer(&format!("witness.example/{seed}"), KeyKind::CosignatureV1, seed);
        let line = cosignature::sign(&witness, &checkpoint, 12).expect("a witness's key");
        note.add(line).expect("three signatures");
    }
    note
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(policy) = Policy::parse(bytes) {
        let written = policy.to_string();
        let again = Policy::parse(written.as_bytes()).expect("what was written can be read");
        assert_eq!((again.to_string(), &again), (written, &policy));
        assert_eq!(again.check(&NOTE), policy.check(&NOTE));
    }
});
