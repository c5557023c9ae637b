//! Checkpoints that a real witness cosigns, and what happens while it is away.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use plaudit_audit::WitnessPolicy;
use plaudit_chassis::id::ProgrammeId;
use plaudit_verifier::log::note::{KeyKind, Signer, VerifierKey};
use plaudit_verifier::log::policy::Policy;
use plaudit_verifier::log::proof::Proof;
use plaudit_verifier::report::Outcome;
use plaudit_verifier::verify::verify;
use plaudit_witness::{StartError, Witness};
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::reading::read;
use crate::stand::{ANNE, HOST, KEY, Stand, programme};

/// A witness that knows the stand's logs, and answers or is away.
struct Partner {
    folder: tempfile::TempDir,
    address: SocketAddr,
    key: VerifierKey,
    answering: Option<JoinHandle<()>>,
}

impl Partner {
    async fn new() -> Self {
        use std::io::Write;
        let folder = tempfile::tempdir().unwrap();
        let log = Signer::new("log", KeyKind::Ed25519, &KEY).unwrap();
        let public = log.verifier_key().to_string().splitn(3, '+').last().unwrap().to_owned();
        let mut logs = std::fs::File::create(folder.path().join("logs")).unwrap();
        writeln!(logs, "{HOST}/log/* {public}").unwrap();
        let key = open(folder.path()).key().clone();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        Self { folder, address: free.local_addr().unwrap(), key, answering: None }
    }

    async fn comes(&mut self) {
        let router = plaudit_witness::router(Arc::new(open(self.folder.path())));
        let listener = tokio::net::TcpListener::bind(self.address).await.unwrap();
        self.answering = Some(tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }));
    }

    async fn goes(&mut self) {
        let answering = self.answering.take().unwrap();
        answering.abort();
        assert!(answering.await.unwrap_err().is_cancelled());
    }

    fn policy(&self) -> WitnessPolicy {
        let Self { key, address, .. } = self;
        let lines = format!("witness partner {key} http://{address}\nquorum partner\n");
        WitnessPolicy::parse(lines.as_bytes()).unwrap()
    }
}

/// A server that another test is just starting holds this one's lock too, until it runs its own program.
fn open(folder: &Path) -> Witness {
    let path = |name| folder.join(name);
    for _ in 0..500 {
        match Witness::open("partner.example", &path("key"), &path("logs"), &path("state")) {
            Err(StartError::InUse { .. }) => std::thread::sleep(Duration::from_millis(10)),
            opened => return opened.unwrap(),
        }
    }
    panic!("the memory is never given back");
}

/// Waits until the last checkpoint is cosigned; its description.
async fn cosigned(stand: &Stand, programme: ProgrammeId) -> Value {
    let began = Instant::now();
    loop {
        let log = stand.gets(None, programme, "").await.json();
        if log["witnesses"][0]["cosigned"].is_string() {
            return log;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "never cosigned: {log}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What the bundle that is made now says of its witnesses.
async fn witnesses_of_bundle(stand: &Stand, programme: ProgrammeId) -> Outcome {
    let bundle = stand.gets(ANNE, programme, "/bundle").await.there();
    let report = verify(&bundle);
    let checked = report.get("witnesses").unwrap();
    println!("{}", checked.sentence);
    checked.outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_cosigns_and_the_bundle_and_its_proofs_hold_with_it() {
    let mut partner = Partner::new().await;
    partner.comes().await;
    let stand = Stand::start_witnessed(partner.policy()).await;
    let programme = programme(1);
    stand.opens(programme).await;
    stand.placed().await;
    let log = cosigned(&stand, programme).await;
    assert_eq!(log["witnesses"][0]["name"], "partner");
    assert_eq!(log["witnesses"][0]["key"], partner.key.to_string());

    // From proofs over several tiles.
    for many in [1, 300, 700] {
        stand.joined(programme, many).await;
        stand.placed().await;
        assert_eq!(witnesses_of_bundle(&stand, programme).await, Outcome::Holds);
    }
    let last = read(&stand, programme).await;
    let policy = stand.gets(None, programme, "").await.json()["policy"].as_str().unwrap().to_owned();
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let proof = Proof::parse(&stand.gets(None, programme, "/proofs/7").await.there()).unwrap();
    assert_eq!(proof.verify(&last.entries[7], &policy).unwrap().witnesses(), ["partner"]);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_that_is_away_holds_nothing_up_and_is_asked_again() {
    let mut partner = Partner::new().await;
    let mut stand = Stand::start_witnessed(partner.policy()).await;
    let programme = programme(1);
    stand.opens(programme).await;
    stand.placed().await;
    stand.joined(programme, 20).await;
    stand.placed().await;
    assert_eq!(witnesses_of_bundle(&stand, programme).await, Outcome::Fails);

    partner.comes().await;
    cosigned(&stand, programme).await;
    let note = stand.gets(None, programme, "/checkpoint").await.text();

    // What has come stays, and a client that knows nothing is corrected.
    stand.audit_stops();
    stand.audit_starts().await;
    assert_eq!(stand.gets(None, programme, "/checkpoint").await.text(), note);
    stand.joined(programme, 5).await;
    stand.placed().await;
    assert_eq!(witnesses_of_bundle(&stand, programme).await, Outcome::Holds);

    // Away again: proofs of what was cosigned have it, with no need to wait.
    partner.goes().await;
    stand.joined(programme, 5).await;
    stand.placed().await;
    assert_eq!(witnesses_of_bundle(&stand, programme).await, Outcome::Fails);
    let policy = stand.gets(None, programme, "").await.json()["policy"].as_str().unwrap().to_owned();
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let proof = Proof::parse(&stand.gets(None, programme, "/proofs/3").await.there()).unwrap();
    assert!(policy.check(proof.note()).unwrap().quorum_reached);
    stand.end().await;
}
