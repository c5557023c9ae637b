#![allow(clippy::unwrap_used)]

use super::*;
use crate::log::{
    checkpoint::{Checkpoint, CheckpointError},
    cosignature,
    note::{KeyError, KeyKind, Note, SignatureError, Signer},
};

fn log(seed: u8) -> Signer {
    Signer::new("example.com/log", KeyKind::Ed25519, &[seed; 32]).unwrap()
}

fn witness(seed: u8) -> Signer {
    Signer::new(&format!("witness.example/{seed}"), KeyKind::CosignatureV1, &[seed; 32]).unwrap()
}

/// The example of the specification, with the rule at its end left open.
fn example(rule: &str) -> String {
    let mut text = format!("# the example\n\nlog {} https://example.com/\n\n", log(1).verifier_key());
    for (name, seed) in [("X1", 11), ("X2", 12), ("X3", 13), ("Y1", 21), ("Y2", 22), ("Y3", 23)] {
        text += &format!("witness {name} {}\n", witness(seed).verifier_key());
    }
    text + rule
}

const X_AND_Y: &str = "group X 2 X1 X2 X3\ngroup Y any Y1 Y2 Y3\ngroup X-and-Y all X Y\nquorum X-and-Y\n";

fn policy(rule: &str) -> Policy {
    Policy::parse(example(rule).as_bytes()).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new("example.com/log", 7, [3; 32]).unwrap()
}

/// Signed by the log, and cosigned by witnesses, each at the second of its number.
fn cosigned(witnesses: &[u8]) -> Note {
    let mut note = checkpoint().sign(&log(1)).unwrap();
    for seed in witnesses {
        note.add(cosignature::sign(&witness(*seed), &checkpoint(), u64::from(*seed)).unwrap()).unwrap();
    }
    note
}

fn reaches(rule: &str, witnesses: &[u8]) -> bool {
    policy(rule).check(&cosigned(witnesses)).unwrap().quorum_reached
}

#[test]
fn a_policy_says_the_same_when_it_is_written_again() {
    let rules = [
        X_AND_Y,
        "quorum none\n",
        "quorum Y3\n",
        "group g 2 X1 X2 X3 Y1\nquorum X2\n",
        "group all any X1\ngroup any all all X2\n\tgroup  3\t3 any Y1 Y2 \nquorum 3\n # the end\n",
    ];
    for rule in rules {
        let policy = policy(rule);
        let written = policy.to_string();
        assert_eq!(Policy::parse(written.as_bytes()).as_ref(), Ok(&policy), "{written}");
        assert!(!written.contains('#') && !written.contains('\t'), "{written}");
    }
    let policy = policy(X_AND_Y);
    assert!(policy.to_string().ends_with(X_AND_Y), "{policy}");
    assert_eq!(policy.logs()[0].key(), log(1).verifier_key());
    assert_eq!(policy.logs()[0].url(), Some("https://example.com/"));
    assert_eq!(policy.witnesses()[5].name(), "Y3");
    assert_eq!(
        (policy.witnesses()[5].key(), policy.witnesses()[5].url()),
        (witness(23).verifier_key(), None)
    );
}

#[test]
fn the_quorum_of_the_example_is_two_of_x_and_one_of_y() {
    for enough in [[11, 12, 21].as_slice(), &[13, 11, 23], &[11, 12, 13, 21, 22, 23]] {
        assert!(reaches(X_AND_Y, enough), "{enough:?}");
    }
    for too_few in [[].as_slice(), &[11, 12, 13], &[11, 21], &[21, 22, 23], &[11, 11, 21]] {
        assert!(!reaches(X_AND_Y, too_few), "{too_few:?}");
    }
}

#[test]
fn a_quorum_may_be_one_witness_or_nobody() {
    assert!(reaches("quorum X2\n", &[12]) && !reaches("quorum X2\n", &[11, 13, 21, 22, 23]));
    assert!(reaches("quorum none\n", &[]));
}

#[test]
fn groups_may_be_nested_as_deeply_as_somebody_likes() {
    let mut rule = String::from("group g0 any X1\n");
    for depth in 1..10_000 {
        rule += &format!("group g{depth} any g{}\n", depth - 1);
    }
    rule += "quorum g9999\n";
    assert!(reaches(&rule, &[11]) && !reaches(&rule, &[12]));
}

