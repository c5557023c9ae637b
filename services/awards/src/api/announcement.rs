//! The one moment in which winners become public.

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::http::{Accepted, Anyone, Command, Nothing, Path, Shown};
use plaudit_chassis::id::{AwardId, MemberId, ProgrammeId, StreamId};
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::viewer::Viewer;
use crate::access::Act;
use crate::award::{Award, Phase};
use crate::pot::{self, AnnounceWinners, Pot, ScheduleAnnouncement, UnscheduleAnnouncement};
use crate::read_model::Announcements;

/// When the winners are announced.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct AnnouncementView {
    /// Not before this, by the rulebook; absent: at any time.
    #[schema(value_type = Option<String>, format = DateTime)]
    embargo: Option<Timestamp>,
    /// When winners were announced first.
    #[schema(value_type = Option<String>, format = DateTime)]
    announced_at: Option<Timestamp>,
    /// What only organisers and approvers see.
    #[serde(flatten)]
    inside: NextAnnouncement,
}

/// The next announcement, for those who make it.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
struct NextAnnouncement {
    /// When it is to be made by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    scheduled_for: Option<Timestamp>,
    /// Who said so.
    scheduled_by: Option<MemberId>,
    /// Why nothing was announced when that moment came, such as
    /// `still-proposed` or `nothing-to-announce`.
    refused: Option<String>,
    /// What it is about.
    waiting: Option<Waiting>,
}

/// Awards that are not announced, without those that a wall hides.
#[derive(Clone, Copy, Debug, Default, Serialize, utoipa::ToSchema)]
struct Waiting {
    /// Two people have said so.
    approved: u32,
    /// One has: each must be approved or refused before the announcement.
    proposed: u32,
}

/// When the winners are announced. For organisers and approvers; once they
/// are, for everybody.
#[utoipa::path(get, path = "/programmes/{programme}/announcement", tag = "awards",
    params(("programme" = Uuid, Path)),
    responses((status = 200, body = AnnouncementView), (status = "4XX", body = Problem)))]
async fn read_announcement(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    anyone: Anyone,
) -> Result<Shown<AnnouncementView>, Problem> {
    let pot = service.store().reload::<Pot>(&pot::stream(programme)).await?.state;
    let streams: Vec<StreamId> = pot.waiting().into_iter().map(AwardId::stream).collect();
    let awards = service.store().load_many::<Award>(&streams).await?;
    let awards: Vec<&Award> = awards.values().map(|award| award.state.as_ref()).collect();
    let pitches = awards.iter().filter_map(|award| Some(award.terms()?.pitch));
    let viewer = Viewer::of(&service, programme, anyone.member(), pitches).await?;
    viewer.allow(Act::SeeAnnouncement, None, viewer.announced, "announcement")?;
    let row = service.rows::<Announcements>().get(&programme.to_string()).await?;
    let who = viewer.who(None);
    let inside = who.organiser || who.approver;
    let version = row.as_ref().map(|row| row.version).filter(|_| inside);
    let embargo = viewer.facts.rulebook().and_then(|rulebook| rulebook.embargo);
    let announced_at = row.as_ref().and_then(|row| row.announced_at);
    let inside = inside.then(|| NextAnnouncement {
        scheduled_for: row.as_ref().and_then(|row| row.scheduled_for),
        scheduled_by: row.as_ref().and_then(|row| row.scheduled_by),
        refused: row.and_then(|row| row.refused),
        waiting: Some(count(&viewer, &awards)),
    });
    let embargo = embargo.map(|embargo| from_proto(&Some(embargo)));
    let body = AnnouncementView { embargo, announced_at, inside: inside.unwrap_or_default() };
    Ok(Shown { body, version })
}

fn count(viewer: &Viewer, awards: &[&Award]) -> Waiting {
    let mut waiting = Waiting::default();
    for award in awards {
        let Some(terms) = award.terms() else { continue };
        if !viewer.may(Act::SeeAward, terms.pitch, false) {
            continue;
        }
        match award.phase() {
            Phase::Approved => waiting.approved += 1,
            Phase::Proposed => waiting.proposed += 1,
            _ => {}
        }
    }
    waiting
}

/// Announces every approved award. At or after the embargo.
#[utoipa::path(post, path = "/programmes/{programme}/announcement", tag = "awards",
    params(("programme" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn announce_winners(
    State(service): State<Service>,
    Path(_programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &AnnounceWinners).await?.into())
}

/// A moment for the announcement.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Moment {
    /// Still to come, and at or after the embargo. Parts of milliseconds are
    /// cut off.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Sets the moment at which every award that is approved then is announced by
/// itself; another one that was set before no longer counts. For organisers.
#[utoipa::path(put, path = "/programmes/{programme}/announcement", tag = "awards",
    params(("programme" = Uuid, Path)),
    request_body = Moment,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn schedule_announcement(
    State(service): State<Service>,
    Path(_programme): Path<ProgrammeId>,
    command: Command<Moment>,
) -> Result<Accepted, Problem> {
    let at = Timestamp::from_millisecond(command.body.at.as_millisecond());
    let at = at.map_err(|_| Problem::field("at", "This is no moment for an announcement."))?;
    Ok(service.run(&command.ask, &ScheduleAnnouncement { at }).await?.into())
}

/// Calls the set moment off. For organisers.
#[utoipa::path(delete, path = "/programmes/{programme}/announcement", tag = "awards",
    params(("programme" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn unschedule_announcement(
    State(service): State<Service>,
    Path(_programme): Path<ProgrammeId>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &UnscheduleAnnouncement).await?.into())
}

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(
        read_announcement,
        announce_winners,
        schedule_announcement,
        unschedule_announcement
    ))
}
