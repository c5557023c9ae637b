//! What a service may and may not do on NATS.

use std::time::Duration;

use async_nats::jetstream::consumer;
use futures_util::StreamExt;
use plaudit_servers::inbox_prefix;

use super::{as_service, nats, own_stream, publish, shared};

#[tokio::test]
async fn a_service_publishes_no_subject_but_its_own() {
    let house = shared().await;
    let [awards, panels] = ["awards", "panels"].map(|s| as_service(&house.servers, s));
    let (awards, panels) = (awards.await, panels.await);
    awards.create_stream(own_stream("awards")).await.unwrap();
    assert_eq!(publish(&awards, "plaudit.awards.prize.1").await, Ok(1));

    assert!(publish(&panels, "plaudit.awards.prize.2").await.is_err());
    let stream = panels.get_stream("PLAUDIT_AWARDS").await.unwrap();
    assert_eq!(stream.cached_info().state.messages, 1);
    assert!(stream.purge().await.is_err());
    assert!(stream.delete_message(1).await.is_err());
    assert!(panels.delete_stream("PLAUDIT_AWARDS").await.is_err());
    assert!(panels.update_stream(own_stream("awards")).await.is_err());
    assert!(panels.create_stream(own_stream("accounts")).await.is_err());
    assert_eq!(publish(&awards, "plaudit.awards.prize.2").await, Ok(2));
    awards.delete_stream("PLAUDIT_AWARDS").await.unwrap();
}

#[tokio::test]
async fn a_service_reads_the_streams_of_others() {
    let house = shared().await;
    let [owner, reader] = ["submissions", "accounts"].map(|s| as_service(&house.servers, s));
    let (owner, reader) = (owner.await, reader.await);
    let config = own_stream("submissions");
    owner.create_stream(config).await.unwrap();
    publish(&owner, "plaudit.submissions.pitch.1").await.unwrap();

    let stream = reader.get_stream("PLAUDIT_SUBMISSIONS").await.unwrap();
    assert_eq!(&stream.get_raw_message(1).await.unwrap().payload[..], b"event");
    let pull = consumer::pull::OrderedConfig {
        filter_subject: "plaudit.submissions.pitch.>".into(),
        ..Default::default()
    };
    let mut messages = stream.create_consumer(pull).await.unwrap().messages().await.unwrap();
    let first = tokio::time::timeout(Duration::from_secs(5), messages.next()).await;
    assert_eq!(&first.unwrap().unwrap().unwrap().payload[..], b"event");

    let durable = consumer::pull::Config { durable_name: Some("accounts".into()), ..Default::default() };
    let mut messages = stream.create_consumer(durable).await.unwrap().messages().await.unwrap();
    let first = messages.next().await.unwrap().unwrap();
    first.double_ack().await.unwrap();
    owner.delete_stream("PLAUDIT_SUBMISSIONS").await.unwrap();
}

#[tokio::test]
async fn a_service_does_not_hear_answers_to_others() {
    let house = shared().await;
    let scoring = house.servers.nats_url("scoring").unwrap();
    let listener = nats(scoring, &inbox_prefix("scoring")).await;
    let admin = nats(&house.servers.nats_admin_url, "_INBOX").await;
    let mut overheard = listener.subscribe("_INBOX_panels.>").await.unwrap();
    let mut own = listener.subscribe("_INBOX_scoring.mine").await.unwrap();
    // An answer on the same connection: by then NATS knows of the subscriptions before it.
    listener.request("$JS.API.INFO", "".into()).await.unwrap();
    admin.publish("_INBOX_panels.1", "secret".into()).await.unwrap();
    admin.publish("_INBOX_scoring.mine", "mine".into()).await.unwrap();
    admin.flush().await.unwrap();
    assert_eq!(&own.next().await.unwrap().payload[..], b"mine");
    let heard = tokio::time::timeout(Duration::from_millis(200), overheard.next()).await;
    assert!(!matches!(heard, Ok(Some(_))), "NATS let it listen");
}
