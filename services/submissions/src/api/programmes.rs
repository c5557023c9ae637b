//! Programmes: drafting, roles, conflicts, the rulebook, the end.

use std::collections::BTreeSet;

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::facts::AnnouncementFacts;
use plaudit_chassis::http::{Accepted, Anyone, Command, Listed, Nothing, Path, Query, Shown, limit};
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::vault::Opening;
use plaudit_chassis::{Ask, Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::programme_shown::{Numbers, ProgrammeShown, shown};
use super::rulebook_body::RulebookBody;
use super::text;
use crate::access::{Act, Relation};
use crate::draft::Drafts;
use crate::programme::{
    AboutMember, DeclareConflict, Draft, Entrusted, Instruct, Phase, ProgrammeCommand, Role,
};
use crate::read_model::{Pitches, ProgrammeRow, Programmes};
use crate::reason::{AmendmentReason, CancellationReason};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(draft, list))
        .routes(routes!(show))
        .routes(routes!(grant))
        .routes(routes!(revoke))
        .routes(routes!(declare_conflict))
        .routes(routes!(publish_rulebook))
        .routes(routes!(amend_rulebook))
        .routes(routes!(cancel))
        .routes(routes!(conclude))
}

/// Carries out a command that needs no more than the programme.
pub(super) async fn instruct(
    service: &Service,
    programme: ProgrammeId,
    ask: &Ask,
    act: Act,
    command: ProgrammeCommand,
    opening: Option<Opening>,
) -> Result<Accepted, Problem> {
    let decision = Instruct { programme, act, command, opening };
    Ok(service.run(ask, &decision).await?.into())
}

/// A new programme.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftBody {
    /// At most 200 characters.
    title: String,
}

/// Drafts the programme that the token names; whoever does is its first
/// organiser.
#[utoipa::path(post, path = "/programmes", tag = "programmes", request_body = DraftBody,
    responses((status = 201, body = Accepted), (status = "4XX", body = Problem)))]
async fn draft(State(service): State<Service>, command: Command<DraftBody>) -> Result<Accepted, Problem> {
    let programme = command.caller.programme;
    let title = text::title("title", &command.body.title)?;
    let title = Opening::seal(&programme.stream(), "ProgrammeDrafted.title", programme, title);
    Ok(Accepted::created(service.run(&command.ask, &Draft { programme, title }).await?))
}

/// Which page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct PageQuery {
    pub after: Option<String>,
    pub limit: Option<u32>,
}

/// A programme in the public list.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct ProgrammeItem {
    id: ProgrammeId,
    title: Option<String>,
    phase: Option<Phase>,
    /// Whether its winners are announced.
    announced: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    deadline: Option<Timestamp>,
}

/// The programmes whose rules are public. A page may be short and still have
/// a next one.
#[utoipa::path(get, path = "/programmes", tag = "programmes",
    params(("after" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Listed<ProgrammeItem>), (status = "4XX", body = Problem)))]
async fn list(
    State(service): State<Service>,
    Query(page): Query<PageQuery>,
) -> Result<Listed<ProgrammeItem>, Problem> {
    let rows = service.rows::<Programmes>();
    let page = rows.page(Filter::default(), page.after.as_deref(), limit(page.limit)).await?;
    let public: Vec<_> = page.items.into_iter().filter(|row| row.programme.is_public()).collect();
    let titles: Vec<_> = public.iter().map(|row| row.title.clone()).collect();
    let titles = service.vault().show(&titles).await?;
    let announced = announced(&service, &public).await?;
    let items = public.into_iter().map(|row| ProgrammeItem {
        id: row.id,
        title: titles.get(&row.title).map(|title| title.text()),
        phase: row.programme.phase,
        announced: announced.contains(&row.id),
        deadline: row.programme.deadline,
    });
    Ok(Listed { items: items.collect(), next: page.next })
}

/// Those of these programmes whose winners are announced, as awards said it.
async fn announced(service: &Service, rows: &[ProgrammeRow]) -> Result<BTreeSet<ProgrammeId>, Problem> {
    let judged = rows.iter().filter(|row| row.programme.phase >= Some(Phase::Screened));
    let judged: Vec<ProgrammeId> = judged.map(|row| row.id).collect();
    if judged.is_empty() {
        return Ok(BTreeSet::new());
    }
    let streams: Vec<_> = judged.iter().map(|id| AnnouncementFacts::stream(*id)).collect();
    let known = service.store().load_many::<AnnouncementFacts>(&streams).await?;
    let made = |id: &ProgrammeId| known.get(&AnnouncementFacts::stream(*id)).is_some_and(|it| it.state.made);
    Ok(judged.into_iter().filter(made).collect())
}

/// A programme: to the public once its rules are, before that to its people.
#[utoipa::path(get, path = "/programmes/{programme}", tag = "programmes", params(("programme" = Uuid, Path)),
    responses((status = 200, body = ProgrammeShown), (status = "4XX", body = Problem)))]
