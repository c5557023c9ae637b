//! What somebody could do who holds the log's key, and the check that finds it.

use plaudit_verifier::id::Id;
use plaudit_verifier::report::{Outcome, Report};
use plaudit_verifier::verify::{Verifier, verify};

use crate::forge::{Forge, between};

/// The file is in order, and this check fails with a sentence that has these words.
fn fails(forge: &Forge, check: &str, words: &str) {
    let report = verify(&forge.bundle());
    for intact in ["file", "signature", "tree", "growth", "witnesses"] {
        assert_eq!(report.get(intact).unwrap().outcome, Outcome::Holds, "{report}");
    }
    says(&report, check, words);
}

fn says(report: &Report, check: &str, words: &str) {
    let checked = report.get(check).unwrap();
    assert_eq!(checked.outcome, Outcome::Fails, "{check}: {report}");
    assert!(checked.sentence.contains(words), "{}", checked.sentence);
}

#[test]
fn an_event_dropped() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("ScorecardSealed", 3);
    forge.events.remove(at);
    fails(&forge, "streams", "where number");
    fails(&forge, "counts", "Something was left out or added.");
}

#[test]
fn an_event_dropped_after_the_announcement() {
    for kind in ["SupportClosed", "PayoutConfirmed", "AgreementRecorded"] {
        let mut forge = Forge::of("the-den");
        forge.drop_event(forge.nth(kind, 0));
        fails(&forge, "counts", "Something was left out or added.");
    }
}

#[test]
fn a_programme_that_ends_uncounted() {
    let mut forge = Forge::of("the-den");
    forge.events.truncate(forge.events.len() - 2);
    let checked = verify(&forge.bundle()).get("counts").unwrap().clone();
    assert_eq!(checked.outcome, Outcome::Hidden, "{checked:?}");
    assert!(
        checked.sentence.contains("scoring, submissions after the programme was concluded"),
        "{checked:?}"
    );
}

#[test]
fn an_auditor_admitted_by_one_person_or_in_place_of_another() {
    let admitted = |proposed: &str, by: usize| {
        let mut forge = Forge::of("the-den");
        let opened = forge.nth("CallOpened", 0);
        let two = ["proposedBy", "confirmedBy"].map(|name| forge.value(opened, name));
        let proposal = forge.events[forge.nth("CallOpeningProposed", 0)].1.clone();
        let (head, _) = proposal.split_once("\"data\":").unwrap();
        let head = head.replace("CallOpeningProposed", "AuditorProposed");
        let said = format!("{head}\"data\":{{\"member\":\"{proposed}\",\"by\":\"{}\"}}}}", two[0]);
        forge.slip_in(opened, &said);
        let head = head.replace("AuditorProposed", "AuditorAdmitted").replace(&two[0], &two[by]);
        let said = format!(
            "{head}\"data\":{{\"member\":\"{AUDITOR}\",\"proposedBy\":\"{}\",\"confirmedBy\":\"{}\"}}}}",
            two[0], two[by]
        );
        forge.slip_in(opened + 1, &said);
        forge
    };
    let report = verify(&admitted(AUDITOR, 1).bundle());
    assert_eq!(report.get("people").unwrap().outcome, Outcome::Holds, "{report}");
    fails(&admitted(AUDITOR, 0), "people", "an auditor was admitted on the word of one person");
    let other = "9d9e7c1a-5a0e-4b1b-8a44-000000000002";
    fails(&admitted(other, 1), "people", "the first of the two had not proposed it");
}

const AUDITOR: &str = "9d9e7c1a-5a0e-4b1b-8a44-000000000001";

#[test]
fn a_pitch_dropped_with_all_that_is_said_of_it() {
    let mut forge = Forge::of("the-den");
    let pitch = forge.value(forge.nth("PitchSubmitted", 0), "subject");
    let subject = format!("\"subject\":\"{pitch}\"");
    forge.events.retain(|(_, text)| !text.contains(&subject));
    fails(&forge, "counts", "Something was left out or added.");
    fails(&forge, "screening", "from the decisions it is 2");
}

