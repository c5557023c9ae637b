//! What is lost comes back, or another log begins that says so: never a fork,
//! never a gap.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use plaudit_chassis::id::ProgrammeId;
use plaudit_proto::v1::Rulebook;
use plaudit_verifier::log::tile::Entries;
use plaudit_verifier::log::tree::leaf_hash;

use crate::reading::{Read, checkpoint, key, read, read_generation};
use crate::stand::{ANNE, Stand, programme};

const ONE: u128 = 1;
const OTHER: u128 = 2;

/// Two programmes with some hundred events, everything signed.
async fn two_logs() -> (Stand, [Read; 2]) {
    let stand = Stand::start().await;
    for number in [ONE, OTHER] {
        stand.opens(programme(number)).await;
        stand.joined(programme(number), 600).await;
    }
    let logs = [sign(&stand, ONE).await, sign(&stand, OTHER).await];
    (stand, logs)
}

/// Has all of a programme signed, and reads it.
async fn sign(stand: &Stand, number: u128) -> Read {
    sign_generation(stand, number, 1).await
}

async fn sign_generation(stand: &Stand, number: u128, generation: u32) -> Read {
    let programme = programme(number);
    stand.placed().await;
    stand.joined(programme, 1).await;
    stand.placed().await;
    let accounts = stand.heads().await["accounts"];
    stand.gets(None, programme, &format!("/events/accounts/{accounts}")).await.there();
    let log = read_generation(stand, programme, generation).await;
    log.is_complete(stand, programme).await;
    log
}

/// After a loss both logs are what they were, and go on.
async fn both_go_on(stand: &Stand, before: &[Read; 2]) {
    stand.placed().await;
    for (number, before) in [ONE, OTHER].into_iter().zip(before) {
        let programme = programme(number);
        let after = read(stand, programme).await;
        assert_eq!(after.note, before.note, "nothing was signed anew");
        after.continues(before);
        stand.joined(programme, 300).await;
        sign(stand, number).await.continues(before);
    }
}

