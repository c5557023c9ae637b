//! A row an award: what was decided, and how far its payment is.

use jiff::Timestamp;
use plaudit_chassis::ReadModel;
use plaudit_chassis::clock::from_proto;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::id::{AwardId, MemberId, PitchId, ProgrammeId};
use plaudit_chassis::read_model::{Index, Unfoldable};
use plaudit_chassis::vault::Commitment;
use plaudit_proto::awards::v1::AwardProposed;
use plaudit_proto::v1::Reason;
use serde::{Deserialize, Serialize};

use super::{actor, no_row};
use crate::award::AwardEvent;
use crate::money::Money;
use crate::payout::PayoutEvent;
use crate::reason;

/// Every award that was ever proposed.
pub struct Awards;

/// One award.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AwardRow {
    /// Its id.
    pub award: AwardId,
    /// Its programme.
    pub programme: ProgrammeId,
    /// To whom.
    pub pitch: PitchId,
    /// The prize's name in the rulebook.
    pub prize: String,
    /// How much.
    pub amount: Money,
    /// The round's name in the rulebook.
    pub round: String,
    /// The pitch's rank there.
    pub rank: Option<u32>,
    /// Why it departs from the ranking, if it does.
    pub departure: Option<String>,
    /// The fallen award that it replaces.
    pub in_place_of: Option<AwardId>,
    /// One word.
    pub status: String,
    /// Who proposed it.
    pub proposed_by: MemberId,
    /// Who approved it.
    pub approved_by: Option<MemberId>,
    /// Why it was refused or withdrawn.
    pub reason: Option<String>,
    /// Whether it was part of an announcement.
    pub announced: bool,
    /// The last instant for the winner's answer.
    pub accept_by: Option<Timestamp>,
    /// A withdrawal that waits for its second person.
    pub withdrawal: Option<Withdrawal>,
    /// When it was proposed last.
    pub proposed_at: Option<Timestamp>,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// When it was announced.
    pub announced_at: Option<Timestamp>,
    /// When it was accepted, or declined, or lapsed.
    pub answered_at: Option<Timestamp>,
    /// The award's version.
    pub version: u64,
    /// Its payment.
    pub payout: PayoutPart,
}

/// A proposed withdrawal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Withdrawal {
    /// Who proposed it.
    pub by: MemberId,
    /// Why.
    pub reason: Option<String>,
}

/// How far a payment is. Secrets are commitments here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PayoutPart {
    /// One word, once a payee is named.
    pub stage: Option<String>,
    /// Who named the payee.
    pub payee: Option<MemberId>,
    /// The name that the account is in.
    pub name: Commitment,
    /// Its number and sort code; empty: forgotten.
    pub account: Commitment,
    /// Whether the account was checked.
    pub checked: bool,
    /// What was agreed; empty: nothing yet.
    pub agreement: Commitment,
    /// Who requested it last.
    pub requested_by: Option<MemberId>,
    /// Who authorised it last.
    pub authorised_by: Option<MemberId>,
    /// When it was sent last.
    pub sent_at: Option<Timestamp>,
    /// The bank's reference.
    pub reference: Commitment,
    /// Why it failed last.
    pub reason: Option<String>,
    /// What was done, oldest first.
    #[serde(default)]
    pub steps: Vec<PayoutStep>,
    /// The payout's version.
    pub version: u64,
}

/// A step of a payment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PayoutStep {
    /// `payee_named`, `payee_checked`, `agreement_recorded`, `requested`,
    /// `authorised`, `sent`, `confirmed`, `taken_as_received` or `failed`.
    pub step: String,
    /// Who took it; absent: it came by itself.
    pub by: Option<MemberId>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl ReadModel for Awards {
    const NAME: &'static str = "awards";
    const SOURCE: &'static str = "awards";
    type Row = AwardRow;

    fn keys(event: &Recorded) -> Result<Vec<String>, Unfoldable> {
        let stream = &event.envelope.stream;
        let ours = matches!(stream.noun(), "award" | "payout");
        Ok(ours.then(|| stream.id().to_string()).into_iter().collect())
    }

    fn apply(row: Option<AwardRow>, key: &str, event: &Recorded) -> Result<Option<AwardRow>, Unfoldable> {
        if let Some(happened) = event.is::<AwardEvent>()? {
            return match happened {
                AwardEvent::AwardProposed(proposed) => Ok(Some(begin(proposed, key.parse()?, event)?)),
                other => Ok(Some(decided(row.ok_or_else(|| no_row(event))?, other, event))),
            };
        }
        let Some(happened) = event.is::<PayoutEvent>()? else { return Ok(row) };
        let mut row = row.ok_or_else(|| no_row(event))?;
        row.payout.version = event.envelope.version;
        if let Some(step) = step(&happened) {
            let (step, at) = (step.to_owned(), event.envelope.time);
            row.payout.steps.push(PayoutStep { step, by: actor(event), at });
        }
        paid(&mut row.payout, happened);
        Ok(Some(row))
    }

    fn index(row: &AwardRow) -> Index {
        let rank = row.rank.unwrap_or(u32::MAX);
        Index {
            programme: row.programme.0,
            owner: None,
            sort: format!("{rank:010} {} {}", row.prize, row.pitch),
        }
    }
}

