//! Whose checkpoints a witness cosigns. One line a log, or a line for all logs
//! of an installation, which signs them with one key:
//!
//! ```text
//! # a comment
//! <origin>+<id>+<base64 of 0x01 and the public key>
//! <prefix>/* <base64 of 0x01 and the public key>
//! ```
//!
//! The first is a verifier key of <https://c2sp.org/signed-note>, named like
//! the log's origin. The second stands for every origin that begins with
//! `<prefix>/`: a Plaudit installation at `prizes.example.org` has a log a
//! programme, `prizes.example.org/log/<programme>`, so that its line begins
//! `prizes.example.org/log/*`. An origin may have several keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use plaudit_verifier::log::note::{KeyKind, VerifierKey};

use crate::StartError;

/// The logs a witness knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logs {
    lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    One(VerifierKey),
    /// The prefix with its slash.
    Under(String, [u8; 32]),
}

impl Logs {
    /// Reads the file of logs.
    pub fn parse(text: &str) -> Result<Self, StartError> {
        let mut lines = Vec::new();
        for (text, line) in text.lines().map(str::trim).zip(1..) {
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            lines.push(parse(text).map_err(|why| StartError::Logs { line, why })?);
        }
        if lines.is_empty() { Err(StartError::NoLogs) } else { Ok(Self { lines }) }
    }

    /// The keys of the log with this origin; none if it is unknown.
    pub fn keys(&self, origin: &str) -> Vec<VerifierKey> {
        self.lines.iter().filter_map(|line| line.key(origin)).collect()
    }

    /// How many logs, and how many installations, are known.
    pub fn count(&self) -> (usize, usize) {
        let logs = self.lines.iter().filter(|line| matches!(line, Line::One(_))).count();
        (logs, self.lines.len() - logs)
    }
}

impl Line {
    fn key(&self, origin: &str) -> Option<VerifierKey> {
        match self {
            Self::One(key) => (key.name() == origin).then(|| key.clone()),
            Self::Under(prefix, public) => {
                let rest = origin.strip_prefix(prefix.as_str())?;
                // Not every origin can name a key.
                (!rest.is_empty()).then(|| VerifierKey::new(origin, KeyKind::Ed25519, public).ok()).flatten()
            }
        }
    }
}

fn parse(line: &str) -> Result<Line, String> {
    let Some((pattern, key)) = line.split_once(' ') else {
        let key = VerifierKey::parse(line).map_err(|error| error.to_string())?;
        return match key.kind() {
            KeyKind::Ed25519 => Ok(Line::One(key)),
            kind => Err(format!("it is a {kind} key, and logs sign with {} keys", KeyKind::Ed25519)),
        };
    };
    let form = || "it should read <origin's beginning>/* <base64 of 0x01 and the public key>".to_owned();
    let prefix = pattern.strip_suffix('*').filter(|prefix| prefix.len() > 1 && prefix.ends_with('/'));
    let prefix = prefix.filter(|prefix| !prefix.contains('*')).ok_or_else(form)?;
    let key = STANDARD.decode(key.trim()).map_err(|_| form())?;
    let public = key.strip_prefix(&[KeyKind::Ed25519.byte()]).and_then(|public| public.try_into().ok());
    let public = public.ok_or_else(form)?;
    // Whether prefix and key are sound is seen here rather than at the first request.
    VerifierKey::new(prefix, KeyKind::Ed25519, &public).map_err(|error| error.to_string())?;
    Ok(Line::Under(prefix.to_owned(), public))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use plaudit_verifier::log::note::Signer;

    use super::*;

    fn log(name: &str, seed: u8) -> VerifierKey {
        Signer::new(name, KeyKind::Ed25519, &[seed; 32]).unwrap().verifier_key().clone()
    }

    fn under(prefix: &str, seed: u8) -> String {
        let public = [&[1], log("o", seed).public_key().as_slice()].concat();
        format!("{prefix} {}", STANDARD.encode(public))
    }

    #[test]
    fn a_log_is_known_by_its_origin_and_may_have_several_keys() {
        let text = format!("# mine\n\n{}\n {}\n{}\n", log("o", 1), log("o", 2), log("p", 3));
        let logs = Logs::parse(&text).unwrap();
        assert_eq!(logs.keys("o"), [log("o", 1), log("o", 2)]);
        assert_eq!(logs.keys("p"), [log("p", 3)]);
        assert!(logs.keys("q").is_empty());
        assert_eq!(logs.count(), (3, 0));
    }

    #[test]
    fn a_line_may_stand_for_every_origin_under_a_prefix() {
        let logs = Logs::parse(&under("prizes.example.org/log/*", 1)).unwrap();
        for origin in ["prizes.example.org/log/a", "prizes.example.org/log/a/2"] {
            assert_eq!(logs.keys(origin), [log(origin, 1)]);
        }
        for origin in [
            "prizes.example.org/log/",
            "prizes.example.org/log",
            "prizes.example.org/logs/a",
            "xprizes.example.org/log/a",
            "prizes.example.org/log/a b",
            "prizes.example.org/log/a+b",
            "",
        ] {
            assert!(logs.keys(origin).is_empty(), "{origin}");
        }
        assert_eq!(logs.count(), (0, 1));
    }

    #[test]
    fn what_is_no_log_is_refused_with_its_line() {
        let witness = Signer::new("w", KeyKind::CosignatureV1, &[1; 32]).unwrap();
        let zeros = STANDARD.encode([1; 33]);
        for line in [
            "o".to_owned(),
            witness.verifier_key().to_string(),
            log("o", 1).to_string().replace('o', "p"),
            under("*", 1),
            under("/*", 1),
            under("host*", 1),
            under("host/*/a/*", 1),
            under("host/log/", 1),
            under("a+b/*", 1),
            format!("host/* {}", STANDARD.encode([4; 33])),
            format!("host/* {}", &zeros[4..]),
            "host/* %".to_owned(),
        ] {
            let error = Logs::parse(&format!("# one\n{line}\n")).unwrap_err();
            assert!(matches!(error, StartError::Logs { line: 2, .. }), "{line}: {error}");
        }
        assert!(matches!(Logs::parse("# nobody\n"), Err(StartError::NoLogs)));
    }
}
