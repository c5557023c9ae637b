//! A whole programme: each letter goes once, to whom it concerns.

use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::{AwardId, JudgeId, PitchId, RoundId, ScorecardId, StreamId, SupportId};
use plaudit_proto::accounts::v1::{MemberInvited, MemberJoined};
use plaudit_proto::awards::v1::{
    AwardAccepted, AwardAnnounced, AwardProposed, PayoutSent, SupportAccepted, SupportDelivered,
    SupportPledged, WinnersAnnounced,
};
use plaudit_proto::panels::v1::{AssignmentMade, AssignmentsCompleted, JudgeAccepted, JudgeInvited, Office};
use plaudit_proto::scoring::v1::{CommentReturned, RoundLocked, ScorecardExpected, ScorecardSealed};
use plaudit_proto::submissions::v1::{
    CallClosed, EntrantInvited, OrganiserConflictDeclared, PitchQueried, PitchWithdrawn, QueryAnswered,
};
use serde_json::{Value, json};

use crate::foreign::mark;
use crate::stand::{ANNE, BELA, DORA, EDA, ELI, FAY, JAN, JOY, MAX, PROGRAMME, Stand, TITLE};

const FIRST: PitchId = PitchId(uuid::Uuid::from_u128(900_001));
const SECOND: PitchId = PitchId(uuid::Uuid::from_u128(900_002));
const LEFT: PitchId = PitchId(uuid::Uuid::from_u128(900_003));
const HELP: SupportId = SupportId(uuid::Uuid::from_u128(900_004));

fn round() -> RoundId {
    RoundId::of(PROGRAMME, "final")
}

fn award() -> AwardId {
    AwardId::of(PROGRAMME, "first", FIRST)
}

async fn enter(stand: &Stand) {
    stand.says("accounts", ANNE, vec![(MAX.stream(), MemberInvited {}.into())]).await;
    // Whoever is asked to enter hears of that, and not also that there is a place.
    stand.says("accounts", ANNE, vec![(FAY.stream(), MemberInvited {}.into())]).await;
    stand.opens_call(200).await;
    stand.rules(EntrantInvited { member: FAY.into() }).await;
    stand.enters(FIRST, &[EDA, ELI]).await;
    stand.enters(SECOND, &[FAY]).await;
    stand.enters(LEFT, &[DORA]).await;
    stand.says("submissions", DORA, vec![(LEFT.stream(), PitchWithdrawn {}.into())]).await;
    // Bela may not hear of the first pitch.
    stand
        .rules(OrganiserConflictDeclared { member: BELA.into(), pitch: FIRST.into(), ..Default::default() })
        .await;
    stand.says("submissions", ANNE, vec![(FIRST.stream(), PitchQueried::default().into())]).await;
    stand.says("submissions", EDA, vec![(FIRST.stream(), QueryAnswered::default().into())]).await;
    stand.rules(CallClosed::default()).await;
}

async fn judge(stand: &Stand) {
    let (panel, pitches) = (round(), [FIRST, SECOND]);
    let mut said = Vec::new();
    for member in [JAN, JOY] {
        let seat = JudgeId::of(panel, member).stream();
        let invited = JudgeInvited {
            panel: panel.into(),
            member: member.into(),
            office: Office::Judge.into(),
            ..Default::default()
        };
        said.push((seat.clone(), invited.into()));
        said.push((seat.clone(), JudgeAccepted {}.into()));
        for pitch in pitches {
            let made = AssignmentMade { pitch: pitch.into(), panel: panel.into(), member: member.into() };
            said.push((seat.clone(), made.into()));
        }
    }
    said.push((panel.panel(), AssignmentsCompleted::default().into()));
    // Drawn up again: nobody is told twice.
    said.push((panel.panel(), AssignmentsCompleted::default().into()));
    stand.says("panels", ANNE, said).await;
    let mut said = Vec::new();
    for (judge, pitch) in [(JAN, FIRST), (JAN, SECOND), (JOY, FIRST)] {
        let judge = JudgeId::of(panel, judge);
        let card = ScorecardId::of(judge, pitch).stream();
        let expected = ScorecardExpected { round: panel.into(), pitch: pitch.into(), judge: judge.into() };
        said.push((card, expected.into()));
    }
    let joys = ScorecardId::of(JudgeId::of(panel, JOY), FIRST).stream();
    said.push((joys, ScorecardSealed::default().into()));
    stand.says("scoring", JAN, said).await;
}

async fn end_round(stand: &Stand) {
    let card = ScorecardId::of(JudgeId::of(round(), JOY), FIRST).stream();
    let said = vec![(round().stream(), RoundLocked {}.into()), (card.clone(), mark("97.31").into())];
    stand.says("scoring", ANNE, said).await;
    stand.says("scoring", ANNE, vec![(card, CommentReturned::default().into())]).await;
}

