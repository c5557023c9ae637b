//! From the result to the last hour of support: awards, announcement,
//! payouts, certificates, letters, files and the trail.

mod announcement;
mod award;
mod certificate;
mod desk;
mod files;
mod letters;
mod support;
mod trail;

use axum::Router;

pub fn routes() -> Router {
    Router::new()
        .merge(award::routes())
        .merge(announcement::routes())
        .merge(support::routes())
        .merge(certificate::routes())
        .merge(files::routes())
        .merge(letters::routes())
        .merge(trail::routes())
}
