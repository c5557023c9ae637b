//! The files that come with a pitch: added to its draft, or, for the next
//! version, to the pitch itself.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, Multipart, Path};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use bytes::{Bytes, BytesMut};
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::draft::{Attachment, api_path};
use super::{too_late, uploading};
use crate::api::Programme;
use crate::components::{Button, Errors, FileUpload, InsetText, Tag};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::page::{Page, Tab, key};
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{count, size};

/// The most bytes of a file.
const MOST_FILE: usize = 20 * 1024 * 1024;
/// What is heard out, to be refused with a page instead of a broken connection.
const MOST_HEARD: usize = 256 * 1024 * 1024;

const TAKEN: &str = ".pdf,.png,.jpg,.jpeg,.gif,.webp,.txt,.docx,.xlsx,.pptx,.odt,.ods,.odp";

/// Whose files they are: in paths, `drafts` or `pitches`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Of(pub &'static str);

/// Below a draft or a pitch.
pub fn routes(of: &'static str) -> Router {
    Router::new()
        .route("/attachments", get(show).post(add))
        .route("/attachments/announcement", post(uploading::announce))
        .route("/attachments/{attachment}", get(uploading::state))
        .route("/attachments/{attachment}/part", post(uploading::part))
        .route("/attachments/{attachment}/completion", post(uploading::complete))
        .route("/attachments/{attachment}/removal", post(remove))
        .layer(DefaultBodyLimit::max(MOST_HEARD))
        .layer(Extension(Of(of)))
}

/// What a team has, and may have.
#[derive(Deserialize)]
pub struct Files {
    pub items: Vec<Attachment>,
    pub most: u32,
    /// What is added now comes after the last instant.
    #[serde(default)]
    pub late: bool,
}

/// What becomes of a file that came too late.
const KEPT: &str = "It came after the last instant: it is kept, and does not count by itself. \
                    The organisers see that it came, not what it says.";

async fn show(
    visitor: Visitor,
    Extension(of): Extension<Of>,
    Path((id, draft)): Path<(Uuid, Uuid)>,
) -> Result<Response, Failure> {
    page(&visitor, of, id, draft, &Errors::default()).await
}

async fn page(
    visitor: &Visitor,
    of: Of,
    id: Uuid,
    draft: Uuid,
    errors: &Errors,
) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let (about, files) =
        (format!("submissions/programmes/{id}"), format!("{}/attachments", api_path(id, draft)));
    let (programme, files): (Programme, Files) = together!(visitor.api.get(&about), visitor.api.get(&files))?;
    let path = format!("/programmes/{id}/{}/{draft}", of.0);
    let entered = of.0 == "pitches";
    let (next, text) = match entered {
        true => (format!("{path}/replace"), "Go on to the new version"),
        false => (format!("{path}/rules"), "Continue"),
    };
    let room = (files.most as usize).saturating_sub(files.items.len());
    let body = html! {
        @if files.late {
            (InsetText::new("The last instant is over. A file that you add now is kept, and does not count by itself. The organisers see that it came, not what it says; two of them may reopen your pitch."))
        } @else if entered {
            p.govuk-body-l { "Files that you change here count once you submit a new version." }
        }
        p.govuk-body {
            "Up to " (count(files.most as usize, "file", "files")) " of 20 MB each: PDF, pictures (PNG, JPEG, GIF, WebP), "
            "plain text, and Word, Excel, PowerPoint or LibreOffice documents without macros."
        }
        (list(&files.items, &path))
        @if room > 0 { (choose(&path, errors)) }
        @else { p.govuk-body { "There is no room for more: take one off first." } }
        div.govuk-button-group {
            (Button::new(text).href(next))
            @if !entered { a.govuk-link href=(path) { "Back to the task list" } }
        }
    };
    Ok(Page::new("Files")
        .of(&programme, Tab::Pitches)
        .back(if entered { format!("{path}/replace") } else { path }, "Your pitch")
        .errors(errors)
        .style("entrant.css")
        .script("attachments.mjs")
        .show(visitor, body))
}

fn list(files: &[Attachment], path: &str) -> Markup {
    html! {
        @if !files.is_empty() {
            ul.entrant-files {
                @for file in files {
                    li data-unfinished=[(!file.complete).then_some(&file.name)] data-id=(file.id)
                        data-size=(file.size) data-received=(file.received) {
                        span { (file.name) " (" (size(file.size)) ") "
                            @if !file.complete {
                                (Tag::new("Not complete").yellow())
                                " " (size(file.received)) " have arrived. Choose the same file again to go on, or take it off."
                            } @else if file.late {
                                (Tag::new("Came too late").grey()) " " (KEPT)
                            }
                        }
                        form method="post" action={ (path) "/attachments/" (file.id) "/removal" } {
                            (key())
                            (Button::new(html! { "Take off" span.govuk-visually-hidden { " " (file.name) } }).secondary())
                        }
                    }
                }
            }
        }
    }
}

