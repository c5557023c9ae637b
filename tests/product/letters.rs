//! Letters, from the event to the mail folder: every service a process of its
//! own, which notify asks who somebody is.

use std::collections::BTreeMap;
use std::time::Duration;

use plaudit_tests::program::{Program, root};
use serde_json::Value;

/// What each kind of letter of the sample begins with, after the title, and
/// how many go.
const LEAST: [(&str, usize); 7] = [
    ("your pitch has come in", 3),
    ("will you judge?", 3),
    ("the pitches that you judge", 3),
    ("the winners are announced", 3),
    ("you have won", 1),
    ("you have accepted your prize", 1),
    ("your prize is on its way", 1),
];

async fn mails(program: &Program) -> Vec<Value> {
    let answer = reqwest::get(format!("{}/dev/mail", program.url())).await.unwrap();
    let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    body["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_played_programme_writes_to_those_whom_it_concerns() {
    let program = Program::start(&["--apart"]);
    program.plays(&[root().join("examples/the-den")]);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..120 {
        counts.clear();
        for mail in mails(&program).await {
            let subject = mail["subject"].as_str().unwrap();
            *counts.entry(subject.rsplit(": ").next().unwrap().to_owned()).or_default() += 1;
        }
        if LEAST.iter().all(|(kind, least)| counts.get(*kind).is_some_and(|found| found >= least)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    for (kind, least) in LEAST {
        assert!(counts.get(kind).copied().unwrap_or_default() >= least, "{kind}: {counts:?}");
    }
    let mails = mails(&program).await;
    let whole = serde_json::to_string(&mails).unwrap();
    // This machine has a name, for whoever opens the letter here.
    let public = program.url().replace("127.0.0.1", "localhost");
    assert!(whole.contains(&format!("{public}/programmes/")), "no letter has a link");
    assert!(mails.iter().all(|mail| mail["html"].as_str().is_some_and(|html| html.contains("</html>"))));
    assert!(!whole.contains("the programme:"), "a letter doesn't know what the programme is called");
}
