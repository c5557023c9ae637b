//! Asking others over HTTP and TLS: a client that goes where it is told and
//! follows nobody elsewhere.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{self, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

/// Who asks.
pub type Client = legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A client; authorities are only read if anybody is behind TLS.
pub fn client(behind_tls: bool) -> Client {
    let roots = if behind_tls { roots() } else { RootCertStore::empty() };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has the cipher suites of TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector =
        HttpsConnectorBuilder::new().with_tls_config(config).https_or_http().enable_http1().build();
    legacy::Client::builder(TokioExecutor::new()).build(connector)
}

/// Whose certificates are believed: the system's authorities, or those that
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` name. Without any, everybody behind TLS
/// is a stranger.
fn roots() -> RootCertStore {
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "certificate authorities can't be read");
    }
    let mut roots = RootCertStore::empty();
    let (_, unread) = roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        tracing::warn!(
            unread,
            "there are no certificate authorities, so nobody behind TLS can be asked: \
             install the system's, or name a file of them in SSL_CERT_FILE"
        );
    }
    roots
}
