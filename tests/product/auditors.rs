//! Marks that the rulebook does not publish: what an auditor may see of them,
//! whom two people admit, and what is left when they are forgotten.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use plaudit_tests::people::{Answer, Person, Seen};
use plaudit_tests::program::{Program, root};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::verifiers::{ours, outcomes, people, played, the_pages};

/// The den, with marks for entrants and auditors alone.
fn unpublished(folder: &Path) -> PathBuf {
    let (from, to) = (root().join("examples/the-den"), folder.join("the-den"));
    for within in ["", "texts"] {
        std::fs::create_dir(to.join(within)).unwrap();
        for file in std::fs::read_dir(from.join(within)).unwrap().map(Result::unwrap) {
            if file.file_type().unwrap().is_file() {
                std::fs::copy(file.path(), to.join(within).join(file.file_name())).unwrap();
            }
        }
    }
    let programme = to.join("programme.toml");
    let text = std::fs::read_to_string(&programme).unwrap();
    std::fs::write(&programme, format!("marks_for = \"entrants-and-auditors\"\n{text}")).unwrap();
    to
}

/// The programme that was played, and those who take part in it.
struct Den {
    program: Program,
    folder: tempfile::TempDir,
    programme: String,
    people: Vec<Value>,
    seen: Seen,
}

impl Den {
    fn play() -> (Self, PathBuf) {
        let program = Program::start(&[]);
        let folder = tempfile::tempdir().unwrap();
        let (people, bundle) = played(&program, &unpublished(folder.path()), folder.path());
        let text = std::fs::read_to_string(&bundle).unwrap();
        let programme = text.lines().nth(1).unwrap().strip_prefix("programme ").unwrap().to_owned();
        (Self { program, folder, programme, people, seen: Seen::default() }, bundle)
    }

    /// Whose address begins like this.
    fn person(&self, address: &str) -> Person {
        let found = self.people.iter().find(|one| one["email"].as_str().unwrap().starts_with(address));
        self.with_token(found.unwrap())
    }

    fn with_token(&self, person: &Value) -> Person {
        let [email, token] = ["email", "token"].map(|name| person[name].as_str().unwrap());
        Person::with_token(self.program.url(), &self.seen, email, token)
    }

    fn path(&self, service: &str, rest: &str) -> String {
        format!("{service}/programmes/{}/{rest}", self.programme)
    }

    async fn says(&self, person: &Person, rest: &str, body: Value) -> Answer {
        person.attempts(&self.path("submissions", rest), body).await
    }

    async fn member(&self, person: &Person) -> String {
        let me = person.reads(&self.path("accounts", "me")).await;
        me.body["member"].as_str().unwrap_or_else(|| panic!("{me:?}")).to_owned()
    }

    /// The bundle that somebody gets under a path, and both verifiers' word
    /// on it.
    async fn bundle(&self, person: &Person, path: &str) -> (String, Value) {
        let file = self.folder.path().join("asked.plaudit-bundle");
        std::fs::write(&file, person.file(path).await).unwrap();
        let said = ours(&file);
        assert_eq!(said, the_pages(&file), "{path}");
        (std::fs::read_to_string(&file).unwrap(), said)
    }

