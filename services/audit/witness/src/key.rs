//! The witness's secret: an Ed25519 seed (RFC 8032's private key), 32 bytes in
//! standard base64 on one line, in a file that only its owner can read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{StartError, durable};

/// Reads a key that is there.
pub fn read(path: &Path) -> Result<[u8; 32], StartError> {
    let file = StartError::file(path);
    if fs::metadata(path).map_err(&file)?.permissions().mode() & 0o077 != 0 {
        return Err(StartError::KeyIsOpen { path: path.to_owned() });
    }
    let text = fs::read(path).map_err(&file)?;
    let seed = STANDARD.decode(text.trim_ascii()).ok().and_then(|seed| seed.try_into().ok());
    seed.ok_or_else(|| StartError::Key { path: path.to_owned() })
}

/// Makes a key, mode 0600.
pub fn make(path: &Path) -> Result<[u8; 32], StartError> {
    let seed: [u8; 32] = rand::random();
    let text = format!("{}\n", STANDARD.encode(seed));
    durable::replace(path, text.as_bytes()).map_err(StartError::file(path))?;
    Ok(seed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let seed = make(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(read(&path).unwrap(), seed);
        assert_ne!(make(&path).unwrap(), seed);
        fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        assert!(matches!(read(&path), Err(StartError::KeyIsOpen { .. })));
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for text in ["", "AAAA\n", "no base64 at all\n"] {
            durable::replace(&path, text.as_bytes()).unwrap();
            let error = read(&path).unwrap_err();
            assert!(matches!(error, StartError::Key { .. }), "{error}");
            assert!(text.trim().is_empty() || !error.to_string().contains(text.trim()), "{error}");
        }
    }
}
