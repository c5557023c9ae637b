//! Paying an award. Account numbers are shown to those who act on them, until
//! they are forgotten.

use axum::extract::State;
use jiff::Timestamp;
use plaudit_chassis::http::{Accepted, Caller, Command, Nothing, Path, Shown};
use plaudit_chassis::id::{AwardId, MemberId, ProgrammeId};
use plaudit_chassis::vault::Opening;
use plaudit_chassis::{Problem, Service};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::checked;
use super::payout_next::{NextStep, next};
use super::viewer::Viewer;
use crate::access::Act;
use crate::money::Money;
use crate::payout::{
    AuthorisePayout, CheckPayee, ConfirmPayout, FailPayout, NamePayee, RecordAgreement, RequestPayout,
    SendPayout, TAKEN_AS_RECEIVED_AFTER,
};
use crate::read_model::{AwardRow, PayoutStep};
use crate::reason::{self, FOR_FAILING};

/// Where the money should go.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Payee {
    /// The name that the account is in, to 140 characters.
    name: String,
    /// 6 to 10 digits.
    account: String,
    /// Six digits, such as 12-34-56.
    sort_code: String,
}

/// What is sealed of it by itself, to be forgotten before the name is.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Account {
    account: String,
    sort_code: String,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Agreement {
    /// What was agreed, to 10,000 characters.
    agreement: String,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Sending {
    /// The bank's reference, to 140 characters.
    reference: String,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Failure {
    /// `bank_refused`, `details_wrong`, `condition_not_met` or `made_in_error`.
    reason: String,
}

/// How far a payment is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct PayoutView {
    /// The award that it pays.
    award: AwardId,
    /// How much.
    amount: Money,
    /// `preparing`, `requested`, `authorised`, `sent`, `confirmed`,
    /// `taken_as_received` or `failed`; absent: no payee yet.
    stage: Option<String>,
    /// Who gets it.
    payee: Option<PayeeView>,
    /// Whether the account was checked.
    checked: bool,
    /// Whether the agreement is recorded.
    agreed: bool,
    /// What was agreed.
    agreement: Option<String>,
    /// Who requested it last.
    requested_by: Option<MemberId>,
    /// Who authorised it last.
    authorised_by: Option<MemberId>,
    /// When it was sent last.
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// The bank's reference.
    reference: Option<String>,
    /// Why it failed last.
    reason: Option<String>,
    /// While it is on its way: when it is taken as received if nobody says
    /// otherwise.
    #[schema(value_type = Option<String>, format = DateTime)]
    taken_as_received_at: Option<Timestamp>,
    /// What was done, oldest first.
    steps: Vec<PayoutStep>,
    /// What can be done now.
    next: Vec<NextStep>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
struct PayeeView {
    /// Who named the account.
    by: MemberId,
    /// The name that it is in, for those who act on it.
    name: Option<String>,
    /// Its number; absent once the payment is complete.
    account: Option<String>,
    /// Its sort code; absent once the payment is complete.
    sort_code: Option<String>,
}

/// How far the payment of an award is. For organisers, approvers and the
/// winner's team.
#[utoipa::path(get, path = "/programmes/{programme}/awards/{award}/payout", tag = "payouts",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    responses((status = 200, body = PayoutView), (status = "4XX", body = Problem)))]
async fn read_payout(
    State(service): State<Service>,
    Path((programme, award)): Path<(ProgrammeId, AwardId)>,
    caller: Caller,
) -> Result<Shown<PayoutView>, Problem> {
    let (viewer, row) = Viewer::of_award(&service, programme, Some(caller.member), award).await?;
    let row = row.ok_or_else(|| Problem::not_found("award"))?;
    viewer.allow(Act::SeePayout, Some(row.pitch), row.announced, "award")?;
    let version = Some(row.payout.version);
    let body = view(&service, &viewer, row, caller.member).await?;
    Ok(Shown { body, version })
}

async fn view(
    service: &Service,
    viewer: &Viewer,
    row: AwardRow,
    member: MemberId,
) -> Result<PayoutView, Problem> {
    let payout = &row.payout;
    let commitments = [&payout.name, &payout.account, &payout.agreement, &payout.reference].map(Clone::clone);
    let opened = service.vault().show(&commitments).await?;
    let text = |commitment| opened.get(commitment).map(plaudit_chassis::vault::Shown::text);
    let acts = viewer.may(Act::SeeAccount, row.pitch, row.announced) || payout.payee == Some(member);
    let name = text(&payout.name).filter(|_| acts);
    let account = text(&payout.account).filter(|_| acts);
    let account = account.and_then(|account| serde_json::from_str::<Account>(&account).ok());
    Ok(PayoutView {
        award: row.award,
        amount: row.amount.clone(),
        stage: payout.stage.clone(),
        payee: payout.payee.map(|by| payee(by, name, account)),
        checked: payout.checked,
        agreed: !payout.agreement.is_empty(),
        agreement: text(&payout.agreement),
        requested_by: payout.requested_by,
        authorised_by: payout.authorised_by,
        sent_at: payout.sent_at,
        reference: text(&payout.reference),
        reason: payout.reason.clone(),
        taken_as_received_at: payout
            .sent_at
            .filter(|_| payout.stage.as_deref() == Some("sent"))
            .map(|sent| sent + TAKEN_AS_RECEIVED_AFTER),
        steps: payout.steps.clone(),
        next: next(viewer, &row),
    })
}

fn payee(by: MemberId, name: Option<String>, account: Option<Account>) -> PayeeView {
    let (account, sort_code) = account.map(|known| (known.account, known.sort_code)).unzip();
    PayeeView { by, name, account, sort_code }
}

/// Names the payee, or another. For the winner's team.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/payout/payee", tag = "payouts",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Payee,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn name_payee(
    State(service): State<Service>,
    Path((programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Payee>,
) -> Result<Accepted, Problem> {
    let name = checked::text("name", &command.body.name, 140)?;
    let account = Account {
        account: checked::account(&command.body.account)?,
        sort_code: checked::sort_code(&command.body.sort_code)?,
    };
    let account = serde_json::to_vec(&account).map_err(Problem::internal)?;
    let (stream, member) = (award.payout(), command.caller.member);
    let payee = Opening::seal(&stream, "PayeeNamed.payee", programme, name);
    let account = Opening::seal(&stream, "PayeeNamed.account", member, account);
    Ok(service.run(&command.ask, &NamePayee { award, payee, account }).await?.into())
}

/// Says that the account is the payee's. Send `If-Match` with the version that
/// was looked at.
/// Needs the second key.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/payout/payee/check", tag = "payouts",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn check_payee(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    command.caller.second_key()?;
    Ok(service.run(&command.ask, &CheckPayee(award)).await?.into())
}

/// Records what was agreed. For organisers and the winner's team.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/payout/agreement", tag = "payouts",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Agreement,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn record_agreement(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Agreement>,
) -> Result<Accepted, Problem> {
    let agreement = checked::text("agreement", &command.body.agreement, 10_000)?;
    let (stream, member) = (award.payout(), command.caller.member);
    let agreement = Opening::seal(&stream, "AgreementRecorded.agreement", member, agreement);
    Ok(service.run(&command.ask, &RecordAgreement { award, agreement }).await?.into())
}

/// Requests the payment. For organisers.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/payout/request", tag = "payouts",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn request_payout(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &RequestPayout(award)).await?.into())
}

