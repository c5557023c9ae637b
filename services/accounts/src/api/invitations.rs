use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use plaudit_chassis::facts::ProgrammeFacts;
use plaudit_chassis::http::{Command, Path};
use plaudit_chassis::id::{MemberId, ProgrammeId, StreamId};
use plaudit_chassis::{Decision, Done, Problem, Scope, Service};
use serde::{Deserialize, Serialize};

use crate::member::{Member, MemberCommand};
use crate::membership::{self, Guest, InvitationsADay, NotInvited};
use crate::refused::Refused;
use crate::{access, person};

/// A place for the owner of an address.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// Whoever proves to own it takes the place.
    pub email: String,
    /// For the organisers' list, until they come.
    #[serde(default)]
    pub name: Option<String>,
}

/// Whom the address stands for.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
pub struct Invited {
    /// For roles, panels and calls, from now on.
    pub member: MemberId,
}

/// Gives an address a place in the programme. Whoever has one keeps it.
///
/// One person may invite so many addresses in a day that had none yet: 429 says
/// when to go on.
#[utoipa::path(
    post, path = "/programmes/{programme}/invitations", tag = "members",
    params(("programme" = Uuid, Path)),
    responses((status = 201, body = Invited), (status = "4XX", body = Problem)),
)]
pub async fn invite(
    State(service): State<Service>,
    Path(programme): Path<ProgrammeId>,
    Extension(most): Extension<InvitationsADay>,
    command: Command<Invitation>,
) -> Result<(StatusCode, Json<Invited>), Refused> {
    let email = person::email(&command.body.email)?;
    let name = command.body.name.as_deref().map(person::name).transpose()?;
    if let Some(done) = service.store().known(&command.ask).await? {
        return Ok(invited(&done));
    }
    // Nothing is kept of an address that a stranger sends.
    let facts = service.store().reload::<ProgrammeFacts>(&programme.stream()).await?;
    access::invite(command.caller.member, &facts.state)?;
    let guest = Guest { email: &email, name: name.as_deref(), by: command.caller.member };
    let member = membership::invite(&service, programme, guest, most).await?.map_err(|no| match no {
        NotInvited::For(wait) => Refused::TooManyInvitations { most, wait },
        NotInvited::ByNobody => Problem::unauthorised("This account was deleted.").into(),
    })?;
    let done = service.run(&command.ask, &Invite { member, by: command.caller.member }).await?;
    Ok(invited(&done))
}

fn invited(done: &Done) -> (StatusCode, Json<Invited>) {
    (StatusCode::CREATED, Json(Invited { member: MemberId(done.stream.id()) }))
}

struct Invite {
    member: MemberId,
    by: MemberId,
}

impl Decision for Invite {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let programme = scope.programme();
        let facts = scope.load::<ProgrammeFacts>(&programme.stream()).await?;
        access::invite(self.by, &facts.state)?;
        let stream = self.member.stream();
        scope.handle::<Member>(&stream, MemberCommand::Invite).await?;
        Ok(stream)
    }
}
