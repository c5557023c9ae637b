//! Notes, keys, checkpoints and cosignatures that others have signed, and the examples of the specifications.

use plaudit_verifier::log::{
    checkpoint::Checkpoint,
    cosignature,
    note::{KeyId, KeyKind, Note, SignatureLine, Signer, VerifierKey, signature_lines},
    policy::Policy,
    tree::{ProofError, verify_consistency},
    witness_request::AddCheckpoint,
};

fn note(text: &str) -> Note {
    let note = Note::parse(text.as_bytes()).unwrap();
    assert_eq!(note.to_string(), text);
    note
}

fn key(text: &str) -> VerifierKey {
    let key = VerifierKey::parse(text).unwrap();
    assert_eq!(key.to_string(), text);
    key
}

/// From signed-note's section on verifier keys.
#[test]
fn the_note_of_the_specification_is_by_its_key() {
    let note = note(
        "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsY\
         jOBH3mFXmRKuwHjG1Yu72IneyaQM=\n",
    );
    let key = key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    assert_eq!(key.verify(note.text(), &note.signatures()[0]), Ok(()));
}

/// From the tests of Go's `sumdb/note`, which give the private key as well.
#[test]
fn a_signer_signs_what_go_signs() {
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let go = note(&format!(
        "{text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnA\
         M=\n"
    ));
    let seed = crate::stand::hash("810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173");
    let signer = Signer::new("PeterNeumann", KeyKind::Ed25519, &seed).unwrap();
    assert_eq!(
        signer.verifier_key(),
        &key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    );
    assert_eq!(Note::new(text, vec![signer.sign(text).unwrap()]), Ok(go));
}

/// Keys of logs and witnesses that are or were in use, and of other people's tests.
#[test]
fn keys_in_use_have_the_ids_they_say() {
    for (text, kind) in [
        ("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop", KeyKind::Ed25519),
        ("TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6", KeyKind::Ed25519),
        ("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8", KeyKind::Ed25519),
        (
            "log2025-alpha3.rekor.sigstage.dev+d3d3a70c+AZQ93VXPMmj9uZj7U/7CefQ9yy8RgYFv6mKzOseipjqp",
            KeyKind::Ed25519,
        ),
        ("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", KeyKind::CosignatureV1),
        (
            "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
            KeyKind::CosignatureV1,
        ),
        (
            "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
            KeyKind::CosignatureV1,
        ),
        ("rgdd.se/poc-witness+db03732e+BCjJKlo6BU0xfIb8LutqerIFTWIXEA0L5n3tW3QyPFgG", KeyKind::CosignatureV1),
    ] {
        assert_eq!(key(text).kind(), kind, "{text}");
    }
}

/// The line under the first example of signed-note, by a key that the specification doesn't give.
#[test]
fn the_line_of_the_specification_is_read_and_written() {
    let text = "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3\
                ZekRwNtIc=";
    let line = SignatureLine::parse(text).unwrap();
    assert_eq!(line.to_string(), text);
    assert_eq!(
        (line.name(), line.key_id()),
        ("quasimodo.example/salvatore", KeyId([0x36, 0x7b, 0xa0, 0x4b]))
    );
    assert_eq!(line.signature().len(), 64);
}

/// A head of the Go checksum database. Its origin isn't its key's name, so it is a note here, and a
/// checkpoint, but not one that a key opens.
#[test]
fn the_go_checksum_database_has_signed_its_tree() {
    let note = note(
        "go.sum database tree\n65209736\n5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=\n\n\
         — sum.golang.org Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=\n",
    );
    let key = key("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8");
    assert_eq!(key.verify(note.text(), &note.signatures()[0]), Ok(()));
    let checkpoint = Checkpoint::parse(note.text()).unwrap();
    assert_eq!((checkpoint.size(), checkpoint.to_string()), (65_209_736, note.text().to_owned()));
    assert!(Checkpoint::open(&note, &key).is_err());
}

/// From tlog-checkpoint, tlog-cosignature and tlog-witness, whose keys aren't given.
const BEHIND_THE_SOFA: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
     — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAY\
     Q8=\n";

#[test]
fn the_checkpoint_of_the_specification_is_read_and_written() {
    let cosigned = format!(
        "{BEHIND_THE_SOFA}— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1n\
         PZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
    );
    let note = note(&cosigned);
    let checkpoint = Checkpoint::parse(note.text()).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size()), ("example.com/behind-the-sofa", 20_852_163));
    let witness = &note.signatures()[1];
    assert_eq!(witness.key_id(), KeyId([0x8d, 0x66, 0xcf, 0x3f]));
    assert_eq!(witness.signature()[..8], 1_679_315_147_u64.to_be_bytes());
}

