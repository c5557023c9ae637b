//! A marker in every private field of every API, and a search for it in all
//! that is kept or said.

use plaudit_tests::program::Program;
use reqwest::Method;
use serde_json::{Value, json};

use crate::cast::ADDRESSES;
use crate::fields::{free_texts, said};
use crate::heaps::{self, Heap};
use crate::prize::Prize;

/// Texts that are public: parts of the rules by their own ids, and codes of
/// published lists. Every other is private.
const PUBLIC: [(&str, &[&str]); 12] = [
    (
        "PUT submissions/programmes/{programme}/rulebook",
        &[
            "rulebook.form[].id",
            "rulebook.gate[].id",
            "rulebook.languages[]",
            "rulebook.pot.currency",
            "rulebook.prizes[].amount.currency",
            "rulebook.prizes[].id",
            "rulebook.rounds[].id",
            "rulebook.rounds[].tally.criteria[].id",
            "rulebook.rounds[].tally.criteria[].weight",
            "rulebook.rounds[].tally.scale.max",
            "rulebook.rounds[].tally.scale.min",
            "rulebook.rounds[].tally.scale.step",
            "rulebook.rounds[].tally.ties[].criterion",
            "rulebook.time_zone",
        ],
    ),
    ("POST awards/programmes/{programme}/awards", &["departure", "prize", "round"]),
    ("POST awards/programmes/{programme}/awards/{award}/refusal", &["reason"]),
    ("POST awards/programmes/{programme}/awards/{award}/withdrawal", &["reason"]),
    ("POST awards/programmes/{programme}/awards/{award}/payout/failure", &["reason"]),
    ("POST submissions/programmes/{programme}/forgetting", &["what.round"]),
    // A digest of bytes, and 32 random bytes.
    ("POST submissions/programmes/{programme}/drafts/{draft}/attachments", &["sha256"]),
    ("POST submissions/programmes/{programme}/drafts/join", &["code"]),
    // Looked for by itself: the harness says it, not the prize.
    ("POST accounts/sign-in/{challenge}", &["code"]),
    ("POST accounts/me/second-key/{challenge}", &["code"]),
    // It takes a device to make one: accounts' own tests look for its name.
    ("POST accounts/me/passkeys", &["challenge", "name"]),
    // Secrets of a minute, which nothing keeps.
    ("POST accounts/sign-in/oidc/{challenge}", &["code", "state"]),
];

/// Where marks lie once they are open and the rulebook publishes them.
const PUBLISHED: [&str; 6] = [
    "events",
    "stream PLAUDIT_SCORING",
    "table scoring.events",
    "NATS's files",
    "the programmes' logs",
    "the bundle",
];

