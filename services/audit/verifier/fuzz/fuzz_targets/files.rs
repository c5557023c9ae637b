//! What must be true of every file that is read, and a right last line for one that was changed: nobody guesses a
//! SHA-256, and behind it lies most of what reads.

use std::collections::BTreeMap;
use std::convert::Infallible;

use plaudit_verifier::bundle::{Bundle, Opening, Part, Reader, Receipt, write_bundle, write_receipt};
use plaudit_verifier::report::{Outcome, Report};
use plaudit_verifier::verify::{Verifier, verify};
use sha2::{Digest, Sha256};

/// Verifies a file, and asserts that it comes out alike in pieces; that a whole one is written again as it was read,
/// has the SHA-256 that it should, and is not whole with a byte changed.
pub fn verified(file: &[u8]) -> Report {
    let report = verify(file);
    let mut verifier = Verifier::default();
    file.chunks(piece(file)).for_each(|piece| verifier.push(piece));
    assert_eq!(verifier.finish(), report, "in pieces");
    if is_whole(file) {
        assert_eq!(ended(file), file, "the last line");
        assert_eq!(String::from_utf8_lossy(&written_again(file)), String::from_utf8_lossy(file));
        let mut changed = file.to_vec();
        let at =
            file.iter().fold(0, |sum: usize, byte| sum.wrapping_mul(31) + usize::from(*byte)) % file.len();
        changed[at] ^= 1;
        assert_eq!(verify(&changed).exit_code(), 1, "byte {at} is another");
    }
    report
}

/// Whether a check neither fails nor can't be shown.
pub fn holds(report: &Report, check: &str) -> bool {
    report.get(check).is_some_and(|checked| checked.outcome == Outcome::Holds)
}

/// The file with a last line that is right, in place of its own or of whatever stands there.
pub fn ended(file: &[u8]) -> Vec<u8> {
    let lines = file.strip_suffix(b"\n").unwrap_or(file);
    let from = lines.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let hash: String = Sha256::digest(&file[..from]).iter().map(|byte| format!("{byte:02x}")).collect();
    [&file[..from], format!("end {hash}\n").as_bytes()].concat()
}

/// Of one size that depends on the file.
fn piece(file: &[u8]) -> usize {
    1 + usize::from(*file.last().unwrap_or(&0)) + file.len() % 97
}

/// Read to its end by the rules, with the right SHA-256. Whether its events can be read is another matter.
fn is_whole(file: &[u8]) -> bool {
    let mut right = false;
    let mut reader = Reader::default();
    let read = reader.push(file, |part| right |= matches!(part, Part::End { whole: true, .. }));
    read.is_ok() && reader.finish().is_ok() && right
}

/// All that a file says, through what writes files.
fn written_again(file: &[u8]) -> Vec<u8> {
    let made = str::from_utf8(file).ok().and_then(|text| text.lines().nth(2)?.strip_prefix("made "));
    let made = made.expect("a file that was read").to_owned();
    let (mut programme, mut policy, mut audience, mut before) = (None, String::new(), None, None);
    let (mut checkpoints, mut events, mut proof) = (Vec::new(), Vec::new(), String::new());
    let (mut openings, mut withheld) = (Vec::new(), BTreeMap::new());
    let read = Reader::default().push(file, |part| match part {
        Part::Programme(id) => programme = Some(id),
        Part::For(whom) => audience = Some(whom),
        Part::Before(earlier) => before = Some(earlier),
        Part::Policy { text, .. } => policy = text.to_owned(),
        Part::Checkpoint { text, .. } => checkpoints.push(text.to_owned()),
        Part::Event { at, text, .. } => events.push((at.to_string(), text.as_bytes().to_vec())),
        Part::Opening { commitment, salt, content } => openings.push(Opening { commitment, salt, content }),
        Part::Withheld { field, count } => drop(withheld.insert(field.to_owned(), count)),
        Part::Proof { text, .. } => proof = text.to_owned(),
        Part::Kind(_) | Part::Made(_) | Part::Events(_) | Part::End { .. } => {}
    });
    read.expect("it was read before");
    let programme = programme.expect("every file names one");
    let Some(audience) = audience else {
        let event = events.pop().expect("a receipt has one");
        return write_receipt(Receipt { programme, made, policy, event, openings, proof });
    };
    let many = events.len() as u64;
    let bundle =
        Bundle { programme, made, audience, before, policy, checkpoints, events: many, openings, withheld };
    let mut written = Vec::new();
    let Ok(()) = write_bundle(bundle, events, |bytes| {
        written.extend_from_slice(bytes);
        Ok::<(), Infallible>(())
    });
    written
}