fn begin(proposed: AwardProposed, award: AwardId, event: &Recorded) -> Result<AwardRow, Unfoldable> {
    Ok(AwardRow {
        award,
        programme: event.envelope.programme,
        pitch: proposed.pitch.parse()?,
        amount: Money::from_proto(proposed.amount.as_ref()),
        prize: proposed.prize,
        round: proposed.round,
        rank: (proposed.rank > 0).then_some(proposed.rank),
        departure: reason::word(proposed.departure),
        in_place_of: proposed.in_place_of.parse().ok(),
        status: "proposed".to_owned(),
        proposed_by: proposed.by.parse()?,
        approved_by: None,
        reason: None,
        announced: false,
        accept_by: None,
        withdrawal: None,
        proposed_at: Some(event.envelope.time),
        approved_at: None,
        announced_at: None,
        answered_at: None,
        version: event.envelope.version,
        payout: PayoutPart::default(),
    })
}

fn decided(mut row: AwardRow, happened: AwardEvent, event: &Recorded) -> AwardRow {
    let at = Some(event.envelope.time);
    let status = match happened {
        AwardEvent::AwardProposed(_) => "proposed",
        AwardEvent::AwardApproved(approved) => {
            row.approved_by = approved.approved_by.parse().ok();
            row.approved_at = at;
            "approved"
        }
        AwardEvent::AwardRefused(refused) => {
            row.reason = reason::word(refused.reason);
            "refused"
        }
        AwardEvent::AwardAnnounced(announced) => {
            row.announced = true;
            row.accept_by = Some(from_proto(&announced.accept_by));
            row.announced_at = at;
            "announced"
        }
        AwardEvent::AwardAccepted(_) => answered(&mut row, at, "accepted"),
        AwardEvent::AwardDeclined(_) => answered(&mut row, at, "declined"),
        AwardEvent::AwardLapsed(_) => answered(&mut row, at, "lapsed"),
        AwardEvent::WithdrawalProposed(proposed) => {
            let by = proposed.by.parse().unwrap_or_default();
            row.withdrawal = Some(Withdrawal { by, reason: reason::word(proposed.reason) });
            row.version = event.envelope.version;
            return row;
        }
        AwardEvent::AwardWithdrawn(withdrawn) => {
            row.withdrawal = None;
            row.reason = reason::word(withdrawn.reason);
            "withdrawn"
        }
    };
    row.status = status.to_owned();
    row.version = event.envelope.version;
    row
}

fn answered(row: &mut AwardRow, at: Option<Timestamp>, status: &'static str) -> &'static str {
    row.answered_at = at;
    status
}

/// What a page calls it.
fn step(happened: &PayoutEvent) -> Option<&'static str> {
    Some(match happened {
        PayoutEvent::PayeeNamed(_) => "payee_named",
        PayoutEvent::PayeeChecked(_) => "payee_checked",
        PayoutEvent::AgreementRecorded(_) => "agreement_recorded",
        PayoutEvent::PayoutRequested(_) => "requested",
        PayoutEvent::PayoutAuthorised(_) => "authorised",
        PayoutEvent::PayoutSent(_) => "sent",
        PayoutEvent::PayoutConfirmed(_) => "confirmed",
        PayoutEvent::PayoutTakenAsReceived(_) => "taken_as_received",
        PayoutEvent::PayoutFailed(_) => "failed",
        PayoutEvent::OpeningForgotten(_) => return None,
    })
}

fn paid(payout: &mut PayoutPart, happened: PayoutEvent) {
    let stage = match happened {
        PayoutEvent::PayeeNamed(named) => {
            payout.payee = named.by.parse().ok();
            payout.name = named.payee;
            payout.account = named.account;
            payout.checked = false;
            "preparing"
        }
        PayoutEvent::PayeeChecked(_) => {
            payout.checked = true;
            return;
        }
        PayoutEvent::AgreementRecorded(recorded) => {
            payout.agreement = recorded.agreement;
            return;
        }
        PayoutEvent::PayoutRequested(requested) => {
            payout.requested_by = requested.by.parse().ok();
            payout.authorised_by = None;
            payout.reason = None;
            "requested"
        }
        PayoutEvent::PayoutAuthorised(authorised) => {
            payout.authorised_by = authorised.authorised_by.parse().ok();
            "authorised"
        }
        PayoutEvent::PayoutSent(sent) => {
            payout.sent_at = Some(from_proto(&sent.at));
            payout.reference = sent.reference;
            "sent"
        }
        PayoutEvent::PayoutConfirmed(_) => "confirmed",
        PayoutEvent::PayoutTakenAsReceived(_) => "taken_as_received",
        PayoutEvent::PayoutFailed(failed) => {
            payout.checked &= failed.reason != i32::from(Reason::DetailsWrong);
            payout.reason = reason::word(failed.reason);
            "failed"
        }
        PayoutEvent::OpeningForgotten(forgotten) => {
            if payout.account == forgotten.commitment {
                payout.account.clear();
            }
            return;
        }
    };
    payout.stage = Some(stage.to_owned());
}
