//! What happens to a panel from the first invitation to the night itself.

use plaudit_proto::submissions::v1::{PitchWithdrawn, Screening};
use plaudit_proto::v1::Round;
use serde_json::json;

use crate::stand::*;
use crate::submissions::{conflict, screened, submitted};

fn round(judges_per_pitch: u32) -> Round {
    Round { judges_per_pitch, quorum: 2, ..Round::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_invitation_to_ready() {
    let stand = Stand::start(4, Round { independent_judge_needed: true, ..round(2) }).await;
    stand.seat(2).await;
    let no_independent = (409, "no-independent-judge".to_owned());
    assert_eq!(stand.refused(ORGANISER, "/assignments", json!({})).await, no_independent);
    let third = json!({ "member": judge(3), "office": "chair", "independent": true, "cap": 2 });
    stand.post(ORGANISER, "/judges", third).await;
    let taken = json!({ "member": judge(4), "office": "chair" });
    assert_eq!(stand.refused(ORGANISER, "/judges", taken).await, (409, "office-taken".to_owned()));
    let careless = stand.refused(judge(3), "/acceptance", json!({ "confidentiality": false })).await;
    assert_eq!(careless, (422, "no-confidentiality".to_owned()));
    stand.post(judge(3), "/acceptance", json!({ "confidentiality": true })).await;
    let known = json!([
        { "pitch": pitch(1), "connection": "known", "nature": "MARKER: worked there" },
        { "pitch": pitch(2), "connection": "stand_aside", "nature": "MARKER: my cousin" },
    ]);
    let declaration =
        json!({ "interests": "MARKER: shares", "connections": known, "none_for_the_rest": true });
    stand.post(judge(3), "/declaration", declaration).await;

    assert_eq!(stand.refused(ORGANISER, "/readiness", json!({})).await, (409, "not-assigned".to_owned()));
    stand.post(ORGANISER, "/assignments", json!({})).await;
    let assigned = stand.assignments(ORGANISER).await;
    assert_eq!(assigned.len(), 8);
    assert!(!assigned.contains(&(3, 1)) && !assigned.contains(&(3, 2)), "{assigned:?}");
    assert_eq!(
        stand.refused(ORGANISER, "/assignments", json!({})).await,
        (409, "already-assigned".to_owned())
    );
    stand.post(ORGANISER, "/readiness", json!({})).await;

    let shown = stand.get(APPROVER, "").await;
    assert_eq!(shown["state"], "ready");
    assert_eq!((&shown["counts"]["assignments"], &shown["counts"]["accepted"]), (&json!(8), &json!(3)));
    let own = stand.get(judge(3), "/declaration").await;
    assert_eq!(own["interests"], "MARKER: shares");
    assert_eq!(own["connections"][0]["nature"], "MARKER: worked there");
    assert!(stand.log().await.iter().all(|event| !event.contains("MARKER")));
    stand.live_is_rebuilt().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_late_is_mended_with_the_least_change() {
    let stand = Stand::start(6, round(2)).await;
    stand.seat(4).await;
    stand.post(ORGANISER, "/assignments", json!({})).await;
    let before = stand.assignments(ORGANISER).await;
    let &(who, what) = before.first().unwrap();

    let recusal =
        json!({ "pitch": pitch(what), "reason": "conflict_of_interest", "nature": "an old friend" });
    stand.post(judge(who), "/recusals", recusal.clone()).await;
    let after = stand.assignments(ORGANISER).await;
    assert_eq!((after.len(), common(&before, &after)), (12, 11), "one of them was replaced");
    assert_eq!(stand.refused(judge(who), "/recusals", recusal).await, (409, "stands-aside".to_owned()));
    let back = json!({ "pitch": pitch(what), "from": judge(after.iter().find(|a| a.1 == what).unwrap().0), "to": judge(who) });
    assert_eq!(stand.refused(ORGANISER, "/assignments/moves", back).await, (409, "stands-aside".to_owned()));

    stand.say(pitch(6).stream(), vec![PitchWithdrawn {}.into()]).await;
    let left = stand.become_so(|now| now.iter().all(|&(_, pitch)| pitch != 6)).await;
    assert_eq!((left.len(), common(&after, &left)), (10, 10));
    assert!(stand.log().await.iter().any(|event| event.contains("REASON_PITCH_LEFT")));

    stand.say(pitch(5).stream(), vec![screened(Screening::Ineligible, true)]).await;
    stand.become_so(|now| now.len() == 8).await;
    let found_good = vec![submitted(entrant(7)), screened(Screening::Eligible, true)];
    stand.say(pitch(7).stream(), found_good).await;
    stand.become_so(|now| now.iter().filter(|&&(_, pitch)| pitch == 7).count() == 2).await;
    stand.live_is_rebuilt().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_judge_who_leaves_is_replaced_as_far_as_there_are_others() {
    let stand = Stand::start(3, round(0)).await;
    stand.seat(2).await;
    stand.post(ORGANISER, "/assignments", json!({})).await;
    assert_eq!(stand.assignments(ORGANISER).await.len(), 6);
    let path = format!("/judges/{}/standing-down", judge(2));
    stand.post(judge(2), &path, json!({ "reason": "absent" })).await;
    assert_eq!(stand.assignments(ORGANISER).await, [(1, 1), (1, 2), (1, 3)]);
    let wall = json!({ "pitch": pitch(1), "reason": "conflict_of_interest" });
    stand.post(judge(1), "/recusals", wall).await;
    let shown = stand.get(ORGANISER, "").await;
    assert_eq!(shown["counts"]["short"], json!([{ "pitch": pitch(1), "judges": 0, "needed": 1 }]));

    stand.invite(3).await;
    assert_eq!(stand.refused(ORGANISER, "/readiness", json!({})).await, (409, "no-quorum".to_owned()));
    stand.declare(3, json!([{ "pitch": pitch(2), "connection": "known", "nature": "a neighbour" }])).await;
    assert_eq!(stand.assignments(judge(3)).await, [(3, 1), (3, 3)]);
    let allow = format!("/judges/{}/allowances", judge(3));
    stand.post(SECOND_ORGANISER, &allow, json!({ "pitch": pitch(2) })).await;
    assert_eq!(stand.assignments(judge(3)).await, [(3, 1), (3, 2), (3, 3)]);
    stand.post(ORGANISER, "/readiness", json!({})).await;
    stand.live_is_rebuilt().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organiser_behind_a_wall_sees_and_does_nothing_there() {
    let stand = Stand::start(3, round(2)).await;
    stand.seat(3).await;
    let aside =
        json!({ "pitch": pitch(1), "reason": "conflict_of_interest", "nature": "WORDS", "member": judge(3) });
    stand.post(SECOND_ORGANISER, "/recusals", aside).await;
    stand.post(ORGANISER, "/assignments", json!({})).await;
    stand.say(PROGRAMME.stream(), vec![conflict(SECOND_ORGANISER, pitch(1))]).await;

    let seen = stand.assignments(SECOND_ORGANISER).await;
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|&(_, pitch)| pitch != 1));
    assert_eq!(stand.get(SECOND_ORGANISER, "").await["counts"]["assignments"], 4);
    let judges = stand.get(SECOND_ORGANISER, "/judges").await;
    let loads: u64 =
        judges["items"].as_array().unwrap().iter().map(|judge| judge["assigned"].as_u64().unwrap()).sum();
    assert_eq!(loads, 4);
    assert!(!judges.to_string().contains("WORDS"));
    assert!(stand.get(ORGANISER, "/judges").await.to_string().contains("WORDS"));
    assert!(!stand.get(APPROVER, "/judges").await.to_string().contains("WORDS"));

    let matrix = stand.get(ORGANISER, "/matrix?limit=2").await;
    let pitches = matrix["pitches"].as_array().unwrap();
    assert_eq!((pitches.len(), matrix["next"].is_string()), (2, true));
    let first = pitches.iter().find(|of| of["pitch"] == json!(pitch(1))).unwrap();
    assert_eq!((first["judges"].as_array().unwrap().len(), &first["needed"]), (2, &json!(2)));
    let third =
        matrix["judges"].as_array().unwrap().iter().find(|of| of["member"] == json!(judge(3))).unwrap();
    assert_eq!(first["connections"], json!([{ "judge": third["judge"], "because": "stand_aside" }]));
    assert_eq!(
        (&third["aside"], &third["declared"], &third["assigned"]),
        (&json!(1), &json!(true), &json!(2))
    );
    assert!(third["declared_at"].is_string() && third["answered_at"].is_string());
    let walled = stand.get(SECOND_ORGANISER, "/matrix").await;
    assert_eq!(walled["pitches"].as_array().unwrap().len(), 2);
    assert!(
        !walled.to_string().contains(&pitch(1).to_string()) && !walled.to_string().contains("stand_aside")
    );
    let asides: Vec<_> = walled["judges"].as_array().unwrap().iter().map(|of| &of["aside"]).collect();
    assert_eq!(asides, [0, 0, 0]);

    let recuse = json!({ "pitch": pitch(1), "reason": "conflict_of_interest", "member": judge(1) });
    assert_eq!(stand.refused(SECOND_ORGANISER, "/recusals", recuse).await.0, 403);
    let moved = json!({ "pitch": pitch(1), "from": judge(1), "to": judge(2) });
    assert_eq!(stand.refused(SECOND_ORGANISER, "/assignments/moves", moved).await.0, 403);
    let allow = format!("/judges/{}/allowances", judge(1));
    assert_eq!(stand.refused(SECOND_ORGANISER, &allow, json!({ "pitch": pitch(1) })).await.0, 403);
}

/// How many of the assignments before still stand.
fn common(before: &[(u128, u128)], after: &[(u128, u128)]) -> usize {
    before.iter().filter(|assignment| after.contains(assignment)).count()
}
