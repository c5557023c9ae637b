//! Servers that a killed process left behind, and processes that only look like them.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use plaudit_servers::{DataFolder, Servers};

use super::{folder_with_mode, is_alive, sql};

/// Set for the process that [`servers_of_a_killed_process_are_stopped_by_the_next`] kills.
const VICTIM: &str = "PLAUDIT_SERVERS_TEST_VICTIM";

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

#[tokio::test]
async fn servers_that_had_not_written_a_pid_file_yet_are_stopped_too() {
    let outer = folder_with_mode(0o711);
    let path = outer.path().join("data");
    let pids = killed_while_running(&path);
    for file in ["postgres/data/postmaster.pid", "nats/nats.pid"] {
        std::fs::remove_file(path.join(file)).unwrap();
    }
    let folder = DataFolder::open(&path).unwrap();
    assert!(pids.iter().all(|pid| !is_alive(*pid)), "they are known by their folder");
    drop(folder);
}

/// Starts servers in another process, kills that, and returns the pids of its servers.
fn killed_while_running(folder: &Path) -> [u32; 2] {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "leftovers::victim", "--ignored", "--nocapture"])
        .env(VICTIM, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let started =
        lines.map_while(Result::ok).find_map(|line| Some(line.strip_prefix("started ")?.to_owned()));
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
