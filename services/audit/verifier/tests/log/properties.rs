//! What holds of every tree, every proof and every input.

use std::sync::LazyLock;

use plaudit_verifier::log::{
    checkpoint::Checkpoint,
    cosignature,
    note::{Note, VerifierKey},
    policy::Policy,
    proof::Proof,
    tile::{Entries, Tile, TileHashes},
    tree::{
        Hash, Leaves, ProofError, consistency_proof, inclusion_proof, leaf_hash, root_at, verify_consistency,
        verify_inclusion,
    },
    witness_request::AddCheckpoint,
};
use proptest::{prelude::*, sample::Index};

use crate::stand::{entry, leaves, log, witness};

const SIZE: u64 = 66_000;

/// A tree with three levels of tiles. Every smaller tree is in it.
static TREE: LazyLock<Leaves> = LazyLock::new(|| leaves(SIZE));

/// Small trees as often as large ones.
fn size() -> impl Strategy<Value = u64> {
    prop_oneof![1..20_u64, 1..600_u64, 1..=SIZE, Just(256), Just(65_536), Just(65_537)]
}

fn index_and_size() -> impl Strategy<Value = (u64, u64)> {
    size().prop_flat_map(|size| (0..size, Just(size)))
}

/// A hash with one bit changed.
fn flipped(mut hash: Hash, bit: u8) -> Hash {
    hash[usize::from(bit / 8)] ^= 1 << (bit % 8);
    hash
}

