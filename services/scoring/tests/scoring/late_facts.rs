//! Facts of other services that come after a judge has handed in, after the
//! lock, and after the marks are open: each has a visible, decided outcome.

use plaudit_proto::panels::v1::{AssignmentWithdrawn, JudgeRecused};
use plaudit_proto::submissions::v1::{OrganiserConflictDeclared, PitchWithdrawn, ProgrammeCancelled};
use plaudit_proto::v1::{MarksVisibility, Reason};
use serde_json::{Value, json};

use crate::foreign::Said;
use crate::stand::{ANNE, BELA, CARA, PROGRAMME, Stand, assigned, judge, pitch, round, seat};
use plaudit_chassis::id::{ScorecardId, StreamId};

const PLAN: [(u128, u128); 6] = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)];

fn recused(number: u128, from: u128) -> (StreamId, Said) {
    let recused = JudgeRecused {
        pitch: pitch(from).into(),
        reason: Reason::ConflictOfInterest.into(),
        panel: round().into(),
        member: judge(number).into(),
        ..JudgeRecused::default()
    };
    (seat(number).stream(), recused.into())
}

fn withdrawn(number: u128, from: u128) -> (StreamId, Said) {
    let withdrawn = AssignmentWithdrawn {
        pitch: pitch(from).into(),
        panel: round().into(),
        member: judge(number).into(),
        reason: Reason::Reassigned.into(),
    };
    (seat(number).stream(), withdrawn.into())
}

fn card(judge: u128, of: u128) -> ScorecardId {
    ScorecardId::of(seat(judge), pitch(of))
}

async fn open(plan: &[(u128, u128)], sealed: &[(u128, u128)]) -> Stand {
    let stand = Stand::start().await;
    stand.panel(MarksVisibility::Public, 3, 3, plan).await;
    assert_eq!(stand.post(ANNE, "/opening", Value::Null).await.0, 200);
    for (number, of) in sealed {
        assert_eq!(seal(&stand, *number, *of).await, 200);
    }
    stand
}

async fn seal(stand: &Stand, number: u128, of: u128) -> u16 {
    let path = format!("/scorecards/{}/seal", pitch(of));
    let body = json!({"marks": {"impact": format!("{}", 5 + of), "team": "7"}});
    stand.post(judge(number), &path, body).await.0
}

async fn lock(stand: &Stand) {
    assert_eq!(stand.post(ANNE, "/lock", Value::Null).await.0, 200);
}

async fn unseal(stand: &Stand) -> Value {
    assert_eq!(stand.post(ANNE, "/unsealing", Value::Null).await.0, 200);
    assert_eq!(stand.post(CARA, "/unsealing/confirmation", Value::Null).await.0, 200);
    stand.until_there(ANNE, "/result").await
}

async fn panels_say(stand: &Stand, said: Vec<(StreamId, Said)>) {
    stand.say("panels", said).await;
    stand.heard().await;
}

