//! Where a page of a list ends, for whoever asks for the next one.
//!
//! A list leaves out what its reader may not see, but its pages end anywhere:
//! what is said of the place must not tell whose it is, nor how it stands. So
//! it is encrypted, with a key that all copies of a service have.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::problem::Problem;
use crate::vault::{decrypt, encrypt, mac};

/// Between sort and key: below every character in use.
const BETWEEN: char = '\u{1f}';

/// Those of one list.
pub(super) struct Cursors {
    list: &'static str,
    key: [u8; 32],
}

impl Cursors {
    /// A key of their own, from a service's secret.
    pub fn of(list: &'static str, secret: &[u8; 32]) -> Self {
        Self { list, key: mac(secret, &[b"plaudit/cursor/v1"]) }
    }

    /// After this row.
    pub fn write(&self, sort: &str, key: &str) -> Result<String, Problem> {
        let plain = format!("{sort}{BETWEEN}{key}");
        let hidden = encrypt(&self.key, plain.as_bytes(), self.list.as_bytes()).map_err(Problem::internal)?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(hidden))
    }

    /// Sort and key of the row before.
    pub fn read(&self, after: &str) -> Result<(String, String), Problem> {
        let hidden = BASE64_URL_SAFE_NO_PAD.decode(after).ok();
        let plain = hidden.and_then(|hidden| decrypt(&self.key, &hidden, self.list.as_bytes()).ok());
        let plain = plain.and_then(|plain| String::from_utf8(plain).ok());
        let parts = plain.as_deref().and_then(|plain| plain.split_once(BETWEEN));
        let (sort, key) = parts.ok_or_else(|| {
            Problem::bad_request("after-malformed", "`after` must be the `next` of the page before.")
        })?;
        Ok((sort.to_owned(), key.to_owned()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SECRET: [u8; 32] = [7; 32];

    #[test]
    fn a_place_is_read_where_it_was_written_and_nowhere_else() {
        let ranking = Cursors::of("ranking", &SECRET);
        let after = ranking.write("final/0000000001", "final/pitch").unwrap();
        let read = ranking.read(&after).unwrap();
        assert_eq!(read, ("final/0000000001".to_owned(), "final/pitch".to_owned()));
        assert!(Cursors::of("awards", &SECRET).read(&after).is_err());
        assert!(Cursors::of("ranking", &[8; 32]).read(&after).is_err());
        for odd in ["", "final/0000000001\u{1f}final/pitch", "AAAA", &after[1..]] {
            assert!(ranking.read(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_place_says_nothing_and_never_the_same() {
        let ranking = Cursors::of("ranking", &SECRET);
        let (one, other) = (ranking.write("final/1", "a").unwrap(), ranking.write("final/1", "a").unwrap());
        assert_ne!(one, other);
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(one).unwrap();
        assert!(!bytes.windows(5).any(|part| part == b"final"));
    }
}
