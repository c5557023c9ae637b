//! Three thousand pitches, three scorecards each, sixty judges.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use plaudit_proto::v1::MarksVisibility;
use serde_json::{Value, json};

use crate::stand::{ANNE, CARA, Stand, judge, pitch};

const PITCHES: u128 = 3_000;
const JUDGES: u128 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn three_thousand_pitches_are_unsealed_and_ranked_within_a_minute() {
    let stand = Stand::start().await;
    let plan: Vec<(u128, u128)> =
        (1..=PITCHES).flat_map(|pitch| (0..3).map(move |n| (1 + (pitch * 3 + n) % JUDGES, pitch))).collect();
    let began = Instant::now();
    stand.panel(MarksVisibility::Public, PITCHES, JUDGES, &plan).await;
    stand.heard().await;
    println!("taken in: {:?}", began.elapsed());
    assert_eq!(stand.post(ANNE, "/opening", Value::Null).await.0, 200);

    let began = Instant::now();
    let seals =
        plan.iter().map(|(number, of)| {
            let (stand, path) = (&stand, format!("/scorecards/{}/seal", pitch(*of)));
            let impact = format!("{}.{}", (of + number) % 10, ["0", "25", "5", "75"][(of % 4) as usize]);
            async move {
                stand.post(judge(*number), &path, json!({"marks": {"impact": impact, "team": "7"}})).await.0
            }
        });
    let answers: Vec<u16> = futures_util::stream::iter(seals).buffer_unordered(64).collect().await;
    assert!(answers.iter().all(|status| *status == 200));
    println!("sealed: {:?}", began.elapsed());

    assert_eq!(stand.post(ANNE, "/lock", Value::Null).await.0, 200);
    assert_eq!(stand.post(ANNE, "/unsealing", Value::Null).await.0, 200);
    let began = Instant::now();
    let confirmed = stand.post(CARA, "/unsealing/confirmation", Value::Null).await;
    assert_eq!(confirmed.0, 200, "{confirmed:?}");
    println!("unsealed: {:?}", began.elapsed());
    let result = stand.until_there(ANNE, "/result?limit=1000").await;
    println!("declared: {:?}", began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(60));
    assert_eq!((result["items"].as_array().unwrap().len(), result["next"].is_string()), (1000, true));

    let events = stand.scoring.service.store().read_after(0, u32::MAX >> 1).await.unwrap();
    let largest = events.iter().map(|event| event.bytes.len()).max().unwrap();
    assert!(largest < 60_000, "an event of {largest} bytes");
    assert_eq!(stand.events("PitchRanked").await.len(), 3_000);
    stand.end().await;
}