#[test]
fn events_reordered() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("ScorecardSealed", 0);
    let place = forge.events[at].0.clone();
    let next = (at + 1..).find(|next| forge.events[*next].0.starts_with("scoring/")).unwrap();
    forge.events.swap(at, next);
    fails(&forge, "order", &place);
}

#[test]
fn an_event_before_its_cause() {
    let mut forge = Forge::of("the-den");
    let at = forge.events.iter().rposition(|(_, text)| text.contains("FactTaken\"")).unwrap();
    let cause = forge.value(at, "cause");
    let to = forge.events.iter().position(|(place, _)| *place == cause).unwrap();
    let event = forge.events.remove(at);
    forge.events.insert(to, event);
    fails(&forge, "order", "which does not stand before it");
}

#[test]
fn an_event_before_what_was_known_when_it_was_decided() {
    let mut forge = Forge::of("the-den");
    // Scoring's last event, which no other follows from, held back to the end.
    let at = forge.events.iter().rposition(|(place, _)| place.starts_with("scoring/")).unwrap();
    let held = forge.events.remove(at);
    forge.events.push(held);
    fails(&forge, "order", "which was decided knowing it");
}

#[test]
fn an_event_twice() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("ScorecardSealed", 0);
    let again = forge.events[at].clone();
    forge.events.insert(at + 1, again);
    fails(&forge, "order", "each once");
    fails(&forge, "streams", "where number");
}

#[test]
fn an_event_backdated() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("AwardApproved", 0);
    let time = forge.value(at, "time");
    forge.change(at, &time, &time.replace("2026-11-23", "2026-11-22"));
    fails(&forge, "times", "before an earlier event");
}

#[test]
fn an_arrival_after_its_own_event() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("PitchSubmitted", 0);
    let arrived = forge.value(at, "receivedAt");
    forge.change_all(&arrived, &arrived.replace("2026-11-23", "2026-11-24"));
    fails(&forge, "times", "says that it arrived at");
}

#[test]
fn a_mark_altered_when_it_was_opened() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("ScorecardUnsealed", 0);
    forge.change(at, "\"mark\":\"8.5\"", "\"mark\":\"9.5\"");
    fails(&forge, "openings", "are not those that were handed in");
    fails(&forge, "result", "worked out again");
}

#[test]
fn a_mark_altered_with_a_seal_of_its_own() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("ScorecardUnsealed", 0);
    let commitment = forge.value(at, "commitment");
    let salt = forge.value(at, "salt");
    let stream = forge.value(at, "subject");
    forge.change(at, "\"mark\":\"8.5\"", "\"mark\":\"9.5\"");
    let text = forge.events[at].1.clone();
    let marks = between(&text, "\"marks\":[", "]");
    let mut lines: Vec<String> = marks
        .split("},{")
        .map(|mark| {
            format!("{}={}\n", between(mark, "\"criterion\":\"", "\""), between(mark, "\"mark\":\"", "\""))
        })
        .collect();
    lines.sort();
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD;
    let salt: [u8; 32] = base64.decode(salt).unwrap().try_into().unwrap();
    let sealed = crate::forge::commit(&salt, &stream, "ScorecardSealed.marks", lines.concat().as_bytes());
    forge.change_all(&commitment, &base64.encode(sealed));
    fails(&forge, "scorecards", "other marks");
    fails(&forge, "result", "worked out again");
}

#[test]
fn a_score_sheet_handed_in_again_after_the_lock() {
    let mut forge = Forge::of("the-den");
    let text = forge.events[forge.nth("ScorecardSealed", 0)].1.replace("\"sealing\":1", "\"sealing\":2");
    forge.slip_in(forge.nth("RoundLocked", 0), &text);
    fails(&forge, "scorecards", "after the round was locked at");
}

#[test]
fn a_score_sheet_put_aside_after_the_lock_without_a_word() {
    let mut forge = Forge::of("the-den");
    let sealed = forge.events[forge.nth("ScorecardSealed", 0)].1.clone();
    let from = sealed.find("\"data\":").unwrap();
    let text = sealed[..from].replace("ScorecardSealed", "ScorecardSetAside")
        + "\"data\":{\"reason\":\"REASON_CONFLICT_OF_INTEREST\"}}";
    forge.slip_in(forge.nth("RoundLocked", 0), &text);
    fails(&forge, "scorecards", "a score sheet was changed after the round was locked");
}

