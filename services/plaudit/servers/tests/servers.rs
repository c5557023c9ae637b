//! The private servers, for real: PostgreSQL and NATS of this machine, in folders of their own under the system's
//! temporary folder. Tests that change nothing for others share one instance, which ends with the last of them.

#![allow(clippy::unwrap_used)]

use std::fs::Permissions;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use async_nats::ConnectOptions;
use async_nats::jetstream::{self, consumer, stream};
use futures_util::StreamExt;
use plaudit_servers::{
    DataFolder, Error, SERVICES, Secrets, Servers, Stop, inbox_prefix, provision,
};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio_postgres::{Client, NoTls};
use url::Url;

/// Set for the process that [`servers_of_a_killed_process_are_stopped_by_the_next`] kills.
const VICTIM: &str = "PLAUDIT_SERVERS_TEST_VICTIM";

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
    acknowledged
        .map(|ack| ack.sequence)
        .map_err(|error| error.to_string())
}

fn is_alive(pid: u32) -> bool {
    // A zombie that nobody waits for has no command line.
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}

fn folder_with_mode(mode: u32) -> TempDir {
    tempfile::Builder::new()
        .permissions(Permissions::from_mode(mode))
        .tempdir()
        .unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn data_survives_a_stop_and_a_start() {
    let folder = DataFolder::temporary().unwrap();
    let servers = Servers::start(&folder).await.unwrap();
    let first_url = servers.database_url("scoring").unwrap().to_owned();
    let client = sql(&first_url).await.unwrap();
    client
        .batch_execute("CREATE TABLE marks (mark int); INSERT INTO marks VALUES (7)")
        .await
        .unwrap();
    let scoring = as_service(&servers, "scoring").await;
    scoring.create_stream(own_stream("scoring")).await.unwrap();
    assert_eq!(publish(&scoring, "plaudit.scoring.card.1").await, Ok(1));
    let pids = [servers.postgres_pid().unwrap(), servers.nats_pid().unwrap()];
    servers.stop().await;
    assert!(pids.iter().all(|pid| !is_alive(*pid)));
    let log = std::fs::read_to_string(folder.path().join("postgres.log")).unwrap();
    assert!(log.contains("database system is shut down"), "not in order");

    let servers = Servers::start(&folder).await.unwrap();
    let client = sql(servers.database_url("scoring").unwrap()).await.unwrap();
    let row = client.query_one("SELECT mark FROM marks", &[]).await;
    assert_eq!(row.unwrap().get::<_, i32>(0), 7);
    let scoring = as_service(&servers, "scoring").await;
    assert_eq!(publish(&scoring, "plaudit.scoring.card.2").await, Ok(2));
}

#[tokio::test]
async fn a_killed_server_comes_back_at_the_same_address() {
    let folder = DataFolder::temporary().unwrap();
    let servers = Servers::start(&folder).await.unwrap();
    let url = servers.database_url("awards").unwrap();
    let client = sql(url).await.unwrap();
    client
        .batch_execute("CREATE TABLE prizes (pence bigint); INSERT INTO prizes VALUES (200000)")
        .await
        .unwrap();

    servers.stop_postgres(Stop::Kill).await;
    assert_eq!(servers.postgres_pid(), None);
    assert!(sql(url).await.is_err());
    servers.start_postgres().await.unwrap();
    let row = sql(url).await.unwrap().query_one("TABLE prizes", &[]).await;
    assert_eq!(row.unwrap().get::<_, i64>(0), 200_000);

    servers.stop_nats(Stop::Kill).await;
    assert_eq!(servers.nats_pid(), None);
    servers.start_nats().await.unwrap();
    let admin = nats(&servers.nats_admin_url, "_INBOX").await;
    jetstream::new(admin)
        .create_stream(own_stream("awards"))
        .await
        .unwrap();
    let pid = servers.nats_pid();
    servers.start_nats().await.unwrap();
    assert_eq!(servers.nats_pid(), pid, "one that runs is left alone");
}

#[tokio::test]
async fn what_was_acknowledged_is_kept_by_the_settings() {
    let house = shared().await;
    let admin = sql(&house.servers.postgres_admin_url).await.unwrap();
    for (setting, expected) in [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", "127.0.0.1"),
        ("unix_socket_directories", ""),
        ("password_encryption", "scram-sha-256"),
        ("server_encoding", "UTF8"),
        ("max_connections", "200"),
    ] {
        let row = admin.query_one(&format!("SHOW {setting}"), &[]).await;
        assert_eq!(row.unwrap().get::<_, String>(0), expected, "{setting}");
    }
}

#[tokio::test]
async fn a_role_enters_no_database_but_its_own() {
    let house = shared().await;
    let servers = &house.servers;
    for own in [
        servers.database_url("scoring").unwrap(),
        servers.keys_url("scoring").unwrap(),
    ] {
        let client = sql(own).await.unwrap();
        client
            .batch_execute("CREATE TABLE IF NOT EXISTS mine (id int)")
            .await
            .unwrap();
    }
    let mut foreign = vec!["postgres".to_owned(), "template1".to_owned()];
    for other in SERVICES.iter().filter(|service| **service != "scoring") {
        foreign.push(format!("plaudit_{other}"));
        foreign.push(format!("plaudit_{other}_keys"));
    }
    for database in foreign {
        let mut url = Url::parse(servers.database_url("scoring").unwrap()).unwrap();
        url.set_path(&database);
        let refused = sql(url.as_str()).await.err().unwrap();
        let code = refused.code().map(|code| code.code().to_owned());
        assert_eq!(code.as_deref(), Some("42501"), "{database}: {refused}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_even_on_this_machine() {
    let house = shared().await;
    let mut url = Url::parse(house.servers.database_url("panels").unwrap()).unwrap();
    url.set_password(Some("wrong")).unwrap();
    assert!(sql(url.as_str()).await.is_err());
    url.set_password(None).unwrap();
    assert!(sql(url.as_str()).await.is_err());
}

#[tokio::test]
async fn provisioning_again_changes_nothing_but_passwords() {
    let house = shared().await;
    let admin_url = &house.servers.postgres_admin_url;
    let before = provision(admin_url, &["extra"], house.folder.secrets()).await;
    let before = before.unwrap().remove(0);
    let client = sql(&before.url).await.unwrap();
    client
        .batch_execute("CREATE TABLE kept (id int)")
        .await
        .unwrap();

    let again = provision(admin_url, &["extra"], house.folder.secrets()).await;
    assert_eq!(again.unwrap(), std::slice::from_ref(&before));
    let other_secrets = Secrets::open(&house.folder.path().join("others")).unwrap();
    let changed = provision(admin_url, &["extra"], &other_secrets).await;
    let changed = changed.unwrap().remove(0);
    assert!(sql(&before.url).await.is_err(), "the old password is gone");
    let client = sql(&changed.url).await.unwrap();
    client.query("TABLE kept", &[]).await.unwrap();
}

#[tokio::test]
async fn two_provisionings_at_once_both_succeed() {
    let house = shared().await;
    let admin_url = &house.servers.postgres_admin_url;
    let one = || provision(admin_url, &["twice"], house.folder.secrets());
    let (left, right) = tokio::try_join!(one(), one()).unwrap();
    assert_eq!(left, right);
}

/// At a hosting company nobody is a superuser.
#[tokio::test]
async fn an_administrator_without_superuser_can_provision() {
    let house = shared().await;
    let admin = sql(&house.servers.postgres_admin_url).await.unwrap();
    admin
        .batch_execute(
            "CREATE ROLE hosted LOGIN CREATEDB CREATEROLE PASSWORD 'pw';
             GRANT CONNECT ON DATABASE postgres TO hosted",
        )
        .await
        .unwrap();
    let mut url = Url::parse(&house.servers.postgres_admin_url).unwrap();
    url.set_username("hosted").unwrap();
    url.set_password(Some("pw")).unwrap();
    for _ in 0..2 {
        let made = provision(url.as_str(), &["hosted"], house.folder.secrets()).await;
        sql(&made.unwrap()[0].keys_url).await.unwrap();
    }
}

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
    publish(&owner, "plaudit.submissions.pitch.1")
        .await
        .unwrap();

    let stream = reader.get_stream("PLAUDIT_SUBMISSIONS").await.unwrap();
    assert_eq!(
        &stream.get_raw_message(1).await.unwrap().payload[..],
        b"event"
    );
    let pull = consumer::pull::OrderedConfig {
        filter_subject: "plaudit.submissions.pitch.>".into(),
        ..Default::default()
    };
    let mut messages = stream
        .create_consumer(pull)
        .await
        .unwrap()
        .messages()
        .await
        .unwrap();
    let first = tokio::time::timeout(Duration::from_secs(5), messages.next()).await;
    assert_eq!(&first.unwrap().unwrap().unwrap().payload[..], b"event");

    let durable = consumer::pull::Config {
        durable_name: Some("accounts".into()),
        ..Default::default()
    };
    let mut messages = stream
        .create_consumer(durable)
        .await
        .unwrap()
        .messages()
        .await
        .unwrap();
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
    let mut own = listener.subscribe("_INBOX_scoring.>").await.unwrap();
    listener.flush().await.unwrap();
    admin
        .publish("_INBOX_panels.1", "secret".into())
        .await
        .unwrap();
    admin
        .publish("_INBOX_scoring.1", "mine".into())
        .await
        .unwrap();
    admin.flush().await.unwrap();
    assert_eq!(&own.next().await.unwrap().payload[..], b"mine");
    let heard = tokio::time::timeout(Duration::from_millis(200), overheard.next()).await;
    assert!(!matches!(heard, Ok(Some(_))), "NATS let it listen");
}

#[tokio::test]
async fn a_folder_in_use_is_refused_in_one_line() {
    let folder = DataFolder::temporary().unwrap();
    let refused = DataFolder::open(folder.path()).unwrap_err();
    let line = refused.to_string();
    assert!(
        line.contains(&format!("(process {})", std::process::id())),
        "{line}"
    );
    assert!(!line.contains('\n'));
    let path = folder.path().to_owned();
    drop(folder);
    assert!(
        !path.exists(),
        "a temporary folder goes with its last holder"
    );
}

#[tokio::test]
async fn only_the_owner_can_read_what_is_secret() {
    let house = shared().await;
    let folder = house.folder.path();
    assert_eq!(mode(&folder.join("secrets")), 0o600);
    assert_eq!(mode(&folder.join("nats/nats.conf")), 0o600);
    assert_eq!(mode(&folder.join("nats")), 0o700);
    assert_eq!(mode(&folder.join("postgres")), 0o700);
    assert!(!folder.join("postgres/password").exists());
}

#[test]
fn a_secret_is_made_once_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets");
    let secrets = Secrets::open(&path).unwrap();
    let first = secrets.secret("vault/scoring").unwrap();
    assert_ne!(first, secrets.secret("vault/panels").unwrap());
    let again = Secrets::open(&path).unwrap();
    assert_eq!(again.secret("vault/scoring").unwrap(), first);

    std::fs::write(&path, "garbage").unwrap();
    let refused = Secrets::open(&path).unwrap_err().to_string();
    assert!(refused.contains("restore it from a backup"), "{refused}");
}

#[tokio::test]
async fn root_is_told_when_postgresqls_user_cannot_enter() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let closed = folder_with_mode(0o700);
    let folder = DataFolder::open(closed.path().join("data")).unwrap();
    let refused = Servers::start(&folder).await.unwrap_err();
    let closed = closed.path().canonicalize().unwrap();
    let line = refused.to_string();
    assert!(
        line.contains(&format!("chmod o+x {}", closed.display())),
        "{line}"
    );
}

