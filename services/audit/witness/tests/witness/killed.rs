//! A witness in a process of its own, killed again and again while a log and
//! its fork ask it for cosignatures.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use plaudit_verifier::log::note::VerifierKey;
use plaudit_verifier::log::tree::Hash;
use plaudit_witness::router;

use super::stand::{History, ORIGIN, cosigned, open, write_logs};

/// Set for the process that is killed: the folder of its files.
const VICTIM: &str = "PLAUDIT_WITNESS_TEST_VICTIM";

const KILLS: u64 = 50;
const SIZE: u64 = 4000;
/// From here on there are two histories.
const FORK: u64 = 100;

/// Not a test of its own: the process that is killed below.
#[tokio::test]
#[ignore = "is run by whatever_it_cosigned_before_it_was_killed_it_remembers"]
async fn victim() {
    let witness = Arc::new(open(&PathBuf::from(std::env::var(VICTIM).unwrap())));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("\nlistens {} {}", listener.local_addr().unwrap(), witness.key());
    std::io::stdout().flush().unwrap();
    axum::serve(listener, router(witness)).await.unwrap();
}

/// What was cosigned: a root a size, whichever of the clients got it.
type Cosigned = Arc<Mutex<BTreeMap<u64, Hash>>>;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_it_cosigned_before_it_was_killed_it_remembers() {
    let folder = tempfile::tempdir().unwrap();
    write_logs(folder.path());
    let histories = ["a", "b"].map(|name| Arc::new(History::forked(name, FORK, SIZE)));
    let cosigned = Cosigned::default();
    for round in 0..KILLS {
        let (mut victim, address, key) = start(folder.path());
        remembers(address, &histories[0], &cosigned).await;
        let clients: Vec<_> = (0..4)
            .map(|client| {
                let history = histories[client % 2].clone();
                let client = Client { address, key: key.clone(), history, cosigned: cosigned.clone() };
                tokio::spawn(client.ask_until_it_is_dead(round))
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(rand::random_range(1..60))).await;
        victim.kill().unwrap();
        victim.wait().unwrap();
        for client in clients {
            client.await.unwrap();
        }
    }
    let cosigned = cosigned.lock().unwrap();
    let largest = cosigned.last_key_value().unwrap();
    assert!(*largest.0 > FORK, "the fork was never reached: {}", largest.0);
    let history = histories.iter().find(|history| history.root(*largest.0) == *largest.1).unwrap();
    for (size, root) in cosigned.iter() {
        assert_eq!(history.root(*size), *root, "{size} is of another history");
    }
    println!("{} checkpoints cosigned, the last of {} leaves, {KILLS} kills", cosigned.len(), largest.0);
}

/// A witness in another process, once it listens.
fn start(folder: &Path) -> (Child, SocketAddr, VerifierKey) {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::victim", "--ignored", "--nocapture"])
        .env(VICTIM, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let said = lines.map_while(Result::ok).find_map(|line| Some(line.strip_prefix("listens ")?.to_owned()));
    let said = said.expect("it listens");
    let (address, key) = said.split_once(' ').unwrap();
    (victim, address.parse().unwrap(), VerifierKey::parse(key).unwrap())
}

/// What it answers about itself is no smaller than what it has cosigned.
async fn remembers(address: SocketAddr, history: &History, cosigned: &Cosigned) {
    let largest = cosigned.lock().unwrap().last_key_value().map(|(size, _)| *size);
    let Some(largest) = largest else { return };
    let (status, answer) = post(address, history.request(ORIGIN, 0, 1)).await.unwrap();
    assert_eq!(status, 409, "{answer}");
    assert!(answer.trim().parse::<u64>().unwrap() >= largest, "{answer} {largest}");
}

async fn post(address: SocketAddr, body: String) -> Result<(u16, String), reqwest::Error> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let answer = client.post(format!("http://{address}/add-checkpoint")).body(body).send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

/// One that believes in one of the histories.
struct Client {
    address: SocketAddr,
    key: VerifierKey,
    history: Arc<History>,
    cosigned: Cosigned,
}

impl Client {
    async fn ask_until_it_is_dead(self, round: u64) {
        let mut old = 0;
        // Round by round somewhat further, so that no round comes to the end of the log.
        let most = (round + 1) * (SIZE / KILLS);
        loop {
            let step = rand::random_range(0..4);
            let size = (old + step).min(most).max(old);
            if size > SIZE {
                return;
            }
            let Ok((status, answer)) = post(self.address, self.history.request(ORIGIN, old, size)).await
            else {
                return;
            };
            match status {
                200 => {
                    cosigned(&self.key, &self.history.note(ORIGIN, size), &answer);
                    let root = self.history.root(size);
                    let before = self.cosigned.lock().unwrap().insert(size, root);
                    assert!(before.is_none_or(|before| before == root), "two trees of {size} leaves");
                    old = size;
                }
                // Somebody else has come further, or the other history is cosigned.
                409 => old = answer.trim().parse().unwrap(),
                422 => tokio::task::yield_now().await,
                status => panic!("{status} {answer}"),
            }
        }
    }
}