/// Every file under a folder.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    // What was being written when audit was stopped is written to its end.
    loop {
        if let Some(files) = settled(folder) {
            return files;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// All files, unless one is being written just now.
fn settled(folder: &Path) -> Option<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|ending| ending == "new") => return None,
                false => drop(files.insert(path.clone(), std::fs::read(path).ok()?)),
            }
        }
    }
    Some(files)
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_tiles_are_made_again_byte_for_byte() {
    let (mut stand, logs) = two_logs().await;
    stand.audit_stops();
    let before = files(&stand.tiles_folder());
    assert!(before.len() >= 12, "{:?}", before.keys());
    std::fs::remove_dir_all(stand.tiles_folder()).unwrap();
    stand.audit_starts().await;
    both_have_their_tiles(&stand, &before).await;

    // And with them what was remembered of the last signatures.
    stand.audit_stops();
    std::fs::remove_dir_all(stand.log_folder()).unwrap();
    stand.audit_starts().await;
    both_have_their_tiles(&stand, &before).await;

    // One of each kind, and one that was cut short.
    stand.audit_stops();
    for (number, file) in before.keys().enumerate() {
        match number % 3 {
            0 => std::fs::remove_file(file).unwrap(),
            1 => std::fs::write(file, &before[file][..before[file].len() / 2]).unwrap(),
            _ => {}
        }
    }
    stand.audit_starts().await;
    hashes_are_there(&stand, &before).await;
    // What was cut out of full bundles of entries comes when it is asked for.
    read(&stand, programme(ONE)).await;
    read(&stand, programme(OTHER)).await;
    both_have_their_tiles(&stand, &before).await;
    both_go_on(&stand, &logs).await;
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn altered_tiles_are_made_again_and_altered_entries_are_never_served() {
    let (mut stand, logs) = two_logs().await;
    stand.audit_stops();
    let before = files(&stand.tiles_folder());
    for (file, bytes) in &before {
        // In the middle, so that every entry is as long as it was.
        let mut altered = bytes.clone();
        altered[bytes.len() / 2] ^= 1;
        std::fs::write(file, altered).unwrap();
    }
    stand.audit_starts().await;
    hashes_are_there(&stand, &before).await;
    for number in [ONE, OTHER] {
        // The bundle first: it reads all entries, too.
        let bundle = stand.gets(ANNE, programme(number), "/bundle").await.text();
        assert_eq!(bundle.lines().last().unwrap().len(), "end ".len() + 64, "it is whole");
        read(&stand, programme(number)).await;
    }
    both_have_their_tiles(&stand, &before).await;

    // Two entries that have changed places, while it runs.
    let full = |file: &&PathBuf| file.ends_with("entries/000");
    let file = before.keys().find(full).unwrap();
    let entries = Entries::new(0, 256).unwrap();
    let mut swapped = entries.decode(&before[file]).unwrap();
    swapped.swap(7, 8);
    std::fs::write(file, entries.encode(&swapped).unwrap()).unwrap();
    both_go_on(&stand, &logs).await;
    assert_eq!(std::fs::read(file).unwrap(), before[file]);
    stand.end().await;
}

/// Waits until every tile of hashes is there again.
async fn hashes_are_there(stand: &Stand, wanted: &BTreeMap<PathBuf, Vec<u8>>) {
    let began = Instant::now();
    let is_there = |(path, bytes): (&PathBuf, &Vec<u8>)| {
        path.to_str().unwrap().contains("entries") || std::fs::read(path).is_ok_and(|found| found == *bytes)
    };
    while !wanted.iter().all(is_there) {
        assert!(began.elapsed() < Duration::from_secs(30), "the tiles never came again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stand.placed().await;
}

async fn both_have_their_tiles(stand: &Stand, wanted: &BTreeMap<PathBuf, Vec<u8>>) {
    let began = Instant::now();
    while !stand.tiles_folder().is_dir() || files(&stand.tiles_folder()) != *wanted {
        assert!(began.elapsed() < Duration::from_secs(30), "the tiles never came again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

const ALL_ROWS: &str =
    "delete from leaves; delete from signed_checkpoints; delete from logs; delete from taken";

#[tokio::test(flavor = "multi_thread")]
async fn deleted_rows_are_read_back_from_the_tiles_and_from_nats() {
    let (mut stand, mut logs) = two_logs().await;
    for rows in [
        ALL_ROWS,
        // What a log is, without how far it had come, and the other way round.
        "delete from taken",
        "delete from leaves",
        "delete from leaves; delete from signed_checkpoints",
        "delete from signed_checkpoints",
        // The tables themselves.
        "drop table leaves",
        "drop table logs cascade",
        "drop table leaves, signed_checkpoints, taken, logs",
        // Holes.
        "delete from leaves where index between 100 and 400",
        "delete from leaves where index % 7 = 3",
    ] {
        println!("{rows}");
        stand.audit_stops();
        stand.sql(rows).await;
        stand.audit_starts().await;
        both_go_on(&stand, &logs).await;
        logs = [sign(&stand, ONE).await, sign(&stand, OTHER).await];
    }
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_that_nothing_was_signed_over_are_given_again() {
    let (mut stand, logs) = two_logs().await;
    // Placed, not signed; and a log of which nothing is signed.
    stand.joined(programme(ONE), 50).await;
    stand.joined(programme(3), 50).await;
    stand.placed().await;
    stand.audit_stops();
    let size = logs[0].checkpoint.size();
    stand
        .sql(&format!(
            "delete from leaves where index > {size} + 10; delete from leaves where programme = '{}'",
            programme(3)
        ))
        .await;
    stand.audit_starts().await;
    both_go_on(&stand, &logs).await;
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_from_an_older_copy_catches_up_with_what_was_signed() {
    let (mut stand, _) = two_logs().await;
    stand.audit_stops();
    let tables = ["logs", "leaves", "taken", "signed_checkpoints"];
    for table in tables {
        stand.sql(&format!("create table {table}_old as select * from {table}")).await;
    }
    stand.audit_starts().await;
    for number in [ONE, OTHER] {
        stand.joined(programme(number), 400).await;
    }
    let logs = [sign(&stand, ONE).await, sign(&stand, OTHER).await];
    stand.audit_stops();
    stand.sql(ALL_ROWS).await;
    for table in tables {
        stand.sql(&format!("insert into {table} select * from {table}_old")).await;
    }
    stand.audit_starts().await;
    // Whoever asks at once doesn't see what was signed long ago.
    assert_eq!(checkpoint(&stand, programme(ONE), 1).await.0, logs[0].note);
    both_go_on(&stand, &logs).await;
    stand.end().await;
}

/// The log's description, once a checkpoint of that generation is there.
async fn generation_is_there(stand: &Stand, programme: ProgrammeId, generation: u32) -> serde_json::Value {
    let began = Instant::now();
    loop {
        let got = stand.gets(None, programme, "").await;
        if got.status.is_success() {
            let said = got.json();
            if said["key"] == key(programme, generation).to_string() {
                return said;
            }
        }
        assert!(began.elapsed() < Duration::from_secs(30), "generation {generation} never came");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_tables_and_tiles_gone_the_events_in_their_remembered_order_are_the_same_log() {
    let (mut stand, mut logs) = two_logs().await;
    for rows in [ALL_ROWS, "delete from leaves where index % 7 = 3"] {
        // Placed, and not signed.
        stand.joined(programme(ONE), 50).await;
        stand.placed().await;
        stand.audit_stops();
        stand.sql(rows).await;
        std::fs::remove_dir_all(stand.tiles_folder()).unwrap();
        stand.audit_starts().await;
        for number in [ONE, OTHER] {
            let said = generation_is_there(&stand, programme(number), 1).await;
            assert_eq!(said["before"], serde_json::Value::Null, "nothing is lost");
        }
        both_go_on(&stand, &logs).await;
        logs = [sign(&stand, ONE).await, sign(&stand, OTHER).await];
    }
    stand.end().await;
}

/// What is remembered of the order in which a log was signed.
fn order_of(stand: &Stand, programme: ProgrammeId) -> PathBuf {
    stand.log_folder().join("signed").join(format!("{programme}.order"))
}

#[tokio::test(flavor = "multi_thread")]
async fn with_tables_tiles_and_order_gone_another_log_begins_and_names_the_last_checkpoint() {
    let (mut stand, logs) = two_logs().await;
    let (lost, whole) = (programme(ONE), programme(OTHER));
    stand.audit_stops();
    stand.sql(ALL_ROWS).await;
    std::fs::remove_dir_all(stand.tiles_folder().join(lost.to_string())).unwrap();
    std::fs::remove_file(order_of(&stand, lost)).unwrap();
    stand.audit_starts().await;
    stand.placed().await;

    let said = generation_is_there(&stand, lost, 2).await;
    assert_eq!(said["before"], logs[0].note, "it says what was lost");
    assert!(said["origin"].as_str().unwrap().ends_with(&format!("/log/{lost}/2")));
    let second = sign_generation(&stand, ONE, 2).await;
    // The other programme's log lost its rows only.
    let other = sign(&stand, OTHER).await;
    other.continues(&logs[1]);
    assert_eq!(stand.gets(None, whole, "").await.json()["before"], serde_json::Value::Null);

    // Nothing is ever signed again in the first one's name.
    let bundle = stand.gets(ANNE, lost, "/bundle").await.text();
    let before = format!("before {} {} ", logs[0].checkpoint.origin(), logs[0].checkpoint.size());
    assert!(bundle.lines().any(|line| line.starts_with(&before)), "{before}");

    // The second keeps its word over a restart, and without its tables.
    for rows in ["select 1", ALL_ROWS] {
        stand.audit_stops();
        stand.sql(rows).await;
        stand.audit_starts().await;
        stand.placed().await;
        let said = generation_is_there(&stand, lost, 2).await;
        assert_eq!(said["before"], logs[0].note, "after {rows}");
        let again = sign_generation(&stand, ONE, 2).await;
        again.continues(&second);
    }

    // Lost once more, it has a third.
    let (last, _) = checkpoint(&stand, lost, 2).await;
    stand.audit_stops();
    stand.sql(ALL_ROWS).await;
    std::fs::remove_dir_all(stand.tiles_folder()).unwrap();
    for programme in [lost, whole] {
        // An order that isn't the one that was signed is as good as none.
        let order = std::fs::read(order_of(&stand, programme)).unwrap();
        std::fs::write(order_of(&stand, programme), order.into_iter().rev().collect::<Vec<_>>()).unwrap();
    }
    stand.audit_starts().await;
    stand.placed().await;
    let said = generation_is_there(&stand, lost, 3).await;
    assert_eq!(said["before"], last);
    assert_eq!(generation_is_there(&stand, whole, 2).await["before"], other.note.as_str());
    sign_generation(&stand, ONE, 3).await;
    sign_generation(&stand, OTHER, 2).await;
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_with_an_altered_leaf_signs_nothing_and_says_why_and_other_logs_go_on() {
    let (mut stand, logs) = two_logs().await;
    let altered = programme(ONE);
    let size = logs[0].checkpoint.size();
    // In a full bundle, and among the last entries, which are held in memory.
    for index in [5, size - 2] {
        stand.audit_stops();
        let leaf = |hash: [u8; 32]| {
            let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("update leaves set hash = '\\x{hash}' where programme = '{altered}' and index = {index}")
        };
        stand.sql(&leaf(leaf_hash(b"something else"))).await;
        stand.audit_starts().await;
        stand.placed().await;
        stand.joined(altered, 1).await;
        stand.placed().await;
        let accounts = stand.heads().await["accounts"];
        let refused = stand.gets(None, altered, &format!("/events/accounts/{accounts}")).await.refused(503);
        assert!(refused["type"].as_str().unwrap().ends_with("log-refuses"), "{refused}");
        assert!(refused["detail"].as_str().unwrap().contains("fork"), "{refused}");
        // What was signed stands, and the other log goes on.
        assert_eq!(checkpoint(&stand, altered, 1).await.0, logs[0].note);
        sign(&stand, OTHER).await.continues(&logs[1]);

        // Put right, it goes on.
        stand.audit_stops();
        stand.sql(&leaf(leaf_hash(&logs[0].entries[index as usize]))).await;
        stand.audit_starts().await;
    }
    sign(&stand, ONE).await.continues(&logs[0]);
    stand.end().await;
}

/// Why a log is not signed, once it is said.
async fn refusal(stand: &Stand, programme: ProgrammeId) -> String {
    let began = Instant::now();
    loop {
        let got = stand.gets(ANNE, programme, "/bundle").await;
        assert!(began.elapsed() < Duration::from_secs(30), "it never said why: {got:?}");
        if got.status == 503 {
            let said = got.refused(503);
            if said["type"].as_str().unwrap().ends_with("log-refuses") {
                return said["detail"].as_str().unwrap().to_owned();
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_whose_events_are_gone_stands_still_and_says_why_and_other_logs_go_on() {
    let (mut stand, logs) = two_logs().await;
    let gone = programme(ONE);
    let last =
        format!("select max(position) from leaves where service = 'accounts' and programme = '{gone}'");
    let last = stand.number(&last).await;
    stand.loses_event("accounts", last).await;
    for rows in [ALL_ROWS, "delete from leaves where index % 7 = 3"] {
        for tiles in [false, true] {
            stand.audit_stops();
            stand.sql(rows).await;
            if tiles {
                std::fs::remove_dir_all(stand.tiles_folder()).unwrap();
            }
            stand.audit_starts().await;
            let refused = refusal(&stand, gone).await;
            assert!(refused.contains("accounts after accounts/"), "{refused}");
            // The other one grows by what does not come after the gap.
            let leaves = stand.leaves().await;
            stand.rules(programme(OTHER), Rulebook::default()).await;
            while stand.leaves().await == leaves {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            stand.gets(ANNE, programme(OTHER), "/bundle").await.there();
            let other = read(&stand, programme(OTHER)).await;
            other.continues(&logs[1]);
            assert!(other.checkpoint.size() > logs[1].checkpoint.size());
        }
    }
    // Its service sends it again: nothing was lost.
    stand.audit_stops();
    stand.sends_again("accounts").await;
    stand.audit_starts().await;
    sign(&stand, ONE).await.continues(&logs[0]);
    sign(&stand, OTHER).await.continues(&logs[1]);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_at_any_moment_while_events_come_it_gives_each_one_place() {
    let (mut stand, mut logs) = two_logs().await;
    for round in 0..8_u64 {
        let said = async {
            for _ in 0..10 {
                stand.joined(programme(ONE), 40).await;
                stand.joined(programme(OTHER), 40).await;
            }
        };
        // Wherever it is by then: another moment each time.
        let _ = tokio::time::timeout(Duration::from_millis(40 + 37 * round), said).await;
        stand.audit_stops();
        stand.audit_starts().await;
    }
    for (number, before) in [ONE, OTHER].into_iter().zip(&mut logs) {
        let now = sign(&stand, number).await;
        now.continues(before);
        *before = now;
    }
    stand.end().await;
}
