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
use super::timing::{files_by, known, timing};
use crate::access::Act;
use crate::attachment::Sealing;
use crate::draft::Drafts;
use crate::entry::Entry;
use crate::pitch::{Entering, Instruct, Pitch, PitchCommand, SubmitPitch, exists_in};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(submit))
        .routes(routes!(replace))
        .routes(routes!(withdraw))
        .routes(routes!(answer))
}

/// Enters a pitch; `GET` it for the receipt. After the last instant it is kept
/// as a draft instead: 409 `late-kept`, with the draft's id and version.
#[utoipa::path(post, path = "/programmes/{programme}/pitches", tag = "pitches", params(("programme" = Uuid, Path)), request_body = Entry,
    responses((status = 201, body = Accepted), (status = "4XX", body = Problem)))]
async fn submit(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Entry>,
) -> Result<Accepted, Problem> {
    let (member, ask) = (command.caller.member, &command.ask);
    known(&service, programme, member).await?.may_enter(member)?;
    let (_, late) = timing(&service, programme, None, member, ask.received_at).await?;
    if let Some(late) = late {
        if let Some(done) = service.store().known(ask).await? {
            return Ok(Accepted::created(done));
        }
        let drafts = Drafts::of(service.store(), programme);
        return Err(late.kept(drafts.keep_entry(member, &command.body.into(), ask).await?));
    }
    let pitch = PitchId::random();
    // Files come with a draft.
    let sealed = command.body.seal(pitch, Sealing::default());
    let entering = Entering::First(member);
    let decision = SubmitPitch { programme, pitch, entering, entry: command.body, sealed };
    Ok(Accepted::created(service.run(&command.ask, &decision).await?))
}

/// Replaces what was entered, until the deadline. After it this is kept beside
/// the pitch as a draft of the same id: 409 `late-kept`.
#[utoipa::path(post, path = "/programmes/{programme}/pitches/{pitch}/submissions", tag = "pitches",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path)), request_body = Entry,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn replace(
    State(service): State<Service>,
    Path((programme, pitch)): Path<(ProgrammeId, PitchId)>,
    command: Command<Entry>,
) -> Result<Accepted, Problem> {
    let (member, ask) = (command.caller.member, &command.ask);
    let state = service.store().reload::<Pitch>(&pitch.stream()).await?.state;
    let is_theirs = state.is_of(member) && exists_in(service.store(), programme, pitch).await.is_ok();
    if !is_theirs || state.standing().is_err() {
        // Refused there.
        return replaced(&service, programme, pitch, command, Sealing::default()).await;
    }
    let (rules, late) = timing(&service, programme, Some(pitch), member, ask.received_at).await?;
    if let Some(late) = late {
        if let Some(done) = service.store().known(ask).await? {
            return Ok(done.into());
        }
        let drafts = Drafts::of(service.store(), programme);
        let kept = drafts.keep_replacement(pitch, &state.team, &command.body.into(), ask).await?;
        return Err(late.kept(kept));
    }
    let by = files_by(&rules, ask.received_at);
    let attachments = Sealing::of(service.store(), programme, pitch, by).await?;
    replaced(&service, programme, pitch, command, attachments).await
}

async fn replaced(
    service: &Service,
    programme: ProgrammeId,
    pitch: PitchId,
    command: Command<Entry>,
    attachments: Sealing,
) -> Result<Accepted, Problem> {
    let sealed = command.body.seal(pitch, attachments);
    let decision = SubmitPitch { programme, pitch, entering: Entering::Again, entry: command.body, sealed };
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
