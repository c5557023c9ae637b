#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use super::read::hex;
use super::*;
use crate::event::Hash32;
use crate::id::Id;
use sha2::{Digest, Sha256};

const HEAD: &str = "plaudit.bundle/v1\nprogramme b7953a5c-669d-8209-83ff-ea6f022b3e9a\nmade 2026-11-23T12:00:00Z\n\
                    for auditors\npolicy 1\nquorum none\ncheckpoint 1\na note\n";
const HASH: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn whole(lines: &str) -> String {
    let text = format!("{HEAD}{lines}");
    let hash: [u8; 32] = Sha256::digest(&text).into();
    format!("{text}end {}\n", hex(&hash))
}

fn read(file: &str) -> Result<Vec<String>, Problem> {
    let mut parts = Vec::new();
    let mut reader = Reader::default();
    reader.push(file.as_bytes(), |part| parts.push(format!("{part:?}")))?;
    reader.finish()?;
    Ok(parts)
}

#[test]
fn what_is_written_is_read() {
    let opening = |byte| Opening { commitment: Hash32([byte; 32]), salt: Hash32([2; 32]), content: vec![3] };
    let bundle = Bundle {
        programme: Id(7),
        made: "2026-11-23T12:00:00Z".to_owned(),
        audience: Audience::Auditors,
        before: Some(Before { origin: "o".to_owned(), size: 3, root: [1; 32] }),
        policy: "quorum none\n".to_owned(),
        checkpoints: vec!["a\n".to_owned(), "b\n\nc\n".to_owned()],
        events: 1,
        openings: vec![opening(9), opening(8)],
        withheld: BTreeMap::from([("A.b".to_owned(), 2)]),
    };
    let mut file = Vec::new();
    let events = [("scoring/12".to_owned(), b"{}".to_vec())];
    write_bundle(bundle, events, |bytes| {
        file.extend_from_slice(bytes);
        Ok::<(), std::convert::Infallible>(())
    })
    .unwrap();
    let parts = read(std::str::from_utf8(&file).unwrap()).unwrap();
    assert_eq!(parts.len(), 14, "{parts:#?}");
    assert!(parts[13].contains("whole: true"), "{}", parts[13]);
}

#[test]
fn each_line_is_written_in_one_way_only() {
    let right = format!("events 0\nopenings 1\n{HASH}\t{HASH}\tAA==\nwithheld 1\nA.b\t2\n");
    assert!(read(&whole(&right)).is_ok());
    let changes = [
        ("events 0", "events 00", "events"),
        ("events 0", "events 1", "event"),
        ("openings 1", "openings 2", "opening"),
        ("openings 1", "openings  1", "openings"),
        ("AA==", "AA", "opening"),
        ("AA==", "AB==", "opening"),
        ("AA==", "AA==\t", "opening"),
        ("withheld 1", "Withheld 1", "withheld"),
        ("A.b\t2", "A.b\t0", "field"),
        ("A.b\t2", "A.b 2", "field"),
    ];
    for (from, to, wanted) in changes {
        let problem = read(&whole(&right.replacen(from, to, 1))).unwrap_err();
        let expected = crate::sentences::wanted(wanted);
        assert_eq!((problem.reason, problem.wanted), ("line", expected), "{to}");
    }
}

#[test]
fn what_is_listed_rises() {
    let twice = format!("events 0\nopenings 2\n{HASH}\t{HASH}\t\n{HASH}\t{HASH}\t\nwithheld 0\n");
    assert_eq!(read(&whole(&twice)).unwrap_err().line, 12);
    let falling = "events 0\nopenings 0\nwithheld 2\nB.a\t1\nA.a\t1\n";
    assert_eq!(read(&whole(falling)).unwrap_err().line, 13);
}

#[test]
fn nothing_is_opened_to_the_public() {
    let public = whole(&format!("events 0\nopenings 1\n{HASH}\t{HASH}\t\nwithheld 0\n"));
    assert!(read(&public.replace("for auditors", "for public")).is_err());
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    let mut reader = Reader::default();
    let piece = vec![b'x'; 1 << 16];
    let refused = (0..100).find_map(|_| reader.push(&piece, |_| {}).err()).unwrap();
    assert_eq!((refused.reason, refused.line), ("line", 1));
}

#[test]
fn a_line_is_too_long_wherever_a_piece_ends() {
    let of_length =
        |length| format!("{HEAD}events 1\nscoring/1\t{}\n", "x".repeat(length - "scoring/1\t".len()));
    let longest = super::lines::LONGEST;
    for piece in [1 << 10, 1 << 20, 1 << 22] {
        let read = |file: &str| {
            let mut reader = Reader::default();
            file.as_bytes().chunks(piece).try_for_each(|piece| reader.push(piece, |_| {}))
        };
        assert_eq!(read(&of_length(longest)), Ok(()), "pieces of {piece}");
        let refused = read(&of_length(longest + 1)).unwrap_err();
        assert_eq!((refused.reason, refused.line), ("line", 10), "pieces of {piece}");
    }
}
