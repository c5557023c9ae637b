//! The names that everybody may know: of whoever has won, and, where pitches
//! were made on a stage, of all who stood on it.

use axum::extract::State;
use plaudit_chassis::http::{Anyone, Listed, Path, Query, limit};
use plaudit_chassis::id::{PitchId, ProgrammeId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::vault;
use plaudit_chassis::{Problem, Service};
use plaudit_proto::v1::RoundKind;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::programmes::PageQuery;
use crate::pitch::Standing;
use crate::programme::Programme;
use crate::read_model::{PitchRow, Pitches, Winners};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(names))
}

/// A pitch that everybody may know by name. What is absent was forgotten.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Named {
    pitch: PitchId,
    title: Option<String>,
    team_name: Option<String>,
    /// Whether it has an award that stands.
    won: bool,
}

/// The most awards of a programme that are looked through.
const MOST_AWARDS: u32 = 1000;

/// The names that are public: none before winners are announced; then the
/// winners', and where a round was held on a stage, everybody's who was
/// eligible for it.
#[utoipa::path(get, path = "/programmes/{programme}/names", tag = "pitches",
    params(("programme" = Uuid, Path), ("after" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Listed<Named>), (status = "4XX", body = Problem)))]
async fn names(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    Query(page): Query<PageQuery>,
    _: Anyone,
) -> Result<Listed<Named>, Problem> {
    let state = service.store().reload::<Programme>(&programme.stream()).await?.state;
    if !state.is_public() {
        return Err(Problem::not_found("programme"));
    }
    let of_programme = Filter { programme: Some(programme.0), ..Filter::default() };
    let awards = service.rows::<Winners>().page(of_programme, None, MOST_AWARDS).await?.items;
    let won: Vec<PitchId> = awards.iter().filter(|row| row.announced).map(|row| row.pitch).collect();
    let pitches = service.rows::<Pitches>();
    let (rows, next) = if won.is_empty() {
        (Vec::new(), None)
    } else if on_stage(&state) {
        let page = pitches.page(of_programme, page.after.as_deref(), limit(page.limit)).await?;
        (page.items, page.next)
    } else {
        let keys: Vec<String> = won.iter().map(ToString::to_string).collect();
        (pitches.get_many(&keys).await?, None)
    };
    let rows: Vec<PitchRow> =
        rows.into_iter().filter(|row| row.pitch.standing == Some(Standing::Eligible)).collect();
    let sealed = rows.iter().flat_map(|row| [&row.submitted.title, &row.submitted.team_name]);
    let openings = service.vault().show(&sealed.cloned().collect::<Vec<_>>()).await?;
    let items = rows.iter().map(|row| Named {
        pitch: row.id,
        title: openings.get(&row.submitted.title).map(vault::Shown::text),
        team_name: openings.get(&row.submitted.team_name).map(vault::Shown::text),
        won: won.contains(&row.id),
    });
    Ok(Listed { items: items.collect(), next })
}

/// Whether pitches were made before an audience.
fn on_stage(programme: &Programme) -> bool {
    let rounds = programme.rulebook.iter().flat_map(|rulebook| &rulebook.rounds);
    rounds.into_iter().any(|round| round.kind() == RoundKind::Den)
}