/// Not a test of its own: the process that is killed below. It starts servers, says so, and waits.
#[tokio::test]
#[ignore = "is run by servers_of_a_killed_process_are_stopped_by_the_next"]
async fn victim() {
    let folder = DataFolder::open(std::env::var(VICTIM).unwrap()).unwrap();
    let servers = Servers::start(&folder).await.unwrap();
    let client = sql(servers.database_url("panels").unwrap()).await.unwrap();
    let kept = "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)";
    client.batch_execute(kept).await.unwrap();
    let pids = (servers.postgres_pid().unwrap(), servers.nats_pid().unwrap());
    println!("\nstarted {} {}", pids.0, pids.1);
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn servers_of_a_killed_process_are_stopped_by_the_next() {
    let outer = folder_with_mode(0o711);
    let path = outer.path().join("data");
    let pids = killed_while_running(&path);
    assert!(pids.iter().all(|pid| is_alive(*pid)), "they outlive it");

    let folder = DataFolder::open(&path).unwrap();
    assert!(pids.iter().all(|pid| !is_alive(*pid)), "and are stopped");
    let servers = Servers::start(&folder).await.unwrap();
    let client = sql(servers.database_url("panels").unwrap()).await.unwrap();
    assert_eq!(client.query("TABLE kept", &[]).await.unwrap().len(), 1);
}

/// Starts servers in another process, kills that, and returns the pids of its servers.
fn killed_while_running(folder: &Path) -> [u32; 2] {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "victim", "--ignored", "--nocapture"])
        .env(VICTIM, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let started = lines
        .map_while(Result::ok)
        .find_map(|line| Some(line.strip_prefix("started ")?.to_owned()));
    process.kill().unwrap();
    process.wait().unwrap();
    let started = started.expect("the servers started");
    let (postgres, nats) = started.split_once(' ').unwrap();
    [postgres.parse().unwrap(), nats.parse().unwrap()]
}

