//! The same questions put to crates of other authors: ct-merkle, tlog_tiles and signed_note. Where one of
//! them is known to take more than the specifications allow, the difference is spelled out.

use ct_merkle::{
    ConsistencyProof, InclusionProof, RootHash, digest::Output, mem_backed_tree::MemoryBackedTree,
};
use plaudit_verifier::log::{
    checkpoint::Checkpoint,
    note::{Note, Signer, VerifierKey},
    tile::{Entries, Tile, new_entries, new_tiles},
    tree::{
        Hash, Hashes, Leaves, consistency_proof, inclusion_proof, leaf_hash, root_at, verify_consistency,
        verify_inclusion,
    },
};
use proptest::prelude::*;
use sha2::Sha256;
use signed_note::Signer as _;
use tlog_tiles::{HashReader, split_stored_hash_index};

use crate::stand::{entry, leaves, log};

/// Largest tree compared.
const MAX: u64 = 700;

fn ct_tree(size: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|index| tree.push(entry(index)));
    tree
}

fn digests(proof: &[Hash]) -> Vec<Output<Sha256>> {
    proof.iter().map(|hash| (*hash).into()).collect()
}

fn tlog_proof(proof: &[Hash]) -> Vec<tlog_tiles::Hash> {
    proof.iter().copied().map(tlog_tiles::Hash).collect()
}

fn own_proof(proof: &[tlog_tiles::Hash]) -> Vec<Hash> {
    proof.iter().map(|hash| hash.0).collect()
}

/// Our tree, read by tlog_tiles.
struct Reader<'a>(&'a Leaves);

impl HashReader for Reader<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        let hash = |index: &u64| {
            let (level, index) = split_stored_hash_index(*index);
            tlog_tiles::Hash(self.0.hash(level, index).unwrap())
        };
        Ok(indexes.iter().map(hash).collect())
    }
}

/// A proof as it was, or changed in one of the ways a forger might try.
fn tampered(proof: Vec<Hash>) -> impl Strategy<Value = Vec<Hash>> {
    let flip = (any::<prop::sample::Index>(), 0..32_usize, 0..8_u8);
    prop_oneof![Just(None), flip.prop_map(Some)].prop_flat_map(move |flip| {
        let mut proof = proof.clone();
        if let (Some((place, byte, bit)), false) = (flip, proof.is_empty()) {
            let place = place.index(proof.len());
            proof[place][byte] ^= 1 << bit;
        }
        let longer = [proof.as_slice(), &[[0; 32]]].concat();
        let shorter = proof[..proof.len().saturating_sub(1)].to_vec();
        prop_oneof![3 => Just(proof), 1 => Just(longer), 1 => Just(shorter)]
    })
}

fn index_and_size() -> impl Strategy<Value = (u64, u64)> {
    (1..MAX).prop_flat_map(|size| (0..size, Just(size)))
}

