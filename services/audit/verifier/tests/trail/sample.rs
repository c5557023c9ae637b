//! Programmes as they were.

use plaudit_verifier::report::Outcome;
use plaudit_verifier::verify::{Verifier, verify};

use crate::forge::{FIXTURES, Forge};

#[test]
fn every_check_holds_of_programmes_as_they_were() {
    for (name, _) in FIXTURES {
        let report = verify(&Forge::of(name).bundle());
        assert_eq!(report.exit_code(), 0, "{name}\n{report}");
        assert_eq!(report.0.len(), 26);
    }
}

#[test]
fn the_sample_is_told_in_these_sentences() {
    let report = verify(&Forge::of("the-den").bundle());
    assert_eq!(report.to_string(), include_str!("../data/the-den.report"));
}

#[test]
fn a_file_reads_alike_in_pieces_of_any_size() {
    let file = Forge::of("shared-first").bundle();
    let whole = verify(&file);
    for size in [1, 7, 100, 4096] {
        let mut verifier = Verifier::default();
        file.chunks(size).for_each(|piece| verifier.push(piece));
        assert_eq!(verifier.finish(), whole, "pieces of {size}");
    }
}

#[test]
fn what_can_not_be_read_ends_the_reading_wherever_a_piece_ends() {
    let file = String::from_utf8(Forge::first("the-den", 20).bundle()).unwrap();
    // A policy and checkpoints that are none, and two lines below them that are wrong as well.
    let events = file.replace("\n10\n", "\nten\n").replace("\nquorum ", "\nquota ");
    for file in [events.replace("\nopenings ", "\nopening "), events.replace("\"version\":", "\"Version\":")]
    {
        let whole = verify(file.as_bytes());
        let said = &whole.get("file").unwrap().sentence;
        assert!(said.starts_with("Line 8 ") && said.ends_with("a policy was to stand there."), "{said}");
        for size in [1, 100, 4096] {
            let mut verifier = Verifier::default();
            file.as_bytes().chunks(size).for_each(|piece| verifier.push(piece));
            assert_eq!(verifier.finish(), whole, "pieces of {size}");
        }
    }
}

#[test]
fn a_programme_half_way_shows_what_it_can() {
    for (name, _) in FIXTURES {
        let many = Forge::of(name).events.len();
        for events in (1..many).step_by(5) {
            let report = verify(&Forge::first(name, events).bundle());
            let failed: Vec<_> =
                report.0.iter().filter(|checked| checked.outcome == Outcome::Fails).collect();
            assert!(failed.is_empty(), "{name}, {events} events: {failed:?}");
        }
    }
}

#[test]
fn exit_codes_say_the_worst() {
    assert_eq!(verify(&Forge::first("the-den", 20).bundle()).exit_code(), 3);
    assert_eq!(verify(b"").exit_code(), 1);
}
