//! Which witnesses are asked, and how many it takes: a C2SP tlog-policy without
//! `log` lines, since every programme's log has a line of its own.

use http::Uri;
use plaudit_verifier::log::note::VerifierKey;
use plaudit_verifier::log::policy::{Policy, PolicyError};
use url::Url;

/// The witnesses of all logs of an installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessPolicy {
    /// Everything but the log, as bundles and receipts have it.
    lines: String,
    asked: Vec<Asked>,
}

/// A witness that can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What the policy calls it.
    pub name: String,
    /// Its key.
    pub key: VerifierKey,
    /// Its `add-checkpoint`.
    pub url: Uri,
}

/// Why a policy can't be used.
#[derive(Debug, thiserror::Error)]
pub enum WitnessPolicyError {
    /// It is no policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// Logs are named by Plaudit.
    #[error("the policy has a log line: leave it out, every programme's log gets one of its own")]
    Log,
    /// A witness without an address never cosigns.
    #[error(
        "witness {witness} has no address: write the URL that its add-checkpoint is under behind its key"
    )]
    NoUrl { witness: String },
    /// The address stands in every bundle.
    #[error(
        "the address of witness {witness} must be https://host[:port][/path], or the same with http://, \
         without a password or a query"
    )]
    Url { witness: String },
}

impl WitnessPolicy {
    /// No witness, and none is needed.
    pub fn none() -> Self {
        Self { lines: "quorum none\n".to_owned(), asked: Vec::new() }
    }

    /// Reads a policy file.
    pub fn parse(bytes: &[u8]) -> Result<Self, WitnessPolicyError> {
        let policy = Policy::parse(bytes)?;
        if !policy.logs().is_empty() {
            return Err(WitnessPolicyError::Log);
        }
        let asked = policy.witnesses().iter().map(|witness| {
            let name = witness.name().to_owned();
            let Some(url) = witness.url() else {
                return Err(WitnessPolicyError::NoUrl { witness: name });
            };
            let url = add_checkpoint(url).ok_or_else(|| WitnessPolicyError::Url { witness: name.clone() })?;
            Ok(Asked { name, key: witness.key().clone(), url })
        });
        Ok(Self { asked: asked.collect::<Result<_, _>>()?, lines: policy.to_string() })
    }

    /// The witnesses, in the policy's order.
    pub(crate) fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// The policy of one log, as its bundles and receipts have it.
    pub(crate) fn of_log(&self, key: &VerifierKey) -> String {
        format!("log {key}\n{}", self.lines)
    }
}

/// A submission prefix's `add-checkpoint`.
fn add_checkpoint(prefix: &str) -> Option<Uri> {
    let url: Url = format!("{}/add-checkpoint", prefix.trim_end_matches('/')).parse().ok()?;
    let plain = url.username().is_empty() && url.password().is_none();
    let plain = plain && url.query().is_none() && url.fragment().is_none();
    let spoken = ["http", "https"].contains(&url.scheme());
    (spoken && url.has_host() && plain).then(|| url.as_str().parse().ok())?
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use plaudit_verifier::log::note::{KeyKind, Signer};

    use super::*;

    fn key(name: &str, kind: KeyKind) -> VerifierKey {
        Signer::new(name, kind, &[4; 32]).unwrap().verifier_key().clone()
    }

    #[test]
    fn every_log_gets_the_policy_with_a_line_of_its_own() {
        let witness = key("w", KeyKind::CosignatureV1);
        let with = |url: &str| {
            let text = format!("# ours\nwitness w {witness} {url}\ngroup all all w\nquorum all\n");
            WitnessPolicy::parse(text.as_bytes()).unwrap()
        };
        let policy = with("http://w.example/here/");
        assert_eq!(policy.asked()[0].url, "http://w.example/here/add-checkpoint");
        assert_eq!(with("https://w.example").asked()[0].url, "https://w.example/add-checkpoint");
        for (policy, witnesses) in [(policy, 1), (WitnessPolicy::none(), 0)] {
            let of_log = policy.of_log(&key("o", KeyKind::Ed25519));
            let read = Policy::parse(of_log.as_bytes()).unwrap();
            assert_eq!((read.to_string(), read.witnesses().len()), (of_log, witnesses));
        }
    }

    #[test]
    fn a_policy_that_can_not_be_used_is_refused() {
        let witness = key("w", KeyKind::CosignatureV1);
        let refused = |lines: String| WitnessPolicy::parse(lines.as_bytes()).unwrap_err();
        assert!(matches!(refused("quorum w\n".to_owned()), WitnessPolicyError::Policy(_)));
        let log = format!("log {}\nquorum none\n", key("o", KeyKind::Ed25519));
        assert!(matches!(refused(log), WitnessPolicyError::Log));
        let nowhere = refused(format!("witness w {witness}\nquorum w\n"));
        assert!(matches!(nowhere, WitnessPolicyError::NoUrl { .. }));
        for url in ["w.example", "ftp://w.example", "http://a:b@w.example", "http://w/?q", "http://w/#f"] {
            let error = refused(format!("witness w {witness} {url}\nquorum w\n"));
            assert!(matches!(error, WitnessPolicyError::Url { .. }), "{url}");
        }
    }
}
