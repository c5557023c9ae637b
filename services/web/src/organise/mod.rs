//! An organiser's journey: from the template to the opened marks.
//!
//! [`setup`] is the wizard, [`dashboard`] says what needs doing today
//! ([`todo`] decides it from [`facts`]); the other pages are where it is done.

mod call;
mod comments;
mod dashboard;
mod evening;
mod facts;
pub mod known;
mod late;
mod new;
mod panel;
mod people;
mod pitches;
mod round;
mod screening;
mod seen;
mod setup;
mod todo;

use axum::Router;

pub fn routes() -> Router {
    Router::new()
        .merge(new::routes())
        .merge(setup::routes())
        .merge(dashboard::routes())
        .merge(people::routes())
        .merge(call::routes())
        .merge(pitches::routes())
        .merge(screening::routes())
        .merge(panel::routes())
        .merge(round::routes())
        .merge(comments::routes())
        .merge(evening::routes())
}
