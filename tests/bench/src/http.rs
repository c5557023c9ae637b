//! Sealing scorecards over HTTP, and what an idle installation weighs.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::{join_all, try_join_all};
use plaudit_tests::people::{Person, Seen};
use plaudit_tests::program::Program;
use serde_json::{Value, json};

use crate::report::{Report, rate};
use crate::stand::Failure;

const JUDGES: usize = 64;
const PITCHES: usize = 8;
const MEASURED: Duration = Duration::from_secs(8);

pub async fn run(report: &mut Report) -> Result<(), Failure> {
    let program = Program::start(&[]);
    tokio::time::sleep(Duration::from_secs(5)).await;
    report.note("idle_mb", json!(resident_mb(program.pid())?));
    let people = cast(&program)?;
    let (pitches, programme) = open_round(&people).await;
    let base = format!("scoring/programmes/{programme}/rounds/final");
    let done = AtomicUsize::new(0);
    let warm = Instant::now() + Duration::from_secs(1);
    let end = warm + MEASURED;
    let work = people[2 + PITCHES..].iter().map(|judge| async {
        let (base, pitches, done) = (&base, &pitches, &done);
        for turn in 0.. {
            if Instant::now() >= end {
                break;
            }
            let path = format!("{base}/scorecards/{}/seal", pitches[turn % PITCHES]);
            let marks = json!({ "one": format!("{}", turn % 11), "two": "7.5" });
            let body = json!({ "marks": marks, "comment_to_entrant": "Clear, and well asked for." });
            let answer = judge.attempts(&path, body).await;
            assert!(answer.status.is_success(), "{answer:?}");
            done.fetch_add(usize::from(Instant::now() >= warm), Ordering::Relaxed);
        }
    });
    join_all(work).await;
    let sealed = done.load(Ordering::Relaxed);
    report.note("http", json!(rate(sealed, MEASURED.as_secs_f64())));
    Ok(())
}

/// The program's own resident memory, PostgreSQL and NATS aside.
fn resident_mb(pid: u32) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}

/// Two organisers, the entrants, the judges.
fn cast(program: &Program) -> Result<Vec<Person>, Failure> {
    let folder = tempfile::tempdir()?;
    let rows = |what: &str, many: usize, more: &str| {
        let lines: Vec<String> = (1..=many).map(|n| format!("{what}{n:02},Number {n}{more}\n")).collect();
        lines.concat()
    };
    std::fs::write(folder.path().join("programme.toml"), include_str!("programme.toml"))?;
    std::fs::write(
        folder.path().join("pitches.csv"),
        "pitch,title,team\n".to_owned() + &rows("p", PITCHES, ",team"),
    )?;
    std::fs::write(folder.path().join("judges.csv"), "judge,name\n".to_owned() + &rows("J", JUDGES, ""))?;
    std::fs::write(folder.path().join("marks.csv"), "pitch,judge,criterion,mark\n")?;
    let out = folder.path().join("people.json");
    let (from, to) = (folder.path().display().to_string(), out.display().to_string());
    program.tool_says(&["people", "--out", &to, "--for", &from]);
    let made: Value = serde_json::from_slice(&std::fs::read(out)?)?;
    let seen = Seen::default();
    let people = made["people"].as_array().ok_or("no people")?.iter().map(|person| {
        let text = |name: &str| person[name].as_str().unwrap_or_default();
        Person::with_token(program.url(), &seen, text("email"), text("token"))
    });
    Ok(people.collect())
}

/// A programme whose one round is open to all judges.
async fn open_round(people: &[Person]) -> (Vec<String>, String) {
    let (a, b) = (&people[0], &people[1]);
    let (entrants, judges) = people[2..].split_at(PITCHES);
    let programme = a.does("submissions/programmes", json!({ "title": "Measured" })).await.id();
    let on = |service: &str, rest: &str| format!("{service}/programmes/{programme}/{rest}");
    let member = async |person: &Person| {
        let body = json!({ "email": person.email });
        let answer = a.does(&on("accounts", "invitations"), body).await;
        answer.body["member"].as_str().unwrap_or_default().to_owned()
    };
    let second = member(b).await;
    a.does(&on("submissions", "roles"), json!({ "member": second, "role": "organiser" })).await;
    let rulebook: Value = serde_json::from_str(include_str!("rulebook.json")).unwrap_or_default();
    a.puts(&on("submissions", "rulebook"), rulebook).await;
    a.does(&on("submissions", "call/opening"), json!({})).await;
    b.does(&on("submissions", "call/opening/confirmation"), json!({})).await;
    let mut pitches = Vec::new();
    for entrant in entrants {
        let member = member(entrant).await;
        a.does(&on("submissions", "call/invitees"), json!({ "member": member })).await;
        let entry = json!({ "title": "A pitch", "team_name": "A team", "gate": {}, "answers": {}, "accept_rules": true });
        pitches.push(entrant.does(&on("submissions", "pitches"), entry).await.id());
    }
    a.does(&on("submissions", "call/closing"), json!({})).await;
    b.does(&on("submissions", "call/closing/confirmation"), json!({})).await;
    for pitch in &pitches {
        a.does(&on("submissions", &format!("pitches/{pitch}/screening")), json!({ "outcome": "eligible" }))
            .await;
    }
    a.does(&on("submissions", "screening/completion"), json!({})).await;
    a.does(&on("panels", "rounds/final/panel"), json!({})).await;
    let seats = judges.iter().map(|judge| async {
        let member = member(judge).await;
        let seat = json!({ "member": member, "independent": true });
        a.does(&on("panels", "rounds/final/panel/judges"), seat).await;
        judge.does(&on("panels", "rounds/final/panel/acceptance"), json!({ "confidentiality": true })).await;
        let nil = json!({ "connections": [], "none_for_the_rest": true });
        judge.does(&on("panels", "rounds/final/panel/declaration"), nil).await;
        Ok::<(), Failure>(())
    });
    // Each panics where it can't get on.
    let _ = try_join_all(seats).await;
    a.does(&on("panels", "rounds/final/panel/assignments"), json!({})).await;
    a.does(&on("panels", "rounds/final/panel/readiness"), json!({})).await;
    a.does(&on("scoring", "rounds/final/opening"), json!({})).await;
    (pitches, programme)
}