fn choose(path: &str, errors: &Errors) -> Markup {
    html! {
        form method="post" action={ (path) "/attachments" } enctype="multipart/form-data" data-attachments={ (path) "/attachments" } {
            (key())
            (FileUpload::new("file", "Add files").multiple().accept(TAKEN).errors(errors))
            ul.entrant-files aria-live="polite" data-progress hidden {}
            (Button::new("Add").secondary().prevent_double_click())
        }
    }
}

/// A form's files, one after the other; the first that is refused says why.
async fn add(
    visitor: Visitor,
    Extension(of): Extension<Of>,
    Path((id, draft)): Path<(Uuid, Uuid)>,
    mut form: Multipart,
) -> Result<Response, Failure> {
    let (mut form_key, mut added, mut late) = (String::new(), 0_usize, false);
    let mut errors = Errors::new();
    while let Some(field) = form.next_field().await.map_err(|error| broke_off(&error))? {
        let name = field.file_name().unwrap_or_default().to_owned();
        if field.name() == Some("_key") {
            form_key = field.text().await.map_err(|error| broke_off(&error))?;
            continue;
        }
        if name.is_empty() {
            continue;
        }
        let Some(content) = whole(field).await? else {
            errors.push(
                "file",
                format!("{name} is larger than 20 MB. Make it smaller, or share what matters most of it."),
            );
            continue;
        };
        match put(&visitor, id, draft, &name, &format!("{form_key}/{added}"), content).await {
            Ok(file) => {
                added += 1;
                late |= file.late;
            }
            Err(failure) if too_late::is(&failure) => {
                return too_late::page(&visitor, id, draft, failure, &Fields::default()).await;
            }
            Err(failure) => errors.push("file", format!("{name}: {}", failure.for_the_form()?.detail)),
        }
    }
    if errors.is_empty() && added == 0 {
        errors.push("file", "Choose a file first.");
    }
    if !errors.is_empty() {
        return page(&visitor, of, id, draft, &errors).await;
    }
    let path = format!("/programmes/{id}/{}/{draft}/attachments", of.0);
    let said = format!("{} added.", count(added, "file", "files"));
    Ok(visitor.to_saying(&path, &if late { format!("{said} {KEPT}") } else { said }))
}

fn broke_off(why: &MultipartError) -> Failure {
    tracing::debug!(%why, "an upload broke off");
    if why.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Failure::too_large("256 MB");
    }
    Failure::refused(StatusCode::BAD_REQUEST, "upload-broken", "The upload broke off. Choose the file again.")
}

/// All bytes of a file; nothing of one that is too large, though it is heard out.
async fn whole(mut field: Field<'_>) -> Result<Option<Bytes>, Failure> {
    let (mut content, mut fits) = (BytesMut::new(), true);
    while let Some(chunk) = field.chunk().await.map_err(|error| broke_off(&error))? {
        fits = fits && content.len() + chunk.len() <= MOST_FILE;
        if fits {
            content.extend_from_slice(&chunk);
        }
    }
    Ok(fits.then(|| content.freeze()))
}

async fn put(
    visitor: &Visitor,
    id: Uuid,
    draft: Uuid,
    name: &str,
    key: &str,
    content: Bytes,
) -> Result<Attachment, Failure> {
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let path = format!("{}/attachments?name={name}", api_path(id, draft));
    visitor.api.upload(Method::PUT, &path, key, "application/octet-stream", content).await
}

async fn remove(
    visitor: Visitor,
    Extension(of): Extension<Of>,
    Path((id, draft, attachment)): Path<(Uuid, Uuid, Uuid)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let path = format!("{}/attachments/{attachment}", api_path(id, draft));
    let none = serde_json::json!({});
    let removed = visitor.api.send::<()>(Method::DELETE, &path, fields.key(), None, &none).await;
    let back = format!("/programmes/{id}/{}/{draft}/attachments", of.0);
    match removed {
        Ok(()) => Ok(visitor.to_saying(&back, "The file is taken off.")),
        Err(failure) if too_late::is(&failure) => too_late::page(&visitor, id, draft, failure, &fields).await,
        Err(failure) => {
            let mut errors = Errors::new();
            errors.push_general(failure.for_the_form()?.detail);
            page(&visitor, of, id, draft, &errors).await
        }
    }
}