#[test]
fn a_verdict_says_who_signed_and_when_and_what_is_unknown() {
    let mut note = cosigned(&[12, 21]);
    let stranger = cosignature::sign(&witness(99), &checkpoint(), 5).unwrap();
    note.add(stranger.clone()).unwrap();
    note.add(cosignature::sign(&witness(12), &checkpoint(), 500).unwrap()).unwrap();
    let verdict = policy(X_AND_Y).check(&note).unwrap();
    assert_eq!((&verdict.checkpoint, &verdict.log), (&checkpoint(), log(1).verifier_key()));
    let cosigned: Vec<_> = verdict.cosigned.iter().map(|it| (it.witness.as_str(), it.time)).collect();
    assert_eq!(cosigned, [("X2", 12), ("Y1", 21), ("X2", 500)]);
    assert_eq!(verdict.witnesses(), ["X2", "Y1"]);
    assert_eq!(verdict.unknown, [stranger]);
    assert!(!verdict.quorum_reached);
}

#[test]
fn a_false_signature_of_a_known_key_is_an_error_whatever_else_is_true() {
    let other = Checkpoint::new("example.com/log", 8, [3; 32]).unwrap();
    for line in
        [log(1).sign(&other.to_string()).unwrap(), cosignature::sign(&witness(13), &other, 5).unwrap()]
    {
        let mut note = cosigned(&[11, 12, 21]);
        let invalid = SignatureError::Invalid { name: line.name().to_owned() };
        note.add(line).unwrap();
        assert_eq!(policy(X_AND_Y).check(&note), Err(invalid.into()));
    }
}

#[test]
fn a_checkpoint_that_no_known_log_signed_is_not_believed() {
    let no_log = Err(CheckError::NoLog { origin: "example.com/log".into() });
    let note = checkpoint().sign(&log(2)).unwrap();
    assert_eq!(policy("quorum none\n").check(&note), no_log);
    let line = cosignature::sign(&witness(12), &checkpoint(), 5).unwrap();
    let note = Note::new(&checkpoint().to_string(), vec![line]).unwrap();
    assert_eq!(policy("quorum X2\n").check(&note), no_log);
}

#[test]
fn a_log_is_not_believed_about_another_log() {
    let checkpoint = Checkpoint::new("example.com/other", 7, [3; 32]).unwrap();
    let text = checkpoint.to_string();
    let note = Note::new(&text, vec![log(1).sign(&text).unwrap()]).unwrap();
    let origin =
        CheckpointError::Origin { origin: "example.com/other".into(), key: "example.com/log".into() };
    assert_eq!(policy("quorum none\n").check(&note), Err(origin.into()));
    let note = Note::new("no checkpoint\n", vec![log(1).sign("no checkpoint\n").unwrap()]).unwrap();
    assert_eq!(policy("quorum none\n").check(&note), Err(CheckpointError::Lines.into()));
}

#[test]
fn one_key_of_a_log_that_has_several_is_enough() {
    let text = format!("log {}\nlog {}\nquorum none\n", log(2).verifier_key(), log(1).verifier_key());
    let verdict = Policy::parse(text.as_bytes()).unwrap().check(&cosigned(&[])).unwrap();
    assert_eq!(&verdict.log, log(1).verifier_key());
}

/// What is wrong with the line after the example's keys, which fill lines 1 to 10.
fn problem(rule: &str) -> Problem {
    let error = Policy::parse(example(rule).as_bytes()).unwrap_err();
    assert_eq!(error.line, 10 + rule.lines().count(), "{error}");
    error.problem
}

