//! What is to be done next about a payment, and by whom.

use plaudit_chassis::id::MemberId;
use serde::Serialize;

use super::viewer::Viewer;
use crate::access::Act;
use crate::read_model::{AwardRow, PayoutPart};

/// A step that can be taken now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NextStep {
    /// Which.
    pub step: Step,
    /// Who takes it.
    pub who: Taker,
    /// Whether the reader may.
    pub yours: bool,
}

/// The steps, by the last part of their addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    NamePayee,
    CheckPayee,
    RecordAgreement,
    Request,
    Authorise,
    Send,
    Confirm,
}

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Taker {
    Winner,
    Organiser,
    OrganiserOrWinner,
    OrganiserOrApprover,
    /// An organiser or approver who did not request it.
    SecondPerson,
}

impl Step {
    fn taker(self) -> Taker {
        match self {
            Self::NamePayee | Self::Confirm => Taker::Winner,
            Self::CheckPayee | Self::Send => Taker::OrganiserOrApprover,
            Self::RecordAgreement => Taker::OrganiserOrWinner,
            Self::Request => Taker::Organiser,
            Self::Authorise => Taker::SecondPerson,
        }
    }

    fn act(self) -> Act {
        match self {
            Self::NamePayee => Act::NamePayee,
            Self::CheckPayee => Act::CheckPayee,
            Self::RecordAgreement => Act::RecordAgreement,
            Self::Request => Act::RequestPayout,
            Self::Authorise => Act::AuthorisePayout,
            Self::Send => Act::SettlePayout,
            Self::Confirm => Act::ConfirmPayout,
        }
    }
}

/// The steps that can be taken now; none while the award is not accepted, and
/// when the money has come.
pub fn next(viewer: &Viewer, row: &AwardRow) -> Vec<NextStep> {
    if row.status != "accepted" || row.amount.minor == 0 {
        return Vec::new();
    }
    let member = viewer.member.unwrap_or_default();
    let steps = open(&row.payout).into_iter().map(|step| NextStep {
        step,
        who: step.taker(),
        yours: viewer.may(step.act(), row.pitch, row.announced) && !kept_from(step, &row.payout, member),
    });
    steps.collect()
}

fn open(payout: &PayoutPart) -> Vec<Step> {
    let agreed = !payout.agreement.is_empty();
    let mut steps = match payout.stage.as_deref() {
        None => vec![Step::NamePayee],
        Some("preparing" | "failed") if payout.checked && agreed => vec![Step::Request],
        Some("preparing") if !payout.checked => vec![Step::CheckPayee],
        // Wrong details are named anew, or looked at again.
        Some("failed") if !payout.checked => vec![Step::NamePayee, Step::CheckPayee],
        Some("requested") => vec![Step::Authorise],
        Some("authorised") => vec![Step::Send],
        Some("sent") => vec![Step::Confirm],
        Some(_) => Vec::new(),
    };
    if !agreed && matches!(payout.stage.as_deref(), None | Some("preparing" | "failed")) {
        steps.push(Step::RecordAgreement);
    }
    steps
}

/// Nobody pays themselves, nor authorises what they requested.
fn kept_from(step: Step, payout: &PayoutPart, member: MemberId) -> bool {
    let is_payee = payout.payee == Some(member);
    match step {
        Step::Authorise => is_payee || payout.requested_by == Some(member),
        Step::CheckPayee | Step::Request | Step::Send => is_payee,
        Step::NamePayee | Step::RecordAgreement | Step::Confirm => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payout(stage: Option<&str>, checked: bool, agreed: bool) -> PayoutPart {
        let agreement = if agreed { [1; 32].to_vec().into() } else { Default::default() };
        PayoutPart { stage: stage.map(str::to_owned), checked, agreement, ..PayoutPart::default() }
    }

    #[test]
    fn a_payment_says_what_it_waits_for() {
        use Step::*;
        let table = [
            (None, false, false, vec![NamePayee, RecordAgreement]),
            (None, false, true, vec![NamePayee]),
            (Some("preparing"), false, false, vec![CheckPayee, RecordAgreement]),
            (Some("preparing"), true, false, vec![RecordAgreement]),
            (Some("preparing"), true, true, vec![Request]),
            (Some("requested"), true, true, vec![Authorise]),
            (Some("authorised"), true, true, vec![Send]),
            (Some("sent"), true, true, vec![Confirm]),
            (Some("failed"), true, true, vec![Request]),
            (Some("failed"), false, true, vec![NamePayee, CheckPayee]),
            (Some("confirmed"), true, true, vec![]),
            (Some("taken_as_received"), true, true, vec![]),
        ];
        for (stage, checked, agreed, expected) in table {
            assert_eq!(open(&payout(stage, checked, agreed)), expected, "{stage:?} {checked} {agreed}");
        }
    }

    #[test]
    fn nobody_is_shown_a_second_key_to_their_own_request() {
        let me = MemberId(uuid::Uuid::from_u128(1));
        let mine = PayoutPart { requested_by: Some(me), ..PayoutPart::default() };
        let for_me = PayoutPart { payee: Some(me), ..PayoutPart::default() };
        assert!(kept_from(Step::Authorise, &mine, me) && !kept_from(Step::Send, &mine, me));
        assert!(kept_from(Step::Send, &for_me, me) && !kept_from(Step::Confirm, &for_me, me));
    }
}
