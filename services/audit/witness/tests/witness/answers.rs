//! Every status that the specification knows.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::witness_request::AddCheckpoint;

use super::stand::{History, ORIGIN, Stand, cosigned, log};

fn history() -> History {
    History::forked("a", 50, 200)
}

#[tokio::test]
async fn what_continues_is_cosigned_and_cosigned_again() {
    let (stand, history) = (Stand::new(), history());
    for (old, size) in [(0, 7), (7, 100), (100, 100), (100, 128), (128, 200)] {
        let (status, _, answer) = stand.post(history.request(ORIGIN, old, size)).await;
        assert_eq!(status, StatusCode::OK, "{old} {size}: {answer}");
        let time = cosigned(&stand.key(), &history.note(ORIGIN, size), &answer);
        assert!(time > 1_700_000_000, "{time}");
    }
}

#[tokio::test]
async fn each_origin_is_remembered_by_itself() {
    let (stand, history) = (Stand::new(), history());
    for origin in [ORIGIN, "one.example/log", "prizes.example.org/log/two"] {
        assert_eq!(stand.post(history.request(origin, 0, 7)).await.0, StatusCode::OK, "{origin}");
    }
}

#[tokio::test]
async fn a_request_that_is_none_is_400() {
    let stand = Stand::new();
    let good = history().request(ORIGIN, 5, 7);
    for bad in [
        String::new(),
        good.replace("old 5", "old 05"),
        good.replace("old 5", "old 8"),
        good.replace("\n7\n", "\n07\n"),
        good.replacen("\n\n", "\n", 1),
        good.replacen("old 5\n", &format!("old 5\n{}", "A".repeat(10)), 1),
        good.replacen("old 5\n", &format!("old 5\n{}", format!("{}=\n", "A".repeat(43)).repeat(64)), 1),
        good.trim_end().to_owned(),
    ] {
        assert_eq!(stand.post(bad.clone()).await.0, StatusCode::BAD_REQUEST, "{bad}");
    }
    assert_eq!(stand.post(vec![0xff]).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_no_key_of_the_log_has_signed_is_403() {
    let (stand, history) = (Stand::new(), history());
    let checkpoint = Checkpoint::new(ORIGIN, 7, history.root(7)).unwrap();
    let ask = |note| AddCheckpoint::new(0, vec![], note).unwrap().to_string();
    let by_other = checkpoint.sign(&log(ORIGIN, 2)).unwrap();
    assert_eq!(stand.post(ask(by_other.clone())).await.0, StatusCode::FORBIDDEN);
    let changed = ask(history.note(ORIGIN, 7)).replace("\n7\n", "\n8\n");
    assert_eq!(stand.post(changed).await.0, StatusCode::FORBIDDEN);

    let mut by_both = by_other;
    by_both.add(log(ORIGIN, 1).sign(&checkpoint.to_string()).unwrap()).unwrap();
    assert_eq!(stand.post(ask(by_both)).await.0, StatusCode::OK, "unknown keys are passed over");
}

#[tokio::test]
async fn an_origin_that_nobody_named_is_404() {
    let (stand, history) = (Stand::new(), history());
    for origin in ["prizes.example.org/logs/one", "prizes.example.org/log", "two.example/log"] {
        assert_eq!(stand.post(history.request(origin, 0, 7)).await.0, StatusCode::NOT_FOUND, "{origin}");
    }
}

#[tokio::test]
async fn another_old_size_is_409_with_the_right_one() {
    let (stand, history) = (Stand::new(), history());
    let conflict = |size: u64| (StatusCode::CONFLICT, "text/x.tlog.size".to_owned(), format!("{size}\n"));
    assert_eq!(stand.post(history.request(ORIGIN, 5, 7)).await, conflict(0));
    assert_eq!(stand.post(history.request(ORIGIN, 0, 100)).await.0, StatusCode::OK);
    for (old, size) in [(0, 120), (7, 120), (99, 100), (101, 120), (0, 100), (0, 99)] {
        assert_eq!(stand.post(history.request(ORIGIN, old, size)).await, conflict(100), "{old} {size}");
    }
}

#[tokio::test]
async fn another_tree_of_the_same_size_is_409() {
    let stand = Stand::new();
    assert_eq!(stand.post(history().request(ORIGIN, 0, 100)).await.0, StatusCode::OK);
    let other = History::forked("b", 50, 200);
    let conflict = (StatusCode::CONFLICT, "text/x.tlog.size".to_owned(), "100\n".to_owned());
    assert_eq!(stand.post(other.request(ORIGIN, 100, 100)).await, conflict);
    let empty = Checkpoint::new("one.example/log", 0, [7; 32]).unwrap().sign(&log("one.example/log", 1));
    let empty = AddCheckpoint::new(0, vec![], empty.unwrap()).unwrap().to_string();
    assert_eq!(stand.post(empty).await.0, StatusCode::CONFLICT, "there is one tree without leaves");
}

#[tokio::test]
async fn what_is_not_shown_to_continue_is_422() {
    let (stand, history) = (Stand::new(), history());
    let hash = format!("{}=", "A".repeat(43));
    let with_hash = |request: String| request.replacen("\n\n", &format!("\n{hash}\n\n"), 1);
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    assert_eq!(stand.post(with_hash(history.request(ORIGIN, 0, 7))).await.0, unprocessable);
    assert_eq!(stand.post(history.request(ORIGIN, 0, 100)).await.0, StatusCode::OK);
    assert_eq!(stand.post(with_hash(history.request(ORIGIN, 100, 100))).await.0, unprocessable);
    assert_eq!(stand.post(with_hash(history.request(ORIGIN, 100, 150))).await.0, unprocessable);
    let fork = History::forked("b", 50, 200);
    assert_eq!(stand.post(fork.request(ORIGIN, 100, 150)).await.0, unprocessable);
    let none = AddCheckpoint::new(100, vec![], history.note(ORIGIN, 150)).unwrap().to_string();
    assert_eq!(stand.post(none).await.0, unprocessable);
    assert_eq!(stand.post(history.request(ORIGIN, 100, 150)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_is_too_large_is_413() {
    let stand = Stand::new();
    let line = log(ORIGIN, 1).sign("other\n").unwrap();
    let long = |bytes: usize| history().request(ORIGIN, 0, 7) + &"x".repeat(bytes);
    assert_eq!(stand.post(long(64 * 1024)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    // 64 signatures fit.
    let request = history().request(ORIGIN, 0, 7);
    let unknown = line.to_string().replace(ORIGIN, "unknown");
    let many = request + &format!("{unknown}\n").repeat(63);
    assert_eq!(stand.post(many).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_memory_that_can_not_be_read_is_500_and_never_nothing() {
    let (stand, history) = (Stand::new(), history());
    assert_eq!(stand.post(history.request(ORIGIN, 0, 100)).await.0, StatusCode::OK);
    let state = stand.folder.path().join("state");
    let files = std::fs::read_dir(&state).unwrap().map(|file| file.unwrap().path());
    let file = files.into_iter().find(|path| path.file_name().unwrap().len() == 64).unwrap();
    for bytes in [b"".as_slice(), b"half a no", b"prizes.example.org/log/two\n7\n"] {
        std::fs::write(&file, bytes).unwrap();
        let (status, _, text) = stand.post(history.request(ORIGIN, 0, 100)).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!text.contains(state.to_str().unwrap()), "{text}");
    }
    std::fs::write(&file, history.note("prizes.example.org/log/two", 7).to_string()).unwrap();
    assert_eq!(stand.post(history.request(ORIGIN, 7, 100)).await.0, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn it_says_who_it_is_and_how_many_it_knows() {
    let stand = Stand::new();
    let (status, kind, text) = stand.ask(Request::get("/").body(Body::empty()).unwrap()).await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "text/plain; charset=utf-8"));
    assert!(text.contains(&format!("Key: {}\nLogs: 1\nInstallations: 1\n", stand.key())), "{text}");
    let get = Request::get("/add-checkpoint").body(Body::empty()).unwrap();
    assert_eq!(stand.ask(get).await.0, StatusCode::METHOD_NOT_ALLOWED);
}
