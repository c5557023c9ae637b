//! What everybody may see: a programme and its rules, and what Plaudit says of
//! itself.

mod about;
mod letters;
mod rules;
mod statements;

use std::collections::HashMap;

use axum::Router;
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;

use crate::api::Money;
use crate::failure::Failure;
use crate::together::together;
use crate::visitor::Visitor;

pub fn routes() -> Router {
    Router::new()
        .route("/programmes/{programme}", get(about::show))
        .route("/programmes/{programme}/rules", get(rules::show))
        .route("/programmes/{programme}/letters", get(letters::show).post(letters::choose))
        .route("/accessibility", get(statements::accessibility))
        .route("/privacy", get(statements::privacy))
}

/// A pitch whose name everybody may know: it won, or was pitched on a stage.
#[derive(Clone, Debug, Deserialize)]
pub struct Named {
    /// Which.
    pub pitch: Uuid,
    /// What it is called.
    pub title: Option<String>,
    /// Whose it is.
    pub team_name: Option<String>,
}

/// An award as everybody sees it once winners are announced.
#[derive(Clone, Debug, Deserialize)]
pub struct Award {
    /// Of which pitch.
    pub pitch: Uuid,
    /// What the rulebook's words call it.
    pub prize: String,
    /// How much.
    pub amount: Money,
    /// `announced`, `accepted`, `declined`, `lapsed`, `withdrawn`.
    pub status: String,
}

/// The awards that everybody may know of, and the names of who won them.
pub async fn winners(
    visitor: &Visitor,
    programme: Uuid,
) -> Result<(Vec<Award>, HashMap<Uuid, Named>), Failure> {
    let (awards, names) = (
        format!("awards/programmes/{programme}/awards?limit=1000"),
        format!("submissions/programmes/{programme}/names?limit=1000"),
    );
    let (awards, names) = together!(
        visitor.api.find::<crate::api::Listed<Award>>(&awards),
        visitor.api.find::<crate::api::Listed<Named>>(&names),
    )?;
    let public = ["announced", "accepted"];
    let awards = awards.map(|listed| listed.items).unwrap_or_default();
    let names = names.map(|listed| listed.items).unwrap_or_default();
    let awards = awards.into_iter().filter(|award| public.contains(&award.status.as_str())).collect();
    Ok((awards, names.into_iter().map(|named| (named.pitch, named)).collect()))
}
