//! Whom a service believes: the edge, for a minute, about one service and one
//! programme.

use jiff::SignedDuration;
use plaudit_chassis::Clock;
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::token::{Claims, Minter};
use serde_json::json;
use uuid::Uuid;

use crate::stand::{ADA, BEN, Stand};

/// The seed of the edge's key here.
const EDGE: [u8; 32] = [1; 32];

fn minted(seed: [u8; 32], ahead: SignedDuration, stand: &Stand, claims: &Claims) -> String {
    let clock = Clock::system();
    clock.advance(SignedDuration::from_millis(stand.clock.ahead_ms()) + ahead);
    format!("Bearer {}", Minter::new(&seed, clock).unwrap().mint(claims).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_not_good_here_changes_nothing() {
    let stand = Stand::start().await;
    stand.send(ADA, "POST /programmes", json!({ "title": "The den" })).await.done();
    let claims = stand.claims(ADA);
    let second = SignedDuration::from_secs(1);
    let now = SignedDuration::ZERO;
    let good = minted(EDGE, now, &stand, &claims);
    let of = |audience: &str| Claims { audience: audience.to_owned(), ..claims.clone() };
    let elsewhere = Claims { programme: ProgrammeId(Uuid::from_u128(0xBAD)), ..claims.clone() };
    let mut changed = good.clone();
    let last = changed.pop().unwrap();
    changed.push(if last == 'A' { 'B' } else { 'A' });
    let cut = good[..good.len() - 20].to_owned();
    let middle = good.len() / 2;
    let bent = format!(
        "{}{}{}",
        &good[..middle],
        if &good[middle..=middle] == "A" { "B" } else { "A" },
        &good[middle + 1..]
    );

    let head = plaudit_chassis::store::head(stand.service().pool()).await.unwrap();
    for (what, bearer, status, code) in [
        ("forged: another's key", minted([9; 32], now, &stand, &claims), 401, "not-signed-in"),
        ("forged: another signature", changed, 401, "not-signed-in"),
        ("forged: other claims", bent, 401, "not-signed-in"),
        ("cut off", cut, 401, "not-signed-in"),
        ("expired", minted(EDGE, -61 * second, &stand, &claims), 401, "not-signed-in"),
        ("not good yet", minted(EDGE, 10 * second, &stand, &claims), 401, "not-signed-in"),
        ("for another service", minted(EDGE, now, &stand, &of("panels")), 401, "not-signed-in"),
        ("for another programme", minted(EDGE, now, &stand, &elsewhere), 403, "not-allowed"),
        ("another scheme", good.replace("Bearer", "Basic"), 401, "not-signed-in"),
        ("another version", good.replace("v4.public", "v3.public"), 401, "not-signed-in"),
        ("no token", "Bearer ".to_owned(), 401, "not-signed-in"),
        ("a session's", "Bearer plaudit_s_0123456789".to_owned(), 401, "not-signed-in"),
    ] {
        let role = json!({ "member": BEN, "role": "helper" });
        for line in ["POST /roles", "GET ", "GET /pitches"] {
            let key = [("idempotency-key", what)];
            let answer = stand.request_with(Some(bearer.clone()), line, &key, role.clone()).await;
            assert_eq!(answer.status.as_u16(), status, "{what}, {line}: {answer:?}");
            assert_eq!(answer.body["type"], format!("/problems/{code}"), "{what}, {line}: {answer:?}");
        }
    }
    assert_eq!(
        plaudit_chassis::store::head(stand.service().pool()).await.unwrap(),
        head,
        "nothing was stored"
    );

    let seen = format!("submissions/{head}");
    for (what, ahead) in [("in time", -59 * second), ("of a clock that is fast", second / 2)] {
        let bearer = minted(EDGE, ahead, &stand, &claims);
        let headers = [("plaudit-position", seen.as_str())];
        let answer = stand.request_with(Some(bearer), "GET ", &headers, json!(null)).await;
        assert_eq!(answer.status.as_u16(), 200, "{what}: {answer:?}");
    }
}
