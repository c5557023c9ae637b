//! When a witness refuses to start.

use std::fs;

use plaudit_witness::{StartError, Witness};

use super::stand::{Stand, open, write_logs};

fn start(folder: &std::path::Path, name: &str) -> Result<Witness, StartError> {
    let path = |name| folder.join(name);
    Witness::open(name, &path("key"), &path("logs"), &path("state"))
}

#[test]
fn it_is_the_same_witness_after_a_restart() {
    let stand = Stand::new();
    let key = stand.key();
    assert_eq!(stand.restarted().key(), key);
}

#[test]
fn two_never_use_one_memory() {
    let stand = Stand::new();
    let second = start(stand.folder.path(), "witness.example/w");
    assert!(matches!(second, Err(StartError::InUse { .. })));
}

#[test]
fn a_key_without_its_memory_does_not_cosign() {
    let folder = tempfile::tempdir().unwrap();
    write_logs(folder.path());
    drop(open(folder.path()));
    fs::remove_dir_all(folder.path().join("state")).unwrap();
    let forgotten = |started| matches!(started, Err(StartError::Forgotten { .. }));
    assert!(forgotten(start(folder.path(), "w")));
    fs::create_dir(folder.path().join("state")).unwrap();
    assert!(forgotten(start(folder.path(), "w")), "an empty folder may be a disk that isn't mounted");
    fs::write(folder.path().join("state/lock"), "").unwrap();
    // Somebody has said that the key is new.
    open(folder.path());
}

#[test]
fn without_logs_or_a_sound_name_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(start(folder.path(), "w"), Err(StartError::File { .. })));
    fs::write(folder.path().join("logs"), "# nobody\n").unwrap();
    assert!(matches!(start(folder.path(), "w"), Err(StartError::NoLogs)));
    assert!(!folder.path().join("key").exists());
    write_logs(folder.path());
    assert!(matches!(start(folder.path(), "a name"), Err(StartError::Name(_))));
}
