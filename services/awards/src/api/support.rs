//! Business support: pledges and the ledger of what is owed.

use std::collections::HashMap;

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::http::{Accepted, Caller, Command, Listed, Nothing, Path, Query, limit};
use plaudit_chassis::id::{AwardId, MemberId, PitchId, ProgrammeId, StreamId, SupportId};
use plaudit_chassis::read_model::Filter;
use plaudit_chassis::vault::{self, Commitment, Opening};
use plaudit_chassis::{Problem, Service};
use plaudit_proto::awards::v1::SupportUnit;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::viewer::Viewer;
use super::{Paging, checked};
use crate::access::{self, Act, Phase, Verdict};
use crate::award::Award;
use crate::read_model::{ScheduledPart, SupportRow, Supports};
use crate::support::{
    AcceptSupport, CloseSupport, ConfirmDelivery, DeliverSupport, PledgeSupport, ScheduleSupport,
};

/// What support is counted in.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Hour,
    Day,
    Item,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Pledge {
    /// A desk, an introduction, legal help: to 2,000 characters.
    what: String,
    /// How much, in quarters of the unit: three hours are 12.
    quarters: u32,
    /// Of what.
    unit: Unit,
    /// For the winner of this award; absent: for whoever the organisers choose.
    award: Option<AwardId>,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    /// For whom; needed where it was pledged for no award.
    pitch: Option<PitchId>,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Scheduling {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// How much, in quarters.
    quarters: u32,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Delivery {
    /// How much, in quarters.
    quarters: u32,
    /// Something to show for it, to 2,000 characters.
    evidence: Option<String>,
}

/// A pledge, and what of it is owed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct SupportView {
    /// Its id.
    id: SupportId,
    /// Who pledged it.
    by: MemberId,
    /// What; absent if it was forgotten.
    what: Option<String>,
    /// How much, in quarters of the unit.
    quarters: u32,
    /// `hour`, `day` or `item`.
    unit: String,
    /// For the winner of which award.
    award: Option<AwardId>,
    /// For which pitch, once accepted.
    pitch: Option<PitchId>,
    /// `pledged`, `accepted` or `closed`.
    status: String,
    /// What is planned.
    scheduled: Vec<ScheduledPart>,
    /// What was given.
    deliveries: Vec<DeliveryView>,
    /// When it was pledged.
    #[schema(value_type = Option<String>, format = DateTime)]
    pledged_at: Option<Timestamp>,
    /// When it was accepted.
    #[schema(value_type = Option<String>, format = DateTime)]
    accepted_at: Option<Timestamp>,
    /// When its account was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    /// Quarters not yet given and either confirmed or evidenced.
    owed: u32,
    /// Send it as `If-Match` to change just this.
    version: u64,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct DeliveryView {
    /// From 1.
    part: u32,
    /// How much, in quarters.
    quarters: u32,
    /// Something to show for it.
    evidence: Option<String>,
    /// Whether the winner said so.
    confirmed: bool,
    /// Who said that it was given.
    by: Option<MemberId>,
    /// When they said so.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// When the winner said so.
    #[schema(value_type = Option<String>, format = DateTime)]
    confirmed_at: Option<Timestamp>,
}

/// Pledges support. For anybody who is signed in.
#[utoipa::path(post, path = "/programmes/{programme}/support", tag = "support",
    params(("programme" = Uuid, Path)),
    request_body = Pledge,
    responses((status = 201, body = Accepted), (status = "4XX", body = Problem)))]
async fn pledge_support(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Pledge>,
) -> Result<Accepted, Problem> {
    let Pledge { what, quarters, unit, award } = command.body;
    let support = SupportId::random();
    let what = checked::text("what", &what, 2_000)?;
    let what = Opening::seal(&support.stream(), "SupportPledged.what", programme, what);
    let unit = match unit {
        Unit::Hour => SupportUnit::Hour,
        Unit::Day => SupportUnit::Day,
        Unit::Item => SupportUnit::Item,
    };
    let pledge = PledgeSupport { support, what, quarters, unit, award };
    Ok(Accepted::created(service.run(&command.ask, &pledge).await?))
}

/// The pledges that the caller may see: all for organisers and approvers, for
/// others their own and those for their pitch. A page may have fewer than its
/// limit, and none, though another follows.
#[utoipa::path(get, path = "/programmes/{programme}/support", tag = "support",
    params(("programme" = Uuid, Path), Paging),
    responses((status = 200, body = Listed<SupportView>), (status = "4XX", body = Problem)))]
async fn list_support(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    Query(paging): Query<Paging>,
    caller: Caller,
) -> Result<Listed<SupportView>, Problem> {
    let filter = Filter { programme: Some(programme.0), ..Filter::default() };
    let rows = service.rows::<Supports>();
    let page = rows.page(filter, paging.after.as_deref(), limit(paging.limit)).await?;
    let towards = towards(&service, &page.items).await?;
    let viewer = Viewer::of(&service, programme, Some(caller.member), towards.values().copied()).await?;
    let seen: Vec<SupportRow> = page
        .items
        .into_iter()
        .filter(|row| {
            let mut who = viewer.who(towards.get(&row.support).copied());
            who.supporter = row.by == caller.member;
            access::may(who, Act::SeeSupport, Phase::Announced) == Verdict::Yes
        })
        .collect();
    let evidence = seen.iter().flat_map(|row| &row.deliveries).map(|part| part.evidence.clone());
    let sealed: Vec<Commitment> = seen.iter().map(|row| row.what.clone()).chain(evidence).collect();
    let opened = service.vault().show(&sealed).await?;
    Ok(Listed { items: seen.into_iter().map(|row| view(row, &opened)).collect(), next: page.next })
}

