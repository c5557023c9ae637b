//! Where the plan is kept between two pages and two devices: the programme's
//! draft of a rulebook.

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::plan::Plan;
use crate::api::Api;
use crate::failure::Failure;

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

/// What is kept; the small evening's template where nothing is yet.
pub async fn kept(api: &Api, programme: Uuid) -> Result<Kept, Failure> {
    let shown: Shown = match api.get(&path(programme)).await {
        Ok(shown) => shown,
        Err(failure) if failure.status().as_u16() == 404 => {
            return Ok(Kept { plan: Plan::default(), version: 0 });
        }
        Err(failure) => return Err(failure),
    };
    let plan = serde_json::from_str(&shown.content).unwrap_or_default();
    Ok(Kept { plan, version: shown.version })
}

/// Saves over the version that was seen.
pub async fn keep(api: &Api, programme: Uuid, key: &str, seen: u64, plan: &Plan) -> Result<(), Failure> {
    let content = serde_json::to_string(plan).map_err(|error| Failure::Broken(error.to_string()))?;
    let body = json!({ "content": content });
    let _: Value = api.send(Method::PUT, &path(programme), key, Some(seen), &body).await?;
    Ok(())
}
