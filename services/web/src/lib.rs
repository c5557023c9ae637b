//! The pages: everything that the API can do, a person can do here.
//!
//! Pages are made on the server and work without JavaScript: a task is a form,
//! its answer a redirect. They speak to the services only through the public
//! API ([`api`]), with the session of whoever looks ([`visitor`]), so that a
//! page can do nothing that its reader could not do without it.

mod account;
pub mod api;
mod assets;
mod awarding;
pub mod components;
mod entrant;
mod failure;
mod fields;
mod files;
mod headers;
mod home;
mod judging;
mod organise;
mod page;
mod public;
mod results;
mod together;
mod visitor;
mod words;

use axum::Router;
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

pub use api::Way;

/// What the pages need.
#[derive(Clone)]
pub struct WebConfig {
    /// Where the public API is.
    pub api: Way,
}

/// Everything that the pages answer.
pub fn router(config: WebConfig) -> Router {
    Router::new()
        .merge(home::routes())
        .merge(account::routes())
        .merge(public::routes())
        .merge(entrant::routes())
        .merge(files::routes())
        .merge(judging::routes())
        .merge(organise::routes())
        .merge(awarding::routes())
        .merge(results::routes())
        .fallback(|| std::future::ready(failure::Failure::not_found("page")))
        .layer(axum::middleware::from_fn_with_state(config, visitor::visit))
        .layer(CsrfLayer::new())
        .route("/assets/{hash}/{name}", get(assets::serve))
        .layer(axum::middleware::map_response(headers::careful))
        .layer(CompressionLayer::new())
}
