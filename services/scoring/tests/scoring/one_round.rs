//! A round from the panel to the announcement.

use futures_util::StreamExt;
use plaudit_chassis::id::MemberId;
use plaudit_chassis::vault::opens;
use plaudit_proto::scoring::v1::{ResultDeclared, ScorecardUnsealed};
use plaudit_proto::v1::MarksVisibility;
use plaudit_tally::Ranking;
use serde_json::{Value, json};

use crate::stand::{ANNE, BELA, CARA, Stand, entrant, judge, pitch, seat};

const EVERYBODY: [(u128, u128); 6] = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)];

fn marks(impact: &str, team: &str) -> Value {
    json!({"marks": {"impact": impact, "team": team}, "comment_to_panel": "MARKER-panel",
           "comment_to_entrant": "MARKER-entrant"})
}

fn path(number: u128, more: &str) -> String {
    format!("/scorecards/{}{more}", pitch(number))
}

async fn played(visibility: MarksVisibility) -> Stand {
    let stand = Stand::start().await;
    stand.panel(visibility, 3, 2, &EVERYBODY).await;
    assert_eq!(stand.post(ANNE, "/opening", Value::Null).await.0, 200);
    for (judge_number, pitch_number, impact, team) in
        [(1, 1, "8", "7.5"), (2, 1, "9", "7.5"), (1, 2, "9.25", "9"), (2, 2, "9.75", "9"), (1, 3, "8", "7.5")]
    {
        let sealed = stand.post(judge(judge_number), &path(pitch_number, "/seal"), marks(impact, team)).await;
        assert_eq!(sealed.0, 200, "{sealed:?}");
    }
    let abstention = json!({"reason": "absent", "words": "MARKER-words"});
    assert_eq!(stand.post(judge(2), &path(3, "/abstention"), abstention).await.0, 200);
    assert_eq!(stand.post(ANNE, "/lock", Value::Null).await.0, 200);
    needs_a_fresh_proof(&stand, ANNE, "/unsealing").await;
    assert_eq!(stand.post(ANNE, "/unsealing", Value::Null).await.0, 200);
    stand
}

/// A stolen session opens no marks.
async fn needs_a_fresh_proof(stand: &Stand, who: MemberId, path: &str) {
    let (status, problem) = stand.post_without_second_key(who, path).await;
    assert_eq!((status, &problem["type"]), (403, &json!("/problems/second-key-needed")), "{problem}");
}

async fn declared(stand: &Stand) -> Value {
    needs_a_fresh_proof(stand, CARA, "/unsealing/confirmation").await;
    assert_eq!(stand.post(CARA, "/unsealing/confirmation", Value::Null).await.0, 200);
    stand.until_there(ANNE, "/result").await
}

