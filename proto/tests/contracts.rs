//! The checks that fail the build are checked themselves.

#[path = "../build/contract.rs"]
#[allow(dead_code)]
mod contract;

use prost_reflect::DescriptorPool;

fn pool(text: &str) -> DescriptorPool {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("plaudit/test/v1")).expect("a folder");
    let source =
        format!("syntax = \"proto3\"; package plaudit.test.v1; import \"plaudit/v1/options.proto\"; {text}");
    std::fs::write(folder.path().join("plaudit/test/v1/events.proto"), source).expect("a file");
    let encoded = protox::Compiler::new([folder.path(), std::path::Path::new(".")])
        .expect("folders")
        .include_imports(true)
        .open_file(folder.path().join("plaudit/test/v1/events.proto"))
        .expect("a contract that compiles")
        .encode_file_descriptor_set();
    DescriptorPool::decode(encoded.as_slice()).expect("a descriptor")
}

fn faults(text: &str) -> String {
    contract::promises(&pool(text)).join("\n")
}

#[test]
fn free_text_is_refused() {
    assert!(faults("message A { string name = 1; }").contains("free text"));
    assert!(faults("message A { repeated string names = 1; }").contains("free text"));
    assert_eq!(faults("message A { string id = 1 [(plaudit.v1.format) = FORMAT_ID]; }"), "");
}

#[test]
fn a_seal_without_a_subject_is_refused() {
    assert!(faults("message A { bytes text = 1; }").contains("without a meaning"));
    let no_subject = "message A { bytes text = 1 [(plaudit.v1.sealed) = {of: \"actor\"}]; }";
    assert!(faults(no_subject).contains("without a subject"));
    let nobody =
        "message A { bytes text = 1 [(plaudit.v1.sealed) = {subject: SUBJECT_MEMBER, of: \"who\"}]; }";
    assert!(faults(nobody).contains("without a subject"));
    let right =
        "message A { bytes text = 1 [(plaudit.v1.sealed) = {subject: SUBJECT_MEMBER, of: \"actor\"}]; }";
    assert_eq!(faults(right), "");
}

#[test]
fn a_change_that_old_events_would_not_survive_is_refused() {
    let old = contract::render(&contract::lines(&pool(
        "message A { uint32 n = 1; uint32 m = 2; } enum E { E_UNSPECIFIED = 0; E_ONE = 1; }",
    )));
    for changed in [
        "message A { uint32 n = 1; } enum E { E_UNSPECIFIED = 0; E_ONE = 1; }",
        "message A { uint32 n = 1; uint64 m = 2; } enum E { E_UNSPECIFIED = 0; E_ONE = 1; }",
        "message A { uint32 n = 1; uint32 renamed = 2; } enum E { E_UNSPECIFIED = 0; E_ONE = 1; }",
        "message A { uint32 n = 1; repeated uint32 m = 2; } enum E { E_UNSPECIFIED = 0; E_ONE = 1; }",
        "message A { uint32 n = 1; uint32 m = 2; } enum E { E_UNSPECIFIED = 0; E_TWO = 1; }",
        "message B { uint32 n = 1; uint32 m = 2; } enum E { E_UNSPECIFIED = 0; E_ONE = 1; }",
    ] {
        let faults = contract::broken(&old, &contract::lines(&pool(changed))).join("\n");
        assert!(faults.contains("changed or gone"), "{changed}: {faults}");
    }
}

#[test]
fn what_is_new_must_be_committed() {
    let old = contract::render(&contract::lines(&pool("message A { uint32 n = 1; }")));
    let new = contract::lines(&pool("message A { uint32 n = 1; uint32 m = 2; }"));
    assert!(contract::broken(&old, &new).is_empty());
    assert!(contract::uncommitted(&old, &new)[0].contains("not committed yet"));
    assert!(contract::uncommitted(&contract::render(&new), &new).is_empty());
}
