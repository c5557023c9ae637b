//! Proofs and requests to cosign are written again as they were read, and checking their hashes never panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plaudit_verifier::log::{
    checkpoint::Checkpoint,
    proof::Proof,
    tree::{leaf_hash, verify_consistency, verify_inclusion},
    witness_request::AddCheckpoint,
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(proof) = Proof::parse(bytes) {
        assert_eq!(proof.to_string().as_bytes(), bytes);
        let checkpoint = Checkpoint::parse(proof.note().text()).expect("read with its proof");
        let _ = verify_inclusion(
            &leaf_hash(b"entry"),
            proof.index(),
            checkpoint.size(),
            proof.hashes(),
            checkpoint.root(),
        );
        assert_eq!(Proof::parse(proof.to_string().as_bytes()), Ok(proof));
    }
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
        let checkpoint = Checkpoint::parse(request.note().text()).expect("read with its request");
        let (old, root) = (request.old(), leaf_hash(b"entry"));
        let _ = verify_consistency(old, &root, checkpoint.size(), checkpoint.root(), request.proof());
        assert_eq!(AddCheckpoint::parse(request.to_string().as_bytes()), Ok(request));
    }
});
