//! Marks that the rulebook does not publish.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plaudit_verifier::bundle::Opening;
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
