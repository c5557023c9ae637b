#![allow(clippy::unwrap_used)]

use super::*;

fn signer(name: &str) -> Signer {
    Signer::new(name, KeyKind::Ed25519, &[7; 32]).unwrap()
}

fn signed(text: &str) -> Note {
    Note::new(text, vec![signer("example.com/log").sign(text).unwrap()]).unwrap()
}

#[test]
fn a_note_is_read_back_byte_for_byte_and_believed_by_its_key() {
    let key = signer("example.com/log").verifier_key().clone();
    for text in [
        "\n",
        "one line\n",
        "two\nlines\n",
        "a\n\nblank line\n",
        "blank lines at the end\n\n\n",
        "— like one\n",
    ] {
        let note = signed(text);
        assert_eq!(note.text(), text);
        let read = Note::parse(note.to_string().as_bytes()).unwrap();
        assert_eq!((&read, read.to_string()), (&note, note.to_string()), "{text:?}");
        assert_eq!(key.verify(read.text(), &read.signatures()[0]), Ok(()), "{text:?}");
    }
}

#[test]
fn no_byte_of_a_note_can_change_unnoticed() {
    let key = signer("example.com/log").verifier_key().clone();
    let note = signed("text\nof a note\n").to_string().into_bytes();
    for place in 0..note.len() {
        for bit in 0..8 {
            let mut changed = note.clone();
            changed[place] ^= 1 << bit;
            let believed = Note::parse(&changed)
                .is_ok_and(|note| note.signatures().iter().any(|line| key.verify(note.text(), line).is_ok()));
            assert!(!believed, "bit {bit} of byte {place}");
        }
    }
}

