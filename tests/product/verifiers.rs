//! Two verifiers that were written apart, in two languages, say the same of the
//! same file, word for word: of bundles, of receipts, and of a file with a
//! change in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use plaudit_tests::people::{Person, Seen};
use plaudit_tests::program::{Program, binary, root};
use serde_json::Value;

/// What `plaudit verify` says.
pub fn ours(file: &Path) -> Value {
    let said = Command::new(binary()).arg("verify").arg(file).arg("--json").output().unwrap();
    serde_json::from_slice(&said.stdout).unwrap()
}

/// What the page says.
pub fn the_pages(file: &Path) -> Value {
    let script = root().join("services/audit/browser/tests/report.mjs");
    let said = Command::new("node").arg(script).arg(file).output().expect("node, which `make test` installs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).unwrap()
}

pub fn outcomes(report: &Value) -> Vec<(&str, &str)> {
    let checks = report.as_array().unwrap().iter();
    checks.map(|one| (one["check"].as_str().unwrap(), one["outcome"].as_str().unwrap())).collect()
}

/// Plays a folder; the people that it was played with, and the bundle.
pub fn played(program: &Program, scenario: &Path, folder: &Path) -> (Vec<Value>, PathBuf) {
    let bundle = folder.join("played.plaudit-bundle");
    let people = people(program, scenario, folder);
    let (url, tokens) = (program.url(), folder.join("people.json"));
    let (scenario, tokens, to) =
        (scenario.to_str().unwrap(), tokens.to_str().unwrap(), bundle.to_str().unwrap());
    program.tool_says(&["play", scenario, "--url", url, "--tokens", tokens, "--bundle", to]);
    (people, bundle)
}

/// People for a folder, with tokens.
pub fn people(program: &Program, scenario: &Path, folder: &Path) -> Vec<Value> {
    let to = folder.join("people.json");
    program.tool_says(&["people", "--for", scenario.to_str().unwrap(), "--out", to.to_str().unwrap()]);
    let people: Value = serde_json::from_slice(&std::fs::read(to).unwrap()).unwrap();
    people["people"].as_array().unwrap().clone()
}

#[tokio::test]
async fn two_verifiers_say_the_same() {
    let program = Program::start(&[]);
    let folder = tempfile::tempdir().unwrap();
    let (people, bundle) = played(&program, &root().join("examples/the-den"), folder.path());
    let said = ours(&bundle);
    assert!(outcomes(&said).iter().all(|(_, outcome)| *outcome == "holds"), "{said:#}");
    assert_eq!(said, the_pages(&bundle), "of the bundle");

    // A mark is another in the event that reveals it.
    let text = std::fs::read_to_string(&bundle).unwrap();
    let at = text.find(r#""mark":""#).unwrap() + r#""mark":""#.len();
    let mut changed = text.clone().into_bytes();
    changed[at] = if changed[at] == b'9' { b'8' } else { b'9' };
    let lie = folder.path().join("lie.plaudit-bundle");
    std::fs::write(&lie, changed).unwrap();
    let said = ours(&lie);
    assert!(outcomes(&said).contains(&("file", "fails")), "{said:#}");
    assert_eq!(said, the_pages(&lie), "of the changed bundle");

    receipts(&program, &people, &text, folder.path()).await;
}

/// Everybody gets the receipt of what they handed in, and of nothing else.
async fn receipts(program: &Program, people: &[Value], bundle: &str, folder: &Path) {
    let programme = bundle.lines().nth(1).unwrap().strip_prefix("programme ").unwrap();
    for kind in ["PitchSubmitted", "ScorecardSealed", "DeclarationConfirmed"] {
        let event = bundle.lines().find(|line| line.contains(&format!(".{kind}\""))).unwrap();
        let place = event.split('\t').next().unwrap();
        let mut given = 0;
        for person in people {
            let token = person["token"].as_str().unwrap();
            let person = Person::with_token(program.url(), &Seen::default(), "", token);
            let path = format!("accounts/programmes/{programme}/receipts/{place}");
            if !person.reads(&path).await.status.is_success() {
                continue;
            }
            given += 1;
            let receipt = folder.join(format!("{kind}.plaudit-receipt"));
            std::fs::write(&receipt, person.file(&path).await).unwrap();
            let said = ours(&receipt);
            assert!(outcomes(&said).iter().all(|(_, outcome)| *outcome == "holds"), "{kind}: {said:#}");
            assert_eq!(said, the_pages(&receipt), "of the receipt of {kind}");
        }
        assert_eq!(given, 1, "{kind}: for its author alone");
    }
}
