//! Start, stop, crash, start again.

use std::time::{Duration, Instant};

use async_nats::jetstream;
use plaudit_servers::{DataFolder, Servers, Stop};

use super::{as_service, is_alive, nats, own_stream, publish, sql};

#[tokio::test]
async fn data_survives_a_stop_and_a_start() {
    let folder = DataFolder::temporary().unwrap();
    let servers = Servers::start(&folder).await.unwrap();
    let first_url = servers.database_url("scoring").unwrap().to_owned();
    let client = sql(&first_url).await.unwrap();
    client.batch_execute("CREATE TABLE marks (mark int); INSERT INTO marks VALUES (7)").await.unwrap();
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
    jetstream::new(admin).create_stream(own_stream("awards")).await.unwrap();
    let pid = servers.nats_pid();
    servers.start_nats().await.unwrap();
    assert_eq!(servers.nats_pid(), pid, "one that runs is left alone");
}

#[tokio::test]
async fn a_dropped_instance_leaves_nothing_running() {
    let folder = DataFolder::temporary().unwrap();
    let servers = Servers::start(&folder).await.unwrap();
    let pids = [servers.postgres_pid().unwrap(), servers.nats_pid().unwrap()];
    let began = Instant::now();
    drop(servers);
    assert!(pids.iter().all(|pid| !is_alive(*pid)));
    assert!(began.elapsed() < Duration::from_secs(4), "in order, not killed");
}