/// What only auditors are shown.
const FOR_AUDITORS: [&str; 9] = [
    "a mark",
    "a mark that is set aside",
    "a programme's title",
    "a rulebook's prose",
    "a superseded mark",
    "an amendment's prose",
    "the words of a refusal",
    "the words of a screening",
    "the words of an abstention",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_private_is_in_any_event_message_row_or_log() {
    let program = Program::start_with(&[], &[("PLAUDIT_LOG", "debug")]);
    let mut prize = Prize::draft(&program).await;
    prize.publish("own_entrant").await;
    prize.enter().await;
    prize.screen().await;
    prize.seat().await;
    prize.mark().await;
    refused(&prize).await;
    program.is_sound();
    let mut heaps = heaps::all(&program).await;
    they_were_read(&prize, &heaps);
    heaps.push(prize.bundle().await);
    assert_eq!(prize.markers.astray(&heaps), [""; 0], "before the unsealing");

    prize.unseal().await;
    prize.award().await;
    prize.pay().await;
    prize.conclude().await;
    program.is_sound();
    every_private_field_was_planted(&prize).await;
    // Marks that only their entrant may see are never in an event.
    let mut heaps = heaps::all(&program).await;
    heaps.push(prize.bundle().await);
    heaps.push(prize.receipts().await);
    assert_eq!(prize.markers.astray(&heaps), [""; 0], "at the end");
    let opened = prize.auditors_bundle().await;
    let found = prize.markers.found(std::slice::from_ref(&opened), |_| true);
    let found: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(found, FOR_AUDITORS, "in the auditors' bundle");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn marks_that_are_published_are_nowhere_before_they_are_opened() {
    let mut program = Program::start_with(&[], &[("PLAUDIT_LOG", "debug")]);
    let mut prize = Prize::draft(&program).await;
    prize.publish("public").await;
    prize.enter().await;
    prize.screen().await;
    prize.seat().await;
    prize.mark().await;
    program.is_sound();
    assert_eq!(prize.markers.astray(&heaps::all(&program).await), [""; 0], "before the unsealing");

    prize.unseal().await;
    program.is_sound();
    let mut heaps = heaps::all(&program).await;
    heaps.push(prize.bundle().await);
    // The same search finds them where they belong.
    let found = prize.markers.found(&heaps, |marker| marker.what == "a mark");
    for place in PUBLISHED {
        assert!(found["a mark"].iter().any(|found| found == place), "{found:?}: not in {place}");
    }
    let astray: Vec<String> = prize.markers.astray(&heaps);
    let told = PUBLISHED.map(|place| format!("a mark is in {place}"));
    let astray: Vec<&String> = astray.iter().filter(|astray| !told.contains(astray)).collect();
    assert!(astray.is_empty(), "{astray:?}");
    let markers = std::mem::take(&mut prize.markers);
    drop(prize);
    program.stop();
    assert_eq!(markers.astray(&heaps::logs(&program)), [""; 0], "in the logs of the stop");
}

/// A search that reads nothing finds nothing: what must be there is.
fn they_were_read(prize: &Prize, heaps: &[Heap]) {
    let programme = prize.programme.as_bytes();
    for place in [
        "events",
        "stream PLAUDIT_SUBMISSIONS",
        "stream PLAUDIT_PANELS",
        "stream PLAUDIT_SCORING",
        "table submissions.events",
        "table submissions.keys",
        "table submissions.openings",
        "table submissions's keys.subject_keys",
        "table accounts.members",
        "NATS's files",
        "the log",
    ] {
        let bytes = heaps::named(heaps, place);
        let found = bytes.windows(programme.len()).any(|window| window == programme);
        assert!(found, "{place} was not read: {} bytes", bytes.len());
    }
    let present = |table: &str| heaps.iter().any(|heap| heap.name.ends_with(table));
    assert!([".timers", ".checkpoints", ".openings_lost", ".head"].iter().all(|table| present(table)));
    assert!(
        String::from_utf8_lossy(heaps::named(heaps, "PostgreSQL's log"))
            .contains("ready to accept connections")
    );
    assert!(String::from_utf8_lossy(heaps::named(heaps, "NATS's log")).contains("Server is ready"));
    let log = String::from_utf8_lossy(heaps::named(heaps, "the log"));
    assert!(log.contains("DEBUG"), "the log says little");
}

/// Every text of every body that isn't named as public held a marker.
async fn every_private_field_was_planted(prize: &Prize) {
    let fields = free_texts(&prize.cast.anyone).await;
    let is_public = |operation: &str, path: &str| {
        PUBLIC.iter().any(|(public, paths)| *public == operation && paths.contains(&path))
    };
    for (operation, paths) in PUBLIC {
        for path in paths {
            let known = fields.iter().any(|field| field.operation == operation && field.path == *path);
            assert!(known, "{operation} has no {path} any more: take it off the list");
        }
    }
    let private: Vec<_> = fields.iter().filter(|field| !is_public(&field.operation, &field.path)).collect();
    let forgotten: Vec<_> = private
        .iter()
        .filter(|field| {
            let said: Vec<String> =
                prize.said(&field.operation).iter().flat_map(|body| said(body, &field.path)).collect();
            !said.iter().any(|text| prize.markers.are_in(text))
        })
        .collect();
    assert!(forgotten.is_empty(), "no marker was planted in {forgotten:#?}");
    assert!(private.len() > 25, "only {} private fields are described", private.len());
}

/// What is refused is as private: words in the wrong place, or too late.
async fn refused(prize: &Prize) {
    let (markers, ada) = (&prize.markers, &prize.cast.ada);
    let programme = "submissions/programmes/{programme}";
    let text = |what: &str| markers.text(what);
    let refused: [(String, Value); 7] = [
        (
            "POST submissions/programmes".to_owned(),
            json!({ "title": { "text": text("a title in a title") } }),
        ),
        (
            format!("POST {programme}/roles"),
            json!({ "member": text("a name as a member"), "role": "helper" }),
        ),
        (
            format!("POST {programme}/roles"),
            json!({ "member": prize.pitches[0], "role": text("a name as a role") }),
        ),
        (format!("POST {programme}/cancellation"), json!({ "reason": text("words as a reason") })),
        (format!("POST {programme}/cancellation"), json!({ text("words as a field"): 1 })),
        (format!("PUT {programme}/rulebook"), json!({ "prose": text("prose alone") })),
        (format!("POST {programme}/pitches"), prize.entry("a pitch that comes too late", &[])),
    ];
    for (operation, body) in refused {
        let answer = prize.attempts(ada, &operation, &[], body.to_string().into_bytes()).await;
        assert!(answer.status.is_client_error(), "{operation} {body}: {answer:?}");
    }
    let broken = format!("{{\"title\": \"{}", text("a title in what is no JSON")).into_bytes();
    let answer = prize.attempts(ada, "POST submissions/programmes", &[], broken).await;
    assert!(answer.status.is_client_error(), "{answer:?}");
    // What goes into headers and queries.
    let plain = |what: &str| markers.email(what, &[]);
    let after = format!(
        "{}?after={}",
        prize.address(&format!("{programme}/pitches"), &[]),
        plain("a place in a list")
    );
    assert!(ada.reads(&after).await.status.is_client_error());
    let strange = ada.with_header("plaudit-position", &plain("a position"));
    assert!(strange.reads("submissions/programmes").await.status.is_client_error());
    let (key, body) = (plain("a key"), Some(json!({ "question": text("a question to nobody") }).to_string()));
    let path = prize.address(&format!("{programme}/pitches/{{pitch}}/query"), &[&prize.programme]);
    let answer = ada.asks(Method::POST, &path, Some(&key), body.map(String::into_bytes)).await;
    assert!(answer.status.is_client_error(), "{answer:?}");
    // The same address invited many times at once.
    let email = markers.email("an address that many invite", ADDRESSES);
    let invitations = prize.address("accounts/programmes/{programme}/invitations", &[]);
    let at_once = (0..8).map(|_| ada.attempts(&invitations, json!({ "email": email })));
    futures_util::future::join_all(at_once).await;
}
