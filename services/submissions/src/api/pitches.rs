//! What a team does with its pitch.

use axum::extract::State;
use plaudit_chassis::http::{Accepted, Command, Nothing, Path};
use plaudit_chassis::id::{PitchId, ProgrammeId};
use plaudit_chassis::vault::Opening;
use plaudit_chassis::{Problem, Service};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::text;
use crate::access::Act;
use crate::entry::Entry;
use crate::pitch::{Instruct, PitchCommand, SubmitPitch};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(submit))
        .routes(routes!(replace))
        .routes(routes!(withdraw))
        .routes(routes!(answer))
}

/// Enters a pitch; `GET` it for the receipt.
#[utoipa::path(post, path = "/programmes/{programme}/pitches", tag = "pitches", params(("programme" = Uuid, Path)), request_body = Entry,
    responses((status = 201, body = Accepted), (status = "4XX", body = Problem)))]
async fn submit(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Entry>,
) -> Result<Accepted, Problem> {
    let pitch = PitchId::random();
    let sealed = command.body.seal(pitch);
    let decision = SubmitPitch { programme, pitch, new: true, entry: command.body, sealed };
    Ok(Accepted::created(service.run(&command.ask, &decision).await?))
}

/// Replaces what was entered, until the deadline.
#[utoipa::path(post, path = "/programmes/{programme}/pitches/{pitch}/submissions", tag = "pitches",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)), request_body = Entry,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn replace(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    command: Command<Entry>,
) -> Result<Accepted, Problem> {
    let sealed = command.body.seal(pitch);
    let decision = SubmitPitch { programme, pitch, new: false, entry: command.body, sealed };
    Ok(service.run(&command.ask, &decision).await?.into())
}

/// Takes the pitch back, for good.
#[utoipa::path(post, path = "/programmes/{programme}/pitches/{pitch}/withdrawal", tag = "pitches",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn withdraw(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    let decision = Instruct {
        programme,
        pitch,
        act: Act::WithdrawPitch,
        command: Box::new(|call, _| PitchCommand::Withdraw { phase: call.phase }),
        opening: None,
    };
    Ok(service.run(&command.ask, &decision).await?.into())
}

/// An answer to what the organisers asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// At most 5,000 characters; sealed.
    answer: String,
}

/// Answers a query.
#[utoipa::path(post, path = "/programmes/{programme}/pitches/{pitch}/answer", tag = "pitches",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)), request_body = AnswerBody,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn answer(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    command: Command<AnswerBody>,
) -> Result<Accepted, Problem> {
    let answer = text::words("answer", &command.body.answer)?;
    let opening = Opening::seal(&pitch.stream(), "QueryAnswered.answer", pitch, answer);
    let answer = opening.commitment();
    let decision = Instruct {
        programme,
        pitch,
        act: Act::AnswerQuery,
        command: Box::new(move |call, _| PitchCommand::Answer { phase: call.phase, answer: answer.clone() }),
        opening: Some(opening),
    };
    Ok(service.run(&command.ask, &decision).await?.into())
}
