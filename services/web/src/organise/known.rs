//! What most of an organiser's pages need: the programme, and whether two
//! people can be found.

use std::collections::{BTreeSet, HashMap};

use axum::http::StatusCode;
use serde::de::IgnoredAny;
use uuid::Uuid;

use crate::api::{Pitch, Programme, Role};
use crate::failure::Failure;
use crate::visitor::Visitor;

/// The programme, if the visitor runs it or holds its second key.
///
/// Nobody else has a page here, and what they are told is what they may know:
/// where they may not know of the programme, or of the one thing in it that a
/// page is about, it is not there (404); else it is not for them (403).
pub async fn organised(visitor: &Visitor, id: Uuid) -> Result<Programme, Failure> {
    visitor.signed_in()?;
    let programme: Programme = visitor.api.get(&format!("submissions/programmes/{id}")).await?;
    holds_a_key(&programme)?;
    Ok(programme)
}

/// The programme for a page about one thing in it, which the API has at a path.
pub async fn organised_around(visitor: &Visitor, id: Uuid, thing: &str) -> Result<Programme, Failure> {
    match organised(visitor, id).await {
        Err(refused) if refused.status() == StatusCode::FORBIDDEN => {
            visitor.api.get::<IgnoredAny>(thing).await?;
            Err(refused)
        }
        known => known,
    }
}

/// 403 for whoever neither runs a programme that they see nor holds its second key.
pub fn holds_a_key(programme: &Programme) -> Result<(), Failure> {
    if programme.you_hold_a_key() {
        return Ok(());
    }
    Err(Failure::refused(
        StatusCode::FORBIDDEN,
        "not-an-organiser",
        "This is for those who run the programme. If you should be one of them, ask an organiser to invite you.",
    ))
}

/// Those who can sign: organisers and approvers.
pub fn deciders(programme: &Programme) -> BTreeSet<Uuid> {
    let roles = programme.people.iter().flat_map(|people| &people.roles);
    let signing =
        roles.filter(|held| held.roles.iter().any(|role| matches!(role, Role::Organiser | Role::Approver)));
    signing.map(|held| held.member).collect()
}

/// The visitor's own member id.
pub fn me(programme: &Programme) -> Uuid {
    programme.you.as_ref().map(|you| you.member).unwrap_or_default()
}

/// What pitches are called, by their ids.
pub fn titles<'a>(pitches: impl IntoIterator<Item = &'a Pitch>) -> HashMap<Uuid, String> {
    pitches.into_iter().filter_map(|pitch| Some((pitch.id, pitch.title.clone()?))).collect()
}

/// Gives an address a place in the programme, and answers whose it is.
pub async fn invite(
    visitor: &Visitor,
    programme: Uuid,
    key: &str,
    email: &str,
    name: &str,
) -> Result<Uuid, Failure> {
    #[derive(serde::Deserialize)]
    struct Invited {
        member: Uuid,
    }
    let name = Some(name).filter(|name| !name.is_empty());
    let body = serde_json::json!({ "email": email, "name": name });
    let path = format!("accounts/programmes/{programme}/invitations");
    let invited: Invited = visitor.api.post(&path, key, &body).await?;
    Ok(invited.member)
}
