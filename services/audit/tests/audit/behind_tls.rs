//! A witness behind TLS, believed only by whom an authority tells to.

use std::process::Command;
use std::time::Duration;

use plaudit_verifier::report::Outcome;

use crate::partner::{Partner, cosigned, tls_file};
use crate::stand::{Stand, programme};
use crate::witnessed::witnesses_of_bundle;

/// A log that asks the partner over TLS.
async fn stand() -> (Partner, Stand) {
    let mut partner = Partner::new().await;
    partner.comes_behind_tls().await;
    let stand = Stand::start_witnessed(partner.policy_at("https")).await;
    stand.opens(programme(1)).await;
    stand.placed().await;
    (partner, stand)
}

/// Authorities are a whole process's: this test runs itself in one of its own.
#[test]
fn a_witness_behind_tls_cosigns() {
    const THIS: &str = "behind_tls::a_witness_behind_tls_cosigns";
    let authority = tls_file("authority.pem");
    if std::env::var_os("SSL_CERT_FILE").is_none_or(|named| named != authority) {
        let mut own = Command::new(std::env::current_exe().unwrap());
        own.args(["--exact", THIS]).env("SSL_CERT_FILE", authority);
        let ended = own.output().unwrap();
        let said = String::from_utf8_lossy(&ended.stdout);
        assert!(ended.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let (_partner, stand) = stand().await;
        cosigned(&stand, programme(1)).await;
        assert_eq!(witnesses_of_bundle(&stand, programme(1)).await, Outcome::Holds);
        stand.end().await;
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_with_a_certificate_that_nobody_vouches_for_is_a_stranger() {
    let (partner, stand) = stand().await;
    assert_eq!(witnesses_of_bundle(&stand, programme(1)).await, Outcome::Fails);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!partner.knows_a_log(), "nothing was sent to it");
    stand.end().await;
}