/// Authorises it: a second person, who is neither requester nor payee nor in
/// the pitch's team.
/// Needs the second key.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/payout/authorisation", tag = "payouts",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn authorise_payout(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    command.caller.second_key()?;
    Ok(service.run(&command.ask, &AuthorisePayout(award)).await?.into())
}

/// Says that the money was sent, and under which reference.
/// Needs the second key.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/payout/sending", tag = "payouts",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Sending,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn send_payout(
    State(service): State<Service>,
    Path((programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Sending>,
) -> Result<Accepted, Problem> {
    command.caller.second_key()?;
    let reference = checked::text("reference", &command.body.reference, 140)?;
    let reference = Opening::seal(&award.payout(), "PayoutSent.reference", programme, reference);
    Ok(service.run(&command.ask, &SendPayout { award, reference }).await?.into())
}

/// Says that the money has arrived. For the winner's team.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/payout/confirmation", tag = "payouts",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Nothing,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn confirm_payout(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Nothing>,
) -> Result<Accepted, Problem> {
    Ok(service.run(&command.ask, &ConfirmPayout(award)).await?.into())
}

/// Says that the payment came back or could not be sent; it may then be
/// requested again.
#[utoipa::path(post, path = "/programmes/{programme}/awards/{award}/payout/failure", tag = "payouts",
    params(("programme" = Uuid, Path), ("award" = Uuid, Path)),
    request_body = Failure,
    responses((status = 200, body = Accepted), (status = "4XX", body = Problem)))]
async fn fail_payout(
    State(service): State<Service>,
    Path((_programme, award)): Path<(ProgrammeId, AwardId)>,
    command: Command<Failure>,
) -> Result<Accepted, Problem> {
    let reason = reason::parse("reason", &command.body.reason, FOR_FAILING)?;
    Ok(service.run(&command.ask, &FailPayout { award, reason }).await?.into())
}

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(read_payout))
        .routes(routes!(name_payee))
        .routes(routes!(check_payee))
        .routes(routes!(record_agreement))
        .routes(routes!(request_payout))
        .routes(routes!(authorise_payout))
        .routes(routes!(send_payout))
        .routes(routes!(confirm_payout))
        .routes(routes!(fail_payout))
}
