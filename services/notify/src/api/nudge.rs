//! Nudging judges who have score sheets to hand in.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use plaudit_chassis::http::{Command, Path};
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{FieldError, Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::command;
use crate::letter::{self, About, Kind, New};
use crate::{access, facts};

/// Whom to nudge.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nudge {
    /// These judges; without them everybody who has something to hand in.
    #[serde(default)]
    members: Option<Vec<MemberId>>,
}

/// Who is written to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Nudged {
    /// How many letters will go.
    letters: usize,
    /// To whom.
    members: Vec<MemberId>,
}

/// Writes to judges whose score sheets are missing: to each once for each
/// time that it is asked for.
#[utoipa::path(post, path = "/programmes/{programme}/letters/nudge", tag = "letters",
    params(("programme" = Uuid, Path)), request_body = Nudge,
    responses((status = 200, body = Nudged), (status = "4XX", body = Problem)))]
pub async fn nudge(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    command: Command<Nudge>,
) -> Result<Json<Nudged>, Problem> {
    let known = access::organised(&service, programme, command.caller.member).await?;
    let mut client = service.pool().get().await.map_err(StoreError::from)?;
    let transaction = client.transaction().await.map_err(StoreError::from)?;
    if let Some(before) = command::known(&transaction, &command.ask).await? {
        return Ok(Json(before));
    }
    if known.cancelled {
        return Err(Problem::conflict(
            "programme-cancelled",
            "The programme was cancelled: nobody marks any more.",
        ));
    }
    let missing = facts::judges_with_missing(&service, programme).await?;
    let chosen = chosen(missing.into_iter().collect(), command.body.members)?;
    command::in_version(&command.ask, None)?;
    let now = service.clock().now();
    let letters: Vec<New> = chosen
        .iter()
        .map(|(member, missing)| New {
            programme,
            occasion: command.ask.command,
            member: *member,
            kind: Kind::Nudge,
            about: About { number: u32::try_from(*missing).ok(), ..About::default() },
            discreet: false,
            due: now,
            ends: None,
        })
        .collect();
    letter::insert(&service, &transaction, &letters).await?;
    let nudged = Nudged { letters: letters.len(), members: chosen.into_keys().collect() };
    command::answered(transaction, &command.ask, &nudged).await?;
    Ok(Json(nudged))
}

/// Those who are named, or all; an error that names who has nothing missing.
fn chosen(
    missing: BTreeMap<MemberId, i64>,
    named: Option<Vec<MemberId>>,
) -> Result<BTreeMap<MemberId, i64>, Problem> {
    let Some(named) = named else {
        if missing.is_empty() {
            let detail = "Every judge has handed in everything: there is nobody to nudge.";
            return Err(Problem::conflict("nothing-missing", detail));
        }
        return Ok(missing);
    };
    let wrong = named.iter().enumerate().filter(|(_, member)| !missing.contains_key(member));
    let errors: Vec<FieldError> = wrong
        .map(|(at, _)| FieldError {
            field: format!("members[{at}]"),
            detail: "This member has no score sheet to hand in.".to_owned(),
        })
        .collect();
    if let Some(first) = errors.first() {
        return Err(Problem::field(&first.field, &first.detail).with(errors));
    }
    if named.is_empty() {
        return Err(Problem::field("members", "Name somebody, or leave it out to write to all."));
    }
    Ok(missing.into_iter().filter(|(member, _)| named.contains(member)).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_something_missing_is_nudged() {
        let (ada, ben) = (MemberId::random(), MemberId::random());
        let missing = BTreeMap::from([(ada, 2)]);
        assert_eq!(chosen(missing.clone(), None).unwrap(), missing);
        assert_eq!(chosen(missing.clone(), Some(vec![ada, ada])).unwrap(), missing);
        let refused = chosen(missing.clone(), Some(vec![ada, ben])).unwrap_err();
        assert!(refused.detail().starts_with("members[1]: "));
        assert!(chosen(missing, Some(Vec::new())).is_err());
        assert_eq!(chosen(BTreeMap::new(), None).unwrap_err().code(), "nothing-missing");
    }
}
