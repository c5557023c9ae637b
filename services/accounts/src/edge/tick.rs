//! How long a refusal takes says nothing of why: what is hidden from somebody
//! takes as long as what is not there, although more is looked up for it.

use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::{Instant, sleep_until};

/// Refusals leave at a full tick after the question came. Longer than nearly all
/// of them take, short enough that nobody waits.
const TICK: Duration = Duration::from_millis(10);

/// Keeps a refusal back until the next tick.
pub async fn keep_refusals(request: Request, next: Next) -> Response {
    let came = Instant::now();
    let answer = next.run(request).await;
    if matches!(answer.status(), StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) {
        sleep_until(came + tick_after(came.elapsed())).await;
    }
    answer
}

fn tick_after(took: Duration) -> Duration {
    let ticks = took.as_nanos() / TICK.as_nanos() + 1;
    TICK * u32::try_from(ticks).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Path;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn answered(status: StatusCode, after: u64) -> (StatusCode, Duration) {
        let works = get(|Path((status, after)): Path<(u16, u64)>| async move {
            tokio::time::sleep(Duration::from_millis(after)).await;
            StatusCode::from_u16(status).unwrap()
        });
        let router = Router::new().route("/{status}/{after}", works).layer(from_fn(keep_refusals));
        let asked = Request::get(format!("/{}/{after}", status.as_u16())).body(Body::empty()).unwrap();
        let came = Instant::now();
        let status = router.oneshot(asked).await.unwrap().status();
        (status, came.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_that_took_two_moments_and_eight_leave_at_the_same_tick() {
        for status in [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND] {
            for (worked, ticks) in [(0, 1), (2, 1), (8, 1), (12, 2), (39, 4)] {
                assert_eq!(answered(status, worked).await, (status, TICK * ticks), "{worked} ms");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_answered_waits_for_nothing() {
        for status in [StatusCode::OK, StatusCode::CONFLICT, StatusCode::UNAUTHORIZED] {
            assert_eq!(answered(status, 2).await, (status, Duration::from_millis(2)));
        }
    }
}
