//! NATS away, empty, old, and with holes. PostgreSQL is the truth: whatever
//! NATS has lost it gets again, and nobody is turned away meanwhile.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use rustix::process::Signal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ledger::{Answered, Asked, Fate};
use crate::servers::{InTheWay, end, nats};
use crate::stage::{Stage, copy, kills};

const OLDER: &str = "jetstream-older";
/// Longer than anybody waits for an answer from NATS.
const A_WHILE: Duration = Duration::from_secs(6);
/// Commands that are acknowledged while NATS is away.
const MEANWHILE: usize = 150;
/// From so many kills on, what may take a minute is waited for.
const THOROUGH: usize = 20;

/// Copies what NATS has by now. The program is stopped for that.
pub fn copy_aside(stage: &mut Stage) {
    stage.program.stop();
    copy(&stage.program.folder().join("nats/jetstream"), &stage.aside(OLDER));
}

pub async fn stopped_for_a_while(stage: &mut Stage) {
    away(stage, "NATS was stopped", A_WHILE, |_| {}).await;
}

pub async fn folder_deleted(stage: &mut Stage) {
    away(stage, "NATS's folder was deleted", Duration::ZERO, |stage| {
        std::fs::remove_dir_all(stage.program.folder().join("nats/jetstream")).unwrap();
    })
    .await;
}

pub async fn older_copy(stage: &mut Stage) {
    away(stage, "NATS's folder was replaced by an older copy", Duration::ZERO, |stage| {
        let folder = stage.program.folder().join("nats/jetstream");
        std::fs::remove_dir_all(&folder).unwrap();
        copy(&stage.aside(OLDER), &folder);
    })
    .await;
}

/// NATS is stopped under load, something happens to its folder, and it comes
/// back by itself as soon as it can.
async fn away(stage: &mut Stage, what: &str, long: Duration, happens: impl Fn(&Stage)) {
    let load = stage.load();
    stage.goes_on(50).await;
    let obstacle = InTheWay::of_nats(&stage.program);
    end(nats(&stage.program), Signal::TERM).await;
    stage.says("degraded but ready", |said| said["ready"] == true && said["degraded"] == true).await;
    tokio::time::sleep(long).await;
    who_sends_positions_goes_on(stage).await;
    stage.goes_on(MEANWHILE).await;
    happens(stage);
    obstacle.remove();
    stage.says("well again", is_well).await;
    stage.goes_on(50).await;
    load.stop().await;
    stage.holds(what).await;
}

/// Somebody says each time how far they have seen, and is not told to wait for
/// what only NATS could bring.
async fn who_sends_positions_goes_on(stage: &Stage) {
    let supporter = &stage.cast.entrants[0];
    for _ in 0..2 {
        let asked = Asked {
            key: Uuid::new_v4().to_string(),
            service: "awards",
            path: format!("awards/programmes/{}/support", stage.cast.programme),
            body: json!({ "what": "an hour", "quarters": 4, "unit": "hour" }).to_string(),
            actor: supporter.actor.clone(),
        };
        let number = stage.ledger.note(asked.clone());
        let body = Some(asked.body.into_bytes());
        let answer = supporter.person.asks(Method::POST, &asked.path, Some(&asked.key), body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        let fate = Fate::Answered(Answered {
            status: answer.status.as_u16(),
            id: answer.id().parse().unwrap(),
            version: answer.body["version"].as_u64(),
            position: answer.body["position"].as_u64(),
        });
        stage.ledger.settle(number, fate);
    }
}

fn is_well(said: &Value) -> bool {
    said["ready"] == true && said["degraded"] == false
}

/// No farewell, and nothing that NATS had not written yet.
pub async fn killed(stage: &mut Stage) {
    let load = stage.load();
    stage.goes_on(50).await;
    end(nats(&stage.program), Signal::KILL).await;
    stage.goes_on(50).await;
    load.stop().await;
    stage.holds("NATS was killed").await;
}

/// A message is deleted from the middle of two streams. It is noticed when
/// NATS is connected to anew, and within a minute anyway.
pub async fn messages_deleted_from_the_middle(stage: &mut Stage) {
    let load = stage.load();
    delete_from_the_middle(stage, "submissions").await;
    delete_from_the_middle(stage, "awards").await;
    // In order: what 2.9 counts after a kill may leave the deletion out.
    end(nats(&stage.program), Signal::TERM).await;
    stage.goes_on(50).await;
    load.stop().await;
    stage.holds("messages were deleted from the middle").await;
    if kills() < THOROUGH {
        return;
    }
    delete_from_the_middle(stage, "panels").await;
    tokio::time::sleep(Duration::from_secs(65)).await;
    stage.holds("a message was deleted and a minute went by").await;
}

/// As the service's own user: nobody else but the administrator may.
async fn delete_from_the_middle(stage: &Stage, service: &str) {
    let installation = std::fs::read(stage.program.folder().join("installation.json")).unwrap();
    let installation: Value = serde_json::from_slice(&installation).unwrap();
    let address = installation["services"][service]["nats_url"].as_str().unwrap();
    let address: async_nats::ServerAddr = address.parse().unwrap();
    let (user, password) = (address.username().unwrap().to_owned(), address.password().unwrap().to_owned());
    let options = async_nats::ConnectOptions::with_user_and_password(user, password)
        .custom_inbox_prefix(format!("_INBOX_{service}"));
    let context = async_nats::jetstream::new(options.connect(address).await.unwrap());
    let stream = context.get_stream(format!("PLAUDIT_{}", service.to_uppercase())).await.unwrap();
    let last = stream.get_info().await.unwrap().state.last_sequence;
    assert!(stream.delete_message(last / 2).await.unwrap());
    let state = stream.get_info().await.unwrap().state;
    assert!(state.messages < state.last_sequence, "there is a hole: {state:?}");
}
