//! Awards: proposed by one, approved by another, announced, paid.

mod act;
mod list;
mod payout;
mod payout_page;
mod show;
mod status;

use axum::Router;
use axum::routing::{get, post};

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/organise/awards", get(list::awards).post(act::propose))
        .route("/programmes/{programme}/organise/awards/{award}", get(show::award))
        .route("/programmes/{programme}/organise/awards/{award}/{step}", post(act::take))
}