async fn show(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    anyone: Anyone,
) -> Result<Shown<ProgrammeShown>, Problem> {
    let row = service.rows::<Programmes>().get(&programme.to_string()).await?;
    let row = row.ok_or_else(|| Problem::not_found("programme"))?;
    let member = anyone.member();
    let relation = Relation::of(&row.programme, member.unwrap_or_default());
    if !relation.knows {
        return Err(Problem::not_found("programme"));
    }
    let openings = service.vault().show(&[row.title.clone(), row.prose.clone()]).await?;
    let version = Some(row.version);
    let announced = !announced(&service, std::slice::from_ref(&row)).await?.is_empty();
    let mut body = shown(row, member, relation, &openings);
    body.announced = announced;
    if relation.second {
        body.numbers = Some(numbers(&service, programme).await?);
    }
    Ok(Shown { body, version })
}

async fn numbers(service: &Service, programme: ProgrammeId) -> Result<Numbers, Problem> {
    let standings = service.rows::<Pitches>().count_by(programme.0, &["pitch", "standing"]).await?;
    let drafts = Drafts::of(service.store(), programme).count().await?;
    Ok(Numbers::of(drafts, &standings))
}

/// A member's role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleBody {
    member: MemberId,
    role: Role,
}

/// Gives a member a role.
#[utoipa::path(post, path = "/programmes/{programme}/roles", tag = "programmes", params(("programme" = Uuid, Path)), request_body = RoleBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn grant(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<RoleBody>,
) -> Result<Accepted, Problem> {
    let RoleBody { member, role } = command.body;
    let grant = AboutMember { programme, act: Act::GrantRole, member, what: Entrusted::Role(role) };
    Ok(service.run(&command.ask, &grant).await?.into())
}

/// Takes a role from a member.
#[utoipa::path(post, path = "/programmes/{programme}/roles/revocation", tag = "programmes", params(("programme" = Uuid, Path)), request_body = RoleBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn revoke(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<RoleBody>,
) -> Result<Accepted, Problem> {
    let RoleBody { member, role } = command.body;
    instruct(
        &service,
        programme,
        &command.ask,
        Act::RevokeRole,
        ProgrammeCommand::RevokeRole { member, role },
        None,
    )
    .await
}

/// An interest in a pitch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConflictBody {
    pitch: PitchId,
    /// What it is; sealed.
    nature: String,
}

/// The caller says that they have an interest in a pitch: from now on a wall
/// stands between the two.
#[utoipa::path(post, path = "/programmes/{programme}/conflicts", tag = "programmes", params(("programme" = Uuid, Path)), request_body = ConflictBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn declare_conflict(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<ConflictBody>,
) -> Result<Accepted, Problem> {
    let nature = text::words("nature", &command.body.nature)?;
    let member = command.caller.member;
    let nature = Opening::seal(&programme.stream(), "OrganiserConflictDeclared.nature", member, nature);
    let decision = DeclareConflict { programme, pitch: command.body.pitch, nature };
    Ok(service.run(&command.ask, &decision).await?.into())
}

/// A rulebook and the prose around it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationBody {
    rulebook: RulebookBody,
    /// At most 200,000 characters.
    prose: String,
}

/// Publishes the rulebook; until the call opens it may be published anew.
#[utoipa::path(put, path = "/programmes/{programme}/rulebook", tag = "rulebook", params(("programme" = Uuid, Path)), request_body = PublicationBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn publish_rulebook(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<PublicationBody>,
) -> Result<Accepted, Problem> {
    let prose = text::prose(&command.body.prose)?;
    let opening = Opening::seal(&programme.stream(), "RulebookPublished.prose", programme, prose);
    let rulebook = Box::new(command.body.rulebook.into());
    let publish = ProgrammeCommand::PublishRulebook { rulebook, prose: opening.commitment() };
    instruct(&service, programme, &command.ask, Act::PublishRulebook, publish, Some(opening)).await
}

/// New prose, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendmentBody {
    /// At most 200,000 characters.
    prose: String,
    reason: AmendmentReason,
}

/// Changes the prose after the call has opened.
#[utoipa::path(post, path = "/programmes/{programme}/rulebook/amendment", tag = "rulebook", params(("programme" = Uuid, Path)), request_body = AmendmentBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn amend_rulebook(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<AmendmentBody>,
) -> Result<Accepted, Problem> {
    let prose = text::prose(&command.body.prose)?;
    let opening = Opening::seal(&programme.stream(), "RulebookAmended.prose", programme, prose);
    let amend = ProgrammeCommand::AmendRulebook { prose: opening.commitment(), reason: command.body.reason };
    instruct(&service, programme, &command.ask, Act::AmendRulebook, amend, Some(opening)).await
}

/// Why it is called off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancellationBody {
    reason: CancellationReason,
}

/// Calls the programme off.
#[utoipa::path(post, path = "/programmes/{programme}/cancellation", tag = "programmes", params(("programme" = Uuid, Path)), request_body = CancellationBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn cancel(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<CancellationBody>,
) -> Result<Accepted, Problem> {
    let cancel = ProgrammeCommand::Cancel { reason: command.body.reason };
    instruct(&service, programme, &command.ask, Act::Cancel, cancel, None).await
}

/// Ends the programme: everything has happened.
#[utoipa::path(post, path = "/programmes/{programme}/conclusion", tag = "programmes", params(("programme" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn conclude(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    instruct(&service, programme, &command.ask, Act::Conclude, ProgrammeCommand::Conclude, None).await
}
