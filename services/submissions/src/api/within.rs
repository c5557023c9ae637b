//! What programmes are called, and who has an open draft: for the service that
//! writes to people, and nobody else.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::routing::post;
use plaudit_chassis::http::Within;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;

use crate::draft::authors_of_open_drafts;
use crate::read_model::Programmes;

/// How long the read model may take to come as far as the log.
const CATCH_UP: Duration = Duration::from_secs(5);

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().route("/within/programmes", post(programmes))
}

/// Of which, and whether also whose drafts there are.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    programmes: Vec<ProgrammeId>,
    drafts: bool,
}

/// Those that are known, in no order.
#[derive(Serialize)]
struct Known {
    items: Vec<Called>,
}

#[derive(Serialize)]
struct Called {
    programme: ProgrammeId,
    title: Option<String>,
    drafting: Vec<MemberId>,
}

/// Titles come from the vault in one round trip, drafts in one query.
async fn programmes(
    _: Within,
    State(service): State<Service>,
    Json(asked): Json<Asked>,
) -> Result<Json<Known>, Problem> {
    let keys: Vec<String> = asked.programmes.iter().map(ToString::to_string).collect();
    let mut rows = service.rows::<Programmes>().get_many(&keys).await?;
    if rows.len() < keys.len() {
        // Whoever asks may have heard of one before it was read here.
        let head = plaudit_chassis::store::head(service.pool()).await?;
        if !service.reaches(service.name(), head, CATCH_UP).await {
            return Err(Problem::unavailable(
                "behind",
                "Programmes are not all read yet. Try again in a moment.",
            ));
        }
        rows = service.rows::<Programmes>().get_many(&keys).await?;
    }
    let titles: Vec<_> = rows.iter().map(|row| row.title.clone()).collect();
    let titles = service.vault().show(&titles).await?;
    let mut drafting = match asked.drafts {
        true => authors_of_open_drafts(service.store(), &asked.programmes).await?,
        false => Default::default(),
    };
    let items = rows.into_iter().map(|row| Called {
        programme: row.id,
        title: titles.get(&row.title).map(|title| title.text()),
        drafting: drafting.remove(&row.id).unwrap_or_default(),
    });
    Ok(Json(Known { items: items.collect() }))
}