#[test]
fn what_is_not_a_note_is_refused_with_the_reason() {
    let line = signer("n").sign("t\n").unwrap().to_string();
    let cases = [
        (b"\xff\n\n".to_vec(), NoteError::NotUtf8),
        (format!("t\t\n\n{line}\n").into_bytes(), NoteError::ControlCharacter { character: '\t' }),
        (format!("t\r\n\n{line}\n").into_bytes(), NoteError::ControlCharacter { character: '\r' }),
        (format!("t\n\n{line}\0\n").into_bytes(), NoteError::ControlCharacter { character: '\0' }),
        (b"".to_vec(), NoteError::NoBlankLine),
        (format!("t\n{line}\n").into_bytes(), NoteError::NoBlankLine),
        (format!("\n{line}\n").into_bytes(), NoteError::NoBlankLine),
        (format!("t\n\n{line}").into_bytes(), NoteError::Unended),
        (b"t\n\n".to_vec(), NoteError::Unended),
        (b"t\n\n\n".to_vec(), NoteError::Unended),
        (format!("t\n\n{line}\nx\n").into_bytes(), NoteError::Line { line: "x".into() }),
    ];
    for (bytes, error) in cases {
        assert_eq!(Note::parse(&bytes), Err(error), "{:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn what_can_not_be_a_text_is_not_signed() {
    let line = signer("n").sign("t\n").unwrap();
    assert_eq!(Note::new("", vec![line.clone()]), Err(NoteError::Unended));
    assert_eq!(Note::new("t", vec![line.clone()]), Err(NoteError::Unended));
    assert_eq!(Note::new("t\r\n", vec![line]), Err(NoteError::ControlCharacter { character: '\r' }));
    assert_eq!(Note::new("t\n", vec![]), Err(NoteError::Unsigned));
    assert_eq!(signer("n").sign("t"), Err(NoteError::Unended.into()));
    assert_eq!(signer("n").sign("\u{b}\n"), Err(NoteError::ControlCharacter { character: '\u{b}' }.into()));
}

#[test]
fn a_note_may_have_64_signatures_and_no_more() {
    let line = signer("n").sign("t\n").unwrap();
    let mut note = Note::new("t\n", vec![line.clone(); 63]).unwrap();
    assert_eq!(note.add(line.clone()), Ok(()));
    assert_eq!(Note::parse(note.to_string().as_bytes()), Ok(note.clone()));
    let found = NoteError::TooManySignatures { found: 65 };
    assert_eq!(note.add(line.clone()), Err(found.clone()));
    assert_eq!(Note::new("t\n", vec![line.clone(); 65]), Err(found.clone()));
    assert_eq!(Note::parse(format!("{note}{line}\n").as_bytes()), Err(found));
    assert_eq!(note.signatures().len(), MAX_SIGNATURES);
}

#[test]
fn a_signature_line_is_written_in_one_way_only() {
    // Five bytes, the fewest: an id and a signature of one byte.
    let good = "— n AAAAAAA=";
    assert_eq!(SignatureLine::parse(good).map(|line| line.to_string()), Ok(good.to_owned()));
    for line in [
        "",
        "—",
        "— ",
        "— n",
        "— n ",
        "- n AAAAAAA=",
        "—n AAAAAAA=",
        " — n AAAAAAA=",
        "—  AAAAAAA=",
        "—  n AAAAAAA=",
        "— n  AAAAAAA=",
        "— n AAAAAAA= ",
        "— n\u{a0}n AAAAAAA=",
        "— n\u{2003} AAAAAAA=",
        "— n+n AAAAAAA=",
        "— n\tn AAAAAAA=",
        "— n AAAAAAA",
        "— n AAAAAAB=",
        "— n AAAAAAA==",
        "— n AAAA_AA=",
        "— n AAAAAA==",
        "— n AAAA",
        "— n AAAA=AAA",
        "— n =",
    ] {
        assert_eq!(SignatureLine::parse(line), Err(NoteError::Line { line: line.to_owned() }), "{line:?}");
    }
}

#[test]
fn a_witness_may_answer_with_several_lines() {
    let line = signer("n").sign("t\n").unwrap();
    assert_eq!(signature_lines(&format!("{line}\n{line}\n")), Ok(vec![line.clone(), line.clone()]));
    assert_eq!(signature_lines(&format!("{line}\n{line}")), Err(NoteError::Unended));
    assert_eq!(signature_lines(&format!("{line}\n\n")), Err(NoteError::Line { line: String::new() }));
    assert_eq!(signature_lines(""), Err(NoteError::Unended));
}

#[test]
fn a_key_is_read_back_as_it_was_written() {
    for kind in [KeyKind::Ed25519, KeyKind::CosignatureV1] {
        for seed in 0..32 {
            let key = Signer::new("example.com/log", kind, &[seed; 32]).unwrap().verifier_key().clone();
            assert_eq!(VerifierKey::parse(&key.to_string()), Ok(key.clone()));
            let again = VerifierKey::new(key.name(), key.kind(), key.public_key()).unwrap();
            assert_eq!((again.id(), &again), (key.id(), &key));
        }
    }
}

#[test]
fn no_character_of_a_key_can_change_unnoticed() {
    let text = signer("example.com/log").verifier_key().to_string();
    for place in 0..text.len() {
        for other in " !+/019=AZaz~".chars().filter(|other| !text[place..].starts_with(*other)) {
            let changed = format!("{}{other}{}", &text[..place], &text[place + 1..]);
            assert!(VerifierKey::parse(&changed).is_err(), "{changed}");
        }
        assert!(VerifierKey::parse(&text[..place]).is_err(), "{}", &text[..place]);
        assert!(VerifierKey::parse(&text[place + 1..]).is_err(), "{}", &text[place + 1..]);
    }
}

#[test]
fn what_is_not_a_key_is_refused_with_the_reason() {
    let name = || "n".to_owned();
    let key = |id: &str, bytes: &[u8]| VerifierKey::parse(&format!("n+{id}+{}", to_base64(bytes)));
    let form = |text: &str| Err(KeyError::Form { text: text.to_owned() });
    for text in [
        "",
        "n",
        "n+00000000",
        "n+0000000+AQ==",
        "n+000000000+AQ==",
        "n+0000000G+AQ==",
        "n+ABCDEF01+AQ==",
        "n+00000000+",
        "n+00000000+AQ",
        "n+00000000+AR==",
    ] {
        assert_eq!(VerifierKey::parse(text), form(text));
    }
    assert_eq!(VerifierKey::parse("+00000000+AQ=="), Err(KeyError::Name { name: String::new() }));
    assert_eq!(VerifierKey::parse("a b+00000000+AQ=="), Err(KeyError::Name { name: "a b".into() }));
    assert_eq!(key("00000000", &[6; 33]), Err(KeyError::Kind { name: name(), kind: 6 }));
    assert_eq!(key("00000000", &[1; 32]), Err(KeyError::Length { name: name(), found: 31 }));
    assert_eq!(key("00000000", &[1; 34]), Err(KeyError::Length { name: name(), found: 33 }));
    let sound = signer("n").verifier_key().clone();
    let typed = [&[1], sound.public_key().as_slice()].concat();
    let (stated, computed) = (KeyId([0, 0, 0, 1]), sound.id());
    assert_eq!(key("00000001", &typed), Err(KeyError::Id { name: name(), stated, computed }));
}

#[test]
fn a_key_in_whose_name_anybody_can_sign_is_refused() {
    // The neutral point and a point of order 2 of the curve, and bytes that are no point at all.
    let (mut neutral, mut order_two, no_point) = ([0; 32], [0xff; 32], [2; 32]);
    (neutral[0], order_two[0], order_two[31]) = (1, 0xec, 0x7f);
    for public in [neutral, order_two, no_point] {
        let refused = Err(KeyError::Unsound { name: "n".into() });
        assert_eq!(VerifierKey::new("n", KeyKind::Ed25519, &public), refused);
    }
}

#[test]
fn a_signature_is_not_believed_for_a_reason_of_its_own() {
    let signer = signer("n");
    let (key, line) = (signer.verifier_key(), signer.sign("t\n").unwrap());
    assert_eq!(key.verify("t\n", &line), Ok(()));
    assert_eq!(key.verify("u\n", &line), Err(SignatureError::Invalid { name: "n".into() }));
    let short = SignatureLine { signature: line.signature[..63].to_vec(), ..line.clone() };
    let found = SignatureError::Length { name: "n".into(), expected: 64, found: 63 };
    assert_eq!(key.verify("t\n", &short), Err(found));
    let renamed = SignatureLine { name: "m".into(), ..line.clone() };
    let found =
        SignatureError::OtherKey { name: "n".into(), id: key.id(), line_name: "m".into(), line_id: key.id() };
    assert_eq!(key.verify("t\n", &renamed), Err(found));
    let witness = Signer::new("n", KeyKind::CosignatureV1, &[7; 32]).unwrap();
    let (needed, found) = (KeyKind::Ed25519, KeyKind::CosignatureV1);
    let found = SignatureError::Kind { name: "n".into(), needed, found };
    assert_eq!(witness.verifier_key().verify("t\n", &line), Err(found.clone()));
    assert_eq!(witness.sign("t\n"), Err(found));
}

#[test]
fn a_signature_can_not_be_turned_into_another_that_verifies_too() {
    let signer = signer("n");
    let line = signer.sign("t\n").unwrap();
    // s + L, L the order of the group, stands for the same s.
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut other = line.clone();
    let mut carry = 0;
    for (byte, add) in other.signature[32..].iter_mut().zip(L) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    assert_ne!(other, line);
    assert_eq!(
        signer.verifier_key().verify("t\n", &other),
        Err(SignatureError::Invalid { name: "n".into() })
    );
}

#[test]
fn a_signature_with_a_nonce_of_small_order_is_refused() {
    // R the neutral point and s = SHA-512(R || A || "t\n") * a: the equation holds, and only the strict rules of
    // verification refuse it. Anybody who has the seed can make it, but RFC 8032's signing never does.
    let signer = signer("n");
    let mut line = signer.sign("t\n").unwrap();
    line.signature = [0; 64].to_vec();
    line.signature[0] = 1;
    line.signature[32..].copy_from_slice(&[
        249, 124, 172, 72, 110, 118, 65, 195, 23, 249, 212, 122, 240, 187, 95, 12, 232, 255, 140, 228, 168,
        44, 248, 50, 140, 139, 39, 93, 202, 136, 91, 8,
    ]);
    let loose: [u8; 64] = line.signature.as_slice().try_into().unwrap();
    let key = ed25519_dalek::VerifyingKey::from_bytes(signer.verifier_key().public_key()).unwrap();
    let loosely =
        ed25519_dalek::Verifier::verify(&key, b"t\n", &ed25519_dalek::Signature::from_bytes(&loose));
    assert!(loosely.is_ok(), "the vector should only be refused by the strict rules");
    assert_eq!(signer.verifier_key().verify("t\n", &line), Err(SignatureError::Invalid { name: "n".into() }));
}

#[test]
fn a_signer_never_shows_its_seed() {
    let shown = format!("{:?}", Signer::new("n", KeyKind::Ed25519, &[0xa7; 32]).unwrap());
    assert!(
        shown.contains("\"n\"") && !shown.contains("167, 167") && !shown.to_lowercase().contains("a7a7"),
        "{shown}"
    );
}
