//! What is shown of awards.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use plaudit_chassis::id::{AwardId, MemberId, PitchId, ProgrammeId, RoundId, StreamId};
use plaudit_chassis::{Problem, Service};
use serde::Serialize;

use super::viewer::Viewer;
use crate::access::Act;
use crate::award::{Award, reserve};
use crate::money::Money;
use crate::pot::{self, Pot};
use crate::ranking::{self, Ranking};
use crate::read_model::{AwardRow, Withdrawal};

/// An award. Everybody sees the first part once it is announced; the rest is
/// for organisers, approvers and the winner's team.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AwardView {
    /// Its id.
    pub id: AwardId,
    /// Who won.
    pub pitch: PitchId,
    /// The prize's name in the rulebook.
    pub prize: String,
    /// How much.
    pub amount: Money,
    /// The pitch's rank; absent: it has none.
    pub rank: Option<u32>,
    /// Why the award departs from the ranking, if it does.
    pub departure: Option<String>,
    /// `proposed`, `approved`, `refused`, `announced`, `accepted`, `declined`,
    /// `lapsed` or `withdrawn`.
    pub status: String,
    /// For those concerned.
    #[serde(flatten)]
    pub inside: Inside,
}

/// What only those concerned see of an award, as far as there is anything.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct Inside {
    /// The round's name in the rulebook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<String>,
    /// The fallen award that this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_place_of: Option<AwardId>,
    /// Who proposed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<MemberId>,
    /// Who approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<MemberId>,
    /// Why it was refused or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The last instant for the winner's answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub accept_by: Option<Timestamp>,
    /// A withdrawal that waits for its second person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<Withdrawal>,
    /// When it was proposed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub proposed_at: Option<Timestamp>,
    /// When it was approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub approved_at: Option<Timestamp>,
    /// When it was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub announced_at: Option<Timestamp>,
    /// When it was accepted, or declined, or lapsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answered_at: Option<Timestamp>,
    /// How far the payment is: `preparing`, `requested`, `authorised`, `sent`,
    /// `confirmed`, `taken_as_received` or `failed`; absent: not begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout: Option<String>,
    /// To whom the prize falls, if it has fallen and nobody has it yet; only
    /// for organisers and approvers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve: Option<Vec<ReserveView>>,
}

/// The next in rank, and what falls to them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ReserveView {
    /// Who.
    pub pitch: PitchId,
    /// Their rank.
    pub rank: u32,
    /// How much.
    pub amount: Money,
}

/// Shows rows as far as the viewer may see them; those that they may not know
/// of are left out.
pub async fn shown(
    service: &Service,
    viewer: &Viewer,
    rows: Vec<AwardRow>,
) -> Result<Vec<AwardView>, Problem> {
    let mut reserves = HashMap::new();
    let sees_reserve = |row: &AwardRow| viewer.may(Act::SeeRanking, row.pitch, true);
    if rows.iter().any(|row| fallen(row) && sees_reserve(row)) {
        reserves = all_reserves(service, viewer).await?;
    }
    let views = rows.into_iter().filter(|row| viewer.may(Act::SeeWinners, row.pitch, row.announced));
    let views = views.map(|row| {
        let reserve = sees_reserve(&row).then(|| reserves.remove(&row.award).unwrap_or_default());
        let all = viewer.may(Act::SeeAward, row.pitch, row.announced);
        view(row, all.then_some(reserve))
    });
    Ok(views.collect())
}

fn fallen(row: &AwardRow) -> bool {
    matches!(row.status.as_str(), "declined" | "lapsed" | "withdrawn")
}

/// `inside`: for somebody who sees it, with the reserve for those who see that.
fn view(row: AwardRow, inside: Option<Option<Vec<ReserveView>>>) -> AwardView {
    AwardView {
        id: row.award,
        pitch: row.pitch,
        prize: row.prize,
        amount: row.amount,
        rank: row.rank,
        departure: row.departure,
        status: row.status,
        inside: inside.map_or_else(Inside::default, |reserve| Inside {
            round: Some(row.round),
            in_place_of: row.in_place_of,
            proposed_by: Some(row.proposed_by),
            approved_by: row.approved_by,
            reason: row.reason,
            accept_by: row.accept_by,
            withdrawal: row.withdrawal,
            proposed_at: row.proposed_at,
            approved_at: row.approved_at,
            announced_at: row.announced_at,
            answered_at: row.answered_at,
            payout: row.payout.stage,
            reserve,
        }),
    }
}

/// The reserve of every fallen award that nobody has replaced, without those
/// that a wall hides from the viewer.
async fn all_reserves(
    service: &Service,
    viewer: &Viewer,
) -> Result<HashMap<AwardId, Vec<ReserveView>>, Problem> {
    let awards = all_awards(service, viewer.programme).await?;
    let mut store = service.store().clone();
    let mut reserves = HashMap::new();
    for (id, award) in &awards {
        let Some(terms) = award.terms().filter(|_| award.phase().fallen()) else { continue };
        if reserve::replaced(&awards, *id) {
            continue;
        }
        let stream = ranking::stream(RoundId::of(viewer.programme, &terms.round));
        let ranking = store.reload::<Ranking>(&stream).await?.state;
        let next = reserve::next_in_rank(&mut store, &ranking, &awards, *id).await?;
        let walled =
            |pitch| viewer.facts.walls_of(viewer.member.unwrap_or_default()).any(|wall| wall == pitch);
        let seen = next.into_iter().filter(|share| !walled(share.pitch));
        let views =
            seen.map(|share| ReserveView { pitch: share.pitch, rank: share.rank, amount: share.amount });
        reserves.insert(*id, views.collect());
    }
    Ok(reserves)
}

async fn all_awards(service: &Service, programme: ProgrammeId) -> Result<BTreeMap<AwardId, Award>, Problem> {
    let pot = service.store().reload::<Pot>(&pot::stream(programme)).await?.state;
    let streams: Vec<StreamId> = pot.awards().map(AwardId::stream).collect();
    let loaded = service.store().load_many::<Award>(&streams).await?;
    Ok(loaded.into_iter().map(|(stream, at)| (AwardId(stream.id()), (*at.state).clone())).collect())
}
