//! The HTTP API: parse, decide, answer.

mod attachments;
mod auditing;
mod call;
mod collaborators;
mod downloads;
mod drafts;
mod late;
mod names;
mod pitch_shown;
mod pitches;
mod programme_shown;
mod programmes;
mod reading;
mod rulebook_body;
mod rulebook_draft;
mod screening;
#[cfg(test)]
mod tests;
mod text;
mod timing;
mod within;

use plaudit_chassis::Service;
use utoipa_axum::router::OpenApiRouter;

/// Everything that this service answers.
pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .merge(programmes::api())
        .merge(auditing::api())
        .merge(call::api())
        .merge(drafts::api())
        .merge(collaborators::api())
        .merge(attachments::api())
        .merge(downloads::api())
        .merge(pitches::api())
        .merge(late::api())
        .merge(screening::api())
        .merge(rulebook_draft::api())
        .merge(names::api())
        .merge(reading::api())
        .merge(within::api())
        .merge(plaudit_chassis::http::own_openings())
}
