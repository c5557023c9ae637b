//! Bundles: whatever the bytes are, with a right last line as well; and, where they begin with another byte than a
//! file does, real programmes that are changed as the bytes say, and signed again.
#![no_main]

mod edits;
mod files;
#[path = "../../tests/trail/forge.rs"]
#[allow(dead_code)]
mod forge;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plaudit_verifier::verify::verify;

use files::{ended, holds, verified};
use forge::{FIXTURES, Forge};

/// The programmes, and the checkpoints that were honestly signed of each.
static PROGRAMMES: LazyLock<Vec<(Forge, Vec<String>)>> = LazyLock::new(|| {
    let forges = FIXTURES.iter().map(|(_, lines)| Forge { sizes: Vec::new(), ..Forge::from_lines(lines) });
    forges.map(|forge| (forge.clone(), vec![forge.checkpoint(forge.events.len()).to_string()])).collect()
});

fuzz_target!(|bytes: &[u8]| {
    match bytes {
        [b'p', ..] => {
            verified(bytes);
            verified(&ended(bytes));
        }
        [which, changes @ ..] => forged(*which, changes),
        [] => {}
    }
});

fn forged(which: u8, changes: &[u8]) {
    let (honest, checkpoints) = &PROGRAMMES[usize::from(which) % PROGRAMMES.len()];
    let mut forge = honest.clone();
    edits::edit(&mut forge, changes);
    let same = forge.events.iter().map(|(_, text)| text).eq(honest.events.iter().map(|(_, text)| text));
    // Without the log's key no other events come out, whatever the file says.
    let report = verify(&forge.bundle_with(checkpoints.clone()));
    assert!(same || !holds(&report, "tree"), "{report}");
    // With it, what the story tells is all that there is to go by.
    let report = verify(&forge.bundle());
    for check in ["signature", "tree", "growth", "witnesses"] {
        assert!(holds(&report, check), "{report}");
    }
}