async fn win(stand: &Stand) {
    let pot = StreamId::new("pot", PROGRAMME.0);
    let proposed = AwardProposed { pitch: FIRST.into(), ..Default::default() };
    stand.says("awards", ANNE, vec![(award().stream(), proposed.into())]).await;
    stand.settled().await;
    let before = stand.taken().len();
    let accept_by = Some(to_proto(stand.clock.now()));
    let announced = vec![
        (award().stream(), AwardAnnounced { accept_by }.into()),
        (pot, WinnersAnnounced::default().into()),
    ];
    // Nobody hears anything before that moment.
    assert_eq!(stand.taken().len(), before);
    stand.says("awards", ANNE, announced).await;
    stand.says("awards", EDA, vec![(award().stream(), AwardAccepted {}.into())]).await;
    stand.says("awards", BELA, vec![(award().payout(), PayoutSent::default().into())]).await;
    let pledged = SupportPledged { award: award().into(), ..Default::default() };
    let accepted = SupportAccepted { pitch: FIRST.into() };
    let help = |said| vec![(HELP.stream(), said)];
    stand.says("awards", MAX, help(pledged.into())).await;
    stand.says("awards", EDA, help(accepted.into())).await;
    stand.says("awards", MAX, help(SupportDelivered::default().into())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_letter_goes_once_to_whom_it_concerns_and_again_to_nobody_when_all_is_read_again() {
    let mut stand = Stand::start().await;
    enter(&stand).await;
    judge(&stand).await;
    stand.settled().await;
    let (status, nudged) = stand.calls(ANNE, "POST", "/nudge", json!({})).await;
    assert_eq!((status.as_u16(), &nudged), (200, &json!({ "letters": 1, "members": [JAN] })));
    end_round(&stand).await;
    win(&stand).await;
    // The invitation that waits for one that says more.
    stand.clock.advance(jiff::SignedDuration::from_mins(3));
    stand.settled().await;
    let expected = [
        "You are invited to The Den > max",
        "a prize was accepted > anne",
        "a question about your pitch > eda",
        "a question about your pitch > eli",
        "a question was answered > anne",
        "did you get the help? > eda",
        "did you get the help? > eli",
        "other words to an entrant, please > joy",
        "score sheets still to hand in > jan",
        "somebody offers you help > eda",
        "somebody offers you help > eli",
        "the pitches that you judge > jan",
        "the pitches that you judge > joy",
        "the winners are announced > eda",
        "the winners are announced > eli",
        "the winners are announced > fay",
        "will you enter? > fay",
        "will you judge? > jan",
        "will you judge? > joy",
        "you are now an organiser > bela",
        "you have accepted your prize > eda",
        "you have accepted your prize > eli",
        "you have won > eda",
        "you have won > eli",
        "your pitch has come in > dora",
        "your pitch has come in > eda",
        "your pitch has come in > eli",
        "your pitch has come in > fay",
        "your prize is on its way > eda",
        "your prize is on its way > eli",
    ];
    assert_eq!(stand.taken(), expected);
    are_discreet(&stand);
    reads_all_again(&mut stand, &expected).await;
    stand.end().await;
}

/// No letter has anything of anybody else, a mark, or a pitch.
fn are_discreet(stand: &Stand) {
    let letters = stand.postman.letters();
    let mut ids: Vec<&str> = letters.iter().map(|letter| letter.id.as_str()).collect();
    for letter in &letters {
        let whole = letter.whole.replace("=\n", "");
        assert!(whole.contains(TITLE) && whole.contains("https://prizes.example.org/programmes/"), "{whole}");
        assert!(whole.contains("Auto-Submitted: auto-generated") && whole.contains("text/html"), "{whole}");
        assert_eq!(whole.contains("List-Unsubscribe"), letter.subject.contains("offers you help"));
        assert!(!whole.contains("97.31") && !whole.contains("merit"), "{whole}");
        let others = ["anne", "bela", "eda@", "eli@", "fay", "dora", "jan@", "joy", "max"];
        for other in others.iter().filter(|other| !letter.to.starts_with(**other)) {
            assert!(!whole.contains(&format!("{other}@").replace("@@", "@")), "{other} in {whole}");
        }
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), letters.len());
}

async fn reads_all_again(stand: &mut Stand, sent: &[&str]) {
    let rows = written(stand).await;
    for forgets in ["delete from taken", "delete from taken; delete from facts"] {
        stand.notify_stops();
        for statement in forgets.split("; ") {
            stand.rows(statement).await;
        }
        stand.notify_starts().await;
        stand.says("accounts", ANNE, vec![(MAX.stream(), MemberJoined {}.into())]).await;
        stand.settled().await;
        assert_eq!(stand.taken(), sent);
        assert_eq!(written(stand).await, rows);
    }
    let log = stand.log().await;
    assert_eq!(log.len(), rows.len());
    assert!(log.iter().all(|letter| letter["maybe_twice"] == Value::Bool(false)));
}

/// Every letter that was ever made, sent or not.
async fn written(stand: &Stand) -> Vec<String> {
    let rows = stand.rows("select kind || ' ' || member || ' ' || state from letters order by 1").await;
    rows.iter().map(|row| row.get(0)).collect()
}