    /// An auditor's bundle, as soon as it says that this subject was forgotten.
    async fn audited_after(&self, auditor: &Person, subject: &str, id: &str) -> (String, Value) {
        let says = |line: &str| [".OpeningsForgotten\"", subject, id].iter().all(|word| line.contains(word));
        let began = Instant::now();
        loop {
            let bundle = self.bundle(auditor, &self.path("accounts", "auditors/bundle")).await;
            if bundle.0.lines().any(says) {
                return bundle;
            }
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "{subject} {id} is not forgotten:\n{}",
                bundle.0
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// What a report says of a check.
fn said<'a>(report: &'a Value, check: &str) -> (&'a str, &'a str) {
    let of = report.as_array().unwrap().iter().find(|one| one["check"] == check).unwrap();
    (of["outcome"].as_str().unwrap(), of["sentence"].as_str().unwrap())
}

/// The fields that a bundle leaves closed.
fn closed(bundle: &str) -> Vec<&str> {
    let lines = bundle.lines().skip_while(|line| !line.starts_with("withheld "));
    lines.skip(1).filter_map(|line| Some(line.split_once('\t')?.0)).collect()
}

#[tokio::test]
async fn an_auditor_sees_what_is_not_published_until_it_is_forgotten() {
    let (den, bundle) = Den::play();
    let public = ours(&bundle);
    assert_eq!(public, the_pages(&bundle), "of the public bundle");
    let hidden: Vec<_> = outcomes(&public).into_iter().filter(|(_, outcome)| *outcome != "holds").collect();
    assert_eq!(hidden, [("result", "hidden")], "{public:#}");

    let auditor = an_auditor(&den).await;
    let (opened, report) = den.bundle(&auditor, &den.path("accounts", "auditors/bundle")).await;
    assert!(outcomes(&report).iter().all(|(_, outcome)| *outcome == "holds"), "{report:#}");
    assert!(opened.lines().any(|line| line == "for auditors"));
    let closed = closed(&opened);
    for field in ["PitchSubmitted.title", "PitchSubmitted.answers", "ScorecardSealed.comment_to_panel"] {
        assert!(closed.contains(&field), "{field} is not an auditor's: {closed:?}");
    }
    assert!(!closed.contains(&"ScorecardSealed.marks"), "{closed:?}");
    a_conflict_or_a_dismissal_ends_it(&den, &auditor).await;
    the_marks_are_forgotten(&den, &auditor).await;
    nobody_is_forgotten_by_another_programme_s_word(&den, &auditor).await;
    people_are_forgotten(&den, &auditor).await;
    den.program.is_sound();
}

/// Somebody from outside, whom two people admit.
async fn an_auditor(den: &Den) -> Person {
    let other = tempfile::tempdir().unwrap();
    let outsiders = people(&den.program, &root().join("examples/panels/median"), other.path());
    let auditor = den.with_token(&outsiders[0]);
    let member = json!({ "member": den.member(&auditor).await });
    let (first, second) = (den.person("organiser-a"), den.person("organiser-b"));
    let path = den.path("accounts", "auditors/bundle");
    assert_eq!(auditor.reads(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(first.reads(&path).await.status, StatusCode::FORBIDDEN);
    let unproposed = den.says(&second, "auditors/confirmation", member.clone()).await;
    assert_eq!(unproposed.code(), "not-proposed");
    assert!(den.says(&first, "auditors", member.clone()).await.status.is_success());
    assert_eq!(den.says(&first, "auditors/confirmation", member.clone()).await.code(), "same-person");
    assert_eq!(auditor.reads(&path).await.status, StatusCode::FORBIDDEN);
    assert!(den.says(&second, "auditors/confirmation", member.clone()).await.status.is_success());
    assert_eq!(den.says(&second, "auditors/confirmation", member).await.code(), "auditor-already");
    by_the_tool(den, outsiders[0]["token"].as_str().unwrap());
    auditor
}

fn by_the_tool(den: &Den, token: &str) {
    let file = den.folder.path().join("auditors.plaudit-bundle");
    let out = file.to_str().unwrap();
    den.program.tool_says(&["bundle", &den.programme, "--auditors", "--token", token, "--out", out]);
    assert!(outcomes(&ours(&file)).iter().all(|(_, outcome)| *outcome == "holds"));
}

async fn a_conflict_or_a_dismissal_ends_it(den: &Den, auditor: &Person) {
    let (first, second) = (den.person("organiser-a"), den.person("organiser-b"));
    let member = json!({ "member": den.member(auditor).await });
    assert!(den.says(&second, "auditors/dismissal", member.clone()).await.status.is_success());
    for service in ["submissions", "scoring"] {
        let openings = auditor.reads(&den.path(service, "openings")).await;
        assert_eq!(openings.status, StatusCode::FORBIDDEN, "{service}: {openings:?}");
    }
    // Whose pitch it is can't look into everything.
    let entrant = json!({ "member": den.member(&den.person("entrant-")).await });
    assert_eq!(den.says(&first, "auditors", entrant).await.code(), "auditor-has-part");
    assert!(den.says(&first, "auditors", member.clone()).await.status.is_success());
    assert!(den.says(&second, "auditors/confirmation", member).await.status.is_success());
}

async fn the_marks_are_forgotten(den: &Den, auditor: &Person) {
    let organiser = den.person("organiser-a");
    let forget = |what: Value| json!({ "what": what, "reason": "kept_long_enough" });
    let unknown = den.says(&organiser, "forgetting", forget(json!({ "round": "none" }))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let judge = den.says(&den.person("judge-"), "forgetting", forget(json!({ "round": "final" }))).await;
    assert_eq!(judge.status, StatusCode::FORBIDDEN);
    let asked = den.says(&organiser, "forgetting", forget(json!({ "round": "final" }))).await;
    assert!(asked.status.is_success(), "{asked:?}");
    let again = den.says(&organiser, "forgetting", forget(json!({ "round": "final" }))).await;
    assert!(again.status.is_success(), "nothing is left to forget: {again:?}");

    let (text, report) = den.audited_after(auditor, "SUBJECT_ROUND", "").await;
    let (outcome, sentence) = said(&report, "result");
    assert_eq!(outcome, "hidden", "{report:#}");
    assert!(sentence.contains("says that what was in them was forgotten"), "{sentence}");
    let others = outcomes(&report).into_iter().filter(|(check, _)| *check != "result");
    assert!(others.into_iter().all(|(_, outcome)| outcome == "holds"), "{report:#}");
    assert!(said(&report, "forgotten").1.contains("what was forgotten, from"), "{report:#}");
    assert!(closed(&text).contains(&"ScorecardSealed.marks"));
    let derivation = organiser.reads(&den.path("scoring", "rounds/final/result/derivation")).await;
    assert_eq!(derivation.code(), "openings-lost", "{derivation:?}");
}

async fn nobody_is_forgotten_by_another_programme_s_word(den: &Den, stranger: &Person) {
    let judge = den.person("judge-");
    let member = den.member(&judge).await;
    let drafted = stranger.does("submissions/programmes", json!({ "title": "Mine" })).await;
    let mine = format!("submissions/programmes/{}", drafted.id());
    stranger.does(&format!("{mine}/cancellation"), json!({ "reason": "our_fault" })).await;
    let forget = json!({ "what": { "member": member }, "reason": "person_asked" });
    stranger.does(&format!("{mine}/forgetting"), forget).await;
    let began = Instant::now();
    while !den.program.tool_says(&["events", "--service", "accounts"]).contains(".IntakeRefused\"") {
        assert!(began.elapsed() < Duration::from_secs(60), "accounts has not refused it");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(den.member(&judge).await, member);
}

/// One person leaves by themselves, and another is forgotten by an organiser.
async fn people_are_forgotten(den: &Den, auditor: &Person) {
    let organiser = den.person("organiser-a");
    let entrant = den.person("entrant-");
    let pitches = entrant.reads(&den.path("submissions", "pitches")).await;
    let pitch = pitches.body["items"][0]["id"].as_str().unwrap().to_owned();
    assert!(pitches.body["items"][0]["title"].is_string(), "{pitches:?}");
    let left = entrant.asks(Method::DELETE, "accounts/me", None, None).await;
    assert!(left.status.is_success(), "{left:?}");
    den.audited_after(auditor, "SUBJECT_PITCH", &pitch).await;
    let seen = organiser.reads(&den.path("submissions", &format!("pitches/{pitch}"))).await;
    assert!(seen.status.is_success() && seen.body["title"].is_null(), "{seen:?}");

    let judge = den.person("judge-");
    let member = den.member(&judge).await;
    let asked = json!({ "what": { "member": member }, "reason": "person_asked" });
    assert!(den.says(&organiser, "forgetting", asked).await.status.is_success());
    let (_, report) = den.audited_after(auditor, "SUBJECT_MEMBER", &member).await;
    let others = outcomes(&report).into_iter().filter(|(check, _)| *check != "result");
    assert!(others.into_iter().all(|(_, outcome)| outcome == "holds"), "{report:#}");
    let own = json!({ "what": { "member": den.member(&den.person("organiser-b")).await }, "reason": "person_asked" });
    assert_eq!(den.says(&organiser, "forgetting", own).await.code(), "has-role");
}