proptest! {
    #[test]
    fn every_leaf_is_proved_and_nothing_else_is(
        (index, size) in index_and_size(),
        other in any::<Index>(), place in any::<Index>(), bit in any::<u8>(),
    ) {
        let (leaf, root) = (leaf_hash(&entry(index)), root_at(&*TREE, size).unwrap());
        let proof = inclusion_proof(&*TREE, index, size).unwrap();
        let wrong_root = Err(ProofError::Root);
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()));

        prop_assert_eq!(&verify_inclusion(&flipped(leaf, bit), index, size, &proof, &root), &wrong_root);
        prop_assert_eq!(&verify_inclusion(&leaf, index, size, &proof, &flipped(root, bit)), &wrong_root);
        let other = other.index(size as usize) as u64;
        prop_assert_eq!(verify_inclusion(&leaf, other, size, &proof, &root).is_ok(), other == index);
        if !proof.is_empty() {
            let place = place.index(proof.len());
            let mut changed = proof.clone();
            changed[place] = flipped(changed[place], bit);
            prop_assert_eq!(&verify_inclusion(&leaf, index, size, &changed, &root), &wrong_root);
            let mut shorter = proof.clone();
            shorter.remove(place);
            let length = ProofError::Length { expected: proof.len(), found: proof.len() - 1 };
            prop_assert_eq!(verify_inclusion(&leaf, index, size, &shorter, &root), Err(length));
        }
        let longer = [proof.as_slice(), &[leaf]].concat();
        let length = ProofError::Length { expected: proof.len(), found: proof.len() + 1 };
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &longer, &root), Err(length));
    }

    #[test]
    fn every_beginning_is_proved_and_nothing_else_is(
        (index, new) in index_and_size(), place in any::<Index>(), bit in any::<u8>(),
    ) {
        let old = index + 1;
        let (old_root, new_root) = (root_at(&*TREE, old).unwrap(), root_at(&*TREE, new).unwrap());
        let proof = consistency_proof(&*TREE, old, new).unwrap();
        let verify = |old_root: &Hash, new_root: &Hash, proof: &[Hash]| {
            verify_consistency(old, old_root, new, new_root, proof)
        };
        prop_assert_eq!(verify(&old_root, &new_root, &proof), Ok(()));
        prop_assert!(verify(&flipped(old_root, bit), &new_root, &proof).is_err());
        prop_assert!(verify(&old_root, &flipped(new_root, bit), &proof).is_err());
        if let Some(place) = (!proof.is_empty()).then(|| place.index(proof.len())) {
            let mut changed = proof.clone();
            changed[place] = flipped(changed[place], bit);
            prop_assert!(verify(&old_root, &new_root, &changed).is_err());
            changed.remove(place);
            let length = ProofError::Length { expected: proof.len(), found: proof.len() - 1 };
            prop_assert_eq!(verify(&old_root, &new_root, &changed), Err(length));
        }
        let longer = [proof.as_slice(), &[old_root]].concat();
        let length = ProofError::Length { expected: proof.len(), found: proof.len() + 1 };
        prop_assert_eq!(verify(&old_root, &new_root, &longer), Err(length));
    }

    #[test]
    fn a_log_that_changed_an_old_entry_can_not_prove_that_it_did_not(
        (changed, new) in index_and_size(), old in any::<Index>(),
    ) {
        prop_assume!(new <= 600);
        let other: Leaves = (0..new)
            .map(|index| leaf_hash(&entry(if index == changed { u64::MAX } else { index })))
            .collect();
        let old = changed + 1 + old.index((new - changed) as usize) as u64;
        let old_root = root_at(&*TREE, old).unwrap();
        let proof = consistency_proof(&other, old, new).unwrap();
        prop_assert!(verify_consistency(old, &old_root, new, &other.root(), &proof).is_err());
    }

    #[test]
    fn verifying_never_panics(
        (one, other) in prop_oneof![
            any::<(u64, u64)>(), (0..9_u64, 0..9_u64), (Just(u64::MAX), any::<u64>()),
        ],
        hashes in prop::collection::vec(any::<Hash>(), 0..70), root in any::<Hash>(),
    ) {
        prop_assert!(verify_inclusion(&root, one, other, &hashes, &[0; 32]).is_err());
        prop_assert!(verify_consistency(one, &root, other, &[0; 32], &hashes).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn tiles_prove_what_the_tree_in_memory_proves((index, size) in index_and_size()) {
        let tiles = TileHashes::new(size, |tile: Tile| Some(tile.cut(&*TREE).unwrap()));
        prop_assert_eq!(root_at(&tiles, size).unwrap(), root_at(&*TREE, size).unwrap());
        let proof = inclusion_proof(&tiles, index, size).unwrap();
        prop_assert_eq!(proof, inclusion_proof(&*TREE, index, size).unwrap());
        let proof = consistency_proof(&tiles, index + 1, size).unwrap();
        prop_assert_eq!(proof, consistency_proof(&*TREE, index + 1, size).unwrap());
    }
}

fn name() -> impl Strategy<Value = String> {
    "[!-*,-~éλ]{1,12}"
}

fn checkpoint() -> impl Strategy<Value = Checkpoint> {
    let extensions = prop::collection::vec("[ -~é]{1,9}", 0..3);
    ("[ -~é]{1,20}", any::<u64>(), any::<Hash>(), extensions).prop_map(|(origin, size, root, extensions)| {
        let plain = Checkpoint::new(&origin, size, root).unwrap();
        extensions.iter().fold(plain, |checkpoint, line| checkpoint.with_extension(line).unwrap())
    })
}

/// A checkpoint's note with lines by witnesses, true ones.
fn cosigned() -> impl Strategy<Value = (Checkpoint, Note)> {
    let witnesses = prop::collection::vec((any::<u8>(), 0..=i64::MAX as u64), 1..4);
    (checkpoint(), witnesses).prop_map(|(checkpoint, witnesses)| {
        let lines = witnesses
            .iter()
            .map(|(number, time)| cosignature::sign(&witness(*number), &checkpoint, *time).unwrap());
        let note = Note::new(&checkpoint.to_string(), lines.collect()).unwrap();
        (checkpoint, note)
    })
}

/// As it was, or with some bytes changed, or altogether arbitrary.
fn mangled(text: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let text = text.as_bytes().to_vec();
    let change =
        (any::<Index>(), any::<Index>(), prop::collection::vec(prop_oneof![any::<u8>(), Just(b'\n')], 0..3));
    let changed = prop::collection::vec(change, 1..3).prop_map(move |changes| {
        changes.iter().fold(text.clone(), |mut text, (from, length, with)| {
            let from = from.index(text.len() + 1);
            let to = (from + length.index(4)).min(text.len());
            text.splice(from..to, with.iter().copied());
            text
        })
    });
    prop_oneof![4 => changed, 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

fn sample_proof() -> Proof {
    let checkpoint = Checkpoint::new("example.com/log", 7, root_at(&*TREE, 7).unwrap()).unwrap();
    let note = checkpoint.sign(&log()).unwrap();
    Proof::new(4, inclusion_proof(&*TREE, 4, 7).unwrap(), note)
        .unwrap()
        .with_extra(b"extra".to_vec())
        .unwrap()
}

fn sample_request() -> AddCheckpoint {
    AddCheckpoint::new(4, vec![[7; 32]; 2], sample_proof().note().clone()).unwrap()
}

fn sample_policy() -> String {
    let witnesses =
        [2, 3].map(|number| format!("witness w{number} {} url\n", witness(number).verifier_key()));
    format!("# sample\n\nlog {}\n{}group\tg any w2 w3 \nquorum g\n", log().verifier_key(), witnesses.concat())
}

proptest! {
    #[test]
    fn every_note_is_read_as_it_was_written((checkpoint, note) in cosigned()) {
        prop_assert_eq!(Checkpoint::parse(note.text()), Ok(checkpoint));
        prop_assert_eq!(Note::parse(note.to_string().as_bytes()), Ok(note));
    }

    #[test]
    fn every_proof_and_request_is_read_as_it_was_written(
        (checkpoint, note) in cosigned(), number in any::<u64>(),
        hashes in prop::collection::vec(any::<Hash>(), 0..=63),
        extra in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut proof = Proof::new(number, hashes.clone(), note.clone()).unwrap();
        if !extra.is_empty() {
            proof = proof.with_extra(extra).unwrap();
        }
        prop_assert_eq!(Proof::parse(proof.to_string().as_bytes()), Ok(proof));
        let request = AddCheckpoint::new(number.min(checkpoint.size()), hashes, note).unwrap();
        prop_assert_eq!(AddCheckpoint::parse(request.to_string().as_bytes()), Ok(request));
    }

    #[test]
    fn every_key_is_read_as_it_was_written(name in name(), seed in any::<Hash>()) {
        use plaudit_verifier::log::note::{KeyKind, Signer};
        for kind in [KeyKind::Ed25519, KeyKind::CosignatureV1] {
            let key = Signer::new(&name, kind, &seed).unwrap().verifier_key().clone();
            prop_assert_eq!(VerifierKey::parse(&key.to_string()), Ok(key));
        }
    }

    #[test]
    fn every_bundle_is_read_as_it_was_written(
        index in any::<u64>(),
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..=256),
    ) {
        let bundle = Entries::new(index, entries.len() as u16).unwrap();
        let bytes = bundle.encode(&entries).unwrap();
        prop_assert_eq!(bundle.decode(&bytes).unwrap(), entries);
        prop_assert!(bundle.decode(&bytes[..bytes.len() - 1]).is_err());
        prop_assert_eq!(Entries::parse(&bundle.to_string()), Ok(bundle));
    }

    #[test]
    fn what_is_read_as_a_note_has_been_written_like_that(
        bytes in mangled(&sample_proof().note().to_string())
    ) {
        if let Ok(note) = Note::parse(&bytes) {
            prop_assert_eq!(note.to_string().into_bytes(), bytes);
            if let Ok(checkpoint) = Checkpoint::parse(note.text()) {
                prop_assert_eq!(checkpoint.to_string(), note.text());
            }
        }
    }

    #[test]
    fn what_is_read_as_a_proof_has_been_written_like_that(bytes in mangled(&sample_proof().to_string())) {
        if let Ok(proof) = Proof::parse(&bytes) {
            prop_assert_eq!(proof.to_string().into_bytes(), bytes);
        }
    }

    #[test]
    fn what_is_read_as_a_request_has_been_written_like_that(bytes in mangled(&sample_request().to_string())) {
        if let Ok(request) = AddCheckpoint::parse(&bytes) {
            prop_assert_eq!(request.to_string().into_bytes(), bytes);
        }
    }

    #[test]
    fn what_is_read_as_a_path_has_been_written_like_that(
        bytes in prop_oneof![mangled("tile/0/x001/x234/067.p/112"), mangled("tile/entries/x001/067")]
    ) {
        let path = String::from_utf8_lossy(&bytes);
        if let Ok(tile) = Tile::parse(&path) {
            prop_assert_eq!(tile.to_string(), path.as_ref());
        }
        if let Ok(bundle) = Entries::parse(&path) {
            prop_assert_eq!(bundle.to_string(), path.as_ref());
        }
    }

    #[test]
    fn what_is_read_as_a_key_has_been_written_like_that(bytes in mangled(&log().verifier_key().to_string())) {
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(key) = VerifierKey::parse(&text) {
            prop_assert_eq!(key.to_string(), text.as_ref());
        }
    }

    #[test]
    fn what_is_read_as_a_policy_says_the_same_when_written(bytes in mangled(&sample_policy())) {
        if let Ok(policy) = Policy::parse(&bytes) {
            prop_assert_eq!(Policy::parse(policy.to_string().as_bytes()), Ok(policy));
        }
    }

    #[test]
    fn bundles_of_arbitrary_bytes_are_refused_or_are_their_entries(
        bytes in prop::collection::vec(prop_oneof![3 => 0..4_u8, 1 => any::<u8>()], 0..60), width in 1..5_u16,
    ) {
        let bundle = Entries::new(0, width).unwrap();
        if let Ok(entries) = bundle.decode(&bytes) {
            prop_assert_eq!(bundle.encode(&entries).unwrap(), bytes);
        }
    }

    #[test]
    fn no_change_of_a_proof_is_believed(bytes in mangled(&sample_proof().to_string())) {
        let policy = format!("log {}\nquorum none\n", log().verifier_key());
        let policy = Policy::parse(policy.as_bytes()).unwrap();
        if let Ok(proof) = Proof::parse(&bytes) && proof.verify(&entry(4), &policy).is_ok() {
            // Extra data, which are nobody's word, and lines by unknown keys, which are passed over, may
            // differ.
            let sample = sample_proof();
            prop_assert_eq!((proof.index(), proof.hashes()), (4, sample.hashes()));
            prop_assert_eq!(proof.note().text(), sample.note().text());
            prop_assert_eq!(&proof.note().signatures()[0], &sample.note().signatures()[0]);
        }
    }
}