/// The pitch that each pledge is for, if anybody has said so.
async fn towards(service: &Service, rows: &[SupportRow]) -> Result<HashMap<SupportId, PitchId>, Problem> {
    let accepted = rows.iter().filter_map(|row| Some((row.support, row.pitch?)));
    let mut towards: HashMap<SupportId, PitchId> = accepted.collect();
    let pledged = rows.iter().filter(|row| row.pitch.is_none());
    let pledged: Vec<(SupportId, StreamId)> =
        pledged.filter_map(|row| Some((row.support, row.award?.stream()))).collect();
    if pledged.is_empty() {
        return Ok(towards);
    }
    let streams: Vec<StreamId> = pledged.iter().map(|(_, award)| award.clone()).collect();
    let awards = service.store().load_many::<Award>(&streams).await?;
    towards.extend(pledged.into_iter().filter_map(|(support, award)| {
        let award = &awards.get(&award)?.state;
        Some((support, award.terms().filter(|_| !award.phase().fallen())?.pitch))
    }));
    Ok(towards)
}

fn view(row: SupportRow, opened: &HashMap<Commitment, vault::Shown>) -> SupportView {
    let text = |commitment: &Commitment| opened.get(commitment).map(vault::Shown::text);
    let owed = row.owed();
    let deliveries = row.deliveries.into_iter().map(|part| DeliveryView {
        part: part.part,
        quarters: part.quarters,
        evidence: text(&part.evidence),
        confirmed: part.confirmed,
        by: part.by,
        at: part.at,
        confirmed_at: part.confirmed_at,
    });
    SupportView {
        id: row.support,
        by: row.by,
        what: text(&row.what),
        quarters: row.quarters,
        unit: row.unit,
        award: row.award,
        pitch: row.pitch,
        status: row.status,
        scheduled: row.scheduled,
        deliveries: deliveries.collect(),
        pledged_at: row.pledged_at,
        accepted_at: row.accepted_at,
        closed_at: row.closed_at,
        owed,
        version: row.version,
    }
}

/// Accepts a pledge: an organiser, or the team whose award it was made for.
#[utoipa::path(post, path = "/programmes/{programme}/support/{support}/acceptance", tag = "support",
    params(("programme" = Uuid, Path), ("support" = Uuid, Path)),
    request_body = Acceptance,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn accept_support(
    State(service): State<Service>,
    Path((_programme, support)): Path<(ProgrammeId, SupportId)>,
    command: Command<Acceptance>,
) -> Result<Accepted, Problem> {
    let pitch = command.body.pitch;
    Ok(service.run(&command.ask, &AcceptSupport { support, pitch }).await?.into())
}

/// Agrees on a date for some of it.
#[utoipa::path(post, path = "/programmes/{programme}/support/{support}/schedule", tag = "support",
    params(("programme" = Uuid, Path), ("support" = Uuid, Path)),
    request_body = Scheduling,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn schedule_support(
    State(service): State<Service>,
    Path((_programme, support)): Path<(ProgrammeId, SupportId)>,
    command: Command<Scheduling>,
) -> Result<Accepted, Problem> {
    let Scheduling { at, quarters } = command.body;
    if at < Timestamp::UNIX_EPOCH {
        return Err(Problem::field("at", "This is too long ago to be a date for support."));
    }
    Ok(service.run(&command.ask, &ScheduleSupport { support, at, quarters }).await?.into())
}

/// Says that some of it was given: whoever pledged it, or an organiser.
#[utoipa::path(post, path = "/programmes/{programme}/support/{support}/deliveries", tag = "support",
    params(("programme" = Uuid, Path), ("support" = Uuid, Path)),
    request_body = Delivery,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn deliver_support(
    State(service): State<Service>,
    Path((_programme, support)): Path<(ProgrammeId, SupportId)>,
    command: Command<Delivery>,
) -> Result<Accepted, Problem> {
    let Delivery { quarters, evidence } = command.body;
    let evidence = evidence.map(|evidence| checked::text("evidence", &evidence, 2_000)).transpose()?;
    let (stream, member) = (support.stream(), command.caller.member);
    let evidence =
        evidence.map(|evidence| Opening::seal(&stream, "SupportDelivered.evidence", member, evidence));
    Ok(service.run(&command.ask, &DeliverSupport { support, quarters, evidence }).await?.into())
}

/// The winner confirms a part.
#[utoipa::path(post, path = "/programmes/{programme}/support/{support}/deliveries/{part}/confirmation", tag = "support",
    params(("programme" = Uuid, Path), ("support" = Uuid, Path), ("part" = u32, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn confirm_delivery(
    State(service): State<Service>,
    Path((_programme, support, part)): Path<(ProgrammeId, SupportId, u32)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &ConfirmDelivery { support, part }).await?.into())
}

/// Closes the account of a pledge. For organisers.
#[utoipa::path(post, path = "/programmes/{programme}/support/{support}/closing", tag = "support",
    params(("programme" = Uuid, Path), ("support" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn close_support(
    State(service): State<Service>,
    Path((_programme, support)): Path<(ProgrammeId, SupportId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &CloseSupport(support)).await?.into())
}

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(pledge_support, list_support))
        .routes(routes!(accept_support))
        .routes(routes!(schedule_support))
        .routes(routes!(deliver_support))
        .routes(routes!(confirm_delivery))
        .routes(routes!(close_support))
}