#[test]
fn the_request_and_the_answer_of_the_specification_are_read_and_written() {
    let body = format!(
        "old 20852014\n\
         PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
         jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
         5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
         /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\
         \n\
         {BEHIND_THE_SOFA}— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXT\
         S5Rovnzv++qbSzm9Q=\n"
    );
    let request = AddCheckpoint::parse(body.as_bytes()).unwrap();
    assert_eq!(request.to_string(), body);
    assert_eq!((request.old(), request.proof().len(), request.note().signatures().len()), (20_852_014, 4, 2));
    // The example's proof is made up: these sizes need another number of hashes.
    let root = Checkpoint::parse(request.note().text()).map(|checkpoint| *checkpoint.root()).unwrap();
    let found = verify_consistency(request.old(), &root, 20_852_163, &root, request.proof());
    assert!(matches!(found, Err(ProofError::Length { found: 4, .. })), "{found:?}");

    let answer = "— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLat\
                  Vs0pWh6Up69HVOw==\n\
                  — witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9C\
                  hdMkP1vi/lCAsmlw==\n\
                  — witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlq\
                  U3rXXvpysAdyP3wQ==\n";
    let lines = signature_lines(answer).unwrap();
    assert_eq!(lines.iter().map(|line| format!("{line}\n")).collect::<String>(), answer);
}

const NAVIGLI: &str =
    "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G";

/// A public log, its checkpoint of October 2026, and a public witness.
#[test]
fn a_public_witness_has_cosigned_a_public_log() {
    let note = note(
        "markovianprotocol.com/log\n9266\nQnwPzJywq5AyOk9k1zLqfryh6Ktw1CnaaKplELApoxw=\n\n\
         — markovianprotocol.com/log AwLGyIvuxLXZM101mKdNCPTsl9GgtiG/wzbd8cGru0pGnWVMXI06twIsEIZho7n8id+w2EO0BZCalxuEm6BauQGNmgo\
         =\n\
         — witness.navigli.sunlight.geomys.org o+AP4gAAAABqwX+So8evhUsltetL+QnwUxEYMNrD25pJYOTFHwDCopbgQMl2AEh583AxfFNMDZzE73rdj\
         K62tUN8oUBfd9p6usq+BA==\n",
    );
    let log = key("markovianprotocol.com/log+0302c6c8+ATkpOWo95UuEiW2EhNZAol4f0CS8hMluJfPcTSzrr03v");
    let checkpoint = Checkpoint::open(&note, &log).unwrap();
    let time = cosignature::verify(&key(NAVIGLI), &checkpoint, &note.signatures()[1]);
    assert_eq!((checkpoint.size(), time), (9266, Ok(0x6ac1_7f92)));
    let policy = format!("log {log}\nwitness navigli {NAVIGLI}\nquorum navigli\n");
    let verdict = Policy::parse(policy.as_bytes()).unwrap().check(&note).unwrap();
    assert!(verdict.quorum_reached && verdict.unknown.is_empty(), "{verdict:?}");
}

/// A Certificate Transparency log's checkpoint of August 2026; the log's own line is of a kind (0x05) unknown
/// here.
#[test]
fn a_signature_of_an_unknown_kind_does_not_stand_in_the_way() {
    let note = note(
        "coachandhorses2026h1.staging.certificate.transparency.goog\n185550722\n\
         YXAM0VmnrfvLaBCOOYSJhCaE5F10oGBOo+hkbDa1kng=\n\n\
         — coachandhorses2026h1.staging.certificate.transparency.goog MpXgsHy8ZwxXnO+WjtVrPxAzL49Rs1gWTkNVNeEa//5peAzaocRCB3qt3Ea\
         ibjzY5GILLtGgBP7dBhgcSHy+JQh0OAc=\n\
         — witness.navigli.sunlight.geomys.org o+AP4gAAAABqb7DzNrGFRJnQ9vrJ8xpnwZytnr/ZYczDIsvwvouiSjwOjn7a72ccxBk+lKnZ7dKqkYKER1s\
         /KxLTaVwQD7lJZTC/CQ==\n",
    );
    let checkpoint = Checkpoint::parse(note.text()).unwrap();
    let time = cosignature::verify(&key(NAVIGLI), &checkpoint, &note.signatures()[1]);
    assert_eq!(time, Ok(0x6a6f_b0f3));
}

/// The log that a witness monitor submits to witnesses again and again.
#[test]
fn a_public_log_of_one_leaf_opens() {
    let note = note(
        "geomys.org/witness/test-log\n1\nBCml5C32yqMcl0gjTrcSOeNVx59oPnSdytBzDGBO5k0=\n\n\
         — geomys.org/witness/test-log wHh/9BPsoBNr2x0Ol3qPBYasIN0HI2ZiBg5ac0v3LQq/7F+YO7U4oWbDeJn1VaWVrlbSEM30Gr7WWYQjj2SBxRoJ/A\
         o=\n",
    );
    let log = key("geomys.org/witness/test-log+c0787ff4+AeMb5VOzy60PTGdGmLPxOKGAa0jNyDGsgv2rnprGju1t");
    assert_eq!(Checkpoint::open(&note, &log).map(|checkpoint| checkpoint.size()), Ok(1));
}
