//! Marks that the rulebook does not publish.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plaudit_verifier::bundle::{Opener, Opening};
use plaudit_verifier::event::Hash32;
use plaudit_verifier::report::Outcome;
use plaudit_verifier::verify::verify;

use crate::forge::{Forge, UNPUBLISHED, between};

#[test]
fn unpublished_marks_leave_the_result_unshown_and_nothing_else() {
    let report = verify(&Forge::from_lines(UNPUBLISHED).bundle());
    assert_eq!(report.exit_code(), 3, "{report}");
    let hidden: Vec<_> = report.0.iter().filter(|checked| checked.outcome == Outcome::Hidden).collect();
    assert_eq!(hidden.len(), 1, "{report}");
    assert!(hidden[0].sentence.contains("10 score sheets are not opened in this file"), "{report}");
}

/// The sample as if its marks had stayed in the vault, with openings for auditors instead.
fn for_auditors() -> Forge {
    let mut forge = Forge::of("the-den");
    let read = |text: &str| Hash32(STANDARD.decode(text).unwrap().try_into().unwrap());
    while forge.events.iter().any(|(_, text)| text.contains(".ScorecardUnsealed\"")) {
        let at = forge.nth("ScorecardUnsealed", 0);
        let text = forge.events[at].1.clone();
        let marks = between(&text, "\"marks\":[", "]").split("},{");
        let mut lines: Vec<String> = marks
            .map(|mark| {
                let of = |name: &str| between(mark, &format!("\"{name}\":\""), "\"");
                format!("{}={}\n", of("criterion"), of("mark"))
            })
            .collect();
        lines.sort();
        let (commitment, salt) = (read(&forge.value(at, "commitment")), read(&forge.value(at, "salt")));
        forge.openings.push(Opening { commitment, salt, content: lines.concat().into_bytes() });
        forge.drop_event(at);
    }
    forge.change_all("MARKS_VISIBILITY_PUBLIC", "MARKS_VISIBILITY_OWN_ENTRANT");
    forge.sizes.clear();
    forge
}

#[test]
fn an_auditor_works_the_result_out_from_the_openings() {
    let report = verify(&for_auditors().bundle());
    for check in ["openings", "unsealing", "result"] {
        assert_eq!(report.get(check).unwrap().outcome, Outcome::Holds, "{report}");
    }
    assert!(report.get("result").unwrap().sentence.starts_with("Worked out again from 9 score sheets"));
}

#[test]
fn an_opening_that_is_left_out_is_said() {
    let mut forge = for_auditors();
    forge.openings.pop();
    let report = verify(&forge.bundle());
    assert_eq!(report.get("result").unwrap().outcome, Outcome::Hidden, "{report}");
    assert_eq!(report.get("openings").unwrap().outcome, Outcome::Holds, "{report}");
}

/// A public bundle with openings, in pieces.
fn opened(public: &[u8], openings: Vec<Opening>) -> Vec<u8> {
    let mut opener = Opener::new(openings);
    let mut made: Vec<u8> = public.chunks(777).flat_map(|piece| opener.push(piece).unwrap()).collect();
    made.extend(opener.finish().unwrap());
    made
}

#[test]
fn a_public_bundle_is_opened_for_auditors() {
    let forge = for_auditors();
    let public = Forge { openings: Vec::new(), ..forge.clone() }.bundle();
    assert_eq!(opened(&public, forge.openings.clone()), forge.bundle());
    // What opens nothing in it, or wrongly, is left out.
    let mut more = forge.openings.clone();
    more.push(Opening { commitment: Hash32([1; 32]), ..more[0].clone() });
    assert_eq!(opened(&public, more), forge.bundle());
    let mut wrong = forge.openings.clone();
    wrong[3].content.push(b'\n');
    let right = forge.openings.iter().enumerate().filter(|(at, _)| *at != 3).map(|(_, it)| it.clone());
    let fewer = Forge { openings: right.collect(), ..forge.clone() }.bundle();
    assert_eq!(opened(&public, wrong), fewer);
}

