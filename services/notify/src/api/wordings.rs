//! What letters to many say: seen before they go, and worded by organisers.

use axum::Json;
use axum::extract::State;
use plaudit_chassis::http::{Caller, Command, Path, Shown};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Settings, command};
use crate::facts::Programme;
use crate::letter::{About, Kind};
use crate::words::{self, Placeholder, Wording};
use crate::{NotifySettings, access};

/// A letter to many as it would be sent now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preview {
    kind: Kind,
    /// As the reader would see it, with a name that is nobody's.
    subject: String,
    /// Plain text.
    text: String,
    /// The same as a page.
    html: String,
    /// What it is made of.
    wording: Wording,
    /// What it is made of unless organisers word it themselves.
    default: Wording,
    /// Whether they have.
    edited: bool,
    /// What may stand between braces.
    placeholders: Vec<Placeholder>,
}

/// That a wording is kept.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Worded {
    kind: Kind,
    /// Send it as `If-Match` with the next change.
    version: u64,
}

/// A letter to many: those that organisers may word.
fn bulk(kind: &str) -> Result<Kind, Problem> {
    let kind = Kind::named(kind).filter(|kind| Kind::BULK.contains(kind));
    kind.ok_or_else(|| Problem::not_found("letter to many"))
}

/// What a letter to many would say; for organisers.
#[utoipa::path(get, path = "/programmes/{programme}/letters/previews/{kind}", tag = "letters",
    params(("programme" = Uuid, Path), ("kind" = Kind, Path)),
    responses((status = 200, body = Preview), (status = "4XX", body = Problem)))]
pub async fn preview(
    State(service): State<Service>,
    Path((programme, kind)): Path<(ProgrammeId, String)>,
    caller: Caller,
    settings: Settings,
) -> Result<Shown<Preview>, Problem> {
    let known = access::organised(&service, programme, caller.member).await?;
    let kind = bulk(&kind)?;
    let kept = words::kept(&service, programme, kind).await?;
    let version = kept.as_ref().map(|kept| kept.version);
    let default = words::default(kind);
    let wording = kept.map_or_else(|| default.clone(), |kept| kept.wording);
    let title = title(&settings, programme).await?;
    let about = sample(&known, kind);
    let told = words::Told {
        kind,
        programme,
        about: &about,
        name: "Ada Example",
        title: title.as_deref(),
        time_zone: &known.time_zone,
        public_url: &settings.public_url,
    };
    let written = words::written(&wording, &told);
    let body = Preview {
        kind,
        subject: written.subject,
        text: written.text,
        html: written.html,
        wording,
        default,
        edited: version.is_some(),
        placeholders: Placeholder::of(kind),
    };
    Ok(Shown { body, version })
}

async fn title(settings: &NotifySettings, programme: ProgrammeId) -> Result<Option<String>, Problem> {
    let called = settings.peers.programmes(&[programme], false).await.map_err(|why| {
        tracing::warn!(%why, "submissions does not say what a programme is called");
        Problem::unavailable(
            "title-unknown",
            "The programme's title can't be asked for just now. Try again in a moment.",
        )
    })?;
    Ok(called.into_values().next().and_then(|called| called.title))
}

/// What the reader of a sample is told.
fn sample(programme: &Programme, kind: Kind) -> About {
    let number = (kind == Kind::Nudge).then_some(2);
    About { at_ms: programme.deadline_ms, number, ..About::default() }
}

/// Words a letter to many: what goes from now on says this.
#[utoipa::path(put, path = "/programmes/{programme}/letters/wordings/{kind}", tag = "letters",
    params(("programme" = Uuid, Path), ("kind" = Kind, Path)), request_body = Wording,
    responses((status = 200, body = Worded), (status = "4XX", body = Problem)))]
pub async fn keep(
    State(service): State<Service>,
    Path((programme, kind)): Path<(ProgrammeId, String)>,
    command: Command<Wording>,
) -> Result<Json<Worded>, Problem> {
    access::organised(&service, programme, command.caller.member).await?;
    let kind = bulk(&kind)?;
    let wording = command.body.checked(kind)?;
    let mut client = service.pool().get().await.map_err(StoreError::from)?;
    let transaction = client.transaction().await.map_err(StoreError::from)?;
    if let Some(before) = command::known(&transaction, &command.ask).await? {
        return Ok(Json(before));
    }
    let there = "select version from wordings where programme = $1 and kind = $2 for update";
    let there =
        transaction.query_opt(there, &[&programme.0, &kind.name()]).await.map_err(StoreError::from)?;
    command::in_version(&command.ask, there.map(|row| row.get::<_, i64>(0) as u64))?;
    let version = words::keep(&transaction, programme, kind, &wording).await?;
    let worded = Worded { kind, version };
    command::answered(transaction, &command.ask, &worded).await?;
    Ok(Json(worded))
}
