//! Where the plan is kept between two pages and two devices: the programme's
//! draft of a rulebook.

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::copied::published;
use super::plan::Plan;
use crate::api::{Api, Programme};
use crate::failure::Failure;
use crate::organise::known::organised;
use crate::together::together;
use crate::visitor::Visitor;

/// A plan, and the version of the draft that holds it; 0: nothing is saved.
pub struct Kept {
    pub plan: Plan,
    pub version: u64,
}

#[derive(Deserialize)]
struct Shown {
    version: u64,
    content: String,
}

fn path(programme: Uuid) -> String {
    format!("submissions/programmes/{programme}/rulebook/draft")
}

/// The programme, and what is kept of its plan. Where nothing is yet, that is
/// what its public rules say, or the small evening's template.
pub async fn kept(visitor: &Visitor, id: Uuid) -> Result<(Programme, Kept), Failure> {
    let (programme, shown) = together!(organised(visitor, id), shown(&visitor.api, id))?;
    let kept = match shown {
        Some(shown) => {
            Kept { plan: serde_json::from_str(&shown.content).unwrap_or_default(), version: shown.version }
        }
        None => Kept { plan: published(&programme).unwrap_or_default(), version: 0 },
    };
    Ok((programme, kept))
}

async fn shown(api: &Api, programme: Uuid) -> Result<Option<Shown>, Failure> {
    match api.get(&path(programme)).await {
        Ok(shown) => Ok(Some(shown)),
        // An approver reads the rules, and has no part in their making.
        Err(failure) if matches!(failure.status().as_u16(), 403 | 404) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Saves over the version that was seen.
pub async fn keep(api: &Api, programme: Uuid, key: &str, seen: u64, plan: &Plan) -> Result<(), Failure> {
    let content = serde_json::to_string(plan).map_err(|error| Failure::Broken(error.to_string()))?;
    let body = json!({ "content": content });
    let _: Value = api.send(Method::PUT, &path(programme), key, Some(seen), &body).await?;
    Ok(())
}
