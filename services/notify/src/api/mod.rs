//! The HTTP API: the log of letters, what those to many say, and nudging.

mod choices;
mod command;
mod log;
mod nudge;
mod wordings;

use std::sync::Arc;

use axum::Extension;
use plaudit_chassis::Service;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::NotifySettings;

/// What handlers are told besides their service.
type Settings = Extension<Arc<NotifySettings>>;

/// Everything that this service answers.
pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(log::list))
        .routes(routes!(nudge::nudge))
        .routes(routes!(wordings::preview))
        .routes(routes!(wordings::keep))
        .routes(routes!(choices::show, choices::choose))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_promised_route_is_there() {
        let (_, described) = super::api().split_for_parts();
        let mut routes: Vec<String> = described
            .paths
            .paths
            .iter()
            .flat_map(|(path, item)| {
                let path = path.trim_start_matches("/programmes/{programme}").to_owned();
                let methods =
                    [("GET", &item.get), ("POST", &item.post), ("PUT", &item.put), ("DELETE", &item.delete)];
                methods
                    .into_iter()
                    .filter(|(_, there)| there.is_some())
                    .map(move |(name, _)| format!("{name} {path}"))
            })
            .collect();
        routes.sort();
        assert_eq!(
            routes,
            [
                "GET /letters",
                "GET /letters/choices",
                "GET /letters/previews/{kind}",
                "POST /letters/nudge",
                "PUT /letters/choices",
                "PUT /letters/wordings/{kind}",
            ]
        );
    }
}
