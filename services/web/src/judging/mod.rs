//! A judge's journey: from the invitation to the last score sheet. Nothing on
//! these pages comes from other judges, so that nothing can be read off them
//! before the marks are open.

mod decimal;
mod desk;
mod interests;
mod invitation;
mod leaving;
mod queue;
mod round;
mod rounds;
mod seen;
mod sheet;

use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router {
    const ROUND: &str = "/programmes/{programme}/judging/{round}";
    let of = |rest: &str| format!("{ROUND}{rest}");
    Router::new()
        .route("/programmes/{programme}/judging", get(rounds::show))
        .route(ROUND, get(round::show))
        .route(&of("/acceptance"), post(invitation::accept))
        .route(&of("/refusal"), post(invitation::decline))
        .route(&of("/interests"), get(interests::show).post(interests::declare))
        .route(&of("/{pitch}"), get(sheet::show).post(sheet::send))
        .route(&of("/{pitch}/comment"), post(sheet::reword))
        .route(&of("/{pitch}/abstain"), get(leaving::ask_to_abstain).post(leaving::abstain))
        .route(&of("/{pitch}/stand-aside"), get(leaving::ask_to_stand_aside).post(leaving::stand_aside))
}
