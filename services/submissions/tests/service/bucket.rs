//! Files in a bucket instead of a folder: at a server that checks signatures,
//! moto from PyPI, with which `make bucket` runs these tests.

use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use object_store::path::Path;
use plaudit_submissions::{Bucket, Objects};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::attachments::{come_and_go, draft, opened};
use crate::stand::{ENTRANT, Stand};

/// The server, which ends with this.
struct Server {
    said: Value,
    pipes: Mutex<(ChildStdin, Lines<BufReader<ChildStdout>>)>,
    _child: Child,
}

impl Server {
    async fn start() -> Self {
        let python = std::env::var("PLAUDIT_MOTO").expect("`make bucket` names a Python that has moto");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/service/bucket.py");
        let child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = child.unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
        Self { said, pipes: Mutex::new((child.stdin.take().unwrap(), lines)), _child: child }
    }

    async fn ask(&self, line: &str) -> String {
        let mut pipes = self.pipes.lock().await;
        pipes.0.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        pipes.1.next_line().await.unwrap().unwrap()
    }

    /// All that lies in the bucket, joined.
    async fn bytes(&self) -> Vec<u8> {
        BASE64_STANDARD.decode(self.ask("bytes").await).unwrap()
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.said["port"].as_u64().unwrap() as u16))
    }

    fn bucket(&self, at: SocketAddr) -> Bucket {
        let said = |name: &str| self.said[name].as_str().unwrap().to_owned();
        Bucket {
            name: "files".to_owned(),
            endpoint: Some(format!("http://{at}")),
            region: "us-east-1".to_owned(),
            key_id: said("key_id"),
            secret: said("secret"),
        }
    }

    fn objects(&self) -> Objects {
        Objects::in_bucket(self.bucket(self.address())).unwrap()
    }
}

/// Stands before the server, and dies when it has passed on this many bytes.
struct Mortal {
    at: SocketAddr,
    lives: Arc<AtomicU64>,
}

impl Mortal {
    async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, lives) = (listener.local_addr().unwrap(), Arc::new(AtomicU64::new(u64::MAX)));
        let left = lives.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass_on(client, server, left.clone()));
            }
        });
        Self { at, lives }
    }

    fn dies_after(&self, bytes: u64) {
        self.lives.store(bytes, Ordering::SeqCst);
    }
}

async fn pass_on(client: TcpStream, server: SocketAddr, left: Arc<AtomicU64>) {
    let (mut from, mut back) = client.into_split();
    let (mut answers, mut to) = TcpStream::connect(server).await.unwrap().into_split();
    let answering = tokio::spawn(async move { tokio::io::copy(&mut answers, &mut back).await });
    let mut some = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut some).await {
        let less = |left: u64| (left == u64::MAX).then_some(left).or_else(|| left.checked_sub(read as u64));
        if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_err() {
            break;
        }
        to.write_all(&some[..read]).await.unwrap();
    }
    answering.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "make bucket"]
async fn files_come_and_go_in_a_bucket_as_in_a_folder() {
    let server = Server::start().await;
    let stand = opened(Stand::keeping(|_| server.objects()).await, 2).await;
    come_and_go(&stand, async || server.bytes().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "make bucket"]
async fn more_than_a_page_of_objects_is_deleted() {
    let server = Server::start().await;
    server.ask("plant gone 1001").await;
    server.ask("plant gone2 1").await;
    server.objects().clear(&Path::from("gone")).await.unwrap();
    assert_eq!(server.bytes().await, b"bees", "what lies beside it stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "make bucket"]
async fn whoever_has_no_right_hears_it_at_the_start() {
    let server = Server::start().await;
    server.objects().try_out().await.unwrap();
    assert!(server.bytes().await.is_empty(), "nothing is left of it");
    let bucket = server.bucket(server.address());
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 1));
    for (wrong, why) in [
        (Bucket { secret: "another".to_owned(), ..bucket.clone() }, "SignatureDoesNotMatch"),
        (Bucket { key_id: "another".to_owned(), ..bucket.clone() }, "InvalidAccessKeyId"),
        (Bucket { name: "none".to_owned(), ..bucket.clone() }, "NoSuchBucket"),
        (server.bucket(nowhere), "refused"),
    ] {
        let refused = Objects::in_bucket(wrong).unwrap().try_out().await.unwrap_err().to_string();
        assert!(refused.contains(why) && !refused.contains(&bucket.secret), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "make bucket"]
async fn without_the_right_secret_nothing_is_half_done() {
    let server = Server::start().await;
    let wrong = Bucket { secret: "another".to_owned(), ..server.bucket(server.address()) };
    let stand = opened(Stand::keeping(|_| Objects::in_bucket(wrong).unwrap()).await, 2).await;
    let path = draft(&stand).await;
    let put = format!("PUT {path}/attachments?name=plan.txt");
    assert_eq!(stand.upload(ENTRANT, &put, b"Bees".to_vec()).await.refused(503), ["files-unavailable"]);
    nothing_came(&stand, &path).await;
    let entered = stand.send(ENTRANT, &format!("POST {path}/submission"), Value::Null).await.done();
    let pitch = stand.read(ENTRANT, &format!("/pitches/{}", entered["id"].as_str().unwrap())).await.done();
    assert!(pitch["attachments"].as_array().is_none_or(Vec::is_empty), "{pitch}");
    assert!(server.bytes().await.is_empty());
}

async fn nothing_came(stand: &Stand, path: &str) {
    let files = stand.read(ENTRANT, &format!("{path}/attachments")).await.done();
    let file = &files["items"][0];
    assert_eq!((&file["received"], &file["complete"]), (&json!(0), &json!(false)), "announced, not more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "make bucket"]
async fn what_a_dead_server_lost_is_sent_again() {
    let server = Server::start().await;
    let mortal = Mortal::before(server.address()).await;
    let objects = Objects::in_bucket(server.bucket(mortal.at)).unwrap();
    let stand = opened(Stand::keeping(|_| objects).await, 2).await;
    let path = draft(&stand).await;
    let put = format!("PUT {path}/attachments?name=plan.txt");
    let (key, whole) = (Uuid::new_v4().to_string(), vec![b'b'; 1 << 20]);
    mortal.dies_after(300_000);
    let lost = stand.upload_as(&key, ENTRANT, &put, whole.clone()).await;
    assert_eq!(lost.refused(503), ["files-unavailable"]);
    assert!(server.bytes().await.is_empty(), "half an object is none");
    nothing_came(&stand, &path).await;
    mortal.dies_after(u64::MAX);
    let came = stand.upload_as(&key, ENTRANT, &put, whole.clone()).await.done();
    let content = format!("{path}/attachments/{}/content", came["id"].as_str().unwrap());
    assert!(stand.download(ENTRANT, &content).await.2 == whole);
}