/// A pid file that names a process which is no server of this folder: the process lives, and PostgreSQL starts.
#[tokio::test]
async fn a_pid_that_became_someone_elses_is_spared() {
    let outer = folder_with_mode(0o711);
    let folder = DataFolder::open(outer.path()).unwrap();
    Servers::start(&folder).await.unwrap().stop().await;
    drop(folder);
    let mut bystander = Command::new("sleep").arg("60").spawn().unwrap();
    let line = format!("{}\n", bystander.id());
    let pid_files = ["postgres/data/postmaster.pid", "nats/nats.pid"].map(|f| outer.path().join(f));
    for file in &pid_files {
        std::fs::write(file, &line).unwrap();
    }

    let folder = DataFolder::open(outer.path()).unwrap();
    assert!(!pid_files[0].exists(), "PostgreSQL would refuse to start");
    assert!(bystander.try_wait().unwrap().is_none(), "it was killed");
    let started = Servers::start(&folder).await;
    bystander.kill().unwrap();
    bystander.wait().unwrap();
    started.unwrap().stop().await;
}

#[tokio::test]
async fn a_dropped_instance_leaves_nothing_running() {
    let folder = DataFolder::temporary().unwrap();
    let servers = Servers::start(&folder).await.unwrap();
    let pids = [servers.postgres_pid().unwrap(), servers.nats_pid().unwrap()];
    let began = Instant::now();
    drop(servers);
    assert!(pids.iter().all(|pid| !is_alive(*pid)));
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "in order, not killed"
    );
}

#[tokio::test]
async fn a_service_nobody_knows_is_an_error() {
    let house = shared().await;
    let refused = house.servers.database_url("scroing").unwrap_err();
    assert!(matches!(refused, Error::UnknownService(_)));
}
