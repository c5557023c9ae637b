//! The private servers, for real: PostgreSQL and NATS of this machine, in folders of their own under the system's
//! temporary folder. Tests that change nothing for others share one instance, which ends with the last of them.

#![allow(clippy::unwrap_used)]

mod databases;
mod folder;
mod leftovers;
mod permissions;
mod starting;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use async_nats::ConnectOptions;
use async_nats::jetstream::{self, stream};
use plaudit_servers::{DataFolder, Servers, inbox_prefix};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio_postgres::{Client, NoTls};
use url::Url;

struct House {
    servers: Servers,
    folder: DataFolder,
}

async fn shared() -> Arc<House> {
    static SHARED: Mutex<Weak<House>> = Mutex::const_new(Weak::new());
    let mut shared = SHARED.lock().await;
    if let Some(house) = shared.upgrade() {
        return house;
    }
    let folder = DataFolder::temporary().unwrap();
    let servers = Servers::start(&folder).await.unwrap();
    let house = Arc::new(House { servers, folder });
    *shared = Arc::downgrade(&house);
    house
}

async fn sql(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// As the user in the address, with the inboxes of `inboxes`.
async fn nats(url: &str, inboxes: &str) -> async_nats::Client {
    let url = Url::parse(url).unwrap();
    let password = url.password().unwrap().to_owned();
    ConnectOptions::with_user_and_password(url.username().to_owned(), password)
        .custom_inbox_prefix(inboxes)
        .connect(format!("127.0.0.1:{}", url.port().unwrap()))
        .await
        .unwrap()
}

async fn as_service(servers: &Servers, service: &str) -> jetstream::Context {
    let client = nats(servers.nats_url(service).unwrap(), &inbox_prefix(service)).await;
    let mut context = jetstream::new(client);
    // What isn't allowed gets no answer at all; a test need not wait five seconds for it.
    context.set_timeout(Duration::from_secs(1));
    context
}

fn own_stream(service: &str) -> stream::Config {
    stream::Config {
        name: format!("PLAUDIT_{}", service.to_uppercase()),
        subjects: vec![format!("plaudit.{service}.>")],
        ..Default::default()
    }
}

async fn publish(context: &jetstream::Context, subject: &str) -> Result<u64, String> {
    let sent = context.publish(subject.to_owned(), "event".into()).await;
    let acknowledged = sent.map_err(|error| error.to_string())?.await;
    acknowledged.map(|ack| ack.sequence).map_err(|error| error.to_string())
}

fn is_alive(pid: u32) -> bool {
    // A zombie that nobody waits for has no command line.
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

fn folder_with_mode(mode: u32) -> TempDir {
    tempfile::Builder::new().permissions(Permissions::from_mode(mode)).tempdir().unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
