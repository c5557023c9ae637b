//! A judge's declaration of interests.

use std::collections::BTreeSet;

use axum::extract::State;
use plaudit_chassis::http::{Accepted, Caller, Command, Path, Shown};
use plaudit_chassis::id::{JudgeId, MemberId, PitchId, RoundId, StreamId};
use plaudit_chassis::vault::Opening;
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::OfRound;
use super::seeing::{ConnectionShown, Seer, Words, screening_taken_in, seat};
use super::text::{INTERESTS, NATURE, words};
use crate::access::Act;
use crate::commands::{Connected, DeclareInterests};
use crate::read_model::Judges;
use crate::words::Connection;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(declare, show_declaration))
}

/// A judge's answer about every pitch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Declaration {
    /// In words, which are sealed: shown to organisers alone.
    #[serde(default)]
    interests: Option<String>,
    /// The pitches with a connection.
    #[serde(default)]
    connections: Vec<ConnectionDeclared>,
    /// That there is none to any other. Must be true.
    none_for_the_rest: bool,
}

/// A connection to one pitch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConnectionDeclared {
    pitch: PitchId,
    connection: Connection,
    /// In words, which are sealed; needed where the team is known.
    #[serde(default)]
    nature: Option<String>,
}

/// Declare interests, once, about every pitch that is to be judged.
#[utoipa::path(
    post, path = "/programmes/{programme}/rounds/{round}/panel/declaration", tag = "declaration",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    request_body = Declaration,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem))
)]
async fn declare(
    State(service): State<Service>,
    Path((programme, round)): Path<OfRound>,
    command: Command<Declaration>,
) -> Result<Accepted, Problem> {
    let member = command.caller.member;
    let seat = JudgeId::of(RoundId::of(programme, &round), member).stream();
    let Declaration { interests, connections, none_for_the_rest } = command.body;
    let interests = words("interests", interests.as_deref(), INTERESTS)?
        .map(|words| Opening::seal(&seat, "InterestsListed.interests", member, words));
    let connections = (0..).zip(connections).map(|(place, declared)| sealed(place, declared, &seat, member));
    let connections = connections.collect::<Result<_, _>>()?;
    screening_taken_in(&service, programme).await?;
    let decision = DeclareInterests { round, interests, connections, none_for_the_rest };
    Ok(service.run(&command.ask, &decision).await?.into())
}

fn sealed(
    place: usize,
    declared: ConnectionDeclared,
    seat: &StreamId,
    member: MemberId,
) -> Result<Connected, Problem> {
    let ConnectionDeclared { pitch, connection, nature } = declared;
    let nature = words(format!("connections[{place}].nature"), nature.as_deref(), NATURE)?
        .map(|words| Opening::seal(seat, "InterestDeclared.nature", member, words));
    Ok(Connected { pitch, connection: connection.into(), nature })
}

/// A judge's own declaration.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct DeclarationShown {
    /// Whether it has been made.
    declared: bool,
    interests: Option<String>,
    /// Only where there is a connection.
    connections: Vec<ConnectionShown>,
}

/// Look at one's own declaration.
#[utoipa::path(
    get, path = "/programmes/{programme}/rounds/{round}/panel/declaration", tag = "declaration",
    params(("programme" = Uuid, Path), ("round" = String, Path)),
    responses((status = 200, body = DeclarationShown), (status = "4XX", body = Problem))
)]
async fn show_declaration(
    State(service): State<Service>,
    Path((_programme, round)): Path<OfRound>,
    caller: Caller,
) -> Result<Shown<DeclarationShown>, Problem> {
    let seer = Seer::of(&service, &caller, &round).await?;
    seer.may(Act::SeeOwnDeclaration)?;
    let judge = JudgeId::of(seer.round, seer.member);
    let row = service.rows::<Judges>().get(&judge.to_string()).await?;
    let row = row.ok_or_else(|| Problem::not_found("declaration"))?;
    let version = Some(row.version);
    let words = Words::of(&service, std::slice::from_ref(&row)).await?;
    let seat = seat(&row, &BTreeSet::new(), &words);
    let (declared, interests, connections) = (seat.declared, seat.interests, seat.connections);
    Ok(Shown { body: DeclarationShown { declared, interests, connections }, version })
}
