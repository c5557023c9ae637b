#![allow(clippy::unwrap_used)]

use super::*;

/// The leaves `0 .. size`, each entry its own number.
fn leaves(size: u64) -> Leaves {
    (0..size).map(leaf).collect()
}

fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

/// The root by the recursive definition of RFC 6962, section 2.1, which the rest of the module never uses.
fn root_by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&root_by_definition(left), &root_by_definition(right))
        }
    }
}

#[test]
fn the_root_of_nothing_is_the_hash_of_nothing() {
    assert_eq!(EMPTY_ROOT, <Hash>::from(Sha256::digest([])));
    assert_eq!(Tree::new().root(), EMPTY_ROOT);
    assert_eq!(Leaves::new().root(), EMPTY_ROOT);
}

#[test]
fn leaves_and_nodes_are_hashed_apart() {
    let (left, right) = (leaf(1), leaf(2));
    assert_ne!(leaf_hash(&[left, right].concat()), node_hash(&left, &right));
    assert_eq!(leaf_hash(b"entry"), <Hash>::from(Sha256::digest(b"\0entry")));
    assert_eq!(
        node_hash(&left, &right),
        <Hash>::from(Sha256::digest([&[1], &left[..], &right[..]].concat()))
    );
}

#[test]
fn the_edge_the_whole_tree_and_the_definition_agree_on_every_root() {
    let hashes: Vec<Hash> = (0..300).map(leaf).collect();
    let (mut tree, mut whole) = (Tree::new(), Leaves::new());
    for size in 0..300 {
        let root = root_by_definition(&hashes[..size]);
        assert_eq!((tree.size(), tree.root()), (size as u64, root), "edge of {size}");
        assert_eq!((whole.size(), whole.root()), (size as u64, root), "whole of {size}");
        tree.push(hashes[size]);
        whole.push(hashes[size]);
    }
    for size in 0..=300 {
        assert_eq!(
            root_at(&whole, size),
            Ok(root_by_definition(&hashes[..size as usize])),
            "as it was at {size}"
        );
    }
}

#[test]
fn a_tree_taken_up_again_goes_on_as_if_it_had_never_stopped() {
    let whole = leaves(100);
    for size in 0..100 {
        let mut tree = Tree::at(&whole, size).unwrap();
        assert_eq!(tree.size(), size);
        (size..100).for_each(|index| tree.push(leaf(index)));
        assert_eq!(tree.root(), whole.root(), "taken up at {size}");
    }
}

#[test]
fn a_subtree_that_is_not_complete_is_not_given() {
    let tree = leaves(6);
    assert!(tree.hash(0, 5).is_ok() && tree.hash(1, 2).is_ok() && tree.hash(2, 0).is_ok());
    for (level, index) in [(0, 6), (1, 3), (2, 1), (3, 0), (64, 0), (255, u64::MAX)] {
        assert_eq!(tree.hash(level, index), Err(NoSuchSubtree { level, index }));
    }
    assert_eq!(root_at(&tree, 7), Err(NoSuchSubtree { level: 0, index: 6 }));
}

#[test]
fn what_is_not_in_the_tree_can_not_be_proved() {
    let tree = leaves(6);
    assert_eq!(inclusion_proof(&tree, 6, 6), Err(ProveError::NoSuchLeaf { index: 6, size: 6 }));
    assert_eq!(inclusion_proof(&tree, 0, 0), Err(ProveError::NoSuchLeaf { index: 0, size: 0 }));
    assert_eq!(inclusion_proof(&tree, 0, 8), Err(ProveError::Hash(NoSuchSubtree { level: 2, index: 1 })));
    assert_eq!(consistency_proof(&tree, 5, 4), Err(ProveError::OldIsLarger { old: 5, new: 4 }));
    assert_eq!(consistency_proof(&tree, 5, 7), Err(ProveError::Hash(NoSuchSubtree { level: 0, index: 6 })));
}

#[test]
fn an_inclusion_proof_fails_for_a_reason_of_its_own() {
    let tree = leaves(7);
    let proof = inclusion_proof(&tree, 4, 7).unwrap();
    let verify =
        |leaf, index, size, proof: &[Hash]| verify_inclusion(&leaf, index, size, proof, &tree.root());
    assert_eq!(verify(leaf(4), 4, 7, &proof), Ok(()));
    assert_eq!(verify(leaf(4), 7, 7, &proof), Err(ProofError::NoSuchLeaf { index: 7, size: 7 }));
    assert_eq!(verify(leaf(4), 4, 7, &proof[1..]), Err(ProofError::Length { expected: 3, found: 2 }));
    let long = [&proof[..], &proof[..1]].concat();
    assert_eq!(verify(leaf(4), 4, 7, &long), Err(ProofError::Length { expected: 3, found: 4 }));
    assert_eq!(verify(leaf(5), 4, 7, &proof), Err(ProofError::Root));
    assert_eq!(verify(leaf(4), 5, 7, &proof), Err(ProofError::Root));
}