#[test]
fn a_score_sheet_by_somebody_else() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("ScorecardSealed", 0);
    let (actor, other) = (forge.value(at, "actor"), forge.value(forge.nth("RoundLocked", 0), "actor"));
    forge.change(at, &actor, &other);
    fails(&forge, "scorecards", "by somebody else than its judge");
}

#[test]
fn a_late_pitch_slipped_in() {
    let mut forge = Forge::of("the-den");
    let text = forge.events[forge.nth("PitchSubmitted", 0)]
        .1
        .replace("\"subject\":\"pitch/", "\"subject\":\"pitch/f");
    let cut = text.find("\"subject\":\"pitch/f").unwrap() + 18;
    let text =
        format!("{}{}", &text[..cut], &text[cut..].replacen(|digit: char| digit.is_ascii_hexdigit(), "", 1));
    forge.slip_in(forge.nth("CallClosed", 0), &text);
    fails(&forge, "entries", "after the call was closed");
    fails(&forge, "counts", "Something was left out or added.");
}

#[test]
fn a_pitch_that_arrived_too_late() {
    let mut forge = Forge::of("the-den");
    let deadline = "2026-12-23T08:03:45.114+00:00";
    forge.change_all(deadline, "2026-11-23T08:02:00+00:00");
    fails(&forge, "entries", "after the last moment, 2026-11-23 08:03:00 UTC");
}

#[test]
fn an_opening_swapped_between_two_pitches() {
    let mut forge = Forge::of("the-den");
    for (nth, title) in [(0, "One title"), (1, "Another title")] {
        let at = forge.nth("PitchSubmitted", nth);
        forge.reseal(at, "title", "PitchSubmitted.title", title.as_bytes());
    }
    assert_eq!(verify(&forge.bundle()).exit_code(), 0);
    let first = forge.openings[0].clone();
    let second = forge.openings[1].clone();
    (forge.openings[0].salt, forge.openings[0].content) = (second.salt, second.content);
    (forge.openings[1].salt, forge.openings[1].content) = (first.salt, first.content);
    fails(&forge, "openings", "PitchSubmitted.title of submissions/");
}

#[test]
fn an_opening_of_nothing() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("PitchSubmitted", 0);
    forge.reseal(at, "title", "PitchSubmitted.title", b"A title");
    forge.openings[0].commitment.0[0] ^= 1;
    fails(&forge, "openings", "opens a seal that no event made");
}

#[test]
fn an_opening_that_was_forgotten() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("PayeeNamed", 0);
    forge.reseal(at, "account", "PayeeNamed.account", b"12345678");
    fails(&forge, "forgotten", "which awards/");
}

#[test]
fn a_winner_swapped() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("AwardProposed", 0);
    let winner = forge.value(at, "pitch");
    let other = forge.value(forge.nth("PlaceTaken", 0), "pitch");
    assert_ne!(winner, other);
    let (before, programme) = (forge.value(at, "subject"), Id::read(&forge.programme).unwrap());
    let award = Id::of_award(programme, &forge.value(at, "prize"), Id::read(&other).unwrap());
    forge.change(at, &winner, &other);
    let reserved = forge.nth("AmountReserved", 0);
    forge.change(reserved, &winner, &other);
    forge.change_all(before.split('/').nth(1).unwrap(), &award.to_string());
    fails(&forge, "awards", "to the pitch; the result says");
}

#[test]
fn ranks_swapped_in_the_result() {
    let mut forge = Forge::of("the-den");
    let (first, second) = (forge.nth("PitchRanked", 0), forge.nth("PitchRanked", 1));
    let rank = |at: usize| between(&forge.events[at].1, "\"rank\":", ",").to_owned();
    let (of_first, of_second) = (rank(first), rank(second));
    forge.change(first, &format!("\"rank\":{of_first}"), &format!("\"rank\":{of_second}"));
    forge.change(second, &format!("\"rank\":{of_second}"), &format!("\"rank\":{of_first}"));
    fails(&forge, "result", "was given rank");
    fails(&forge, "facts", "does not say what scoring/");
}

