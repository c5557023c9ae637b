//! Notes, signature lines and verifier keys are written again as they were read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plaudit_verifier::log::note::{Note, SignatureLine, VerifierKey};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
        assert_eq!(Note::parse(note.to_string().as_bytes()), Ok(note));
    }
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Ok(line) = SignatureLine::parse(text) {
        assert_eq!(line.to_string(), text);
    }
    if let Ok(key) = VerifierKey::parse(text) {
        assert_eq!(key.to_string(), text);
    }
});
