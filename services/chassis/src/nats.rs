//! A service's stream in JetStream: message N is event N.

use std::sync::atomic::Ordering;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::Context;
use async_nats::jetstream::stream::{
    Config, DiscardPolicy, LastRawMessageErrorKind, RetentionPolicy, StorageType, Stream,
};

/// The name of a service's stream.
pub fn stream_name(service: &str) -> String {
    format!("PLAUDIT_{}", service.to_uppercase())
}

/// No limit on age, size or count, and nothing is dropped as a duplicate: a
/// message carries no id that could be one.
fn config(service: &str, replicas: usize) -> Config {
    Config {
        name: stream_name(service),
        subjects: vec![format!("plaudit.{service}.>")],
        retention: RetentionPolicy::Limits,
        storage: StorageType::File,
        discard: DiscardPolicy::Old,
        max_age: Duration::ZERO,
        max_bytes: -1,
        max_messages: -1,
        max_messages_per_subject: -1,
        max_message_size: -1,
        num_replicas: replicas,
        duplicate_window: Duration::from_millis(100),
        allow_direct: true,
        deny_delete: false,
        deny_purge: false,
        ..Config::default()
    }
}

/// The service's own stream, made if there is none. Only its owner may.
pub async fn own_stream(
    context: &Context,
    service: &str,
    replicas: usize,
) -> Result<Stream, async_nats::Error> {
    Ok(context.get_or_create_stream(config(service, replicas)).await?)
}

/// A message of a stream by its sequence, which is an event's position.
pub async fn message(stream: &Stream, sequence: u64) -> Result<bytes::Bytes, async_nats::Error> {
    Ok(stream.get_raw_message(sequence).await?.payload)
}

/// The same, or `None` where that message is missing.
pub async fn find(stream: &Stream, sequence: u64) -> Result<Option<bytes::Bytes>, async_nats::Error> {
    match stream.get_raw_message(sequence).await {
        Ok(message) => Ok(Some(message.payload)),
        Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Which connection to NATS there is, counted from the first.
pub(crate) fn connection(context: &Context) -> u64 {
    context.client().statistics().connects.load(Ordering::Relaxed)
}

/// How often it is looked whether a connection still is.
const LOOK: Duration = Duration::from_millis(200);

/// Waits until a connection is lost, or another has taken its place.
pub(crate) async fn connection_ends(context: &Context, which: u64) {
    while connection(context) == which && context.client().connection_state() == State::Connected {
        tokio::time::sleep(LOOK).await;
    }
}

/// Connects as the service's own user, whose answers come to an inbox of its
/// own. It goes on trying while the server is away, also at the start.
pub async fn connect(url: &str, service: &str) -> Result<Context, String> {
    let address: async_nats::ServerAddr =
        url.parse().map_err(|_| "the address of NATS must be nats://user:password@host:port".to_owned())?;
    let mut options = async_nats::ConnectOptions::new()
        .retry_on_initial_connect()
        .custom_inbox_prefix(format!("_INBOX_{service}"))
        .max_reconnects(None)
        .reconnect_delay_callback(|attempt| Duration::from_millis((50 * attempt as u64).min(1000)));
    if let (Some(user), Some(password)) = (address.username(), address.password()) {
        options = options.user_and_password(user.to_owned(), password.to_owned());
    }
    let client = options.connect(address).await.map_err(|error| error.to_string())?;
    let mut context = async_nats::jetstream::new(client);
    context.set_timeout(Duration::from_secs(5));
    Ok(context)
}
