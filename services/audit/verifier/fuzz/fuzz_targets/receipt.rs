//! Receipts: whatever the bytes are, with a right last line as well. Who does not have the log's key can't make one
//! of anything but what the seed shows.
#![no_main]

mod files;

use libfuzzer_sys::fuzz_target;
use plaudit_verifier::bundle::{Part, Reader};
use plaudit_verifier::log::policy::Policy;
use plaudit_verifier::verify::Verifier;

use files::{ended, holds, verified};

/// An honest receipt, whose log nobody else has the key of.
const HONEST: &[u8] = include_bytes!("../seeds/receipt/opened");

fuzz_target!(|bytes: &[u8]| {
    verified(bytes);
    let ended = ended(bytes);
    verified(&ended);
    let said = said(HONEST);
    let policy = said.policy.as_deref().map(|policy| Policy::parse(policy.as_bytes()).expect("the seed's"));
    let mut verifier = Verifier::new(policy);
    verifier.push(&ended);
    let report = verifier.finish();
    if ["signature", "tree"].into_iter().all(|check| holds(&report, check)) {
        let found = self::said(&ended);
        assert_eq!(found.event, said.event, "{report}");
        if holds(&report, "openings") {
            assert!(found.openings.iter().all(|opening| said.openings.contains(opening)), "{report}");
        }
    }
});

#[derive(Default)]
struct Said {
    policy: Option<String>,
    event: Option<String>,
    /// Commitment and content.
    openings: Vec<([u8; 32], Vec<u8>)>,
}

fn said(file: &[u8]) -> Said {
    let mut said = Said::default();
    let _ = Reader::default().push(file, |part| match part {
        Part::Policy { text, .. } => said.policy = Some(text.to_owned()),
        Part::Event { text, .. } => said.event = Some(text.to_owned()),
        Part::Opening { commitment, content, .. } => said.openings.push((commitment.0, content)),
        _ => {}
    });
    said
}