#[test]
fn what_the_log_reveals_or_forgot_is_not_opened_again() {
    let forge = Forge::of("the-den");
    let unpublished = for_auditors();
    let made = opened(&forge.bundle(), unpublished.openings.clone());
    let report = verify(&made);
    assert_eq!(report.exit_code(), 0, "{report}");
    let declared = unpublished.nth("ResultDeclared", 0);
    let (head, _) = unpublished.events[declared].1.split_once("\"data\":").unwrap();
    let round = unpublished.value(declared, "subject").replace("result/", "");
    let text = format!(
        "{}\"data\":{{\"subject\":\"SUBJECT_ROUND\",\"openings\":9,\"because\":\"FORGOTTEN_BECAUSE_ASKED\",\"id\":\"{round}\"}}}}",
        head.replace("scoring.v1.ResultDeclared", "intake.v1.OpeningsForgotten")
    );
    let mut forgotten = Forge { openings: Vec::new(), ..unpublished.clone() };
    forgotten.slip_in(declared, &text);
    let report = verify(&opened(&forgotten.bundle(), unpublished.openings.clone()));
    assert_eq!(report.get("forgotten").unwrap().outcome, Outcome::Holds, "{report}");
    assert_eq!(report.get("openings").unwrap().outcome, Outcome::Holds, "{report}");
    assert_eq!(report.get("result").unwrap().outcome, Outcome::Hidden, "{report}");
}

#[test]
fn a_public_bundle_that_is_cut_or_changed_is_not_opened() {
    let public = Forge::of("the-den").bundle();
    let mut opener = Opener::new(Vec::new());
    opener.push(&public[..public.len() - 1]).unwrap();
    opener.finish().unwrap_err();
    let mut opener = Opener::new(Vec::new());
    let changed = String::from_utf8(public).unwrap().replacen("for public", "for auditors", 1);
    opener.push(changed.as_bytes()).unwrap();
    opener.finish().unwrap_err();
    let mut opener = Opener::new(Vec::new());
    opener.push(&Forge::of("the-den").receipt_file(3)).unwrap();
    opener.finish().unwrap_err();
}

#[test]
fn marks_that_were_forgotten_are_said_to_be() {
    let forgotten = |what: &dyn Fn(&Forge) -> String| {
        let mut forge = for_auditors();
        let declared = forge.nth("ResultDeclared", 0);
        let (head, _) = forge.events[declared].1.split_once("\"data\":").unwrap();
        let type_and_data = what(&forge);
        let text = head.replace("plaudit.scoring.v1.ResultDeclared", "plaudit.intake.v1.") + "\"data\":";
        let (kind, data) = type_and_data.split_once(' ').unwrap();
        let text = text.replace("intake.v1.\"", &format!("intake.v1.{kind}\"")) + data + "}";
        forge.slip_in(declared, &text);
        forge.openings.clear();
        verify(&forge.bundle()).get("result").unwrap().clone()
    };
    let round = forgotten(&|forge| {
        let result = forge.value(forge.nth("ResultDeclared", 0), "subject");
        let round = result.strip_prefix("result/").unwrap();
        format!(
            "OpeningsForgotten {{\"subject\":\"SUBJECT_ROUND\",\"openings\":9,\"because\":\"FORGOTTEN_BECAUSE_ASKED\",\"id\":\"{round}\"}}"
        )
    });
    assert_eq!(round.outcome, Outcome::Hidden, "{round:?}");
    assert!(round.sentence.contains("says that what was in them was forgotten"), "{round:?}");
    let sheet = forgotten(&|forge| {
        let marks = forge.value(forge.nth("ScorecardSealed", 8), "marks");
        format!("OpeningForgotten {{\"commitment\":\"{marks}\",\"because\":\"FORGOTTEN_BECAUSE_ASKED\"}}")
    });
    assert!(sheet.sentence.contains("says that what was in them was forgotten"), "{sheet:?}");
    let other = forgotten(&|_| {
        "OpeningsForgotten {\"subject\":\"SUBJECT_MEMBER\",\"openings\":9,\"because\":\"FORGOTTEN_BECAUSE_ASKED\",\"id\":\"9d9e7c1a-5a0e-4b1b-8a44-000000000002\"}".to_owned()
    });
    assert!(other.sentence.contains("does not publish marks"), "{other:?}");
}

#[test]
fn a_list_that_says_less_stays_closed_is_found() {
    let file = for_auditors().bundle();
    let text = String::from_utf8(file).unwrap();
    let changed = text.replace("PitchSubmitted.title\t3", "PitchSubmitted.title\t2");
    let report = verify(changed.as_bytes());
    let sentence = &report.get("openings").unwrap().sentence;
    assert!(
        sentence.contains("says that 2 of PitchSubmitted.title stay closed; in truth it is 3"),
        "{report}"
    );
}
