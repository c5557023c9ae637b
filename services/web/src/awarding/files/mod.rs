//! Everything that organisers and approvers may see, as files.

mod kinds;
mod stream;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use maud::html;
use uuid::Uuid;

use super::desk::Desk;
use crate::components::{InsetText, Table};
use crate::failure::Failure;
use crate::page::{Page, Tab};
use crate::results::csv;
use crate::visitor::Visitor;

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}/organise/files", get(files))
        .route("/programmes/{programme}/organise/files/{file}", get(file))
}

async fn files(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Response, Failure> {
    let desk = Desk::of(&visitor, id).await?;
    let here = desk.organise("/files");
    let mut table = Table::new().caption(html! { span.govuk-visually-hidden { "Files" } }).head([
        "What",
        "What is in it",
        "Files",
    ]);
    for kind in kinds::KINDS {
        table = table.row([
            html! { (kind.title) },
            html! { (kind.says) },
            html! {
                a.govuk-link href={ (here) "/" (kind.name) ".csv" } download { "CSV" span.govuk-visually-hidden { " of " (kind.title) } } " · "
                a.govuk-link href={ (here) "/" (kind.name) ".json" } download { "JSON" span.govuk-visually-hidden { " of " (kind.title) } }
            },
        ]);
    }
    let body = html! {
        p.govuk-body-l { "Take everything with you: CSV opens in a spreadsheet, JSON is for programs." }
        div.plaudit-scroll tabindex="0" role="region" aria-label="Files" { (table.first_cell_is_header()) }
        (InsetText::new("These files have people’s names and pitches in them. Keep them only as long as the rules of your prize say. Bank details and marks that nobody may see yet are in none of them."))
    };
    let page = Page::new("Files").of(&desk.programme, Tab::Organise).style("awards.css");
    Ok(page.back(desk.organise(""), "Organise").show(&visitor, body))
}

async fn file(visitor: Visitor, Path((id, name)): Path<(Uuid, String)>) -> Result<Response, Failure> {
    let missing = || Failure::not_found("file");
    let (name, format) = name.rsplit_once('.').ok_or_else(missing)?;
    let kind = kinds::KINDS.into_iter().find(|kind| kind.name == name).ok_or_else(missing)?;
    let desk = Desk::of(&visitor, id).await?;
    let called = format!("{} {name}.{format}", desk.programme.name());
    let lists = kinds::lists(&kind, &desk);
    let columns = kinds::columns(&kind, &desk);
    match format {
        "csv" => {
            Ok(csv::file(&called, csv::CSV, stream::as_csv(visitor.api, lists, columns, desk.names).await?))
        }
        "json" => Ok(csv::file(&called, csv::JSON, stream::as_json(visitor.api, lists).await?)),
        _ => Err(missing()),
    }
}