#[test]
fn one_approver_doing_both() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("AwardApproved", 0);
    let (first, second) = (forge.value(at, "proposedBy"), forge.value(at, "approvedBy"));
    forge.change(at, &format!("member/{second}"), &format!("member/{first}"));
    forge.change(at, &format!("\"approvedBy\":\"{second}"), &format!("\"approvedBy\":\"{first}"));
    fails(&forge, "people", "an award was approved on the word of one person");
    fails(&forge, "awards", "by the person who proposed it");
}

#[test]
fn marks_opened_by_one_and_a_name() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("RoundUnsealed", 0);
    let second = forge.value(at, "confirmedBy");
    let actor = format!("member/{}", forge.value(at, "proposedBy"));
    forge.change(at, &format!("member/{second}"), &actor);
    fails(&forge, "people", "marks were opened, but not by the person it names");
}

#[test]
fn somebody_without_the_role() {
    let mut forge = Forge::of("the-den");
    let judge = forge.value(forge.nth("JudgeInvited", 0), "member");
    let at = forge.nth("PayoutAuthorised", 0);
    let second = forge.value(at, "authorisedBy");
    forge.change(at, &format!("member/{second}"), &format!("member/{judge}"));
    forge.change(at, &format!("\"authorisedBy\":\"{second}"), &format!("\"authorisedBy\":\"{judge}"));
    fails(&forge, "people", "the second of the two had no right to");
}

#[test]
fn a_rulebook_changed_afterwards() {
    let mut forge = Forge::of("the-den");
    forge.change_all("{\"id\":\"membership\",\"weight\":\"3\"}", "{\"id\":\"membership\",\"weight\":\"1\"}");
    fails(&forge, "rules", "gives a hash that is not that of its rulebook");
}

#[test]
fn a_round_by_other_rules() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("RoundOpened", 0);
    forge.change(at, "{\"id\":\"membership\",\"weight\":\"3\"}", "{\"id\":\"membership\",\"weight\":\"1\"}");
    fails(&forge, "rules", "goes by other rules");
}

#[test]
fn a_declaration_after_the_score_sheet() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("DeclarationConfirmed", 0);
    forge.change(
        at,
        "\"type\":\"plaudit.panels.v1.DeclarationConfirmed\"",
        "\"type\":\"plaudit.panels.v1.Another\"",
    );
    fails(&forge, "declarations", "by a judge who had not declared");
    fails(&forge, "assignments", "who has not declared their interests");
}

#[test]
fn other_answers_than_were_given() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("InterestDeclared", 0);
    forge.change(at, "CONNECTION_NONE", "CONNECTION_STAND_ASIDE");
    fails(&forge, "declarations", "other answers than the judge gave");
    fails(&forge, "assignments", "they stand aside from");
}

#[test]
fn a_fact_that_was_not_said() {
    let mut forge = Forge::of("the-den");
    let at = forge.events.iter().position(|(_, text)| text.contains("\"judgeAccepted\":{}")).unwrap();
    forge.change(at, "\"judgeAccepted\":{}", "\"judgeStoodDown\":{\"reason\":\"REASON_ABSENT\"}");
    fails(&forge, "facts", "does not say what panels/");
}

#[test]
fn lots_from_another_seed() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("AssignmentsCompleted", 0);
    let (seed, digest) = (forge.value(at, "seed"), forge.value(at, "digest"));
    forge.change(at, &seed, &digest);
    fails(&forge, "assignments", "another seed");
}

#[test]
fn more_money_than_was_awarded() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("PayoutRequested", 0);
    forge.change(at, "\"minor\":\"200000\"", "\"minor\":\"250000\"");
    fails(&forge, "money", "asks for GBP 2500.00; the award is worth GBP 2000.00");
}

#[test]
fn more_money_than_is_in_the_pot() {
    let mut forge = Forge::of("the-den");
    for kind in ["AwardProposed", "AmountReserved"] {
        let at = forge.nth(kind, 0);
        forge.change(at, "\"minor\":\"200000\"", "\"minor\":\"900000\"");
    }
    fails(&forge, "money", "more than the pot");
    fails(&forge, "awards", "is worth GBP 9000.00; by the rules it is GBP 2000.00");
}