#[test]
fn what_a_policy_can_not_say_is_refused_with_the_line_and_the_reason() {
    let name = |name: &str| name.to_owned();
    let key = |seed| witness(seed).verifier_key().to_string();
    let group = Problem::Form { form: "group <name> all|any|<number> <member>..." };
    let witness_form = Problem::Form { form: "witness <name> <key> [<url>]" };
    let (logs, cosigns) = (KeyKind::Ed25519, KeyKind::CosignatureV1);
    for (rule, expected) in [
        ("", Problem::NoQuorum),
        ("# quorum none\n", Problem::NoQuorum),
        ("quorum none", Problem::Unended),
        ("quorum none\r\n", Problem::ControlCharacter { character: '\r' }),
        ("# \0\n", Problem::ControlCharacter { character: '\0' }),
        ("# \u{7f}\n", Problem::ControlCharacter { character: '\u{7f}' }),
        ("Quorum none\n", Problem::Word { word: name("Quorum") }),
        ("quorum\u{a0}none\n", Problem::Word { word: name("quorum\u{a0}none") }),
        ("quorum\n", Problem::Form { form: "quorum <name>|none" }),
        ("quorum X1 X2\n", Problem::Form { form: "quorum <name>|none" }),
        ("quorum Z\n", Problem::NameUnknown { name: name("Z") }),
        ("quorum none\nquorum none\n", Problem::QuorumTwice),
        ("log\n", Problem::Form { form: "log <key> [<url>]" }),
        ("log a b c\n", Problem::Form { form: "log <key> [<url>]" }),
        ("log a\n", Problem::Key(KeyError::Form { text: name("a") })),
        (&format!("log {}\n", key(99)), Problem::Kind { needed: logs, found: cosigns }),
        (&format!("witness Z {}\n", log(99).verifier_key()), Problem::Kind { needed: cosigns, found: logs }),
        (&format!("log {}\n", log(1).verifier_key()), Problem::KeyTwice { name: name("example.com/log") }),
        (&format!("witness Z {}\n", key(23)), Problem::KeyTwice { name: name("witness.example/23") }),
        (&format!("witness X1 {}\n", key(99)), Problem::NameTaken { name: name("X1") }),
        (&format!("witness none {}\n", key(99)), Problem::NamedNone),
        (&format!("witness {}\n", key(99)), witness_form.clone()),
        (&format!("witness Z {} url more\n", key(99)), witness_form),
        ("group\n", group.clone()),
        ("group g any\n", group),
        ("group none any X1\n", Problem::NamedNone),
        ("group X1 any X1\n", Problem::NameTaken { name: name("X1") }),
        ("group g any none\n", Problem::NameUnknown { name: name("none") }),
        ("group g any g\n", Problem::NameUnknown { name: name("g") }),
        ("group g any X1 X1\n", Problem::InTwoGroups { name: name("X1") }),
        ("group g any X1\ngroup h any X1\n", Problem::InTwoGroups { name: name("X1") }),
        ("group g 0 X1\n", Problem::Threshold { threshold: name("0"), members: 1 }),
        ("group g 3 X1 X2\n", Problem::Threshold { threshold: name("3"), members: 2 }),
        ("group g 01 X1 X2\n", Problem::Threshold { threshold: name("01"), members: 2 }),
        ("group g some X1 X2\n", Problem::Threshold { threshold: name("some"), members: 2 }),
    ] {
        assert_eq!(problem(rule), expected, "{rule:?}");
    }
}

#[test]
fn the_same_key_under_another_name_is_the_same_key() {
    let renamed = Signer::new("other.example", KeyKind::CosignatureV1, &[23; 32]).unwrap();
    let rule = format!("witness Z {}\n", renamed.verifier_key());
    assert_eq!(problem(&rule), Problem::KeyTwice { name: "other.example".into() });
}

#[test]
fn two_keys_that_a_line_can_not_tell_apart_are_not_both_taken() {
    // Two seeds whose keys have the same id under the name n, found by trying.
    let [one, other] = [21_877_u32, 72_346].map(|number| {
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&number.to_le_bytes());
        Signer::new("n", KeyKind::Ed25519, &seed).unwrap().verifier_key().clone()
    });
    assert_eq!(one.id(), other.id());
    assert_ne!(one.public_key(), other.public_key());
    let rule = format!("log {one}\nlog {other}\n");
    assert_eq!(problem(&rule), Problem::KeyAmbiguous { name: "n".into() });
}

#[test]
fn bytes_that_are_not_text_are_refused_where_they_are() {
    let error = Policy::parse(b"quorum none\n# \xff\n").unwrap_err();
    assert_eq!(error, PolicyError { line: 2, problem: Problem::NotUtf8 });
    assert_eq!(Policy::parse(b""), Err(PolicyError { line: 1, problem: Problem::NoQuorum }));
}

#[test]
fn a_policy_may_be_large() {
    let mut text = String::new();
    for seed in 0..100 {
        text += &format!("log {}\n", log(seed).verifier_key());
        text += &format!("witness w{seed} {}\n", witness(seed).verifier_key());
        text += &format!("group g{seed} any w{seed}\n");
    }
    text += "quorum g99\n";
    assert_eq!(Policy::parse(text.as_bytes()).unwrap().witnesses().len(), 100);
}