fn fields(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_with_public_marks_is_played_from_panel_to_announcement() {
    let stand = played(MarksVisibility::Public).await;
    let refused = stand.post(judge(1), &path(1, "/seal"), marks("1", "1")).await;
    assert_eq!((refused.0, refused.1["type"].as_str()), (409, Some("/problems/round-locked")));
    assert_eq!(stand.post(ANNE, "/unsealing/confirmation", Value::Null).await.0, 403);
    assert_eq!(stand.post(judge(1), "/unsealing/confirmation", Value::Null).await.0, 403);
    assert_eq!(stand.get(ANNE, "/result").await.0, 404);

    let result = declared(&stand).await;
    let places: Vec<_> = result["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                item["pitch"].clone(),
                item["total"].clone(),
                item["rank"].clone(),
                item["scorecards"].clone(),
                item["order"].clone(),
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            (json!(pitch(2)), json!("23.25"), json!(1), json!(2), json!(2)),
            (json!(pitch(1)), json!("20.25"), json!(2), json!(2), json!(1)),
            (json!(pitch(3)), json!("19.50"), json!(3), json!(1), json!(3)),
        ]
    );
    the_openings_in_the_log_open_their_commitments(&stand).await;
    the_derivation_is_what_the_event_says(&stand).await;

    for (who, status) in [(BELA, 200), (CARA, 200), (judge(1), 200), (entrant(1), 404)] {
        assert_eq!(stand.get(who, "/result").await.0, status, "{who}");
    }
    what_it_hangs_on_is_said(&stand).await;
    assert_eq!(stand.get(None, "/result").await.0, 404);
    assert_eq!(stand.get(None, "/result/derivation").await.0, 404);
    assert_eq!(stand.get(None, &path(1, "")).await.0, 404);
    stand.announce().await;
    assert_eq!(stand.get(None, "/result").await.1["items"].as_array().unwrap().len(), 3);
    assert_eq!(stand.get(None, "/result/derivation").await.0, 200);
    let public = stand.get(None, "/result/robustness").await;
    assert_eq!((public.0, &public.1["judges"][0]["member"]), (200, &Value::Null));
    let public = stand.get(None, &path(1, "")).await.1;
    assert_eq!(public["scorecards"][0]["marks"]["team"], "7.5");
    assert_eq!(public["scorecards"][0]["comment_to_entrant"], Value::Null);
    let own = stand.get(entrant(1), &path(1, "")).await.1;
    assert_eq!(own["scorecards"][0]["comment_to_entrant"], "MARKER-entrant");
    assert_eq!(own["scorecards"][0]["comment_to_panel"], Value::Null);
    nothing_private_is_in_the_log(&stand).await;
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unpublished_marks_stay_in_the_vault_and_each_entrant_sees_their_own() {
    let stand = played(MarksVisibility::OwnEntrant).await;
    let result = declared(&stand).await;
    assert_eq!(stand.events("ScorecardUnsealed").await, []);
    assert_eq!(result["derivation"], Value::Null);
    assert_eq!(result["items"][0]["derivation"], Value::Null);
    assert!(result["sealed_derivation"].is_string() && result["salt"].is_string());
    stand.announce().await;
    assert_eq!(stand.get(None, "/result").await.1["salt"], Value::Null);
    assert_eq!(stand.get(None, "/result/derivation").await.0, 403);
    assert_eq!(stand.get(ANNE, "/result/derivation").await.0, 200);
    assert_eq!(stand.get(None, "/result/robustness").await.0, 403);
    assert_eq!(stand.get(ANNE, "/result/robustness").await.0, 200);
    assert_eq!(stand.get(entrant(2), &path(1, "")).await.0, 404);
    assert_eq!(stand.get(entrant(1), &path(1, "")).await.1["scorecards"].as_array().unwrap().len(), 2);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_requests_are_refused_and_store_nothing() {
    let stand = Stand::start().await;
    stand.panel(MarksVisibility::Public, 3, 2, &EVERYBODY[..5]).await;
    stand.heard().await;
    let early = stand.post(judge(1), &path(1, "/seal"), marks("8", "8")).await;
    assert_eq!((early.0, early.1["type"].as_str()), (409, Some("/problems/round-not-open")));
    for (who, status) in [(judge(1), 403), (CARA, 403), (entrant(1), 403), (ANNE, 200), (ANNE, 409)] {
        assert_eq!(stand.post(who, "/opening", Value::Null).await.0, status, "{who}");
    }
    let seal = path(1, "/seal");
    let tables = [
        (json!({"marks": {"impact": "8.1", "team": "8"}}), vec!["marks.impact"]),
        (
            json!({"marks": {"impact": "10.25", "novelty": "8"}}),
            vec!["marks.impact", "marks.team", "marks.novelty"],
        ),
        (json!({"marks": {"impact": "eight", "team": "1e1"}}), vec!["marks.impact", "marks.team"]),
        (json!({"marks": {"impact": 8, "team": "8"}}), vec!["marks.impact"]),
        (
            json!({"marks": {"impact": "8", "team": "8"}, "comment_to_panel": "x".repeat(10_001)}),
            vec!["comment_to_panel"],
        ),
    ];
    for (body, expected) in tables {
        let refused = stand.post(judge(1), &seal, body).await;
        assert_eq!((refused.0, fields(&refused.1)), (422, expected), "{refused:?}");
    }
    for who in [judge(9), ANNE, entrant(1)] {
        assert_eq!(stand.post(who, &seal, marks("8", "8")).await.0, 403);
    }
    assert_eq!(stand.post(judge(2), &path(3, "/seal"), marks("8", "8")).await.0, 403, "not assigned");
    assert_eq!(stand.events("ScorecardSealed").await, []);
    let client = stand.scoring.service.pool().get().await.unwrap();
    assert_eq!(client.query_one("select count(*) from openings", &[]).await.unwrap().get::<_, i64>(0), 0);
    drop(client);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_unsealing_only_the_judge_sees_a_mark() {
    let stand = played(MarksVisibility::Public).await;
    assert_eq!(stand.post(judge(1), "/lock", Value::Null).await.0, 403);
    let (_, seen) = stand.get(ANNE, "").await;
    let progress = &seen["progress"];
    assert_eq!(
        (
            &seen["phase"],
            &progress["expected"],
            &progress["sealed"],
            &progress["abstained"],
            &progress["missing"]
        ),
        (&json!("locked"), &json!(6), &json!(5), &json!(1), &json!(0))
    );
    let of_first =
        progress["judges"].as_array().unwrap().iter().find(|of| of["judge"] == json!(seat(1))).unwrap();
    assert_eq!((&of_first["member"], &of_first["sealed"]), (&json!(judge(1)), &json!(3)));
    for who in [judge(1), entrant(1)] {
        assert_eq!(stand.get(who, "").await.1["progress"], Value::Null);
    }
    let shows_marks = |answer: &(u16, Value)| {
        answer.1.to_string().contains("7.5") || answer.1.to_string().contains("MARKER")
    };
    for path in [
        "".to_owned(),
        "/scorecards".to_owned(),
        path(1, ""),
        "/result".to_owned(),
        "/result/derivation".to_owned(),
    ] {
        for who in [Some(ANNE), Some(CARA), Some(entrant(1)), Some(judge(2)), None] {
            let answer = stand.get(who, &path).await;
            let own = who == Some(judge(2));
            assert!(own || !shows_marks(&answer), "{who:?} at {path}: {answer:?}");
        }
    }
    let own = stand.get(judge(2), &path(1, "")).await.1;
    assert_eq!(own["scorecards"].as_array().unwrap().len(), 1);
    assert_eq!(own["scorecards"][0]["marks"], json!({"impact": "9", "team": "7.5"}));
    let page = stand.get(judge(1), "/scorecards?limit=2").await.1;
    assert_eq!((page["items"].as_array().unwrap().len(), page["next"].is_string()), (2, true));
    assert_eq!(stand.get(entrant(1), "/scorecards").await.0, 403);
    assert_eq!(stand.get(None::<MemberId>, "/scorecards").await.0, 401);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_sealed_after_the_lock_however_close() {
    let stand = Stand::start().await;
    stand.panel(MarksVisibility::Public, 3, 2, &EVERYBODY).await;
    assert_eq!(stand.post(ANNE, "/opening", Value::Null).await.0, 200);
    let seals = (0..60).map(|n| {
        let (number, of) = EVERYBODY[n % 6];
        let stand = &stand;
        async move {
            let lock = if n == 30 { stand.post(ANNE, "/lock", Value::Null).await.0 } else { 200 };
            assert_eq!(lock, 200);
            stand.post(judge(number), &path(of, "/seal"), marks("8", "8")).await.0
        }
    });
    let answers: Vec<u16> = futures_util::stream::iter(seals).buffer_unordered(8).collect().await;
    assert!(answers.iter().all(|status| [200, 409].contains(status)), "{answers:?}");
    assert!(answers.contains(&200) && answers.contains(&409), "{answers:?}");
    let events = stand.scoring.service.store().read_after(0, u32::MAX >> 1).await.unwrap();
    let kinds: Vec<&str> = events.iter().map(|event| event.envelope.kind()).collect();
    let locked = kinds.iter().position(|kind| *kind == "RoundLocked").unwrap();
    assert!(!kinds[locked..].contains(&"ScorecardSealed"));
    let sealed = kinds.iter().filter(|kind| **kind == "ScorecardSealed").count();
    assert_eq!(sealed, answers.iter().filter(|status| **status == 200).count());
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_returned_comment_is_withheld_until_it_is_reworded() {
    let stand = played(MarksVisibility::OwnEntrant).await;
    let back = |number: u128| json!({"judge": seat(number), "reason": "rules_broken"});
    let (returning, rewording) = (path(1, "/return"), path(1, "/comment"));
    let closed = stand.post(ANNE, &returning, back(1)).await;
    assert_eq!((closed.0, &closed.1["type"]), (409, &json!("/problems/round-not-unsealed")));
    let before = declared(&stand).await;
    for who in [CARA, judge(1), judge(2), entrant(1)] {
        assert_eq!(stand.post(who, &returning, back(1)).await.0, 403, "{who}");
    }
    let words = |words: &str| json!({"comment_to_entrant": words});
    let unasked = stand.post(judge(1), &rewording, words("kinder")).await;
    assert_eq!((unasked.0, &unasked.1["type"]), (409, &json!("/problems/not-returned")));
    for number in [1, 2] {
        assert_eq!(stand.post(ANNE, &returning, back(number)).await.0, 200);
        assert_eq!(stand.post(ANNE, &returning, back(number)).await.1["type"], "/problems/returned-already");
    }
    let nothing = stand.post(ANNE, &path(3, "/return"), back(2)).await;
    assert_eq!(nothing.1["type"], "/problems/nothing-to-return", "an abstention");
    let own = stand.get(judge(1), &path(1, "")).await.1;
    let own = own["scorecards"].as_array().unwrap().iter().find(|card| card["own"] == true).unwrap();
    assert_eq!(own["comment_returned"], "rules_broken");
    stand.announce().await;
    let late = stand.post(ANNE, &path(2, "/return"), back(1)).await;
    assert_eq!(late.1["type"], "/problems/comments-released");
    assert!(!stand.get(entrant(1), &path(1, "")).await.1.to_string().contains("MARKER"));
    assert_eq!(stand.post(judge(2), &rewording, words("kinder")).await.0, 200);
    let seen = stand.get(entrant(1), &path(1, "")).await.1;
    let of = |number: u128| {
        let cards = seen["scorecards"].as_array().unwrap();
        cards.iter().find(|card| card["judge"] == json!(seat(number))).unwrap().clone()
    };
    assert_eq!(
        (&of(2)["comment_to_entrant"], &of(1)["comment_to_entrant"]),
        (&json!("kinder"), &Value::Null)
    );
    assert_eq!((&of(2)["marks"]["impact"], &of(1)["comment_returned"]), (&json!("9"), &Value::Null));
    assert_eq!(stand.get(ANNE, "/result").await.1["items"], before["items"]);
    nothing_private_is_in_the_log(&stand).await;
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_comments_of_a_round_are_for_those_who_run_it_once_the_marks_are_open() {
    let stand = played(MarksVisibility::OwnEntrant).await;
    let closed = stand.get(ANNE, "/comments").await;
    assert_eq!((closed.0, &closed.1["type"]), (409, &json!("/problems/round-not-unsealed")));
    declared(&stand).await;
    for who in [judge(1), entrant(1)] {
        assert_eq!(stand.get(who, "/comments").await.0, 403, "{who}");
    }
    let all = |answer: (u16, Value)| {
        assert_eq!(answer.0, 200, "{}", answer.1);
        answer.1["items"].as_array().unwrap().clone()
    };
    let seen = all(stand.get(ANNE, "/comments").await);
    assert_eq!(seen.len(), 5, "what was abstained has no comment");
    for card in &seen {
        assert_eq!((&card["marks"], &card["words"]), (&Value::Null, &Value::Null));
        assert_eq!(
            (&card["comment_to_panel"], &card["comment_to_entrant"]),
            (&json!("MARKER-panel"), &json!("MARKER-entrant"))
        );
    }
    let approvers = all(stand.get(CARA, "/comments").await);
    assert!(
        approvers
            .iter()
            .all(|card| card["comment_to_panel"] == "MARKER-panel" && card["comment_to_entrant"].is_null())
    );
    let back = json!({"judge": seat(1), "reason": "clarification"});
    assert_eq!(stand.post(ANNE, &path(1, "/return"), back).await.0, 200);
    let returned = all(stand.get(ANNE, "/comments").await);
    let returned: Vec<_> = returned.iter().filter(|card| !card["comment_returned"].is_null()).collect();
    assert_eq!(returned.len(), 1);
    assert_eq!(
        (&returned[0]["judge"], &returned[0]["comment_to_entrant"]),
        (&json!(seat(1)), &json!("MARKER-entrant"))
    );
    stand.end().await;
}

async fn the_openings_in_the_log_open_their_commitments(stand: &Stand) {
    let unsealed = stand.events("ScorecardUnsealed").await;
    assert_eq!(unsealed.len(), 5);
    for (stream, data) in unsealed {
        let unsealed: ScorecardUnsealed = serde_json::from_value(data).unwrap();
        let lines = unsealed.marks.iter().map(|mark| format!("{}={}\n", mark.criterion, mark.mark));
        let content: String = lines.collect();
        let salt: [u8; 32] = unsealed.salt.as_ref().try_into().unwrap();
        let field = "ScorecardSealed.marks";
        assert!(opens(&unsealed.commitment, &salt, stream.as_str(), field, content.as_bytes()), "{stream}");
    }
}

async fn the_derivation_is_what_the_event_says(stand: &Stand) {
    let declared = stand.events("ResultDeclared").await.remove(0).1;
    let declared: ResultDeclared = serde_json::from_value(declared).unwrap();
    let (status, bytes, _) = stand.call(Some(ANNE), "GET", "/result/derivation", Value::Null).await;
    assert_eq!(status, 200);
    let ranking: Ranking = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(ranking.derivation_bytes(), bytes);
    assert_eq!(ranking.digest().as_bytes().as_slice(), declared.derivation);
}

/// Both judges put pitch 2 first; only the first marked pitch 3.
async fn what_it_hangs_on_is_said(stand: &Stand) {
    for (who, status) in [(None, 404), (Some(entrant(1)), 404), (Some(judge(1)), 403)] {
        assert_eq!(stand.get(who, "/result/robustness").await.0, status, "{who:?}");
    }
    let (status, said) = stand.get(CARA, "/result/robustness?limit=2").await;
    assert_eq!((status, &said["more"], &said["winner_depends"]), (200, &json!(1), &json!(false)));
    assert_eq!(said["pitches"][0], json!({"pitch": pitch(2), "rank": 1, "total": "23.25"}));
    let seats = [seat(1), seat(2)];
    let (first, second) = if seats[0].0 < seats[1].0 { (1, 2) } else { (2, 1) };
    for (place, number) in [(0, first), (1, second)] {
        let of = &said["judges"][place];
        assert_eq!((&of["number"], &of["judge"]), (&json!(place + 1), &json!(seat(number))));
        assert_eq!(of["member"], json!(judge(number)));
    }
    let without_first = &said["judges"][if first == 1 { 0 } else { 1 }]["without"];
    assert_eq!(
        without_first,
        &json!({"winners": [pitch(2)], "winner_changes": false, "moved": 1, "ranks": [1, 2],
                "totals": ["23.63", "21.00"]})
    );
    assert_eq!(said["normalised"], json!({"impossible": "too_few_marks"}));
}

async fn nothing_private_is_in_the_log(stand: &Stand) {
    let events = stand.scoring.service.store().read_after(0, u32::MAX >> 1).await.unwrap();
    for event in events {
        let text = String::from_utf8_lossy(&event.bytes).into_owned();
        assert!(!text.contains("MARKER"), "{text}");
    }
}
