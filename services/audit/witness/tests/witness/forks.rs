//! Never two trees of one size, and never one that doesn't continue the others.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use plaudit_verifier::log::tree::{EMPTY_ROOT, Hash};
use proptest::prelude::*;

use super::stand::{History, ORIGIN, Stand, cosigned};

#[tokio::test]
async fn after_size_100_no_other_tree_of_size_100_also_after_a_restart() {
    let (a, b) = (History::forked("a", 50, 200), History::forked("b", 50, 200));
    let mut stand = Stand::new();
    assert_eq!(stand.post(a.request(ORIGIN, 0, 100)).await.0, StatusCode::OK);
    for _ in 0..2 {
        for old in [0, 50, 99, 100] {
            let (status, _, answer) = stand.post(b.request(ORIGIN, old, 100)).await;
            assert_eq!((status, answer.as_str()), (StatusCode::CONFLICT, "100\n"), "{old}");
        }
        assert_eq!(stand.post(b.request(ORIGIN, 100, 150)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(stand.post(a.request(ORIGIN, 100, 100)).await.0, StatusCode::OK);
        stand = stand.restarted();
    }
    assert_eq!(stand.post(a.request(ORIGIN, 100, 150)).await.0, StatusCode::OK);
}

#[derive(Clone, Debug)]
enum Step {
    /// One of two histories, the old size that is claimed, and the size.
    Ask {
        fork: bool,
        old: u64,
        size: u64,
    },
    /// The same, with the old size that is right.
    AskRightly {
        fork: bool,
        size: u64,
    },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (any::<bool>(), 0..40_u64, 0..40_u64).prop_map(|(fork, old, size)| Step::Ask { fork, old, size }),
        6 => (any::<bool>(), 0..40_u64).prop_map(|(fork, size)| Step::AskRightly { fork, size }),
        1 => Just(Step::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The trees that are cosigned are those of a model that remembers all of them.
    #[test]
    fn what_is_cosigned_is_one_history(from in 0..30_u64, steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let histories = [History::forked("a", from, 40), History::forked("b", from, 40)];
            let mut stand = Stand::new();
            let (mut last, mut root) = (0, EMPTY_ROOT);
            let mut seen: BTreeMap<u64, Hash> = BTreeMap::new();
            for step in steps {
                let (fork, old, size) = match step {
                    Step::Restart => {
                        stand = stand.restarted();
                        continue;
                    }
                    Step::Ask { fork, old, size } => (fork, old, size),
                    Step::AskRightly { fork, size } => (fork, last, size),
                };
                if old > size {
                    continue;
                }
                let history = &histories[usize::from(fork)];
                let (status, _, answer) = stand.post(history.request(ORIGIN, old, size)).await;
                let expected = if old != last || (size == last && history.root(size) != root) {
                    StatusCode::CONFLICT
                } else if history.root(old) != root {
                    StatusCode::UNPROCESSABLE_ENTITY
                } else {
                    StatusCode::OK
                };
                assert_eq!(status, expected, "{old} {size}");
                if status == StatusCode::OK {
                    cosigned(&stand.key(), &history.note(ORIGIN, size), &answer);
                    (last, root) = (size, history.root(size));
                    assert_eq!(*seen.entry(size).or_insert(root), root);
                    assert!(seen.iter().all(|(size, root)| history.root(*size) == *root));
                }
            }
        });
    }
}
