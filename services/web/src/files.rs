//! The files of a pitch that was submitted: a list, and each as a download,
//! for whoever may read what the pitch says.

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use crate::failure::Failure;
use crate::visitor::Visitor;
use crate::words::size;

/// A file.
#[derive(Clone, Debug, Deserialize)]
pub struct File {
    id: Uuid,
    /// What it is called.
    name: String,
    /// In bytes.
    size: u64,
}

pub fn routes() -> Router {
    Router::new().route("/programmes/{programme}/pitches/{pitch}/files/{attachment}", get(download))
}

/// Every file with its size, to be downloaded.
pub fn list(programme: Uuid, pitch: Uuid, files: &[File]) -> Markup {
    html! {
        ul.govuk-list {
            @for file in files {
                li {
                    a.govuk-link download href={ "/programmes/" (programme) "/pitches/" (pitch) "/files/" (file.id) } { (file.name) }
                    " (" (size(file.size)) ")"
                }
            }
        }
    }
}

/// As the API has it: never as a page of ours.
async fn download(
    visitor: Visitor,
    Path((programme, pitch, attachment)): Path<(Uuid, Uuid, Uuid)>,
) -> Result<Response, Failure> {
    visitor.signed_in()?;
    let path = format!("submissions/programmes/{programme}/pitches/{pitch}/attachments/{attachment}");
    visitor.api.open(&path).await
}