proptest! {
    #[test]
    fn all_three_trees_have_the_same_roots_and_proofs((index, size) in index_and_size()) {
        let (own, ct) = (leaves(size), ct_tree(size));
        prop_assert_eq!(own.root().to_vec(), ct.root().as_bytes().to_vec());
        prop_assert_eq!(own.root(), tlog_tiles::tree_hash(size, &Reader(&own)).unwrap().0);

        let proof = inclusion_proof(&own, index, size).unwrap();
        prop_assert_eq!(proof.concat(), ct.prove_inclusion(index as usize).as_bytes().to_vec());
        let tlog = tlog_tiles::prove_record(size, index, &Reader(&own)).unwrap();
        prop_assert_eq!(&proof, &own_proof(&tlog));

        let old = index + 1;
        let proof = consistency_proof(&own, old, size).unwrap();
        prop_assert_eq!(proof.concat(), ct.prove_consistency((size - old) as usize).as_bytes().to_vec());
        let tlog = tlog_tiles::prove_tree(size, old, &Reader(&own)).unwrap();
        prop_assert_eq!(&proof, &own_proof(&tlog));
    }

    #[test]
    fn all_three_believe_the_same_inclusion_proofs(
        ((size, index, claimed), proof) in (index_and_size(), 0..MAX).prop_flat_map(|((index, size), other)| {
            let proof = inclusion_proof(&leaves(size), index, size).unwrap();
            (prop_oneof![Just((size, index, index)), Just((size, index, other))], tampered(proof))
        })
    ) {
        let root = leaves(size).root();
        let leaf = leaf_hash(&entry(index));
        let own = verify_inclusion(&leaf, claimed, size, &proof, &root).is_ok();
        let ct = RootHash::<Sha256>::new(root.into(), size);
        let ct_proof = InclusionProof::from_digests(digests(&proof).iter());
        prop_assert_eq!(own, ct.verify_inclusion(&entry(index), claimed, &ct_proof).is_ok());
        let (tlog_root, tlog_leaf) = (tlog_tiles::Hash(root), tlog_tiles::Hash(leaf));
        let tlog = tlog_tiles::check_record(&tlog_proof(&proof), size, tlog_root, claimed, tlog_leaf);
        prop_assert_eq!(own, tlog.is_ok());
    }

    #[test]
    fn all_three_believe_the_same_consistency_proofs(
        ((old, new, claimed), proof) in (index_and_size(), 1..MAX).prop_flat_map(|((index, new), other)| {
            let old = index + 1;
            let proof = consistency_proof(&leaves(new), old, new).unwrap();
            (prop_oneof![3 => Just((old, new, old)), 1 => Just((old, new, other))], tampered(proof))
        })
    ) {
        let tree = leaves(new);
        let (old_root, new_root) = (root_at(&tree, old).unwrap(), tree.root());
        let own = verify_consistency(claimed, &old_root, new, &new_root, &proof).is_ok();
        let ct_old = RootHash::<Sha256>::new(old_root.into(), claimed);
        let ct_new = RootHash::<Sha256>::new(new_root.into(), new);
        let ct_proof = ConsistencyProof::from_digests(digests(&proof).iter());
        prop_assert_eq!(own, ct_new.verify_consistency(&ct_old, &ct_proof).is_ok());
        let (tlog_old, tlog_new) = (tlog_tiles::Hash(old_root), tlog_tiles::Hash(new_root));
        let tlog = tlog_tiles::check_tree(&tlog_proof(&proof), new, tlog_new, claimed, tlog_old);
        prop_assert_eq!(own, tlog.is_ok());
    }

    #[test]
    fn tlog_tiles_cuts_the_same_new_tiles(old in 0..70_000_u64, more in 0..70_000_u64) {
        let new = old + more;
        let own = new_tiles(old, new).map(|tile| (tile.level(), tile.index(), tile.width()));
        let own: Vec<_> = own.collect();
        let tlog = tlog_tiles::Tile::new_tiles(8, old, new);
        let tlog = tlog.iter().map(|tile| (tile.level(), tile.level_index(), tile.width() as u16));
        let tlog: Vec<_> = tlog.collect();
        prop_assert_eq!(&own, &tlog);
        let bundles: Vec<_> = new_entries(old, new).map(|it| (0, it.index(), it.width())).collect();
        let lowest: Vec<_> = tlog.into_iter().filter(|(level, ..)| *level == 0).collect();
        prop_assert_eq!(bundles, lowest);
    }

    #[test]
    fn tlog_tiles_cuts_the_same_bytes(size in 1..MAX) {
        let tree = leaves(size);
        for tile in plaudit_verifier::log::tile::tiles(size) {
            let tlog = tlog_tiles::Tile::new(8, tile.level(), tile.index(), tile.width().into(), false);
            prop_assert_eq!(tile.cut(&tree).unwrap(), tlog.read_data(&Reader(&tree)).unwrap());
        }
    }

    #[test]
    fn tlog_tiles_reads_and_writes_the_same_paths(
        level in 0..=63_u8, index in prop_oneof![0..2_000_000_u64, any::<u64>()], width in 1..=256_u16,
    ) {
        let tile = Tile::new(level, index, width).unwrap();
        let tlog = tlog_tiles::Tile::new(8, level, index, width.into(), false);
        prop_assert_eq!(go_path(&tile.to_string()), tlog.path());
        let bundle = Entries::new(index, width).unwrap();
        let tlog = tlog_tiles::Tile::new(8, 0, index, width.into(), true);
        prop_assert_eq!(go_path(&bundle.to_string()), tlog.path());
    }

    #[test]
    fn tlog_tiles_takes_the_same_paths(
        path in r"tile/(entries|0|7|63|64|07|\+1)/(x?[0-9]{2,4}/){0,7}x?[0-9]{3}(\.p/(0?[0-9]{1,3})?)?"
    ) {
        // A width of 0 makes tlog_tiles panic.
        prop_assume!(!path.ends_with(".p/0") && !path.ends_with(".p/00") && !path.ends_with(".p/000"));
        let own = Tile::parse(&path).map(|tile| tile.to_string()).ok();
        let own = own.or_else(|| Entries::parse(&path).map(|bundle| bundle.to_string()).ok());
        let level = path.split('/').nth(1).and_then(|level| level.parse::<u8>().ok());
        // A level above 63 as well.
        prop_assume!(level.is_none_or(|level| level < 64));
        let tlog = tlog_tiles::Tile::from_path(&go_path(&path)).is_ok();
        prop_assert_eq!(own, tlog.then_some(path));
    }

    #[test]
    fn tlog_tiles_reads_the_same_checkpoints(
        origin in "[ -~]{0,8}", size in "0|[0-9]{1,3}|[0-9]{19,20}|\\+1",
        extension in "([a-z]{0,2}\n){0,3}", stray in prop_oneof![3 => Just(""), 1 => Just("\n")],
    ) {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        let text = format!("{origin}\n{size}\n{root}\n{extension}{stray}");
        let own = Checkpoint::parse(&text).map(|checkpoint| checkpoint.to_string()).ok();
        let tlog = tlog_tiles::Checkpoint::from_bytes(text.as_bytes());
        prop_assert_eq!(own, tlog.is_ok().then_some(text));
    }

    #[test]
    fn signed_note_makes_the_same_keys_and_signatures(
        seed in any::<[u8; 32]>(), name in "[a-z./]{1,12}", text in "([ -~é]{0,9}\n){1,4}",
    ) {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let own = Signer::new(&name, plaudit_verifier::log::note::KeyKind::Ed25519, &seed).unwrap();
        let key = own.verifier_key();
        let skey = STANDARD.encode([&[1], seed.as_slice()].concat());
        let skey = format!("PRIVATE+KEY+{name}+{}+{skey}", key.id());
        let theirs = signed_note::StandardSigner::new(&skey).unwrap();
        prop_assert_eq!(key.id().0, theirs.key_id().to_be_bytes());

        let mut note = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
        note.add_sigs(&[&theirs]).unwrap();
        let own_note = Note::new(&text, vec![own.sign(&text).unwrap()]).unwrap();
        prop_assert_eq!(own_note.to_string().into_bytes(), note.to_bytes());

        let verifier = signed_note::StandardVerifier::new(&key.to_string()).unwrap();
        let verifiers = signed_note::VerifierList::new(vec![Box::new(verifier)]);
        let read = signed_note::Note::from_bytes(own_note.to_string().as_bytes()).unwrap();
        prop_assert!(read.verify(&verifiers).is_ok());
    }

    #[test]
    fn signed_note_takes_the_same_notes_and_keys(
        places in prop::collection::vec(
            (any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(b'\n')]), 0..3
        ),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let text = "a text\n\nof a note\n";
        let change = |bytes: String| {
            let mut bytes = bytes.into_bytes();
            for (place, byte) in &places {
                let place = place.index(bytes.len());
                bytes[place] = *byte;
            }
            if let Some(cut) = cut {
                bytes.remove(cut.index(bytes.len()));
            }
            bytes
        };
        let note = change(Note::new(text, vec![log().sign(text).unwrap()]).unwrap().to_string());
        let (own, theirs) = (Note::parse(&note), signed_note::Note::from_bytes(&note));
        prop_assert_eq!(own.is_ok(), theirs.is_ok(), "{:?}", String::from_utf8_lossy(&note));
        if let (Ok(own), Ok(theirs)) = (own, theirs) {
            prop_assert_eq!(own.text().as_bytes(), theirs.text());
        }
        let key = String::from_utf8_lossy(&change(log().verifier_key().to_string())).into_owned();
        // signed_note takes an id in upper case, which the specification doesn't write.
        let id = key.split('+').nth(1).unwrap_or_default();
        prop_assume!(!id.bytes().any(|digit| digit.is_ascii_uppercase()));
        let theirs = signed_note::StandardVerifier::new(&key).is_ok();
        prop_assert_eq!(VerifierKey::parse(&key).is_ok(), theirs, "{}", key);
    }
}

/// tlog_tiles has the paths of the Go checksum database, with the tiles' height and other names.
fn go_path(path: &str) -> String {
    path.replacen("tile/", "tile/8/", 1).replacen("/entries/", "/data/", 1)
}
