//! A log that can show two histories, and a witness to show them to.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::cosignature;
use plaudit_verifier::log::note::{KeyKind, Note, Signer, VerifierKey, signature_lines};
use plaudit_verifier::log::tree::{Hash, Leaves, consistency_proof, leaf_hash, root_at};
use plaudit_verifier::log::witness_request::AddCheckpoint;
use plaudit_witness::{StartError, Witness, router};
use tempfile::TempDir;
use tower::ServiceExt;

pub const ORIGIN: &str = "prizes.example.org/log/one";

pub fn log(origin: &str, seed: u8) -> Signer {
    Signer::new(origin, KeyKind::Ed25519, &[seed; 32]).unwrap()
}

/// A history: two agree in the leaves before `from`, and in none after.
pub struct History(Leaves);

impl History {
    pub fn forked(name: &str, from: u64, size: u64) -> Self {
        let entry = |index| match index < from {
            true => format!("entry {index}"),
            false => format!("{name} {index}"),
        };
        Self((0..size).map(|index| leaf_hash(entry(index).as_bytes())).collect())
    }

    pub fn root(&self, size: u64) -> Hash {
        root_at(&self.0, size).unwrap()
    }

    pub fn note(&self, origin: &str, size: u64) -> Note {
        Checkpoint::new(origin, size, self.root(size)).unwrap().sign(&log(origin, 1)).unwrap()
    }

    /// A request with this history's own proof.
    pub fn request(&self, origin: &str, old: u64, size: u64) -> String {
        let proof = consistency_proof(&self.0, old, size).unwrap();
        AddCheckpoint::new(old, proof, self.note(origin, size)).unwrap().to_string()
    }
}

/// A witness and its files.
pub struct Stand {
    pub folder: TempDir,
    witness: Arc<Witness>,
}

impl Stand {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_logs(folder.path());
        let witness = Arc::new(open(folder.path()));
        Self { folder, witness }
    }

    /// The same files, another process.
    pub fn restarted(self) -> Self {
        let Self { folder, witness } = self;
        drop(witness);
        let witness = Arc::new(open(folder.path()));
        Self { folder, witness }
    }

    pub fn key(&self) -> VerifierKey {
        self.witness.key().clone()
    }

    pub async fn post(&self, body: impl Into<Body>) -> (StatusCode, String, String) {
        let request = Request::post("/add-checkpoint").body(body.into()).unwrap();
        self.ask(request).await
    }

    /// Status, content type and text.
    pub async fn ask(&self, request: Request<Body>) -> (StatusCode, String, String) {
        let answer = router(self.witness.clone()).oneshot(request).await.unwrap();
        let status = answer.status();
        let kind = answer.headers().get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, kind.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap())
    }
}

/// One log by its key, and an installation's.
pub fn write_logs(folder: &Path) {
    use base64::Engine as _;
    let public = [&[1], log(ORIGIN, 1).verifier_key().public_key().as_slice()].concat();
    let public = base64::engine::general_purpose::STANDARD.encode(public);
    let one = log("one.example/log", 1);
    let lines = format!("{}\nprizes.example.org/log/* {public}\n", one.verifier_key());
    std::fs::write(folder.join("logs"), lines).unwrap();
}

/// A process that another test is just starting holds this one's lock too, until it runs its own program.
pub fn open(folder: &Path) -> Witness {
    let path = |name| folder.join(name);
    for _ in 0..500 {
        match Witness::open("witness.example/w", &path("key"), &path("logs"), &path("state")) {
            Err(StartError::InUse { .. }) => std::thread::sleep(Duration::from_millis(10)),
            opened => return opened.unwrap(),
        }
    }
    panic!("the memory is never given back");
}

/// Checks an answer's cosignature over a note.
pub fn cosigned(key: &VerifierKey, note: &Note, answer: &str) -> u64 {
    let lines = signature_lines(answer).unwrap();
    let checkpoint = Checkpoint::parse(note.text()).unwrap();
    assert_eq!(lines.len(), 1);
    cosignature::verify(key, &checkpoint, &lines[0]).unwrap()
}
