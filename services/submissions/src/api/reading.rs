//! Reading pitches: everybody sees what is theirs to see, and no more.

use std::sync::Arc;

use axum::extract::State;
use plaudit_chassis::facts::JudgeFacts;
use plaudit_chassis::http::{Caller, Listed, Path, Query, Shown, limit};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, ProgrammeId, RoundId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::{Problem, Service};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::pitch_shown::{PitchShown, Wanted, commitments, shown};
use crate::access::{self, Relation, Seat, Sight};
use crate::programme::Programme;
use crate::read_model::{PitchRow, Pitches, Teams};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(show))
}

/// Who reads, and what decides how much they see.
pub(super) struct Reader {
    member: MemberId,
    programme: Arc<Programme>,
    /// The judge's seats, each with whether its round is anonymous.
    seats: Vec<(Arc<JudgeFacts>, bool)>,
}

impl Reader {
    /// A judge is answered only as of what panels says now: a wall that was
    /// declared a moment ago stands.
    pub(super) async fn of(
        service: &Service,
        programme: ProgrammeId,
        member: MemberId,
    ) -> Result<Self, Problem> {
        let state = service.store().reload::<Programme>(&programme.stream()).await?.state;
        if !Relation::of(&state, member).knows {
            return Err(Problem::not_found("programme"));
        }
        let mut seats = seats(service, programme, &state, member).await?;
        if !seats.is_empty() {
            service.current_with("panels").await?;
            seats = self::seats(service, programme, &state, member).await?;
        }
        Ok(Self { member, programme: state, seats })
    }

    fn relation(&self, row: &PitchRow) -> Relation {
        Relation::to_pitch(&self.programme, &row.pitch, row.id, self.member)
    }

    pub(super) fn sight(&self, row: &PitchRow) -> Sight {
        // Reopened for what came too late, it is none until it is submitted.
        if row.pitch.standing.is_none() {
            return Sight::Nothing;
        }
        let seats = self.seats.iter().map(|(facts, anonymous)| Seat::of(facts, *anonymous, row.id));
        let judged = access::judged(self.programme.phase, &row.pitch);
        access::sight(self.relation(row), judged, &seats.collect::<Vec<_>>())
    }

    /// Whether the list of all pitches is theirs to look through.
    fn looks_at_all(&self) -> bool {
        self.programme.may_confirm(self.member) || !self.seats.is_empty()
    }
}

/// The seats that this member has, as far as taken in.
pub(super) async fn seats(
    service: &Service,
    programme: ProgrammeId,
    state: &Programme,
    member: MemberId,
) -> Result<Vec<(Arc<JudgeFacts>, bool)>, Problem> {
    let rounds = state.rulebook.iter().flat_map(|rulebook| &rulebook.rounds);
    let judges = rounds.map(|round| {
        let judge = JudgeId::of(RoundId::of(programme, &round.id), member);
        (judge.stream(), round.anonymous)
    });
    let judges: Vec<_> = judges.collect();
    let streams: Vec<_> = judges.iter().map(|(stream, _)| stream.clone()).collect();
    let facts = service.store().load_many::<JudgeFacts>(&streams).await?;
    let known = judges.iter().filter_map(|(stream, anonymous)| {
        let facts = facts.get(stream).filter(|facts| facts.version > 0)?;
        Some((facts.state.clone(), *anonymous))
    });
    Ok(known.collect())
}

/// Shows rows as far as the reader may see them; content comes from the vault
/// in one round trip.
async fn show_all(
    service: &Service,
    reader: &Reader,
    rows: Vec<PitchRow>,
    much: Wanted,
) -> Result<Vec<PitchShown>, Problem> {
    let seen = rows.into_iter().map(|row| (reader.sight(&row), row));
    let seen: Vec<_> = seen.filter(|(sight, _)| *sight > Sight::Nothing).collect();
    let wanted: Vec<_> = seen.iter().flat_map(|(sight, row)| commitments(*sight, row, much)).collect();
    let openings = service.vault().show(&wanted).await?;
    let items = seen.into_iter().map(|(sight, row)| {
        let relation = reader.relation(&row);
        shown(row, sight, relation, much, &openings)
    });
    Ok(items.collect())
}

/// Which pitches, and how much of each.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    after: Option<String>,
    limit: Option<u32>,
    /// What they are called and how they stand, without anything else that was
    /// written: much sooner there, where there are many.
    #[serde(default)]
    names: bool,
}

/// The pitches that the caller may see: a team its own, organisers and
/// approvers all, judges those that are theirs to know. A page may be short
/// and still have a next one.
#[utoipa::path(get, path = "/programmes/{programme}/pitches", tag = "pitches",
    params(("programme" = Uuid, Path), ListQuery),
    responses((status = 200, body = Listed<PitchShown>), (status = "4XX", body = Problem)))]
async fn list(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    Query(query): Query<ListQuery>,
    caller: Caller,
) -> Result<Listed<PitchShown>, Problem> {
    let reader = Reader::of(&service, programme, caller.member).await?;
    let (after, limit) = (query.after.as_deref(), limit(query.limit));
    let much = if query.names { Wanted::Names } else { Wanted::All };
    let of_programme = Filter { programme: Some(programme.0), ..Filter::default() };
    let pitches = service.rows::<Pitches>();
    let (rows, next) = if reader.looks_at_all() {
        let page = pitches.page(of_programme, after, limit).await?;
        (page.items, page.next)
    } else {
        let own = Filter { owner: Some(caller.member.0), ..of_programme };
        let page = service.rows::<Teams>().page(own, after, limit).await?;
        let keys: Vec<_> = page.items.iter().map(|row| row.pitch.to_string()).collect();
        (pitches.get_many(&keys).await?, page.next)
    };
    Ok(Listed { items: show_all(&service, &reader, rows, much).await?, next })
}

/// One pitch; to its team with the receipt.
#[utoipa::path(get, path = "/programmes/{programme}/pitches/{pitch}", tag = "pitches",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)),
    responses((status = 200, body = PitchShown), (status = "4XX", body = Problem)))]
async fn show(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    caller: Caller,
) -> Result<Shown<PitchShown>, Problem> {
    let reader = Reader::of(&service, programme, caller.member).await?;
    let row = service.rows::<Pitches>().get(&pitch.to_string()).await?;
    let row = row.filter(|row| row.programme == programme);
    let version = row.as_ref().map(|row| row.version);
    let body = show_all(&service, &reader, row.into_iter().collect(), Wanted::All).await?.pop();
    let body = body.ok_or_else(|| Problem::not_found("pitch"))?;
    // A version is content too: it counts what happened behind the wall.
    let version = version.filter(|_| body.sight == Sight::Everything);
    Ok(Shown { body, version })
}