async fn late(stand: &Stand) -> Vec<(Value, Value, Value)> {
    let answers = stand.events("LateFactAnswered").await;
    let parts = |(_, data): (StreamId, Value)| {
        (data["fact"].clone(), data["outcome"].clone(), data["scorecard"].clone())
    };
    answers.into_iter().map(parts).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recusal_after_a_seal_sets_it_aside_and_shuts_the_judge_out() {
    let stand = open(&PLAN, &PLAN).await;
    let path = format!("/scorecards/{}", pitch(1));
    assert_eq!(stand.get(judge(1), &path).await.0, 200);
    panels_say(&stand, vec![recused(1, 1), withdrawn(1, 1)]).await;
    let aside = stand.events("ScorecardSetAside").await;
    assert_eq!(aside, [(card(1, 1).stream(), json!({"reason": "REASON_CONFLICT_OF_INTEREST"}))]);
    assert_eq!(stand.get(judge(1), &path).await.0, 404);
    assert_eq!(seal(&stand, 1, 1).await, 403);
    assert_eq!(stand.get(judge(1), "/scorecards").await.1["items"].as_array().unwrap().len(), 2);
    assert_eq!(stand.get(ANNE, "").await.1["progress"]["set_aside"], 1);
    lock(&stand).await;
    let result = unseal(&stand).await;
    let of_first =
        result["items"].as_array().unwrap().iter().find(|item| item["pitch"] == json!(pitch(1))).unwrap();
    assert_eq!(of_first["scorecards"], 1);
    let walled = stand.get(judge(1), "/result").await.1;
    assert_eq!(walled["items"].as_array().unwrap().len(), 2);
    assert!(!walled.to_string().contains(&pitch(1).to_string()));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assignment_moved_after_opening_moves_the_expectation() {
    let stand = open(&PLAN, &PLAN[..2]).await;
    panels_say(&stand, vec![withdrawn(2, 3), assigned(3, 3)]).await;
    assert_eq!(stand.events("ScorecardReleased").await.len(), 1);
    assert_eq!((seal(&stand, 2, 3).await, seal(&stand, 3, 3).await), (403, 200));
    assert_eq!(stand.get(ANNE, "").await.1["progress"]["expected"], 6);
    // Back again: expected anew.
    panels_say(&stand, vec![assigned(2, 3)]).await;
    assert_eq!(seal(&stand, 2, 3).await, 200);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_lock_facts_touch_the_round_and_after_the_unsealing_they_are_noted() {
    let stand = open(&PLAN, &PLAN[..5]).await;
    lock(&stand).await;
    assert_eq!(stand.post(ANNE, "/unsealing", Value::Null).await.0, 200);
    panels_say(&stand, vec![recused(1, 1), withdrawn(1, 1), assigned(3, 1), withdrawn(2, 3)]).await;
    let set_aside = json!("LATE_OUTCOME_SET_ASIDE");
    let mut answers = late(&stand).await;
    answers.sort_by_key(|answer| answer.0.to_string());
    assert_eq!(
        answers,
        [
            (json!("LATE_FACT_ASSIGNMENT"), set_aside.clone(), json!(card(3, 1))),
            (json!("LATE_FACT_ASSIGNMENT_WITHDRAWN"), set_aside.clone(), json!(card(2, 3))),
            (json!("LATE_FACT_RECUSAL"), set_aside, json!(card(1, 1))),
        ]
    );
    assert_eq!(stand.post(CARA, "/unsealing/confirmation", Value::Null).await.0, 200);
    let result = stand.until_there(ANNE, "/result").await;
    let unsealed = stand.events("RoundUnsealed").await.remove(0).1;
    assert_eq!((&unsealed["sealed"], &unsealed["setAside"]), (&json!(4), &json!(1)));

    panels_say(&stand, vec![recused(2, 2)]).await;
    let last = late(&stand).await.pop().unwrap();
    assert_eq!(last, (json!("LATE_FACT_RECUSAL"), json!("LATE_OUTCOME_NOTED"), json!(card(2, 2))));
    assert_eq!(stand.events("ScorecardSetAside").await.len(), 1, "nothing changes by itself");
    assert_eq!(stand.until_there(ANNE, "/result").await["items"], result["items"]);
    assert_eq!(stand.get(judge(2), "/result").await.1["items"].as_array().unwrap().len(), 2);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_recusal_that_races_the_unsealing_is_either_in_it_or_noted_after_it() {
    let stand = open(&PLAN, &PLAN).await;
    lock(&stand).await;
    assert_eq!(stand.post(ANNE, "/unsealing", Value::Null).await.0, 200);
    let recusals = PLAN.iter().map(|(number, of)| recused(*number, *of)).collect();
    let (confirmed, ()) = tokio::join!(stand.post(CARA, "/unsealing/confirmation", Value::Null), async {
        stand.say("panels", recusals).await
    });
    assert_eq!(confirmed.0, 200, "{confirmed:?}");
    stand.heard().await;
    let aside = stand.events("ScorecardSetAside").await.len();
    let answers = late(&stand).await;
    let noted = answers.iter().filter(|answer| answer.1 == json!("LATE_OUTCOME_NOTED")).count();
    assert_eq!((aside + noted, answers.len()), (6, 6));
    let unsealed = stand.events("RoundUnsealed").await.remove(0).1;
    assert_eq!(unsealed["setAside"].as_u64().unwrap_or_default() as usize, aside);
    assert_eq!(stand.events("ScorecardUnsealed").await.len(), noted);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawn_pitch_is_neither_marked_nor_ranked() {
    let stand = open(&PLAN, &PLAN[..5]).await;
    stand.say("submissions", vec![(pitch(1).stream(), PitchWithdrawn {}.into())]).await;
    stand.heard().await;
    for _ in 0..200 {
        if stand.events("ScorecardSetAside").await.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(seal(&stand, 1, 1).await, 409);
    panels_say(&stand, vec![assigned(3, 1)]).await;
    assert_eq!(stand.events("IntakeRefused").await.remove(0).1, json!({"code": "pitch-left"}));
    lock(&stand).await;
    let result = unseal(&stand).await;
    let items = result["items"].as_array().unwrap();
    assert_eq!(
        items.iter().map(|item| &item["pitch"]).collect::<Vec<_>>(),
        [&json!(pitch(3)), &json!(pitch(2))]
    );
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conflicted_organiser_sees_nothing_of_the_pitch_and_steps_back() {
    let stand = open(&PLAN, &PLAN).await;
    let conflict = OrganiserConflictDeclared {
        member: BELA.into(),
        pitch: pitch(1).into(),
        ..OrganiserConflictDeclared::default()
    };
    stand.say("submissions", vec![(PROGRAMME.stream(), conflict.into())]).await;
    stand.heard().await;
    assert_eq!(stand.get(ANNE, "").await.1["progress"]["expected"], 6);
    assert_eq!(stand.get(BELA, "").await.1["progress"]["expected"], 4);
    assert_eq!(stand.get(BELA, "/scorecards").await.1["items"].as_array().unwrap().len(), 4);
    assert_eq!(stand.get(BELA, &format!("/scorecards/{}", pitch(1))).await.0, 404);
    lock(&stand).await;
    panels_say(&stand, vec![recused(1, 1)]).await;
    assert_eq!(stand.get(ANNE, "").await.1["progress"]["late_facts"], 1);
    assert_eq!(stand.get(BELA, "").await.1["progress"]["late_facts"], 0);
    assert_eq!(stand.post(BELA, "/unsealing", Value::Null).await.0, 403);
    let result = unseal(&stand).await;
    assert_eq!(result["items"].as_array().unwrap().len(), 3);
    assert_eq!(stand.get(BELA, "/result").await.1["items"].as_array().unwrap().len(), 2);
    assert_eq!(stand.get(BELA, "/result/derivation").await.0, 403);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_programme_voids_its_round() {
    let stand = open(&PLAN, &PLAN[..1]).await;
    let cancelled = ProgrammeCancelled { reason: Reason::TooFewPitches.into() };
    stand.say("submissions", vec![(PROGRAMME.stream(), cancelled.into())]).await;
    stand.heard().await;
    for _ in 0..200 {
        if !stand.events("RoundVoided").await.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(seal(&stand, 1, 2).await, 409);
    assert_eq!(stand.get(ANNE, "").await.1["phase"], "voided");
    stand.end().await;
}