#[test]
fn an_announcement_of_another_sum() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("WinnersAnnounced", 0);
    forge.change_all(&forge.value(at, "digest"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    fails(&forge, "announcement", "other awards, or other amounts");
}

/// A moment is set after the first award, and a timer announces, as the programme's services repeat.
#[test]
fn an_announcement_at_a_moment_that_was_set_is_in_order() {
    let mut forge = Forge::of("the-den");
    let (reserved, announced) = (forge.nth("AmountReserved", 0), forge.nth("WinnersAnnounced", 0));
    let (command, actor) = (forge.value(announced, "command"), forge.value(announced, "actor"));
    let whole = format!("\"actor\":\"{actor}\",\"command\":\"{command}\"");
    let itself = format!("\"actor\":\"process/announce_at_moment\",\"command\":\"{command}\"");
    forge.change_all(&whole, &itself);
    let repeated = format!("\"data\":{{\"actor\":\"{}\",\"winnersAnnounced\"", &actor["member/".len()..]);
    forge.change_all(&repeated, "\"data\":{\"winnersAnnounced\"");
    let (head, _) = forge.events[reserved].1.split_once("\"data\":").unwrap();
    let head = head.replace("AmountReserved", "AnnouncementScheduled");
    let said = format!("{head}\"data\":{{\"at\":\"2026-11-23T08:03:45.700+00:00\"}}}}");
    forge.slip_in(reserved, &said);
    forge.change(reserved + 1, "\"version\":3,", "\"version\":2,");
    forge.change(forge.nth("WinnersAnnounced", 0), "\"version\":2,", "\"version\":3,");
    let report = verify(&forge.bundle());
    for check in ["streams", "announcement", "people", "facts", "awards", "money"] {
        assert_eq!(report.get(check).unwrap().outcome, Outcome::Holds, "{check}: {report}");
    }
}

/// An organiser returns a comment once the marks are open, and its judge finds other words.
#[test]
fn a_comment_that_was_returned_and_reworded_is_in_order() {
    let mut forge = Forge::of("the-den");
    let (sealed, opened) = (forge.nth("ScorecardSealed", 0), forge.nth("ResultDeclared", 0));
    let subject = forge.value(sealed, "subject");
    let opened = (0..opened).rev().find(|at| forge.events[*at].0.starts_with("scoring/")).unwrap();
    let (head, _) = forge.events[sealed].1.split_once("\"data\":").unwrap();
    let basis = between(&forge.events[opened].1, "\"basis\":\"", "\"").to_owned();
    let head = head.replace(between(head, "\"basis\":\"", "\""), &basis);
    let returned = head.replace("ScorecardSealed", "CommentReturned");
    forge.slip_in(opened, &format!("{returned}\"data\":{{\"reason\":\"REASON_CLARIFICATION\"}}}}"));
    let reworded = head.replace("ScorecardSealed", "CommentReworded");
    let seal = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    forge.slip_in(opened + 1, &format!("{reworded}\"data\":{{\"commentToEntrant\":\"{seal}\"}}}}"));
    assert_eq!(forge.value(opened + 2, "subject"), subject);
    let report = verify(&forge.bundle());
    for check in ["streams", "scorecards", "unsealing", "result", "declarations", "openings"] {
        assert_ne!(report.get(check).unwrap().outcome, Outcome::Fails, "{check}: {report}");
    }
}

#[test]
fn a_payment_authorised_before_it_was_asked_for() {
    let mut forge = Forge::of("the-den");
    let (asked, authorised) = (forge.nth("PayoutRequested", 0), forge.nth("PayoutAuthorised", 0));
    let (one, other) = (forge.events[asked].1.clone(), forge.events[authorised].1.clone());
    let version = |text: &str| format!("\"version\":{},", between(text, "\"version\":", ","));
    forge.events[asked].1 = other.replace(&version(&other), &version(&one));
    forge.events[authorised].1 = one.replace(&version(&one), &version(&other));
    fails(&forge, "payment", "before the one that must come first");
}

#[test]
fn more_support_than_was_pledged() {
    let mut forge = Forge::of("the-den");
    let at = forge.nth("SupportDelivered", 0);
    forge.change(at, "\"quarters\":4", "\"quarters\":400");
    fails(&forge, "support", "delivers more than was pledged");
}

#[test]
fn a_checkpoint_from_another_log() {
    let (forge, other) = (Forge::of("the-den"), Forge::of("median"));
    let foreign = other.checkpoint(forge.sizes[0]).to_string();
    let own = forge.checkpoint(forge.events.len()).to_string();
    let report = verify(&forge.bundle_with(vec![foreign, own]));
    says(&report, "signature", "is not the log of this programme");
    says(&report, "growth", "does not stand for the first");
}

#[test]
fn a_checkpoint_signed_with_another_key() {
    let mut forge = Forge::of("the-den");
    forge.seed = [8; 32];
    says(&verify(&forge.bundle()), "signature", "is not signed with the key of the log");
}

#[test]
fn a_cosignature_by_an_unknown_key() {
    let mut forge = Forge::of("the-den");
    forge.unknown = true;
    says(&verify(&forge.bundle()), "witnesses", "signed by witness.example.org/unknown, whom the policy");
}

#[test]
fn too_few_witnesses() {
    let mut forge = Forge::of("the-den");
    forge.witnessed = false;
    says(&verify(&forge.bundle()), "witnesses", "Too few witnesses");
}

#[test]
fn a_policy_from_elsewhere_is_believed_instead_of_the_file() {
    let forge = Forge::of("the-den");
    let other = Forge::of("median").policy();
    let policy = plaudit_verifier::log::policy::Policy::parse(other.as_bytes()).unwrap();
    let mut verifier = Verifier::new(Some(policy));
    verifier.push(&forge.bundle());
    says(&verifier.finish(), "signature", "which the policy does not name");
}

#[test]
fn a_truncated_file() {
    let file = Forge::of("the-den").bundle();
    let report = verify(&file[..file.len() / 2]);
    says(&report, "file", "The file is cut short");
    assert_eq!(report.exit_code(), 1);
    assert_eq!(report.get("tree").unwrap().sentence, "Not looked at: the file itself is broken.");
}

#[test]
fn events_that_the_checkpoint_does_not_stand_for() {
    let mut forge = Forge::of("the-den");
    let checkpoint = forge.checkpoint(forge.events.len()).to_string();
    let at = forge.nth("AwardApproved", 0);
    let nonce = forge.value(at, "nonce");
    forge.change(at, &nonce, &"A".repeat(22));
    says(&verify(&forge.bundle_with(vec![checkpoint])), "tree", "one of them was changed");
}

#[test]
fn a_log_rewritten_between_two_checkpoints() {
    let mut forge = Forge::of("the-den");
    let early = forge.checkpoint(60).to_string();
    let nonce = forge.value(30, "nonce");
    forge.change(30, &nonce, &"A".repeat(22));
    let late = forge.checkpoint(forge.events.len()).to_string();
    let report = verify(&forge.bundle_with(vec![early, late]));
    says(&report, "growth", "The checkpoint of 60 events does not stand for the first 60");
    assert_eq!(report.get("tree").unwrap().outcome, Outcome::Holds);
}

#[test]
fn what_came_too_late_counts_if_two_let_it_in() {
    let mut forge = Forge::of("eventful");
    let pitch = forge.value(forge.nth("PitchReopened", 0), "subject");
    let submitted = |forge: &Forge| {
        let of_it = |(place, text): &(String, String)| {
            let of = format!("\"subject\":\"{pitch}\"");
            place.starts_with("submissions/") && text.contains(&of) && text.contains(".v1.PitchSubmitted\"")
        };
        forge.events.iter().position(of_it).unwrap()
    };
    // As if it had never been in before it was reopened.
    forge.drop_event(submitted(&forge));
    forge.change(submitted(&forge), "\"submission\":2", "\"submission\":1");
    let checked = verify(&forge.bundle()).get("entries").unwrap().clone();
    assert_eq!(checked.outcome, Outcome::Holds, "{checked:?}");
    forge.drop_event(forge.nth("PitchReopened", 0));
    says(&verify(&forge.bundle()), "entries", "closed");
}
