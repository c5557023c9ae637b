//! A witness outside, with a key and a folder of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::serve::Listener;
use plaudit_audit::WitnessPolicy;
use plaudit_chassis::id::ProgrammeId;
use plaudit_verifier::log::note::{KeyKind, Signer, VerifierKey};
use plaudit_witness::{StartError, Witness};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::stand::{HOST, KEY, Stand};

/// A witness that knows the stand's logs, and answers or is away.
pub struct Partner {
    folder: tempfile::TempDir,
    address: SocketAddr,
    pub key: VerifierKey,
    answering: Option<JoinHandle<()>>,
}

impl Partner {
    pub async fn new() -> Self {
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

    pub async fn comes(&mut self) {
        let router = plaudit_witness::router(Arc::new(open(self.folder.path())));
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.answering = Some(tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }));
    }

    pub async fn goes(&mut self) {
        let answering = self.answering.take().unwrap();
        answering.abort();
        assert!(answering.await.unwrap_err().is_cancelled());
    }

    /// Comes as one behind TLS.
    pub async fn comes_behind_tls(&mut self) {
        let router = plaudit_witness::router(Arc::new(open(self.folder.path())));
        let tcp = TcpListener::bind(self.address).await.unwrap();
        let listener = BehindTls { tcp, tls: certified() };
        self.answering = Some(tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }));
    }

    /// Whether it was ever asked.
    pub fn knows_a_log(&self) -> bool {
        let files = std::fs::read_dir(self.folder.path().join("state")).unwrap();
        files.map(|file| file.unwrap().file_name()).any(|name| name != "lock")
    }

    pub fn policy(&self) -> WitnessPolicy {
        self.policy_at("http")
    }

    pub fn policy_at(&self, scheme: &str) -> WitnessPolicy {
        let Self { key, address, .. } = self;
        let lines = format!("witness partner {key} {scheme}://{address}\nquorum partner\n");
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
pub async fn cosigned(stand: &Stand, programme: ProgrammeId) -> Value {
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

/// A file of `tls/`.
pub fn tls_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit/tls").join(name)
}

/// A server's side of TLS, with a certificate by `tls/authority.pem`.
fn certified() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_file(tls_file("witness.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(tls_file("witness.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

struct BehindTls {
    tcp: TcpListener,
    tls: TlsAcceptor,
}

impl Listener for BehindTls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.tcp.accept().await.unwrap();
            // Who doesn't believe the certificate hangs up.
            if let Ok(stream) = self.tls.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}