#[test]
fn a_consistency_proof_fails_for_a_reason_of_its_own() {
    let tree = leaves(11);
    let root = |size| root_at(&tree, size).unwrap();
    let proof = consistency_proof(&tree, 6, 11).unwrap();
    let verify = |old, old_root, new, new_root, proof: &[Hash]| {
        verify_consistency(old, &old_root, new, &new_root, proof)
    };
    assert_eq!(verify(6, root(6), 11, root(11), &proof), Ok(()));
    assert_eq!(verify(11, root(11), 6, root(6), &proof), Err(ProofError::OldIsLarger { old: 11, new: 6 }));
    assert_eq!(verify(6, root(5), 11, root(11), &proof), Err(ProofError::OldRoot));
    assert_eq!(verify(6, root(6), 11, root(10), &proof), Err(ProofError::NewRoot));
    for shorter in 0..proof.len() {
        let found = Err(ProofError::Length { expected: proof.len(), found: shorter });
        assert_eq!(verify(6, root(6), 11, root(11), &proof[..shorter]), found);
    }
    let longer = [&proof[..], &proof[..1]].concat();
    let found = Err(ProofError::Length { expected: proof.len(), found: proof.len() + 1 });
    assert_eq!(verify(6, root(6), 11, root(11), &longer), found);
    // A complete old tree isn't repeated in the proof.
    let proof = consistency_proof(&tree, 8, 11).unwrap();
    assert_eq!(verify(8, root(8), 11, root(11), &proof), Ok(()));
    let found = Err(ProofError::Length { expected: 1, found: 2 });
    assert_eq!(verify(8, root(8), 11, root(11), &[root(8), proof[0]]), found);
}

#[test]
fn nothing_is_the_beginning_of_everything_and_has_one_root_only() {
    let tree = leaves(3);
    assert_eq!(consistency_proof(&tree, 0, 3), Ok(vec![]));
    assert_eq!(verify_consistency(0, &EMPTY_ROOT, 3, &tree.root(), &[]), Ok(()));
    assert_eq!(verify_consistency(0, &leaf(0), 3, &tree.root(), &[]), Err(ProofError::EmptyRoot));
    assert_eq!(verify_consistency(0, &leaf(0), 0, &leaf(0), &[]), Err(ProofError::EmptyRoot));
    let found = Err(ProofError::Length { expected: 0, found: 1 });
    assert_eq!(verify_consistency(0, &EMPTY_ROOT, 3, &tree.root(), &[leaf(0)]), found);
}

#[test]
fn two_trees_of_one_size_are_the_same_tree() {
    let (one, other) = (leaf(1), leaf(2));
    assert_eq!(verify_consistency(5, &one, 5, &one, &[]), Ok(()));
    assert_eq!(verify_consistency(5, &one, 5, &other, &[]), Err(ProofError::EqualSizes { size: 5 }));
    let found = Err(ProofError::Length { expected: 0, found: 1 });
    assert_eq!(verify_consistency(5, &one, 5, &one, &[other]), found);
}

/// A log of equal leaves as large as they can be, without keeping any of them.
struct Equal;

impl Hashes for Equal {
    type Error = std::convert::Infallible;

    fn hash(&self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        assert!(u128::from(index + 1) << level <= u128::from(u64::MAX), "{index} at {level} isn't complete");
        Ok((0..level).fold(leaf(0), |hash, _| node_hash(&hash, &hash)))
    }
}

#[test]
fn the_largest_trees_are_proved_and_verified_like_any_other() {
    let edges = [1, 2, 3, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 63) + 1, u64::MAX - 1, u64::MAX];
    for size in edges {
        let root = root_at(&Equal, size).unwrap();
        for index in edges.into_iter().map(|index| index - 1).filter(|index| *index < size) {
            let proof = inclusion_proof(&Equal, index, size).unwrap();
            assert_eq!(verify_inclusion(&leaf(0), index, size, &proof, &root), Ok(()), "{index} of {size}");
        }
        for old in edges.into_iter().filter(|old| *old <= size) {
            let proof = consistency_proof(&Equal, old, size).unwrap();
            let old_root = root_at(&Equal, old).unwrap();
            assert_eq!(verify_consistency(old, &old_root, size, &root, &proof), Ok(()), "{old} to {size}");
        }
    }
}
