//! What a stolen session is not enough for.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::stand::{ADA, Stand};

const NEED_IT: [&str; 5] =
    ["approval", "withdrawal/confirmation", "payout/payee/check", "payout/authorisation", "payout/sending"];

/// Begun by one and finished by another, who needs it; or done by the winner.
const DO_NOT: [&str; 5] = ["acceptance", "decline", "payout/request", "payout/confirmation", "refusal"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn approving_withdrawing_and_paying_need_a_fresh_proof() {
    let stand = Stand::start().await;
    let award = Uuid::new_v4();
    let needed = |body: &Value| body["type"] == "/problems/second-key-needed";
    for step in NEED_IT {
        let path = format!("/awards/{award}/{step}");
        let body = if step.ends_with("sending") { json!({ "reference": "x" }) } else { json!({}) };
        let stale = stand.post_without_second_key(ADA, &path, body.clone()).await;
        assert_eq!((stale.status.as_u16(), needed(&stale.body)), (403, true), "{step}: {}", stale.body);
        let fresh = stand.post(ADA, &path, body).await;
        assert!(!needed(&fresh.body), "{step}: {}", fresh.body);
    }
    for step in DO_NOT {
        let path = format!("/awards/{award}/{step}");
        let body = if step == "refusal" { json!({ "reason": "rules_broken" }) } else { json!({}) };
        let stale = stand.post_without_second_key(ADA, &path, body).await;
        assert!(!needed(&stale.body), "{step}: {}", stale.body);
    }
}
