//! One award: how it stands, and what can be done.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use uuid::Uuid;

use super::payout_page;
use super::status::{self, FOR_TAKING_BACK};
use crate::api::Payout;
use crate::awarding::desk::Desk;
use crate::components::{Button, Details, Errors, WarningText};
use crate::failure::Failure;
use crate::fields::Fields;
use crate::organise::known::holds_a_key;
use crate::page::{Page, Tab, confirm, form};
use crate::results::names::maybe;
use crate::results::shapes::Award;
use crate::together::together;
use crate::visitor::Visitor;
use crate::words::{money, reason};

pub async fn award(visitor: Visitor, Path((id, award)): Path<(Uuid, Uuid)>) -> Result<Response, Failure> {
    page(&visitor, id, award, &Errors::default(), &Fields::default()).await
}

/// The page, with what was wrong with a step.
pub async fn page(
    visitor: &Visitor,
    id: Uuid,
    award: Uuid,
    errors: &Errors,
    typed: &Fields,
) -> Result<Response, Failure> {
    let payout = format!("awards/programmes/{id}/awards/{award}/payout");
    let (desk, payout) = together!(Desk::for_whoever_asks(visitor, id), async {
        maybe(visitor.api.get_versioned::<Payout>(&payout).await)
    },)?;
    let award =
        desk.awards.iter().find(|known| known.id == award).ok_or_else(|| Failure::not_found("award"))?;
    holds_a_key(&desk.programme)?;
    let at = desk.organise(&format!("/awards/{}", award.id));
    let body = html! {
        p.govuk-body-l {
            (desk.wording.says(&award.prize)) ": " (money(&award.amount)) " " (status::tag(award))
        }
        (status::story(&desk, award))
        (decisions(&desk, award, &at, errors))
        @if let Some(payout) = &payout { (payout_page::steps(&desk, award, payout, &at, errors, typed)) }
        @if award.status == "accepted" || award.is_announced() && award.wins() { (certificate(&desk, award)) }
        (withdrawing(&desk, award, &at, errors))
    };
    let title = format!("The award to {}", desk.names.team_or_pitch(award.pitch));
    let page = Page::new(title).of(&desk.programme, Tab::Organise).errors(errors).style("awards.css");
    Ok(page.back(desk.organise("/awards"), "Awards").show(visitor, body))
}

fn decisions(desk: &Desk, award: &Award, at: &str, errors: &Errors) -> Markup {
    if award.status != "proposed" {
        return html! {};
    }
    html! {
        @if desk.is_you(award.proposed_by) {
            p.govuk-body { "You proposed it. It waits for somebody else to approve it." }
        } @else {
            (confirm(&format!("{at}/approval"), Button::new("Approve the award")))
        }
        (because("Refuse it", at, "refusal", "Refuse the award", errors))
    }
}

/// A form with a reason, closed until it is wanted.
fn because(
    title: &'static str,
    at: &str,
    step: &'static str,
    button: &'static str,
    errors: &Errors,
) -> Markup {
    let id = format!("reason-{step}");
    let wrong = errors.get(&id).map(str::to_owned);
    let is_wrong = wrong.is_some();
    let details = Details::new(
        title,
        form(
            &format!("{at}/{step}"),
            html! {
                (status::reasons("reason", "Why", FOR_TAKING_BACK).id(id).error(wrong))
                (Button::new(button).warning().prevent_double_click())
            },
        ),
    );
    html! { @if is_wrong { (details.open()) } @else { (details) } }
}

fn certificate(desk: &Desk, award: &Award) -> Markup {
    html! {
        h2.govuk-heading-m { "Certificate" }
        p.govuk-body {
            a.govuk-link href={ "/programmes/" (desk.programme.id) "/awards/" (award.id) "/certificate.pdf" } {
                "Download the certificate (PDF, A4)"
            }
        }
    }
}

fn withdrawing(desk: &Desk, award: &Award, at: &str, errors: &Errors) -> Markup {
    let may_fall = matches!(award.status.as_str(), "approved" | "announced" | "accepted");
    html! {
        @if let Some(withdrawal) = &award.withdrawal {
            h2.govuk-heading-m { "To be withdrawn" }
            (WarningText::new(html! {
                "Proposed by " (desk.who(Some(withdrawal.by)))
                @if let Some(why) = &withdrawal.reason { ": " (reason(why)) }
                "."
            }))
            @if desk.is_you(Some(withdrawal.by)) {
                p.govuk-body { "It waits for somebody else to confirm it." }
            } @else {
                p.govuk-body { "The prize then falls to whoever is next by the rules." }
                (confirm(&format!("{at}/withdrawal-confirmation"), Button::new("Withdraw the award").warning()))
            }
        } @else if may_fall && desk.organises() {
            (because("Withdraw this award", at, "withdrawal", "Propose to withdraw it", errors))
        }
    }
}
