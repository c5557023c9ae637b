//! The APIs are described by themselves; the descriptions are kept, so that a
//! change is seen by whoever reviews it.

use plaudit_tests::people::{Person, Seen};
use plaudit_tests::program::{Program, root};

const SERVICES: [&str; 7] = ["submissions", "panels", "scoring", "awards", "accounts", "audit", "notify"];

#[tokio::test]
async fn the_descriptions_of_the_apis_are_the_kept_ones() {
    let program = Program::start(&[]);
    let anyone = Person::anyone(program.url(), &Seen::default());
    let mut changed = Vec::new();
    for service in SERVICES {
        let answer = anyone.reads(&format!("{service}/openapi.json")).await;
        assert_eq!(answer.body["openapi"], "3.1.0", "{service}");
        let described = serde_json::to_string_pretty(&answer.body).unwrap() + "\n";
        let path = root().join(format!("tests/golden/{service}.openapi.json"));
        if std::env::var_os("PLAUDIT_WRITE_GOLDEN").is_some() {
            std::fs::write(&path, &described).unwrap();
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != described {
            changed.push(service);
        }
    }
    assert!(changed.is_empty(), "the APIs of {changed:?} have changed: if that is meant, `make golden`");
}
