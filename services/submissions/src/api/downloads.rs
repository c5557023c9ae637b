//! Files as they are read: always as downloads, never as pages of ours.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use plaudit_chassis::http::{Caller, Path};
use plaudit_chassis::id::{PitchId, ProgrammeId};
use plaudit_chassis::{Problem, Service};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::attachments::Team;
use super::pitch_shown;
use super::reading::Reader;
use crate::access::Sight;
use crate::attachment::{Attachment, Attachments, Kind, Objects};
use crate::read_model::Pitches;

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(own)).routes(routes!(of_pitch))
}

/// A file that the team has, as a download.
#[utoipa::path(get, path = "/programmes/{programme}/drafts/{draft}/attachments/{attachment}/content", tag = "attachments",
    params(("programme" = Uuid, Path), ("draft" = Uuid, Path), ("attachment" = Uuid, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = "4XX", body = Problem)))]
async fn own(
    State(service): State<Service>,
    Extension(objects): Extension<Objects>,
    Path((programme, draft, attachment)): Path<(ProgrammeId, PitchId, Uuid)>,
    caller: Caller,
) -> Result<Response, Problem> {
    Team::of(&service, programme, draft, caller.member, caller.claims.received_at).await?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    let found = attachments.need(draft, attachment).await?;
    let kind = found.about.kind.ok_or_else(|| Problem::not_found("attachment"))?;
    let name = found.about.name.clone();
    download(attachments, found, kind, &name).await
}

/// A file of the submission that counts, as a download, for whoever may read
/// what the pitch says.
#[utoipa::path(get, path = "/programmes/{programme}/pitches/{pitch}/attachments/{attachment}", tag = "pitches",
    params(("programme" = Uuid, Path), ("pitch" = Uuid, Path), ("attachment" = Uuid, Path)),
    responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = "4XX", body = Problem)))]
async fn of_pitch(
    State(service): State<Service>,
    Extension(objects): Extension<Objects>,
    Path((programme, pitch, attachment)): Path<(ProgrammeId, PitchId, Uuid)>,
    caller: Caller,
) -> Result<Response, Problem> {
    let reader = Reader::of(&service, programme, caller.member).await?;
    let row = service.rows::<Pitches>().get(&pitch.to_string()).await?;
    let row = row.filter(|row| row.programme == programme);
    let seen = row.map(|row| (reader.sight(&row), row)).filter(|(sight, _)| *sight > Sight::Nothing);
    let (sight, row) = seen.ok_or_else(|| Problem::not_found("pitch"))?;
    let openings = service.vault().show(std::slice::from_ref(&row.submitted.attachments)).await?;
    let named = pitch_shown::attachments(&row, sight, &openings).unwrap_or_default();
    let named = named.into_iter().find(|named| named.id == attachment);
    let named = named.ok_or_else(|| Problem::not_found("attachment"))?;
    let attachments = Attachments::of(service.store(), &objects, programme);
    let found = attachments.need_sealed(pitch, attachment).await?;
    download(attachments, found, named.kind, &named.name).await
}

/// The answer's head, and its body part by part as it is read.
async fn download(
    attachments: Attachments,
    of: Attachment,
    kind: Kind,
    name: &str,
) -> Result<Response, Problem> {
    let parts = attachments.parts(of.id).await?;
    let size = of.size;
    let body = stream::iter(parts).then(move |part| {
        let (attachments, of) = (attachments.clone(), of.clone());
        // What breaks here breaks the answer off: its length was said.
        async move { attachments.open(&of, &part).await }
    });
    let mut answer = Body::from_stream(body).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type()));
    headers.insert(header::CONTENT_LENGTH, size.into());
    headers.insert(header::CONTENT_DISPOSITION, disposition(name).map_err(Problem::internal)?);
    let policy = HeaderValue::from_static("sandbox; default-src 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(answer)
}

/// RFC 6266: a plain name for those who read no other, and the name itself.
fn disposition(name: &str) -> Result<HeaderValue, axum::http::header::InvalidHeaderValue> {
    let plain =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' };
    let fallback: String = name.chars().map(plain).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{encoded}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_can_say_nothing_else_in_the_header() {
        let said = disposition("Plan \"für\"\r\nSet-Cookie: a=b;.pdf").unwrap();
        assert_eq!(
            said.to_str().unwrap(),
            "attachment; filename=\"Plan _f_r___Set-Cookie_ a_b_.pdf\"; \
             filename*=UTF-8''Plan%20%22f%C3%BCr%22%0D%0ASet-Cookie%3A%20a%3Db%3B.pdf"
        );
    }
}
