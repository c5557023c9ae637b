//! Rows from the events as they are stored.

use plaudit_chassis::ReadModel;
use plaudit_chassis::event::{Event, Recorded};
use plaudit_chassis::id::{AwardId, MemberId, PitchId, RoundId, StreamId, SupportId};
use plaudit_chassis::vault::Commitment;
use plaudit_proto::awards::v1::*;
use plaudit_proto::intake::v1::{ForgottenBecause, OpeningForgotten};
use plaudit_proto::v1::Reason;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::award::AwardEvent;
use crate::money::Money;
use crate::payout::PayoutEvent;
use crate::ranking::{self, RankingEvent};
use crate::support::SupportEvent;

const PROGRAMME: Uuid = Uuid::from_u128(1);

fn member(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(number))
}

fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(number))
}

/// Events of one stream, as they come from the log.
fn recorded<E: Event>(stream: &StreamId, events: Vec<E>) -> Vec<Recorded> {
    let envelopes = (1_u64..).zip(events).map(|(version, event)| {
        let data = event.data().expect("a message as JSON");
        let envelope = json!({
            "specversion": "1.0", "id": Uuid::from_u128(version.into()), "source": "awards",
            "type": event.type_name(), "subject": stream, "time": "2017-02-17T18:00:00Z",
            "version": version, "programme": PROGRAMME, "actor": "process/test",
            "command": Uuid::nil(), "nonce": "", "data": data,
        });
        let bytes = serde_json::to_vec(&envelope).expect("an envelope as JSON");
        Recorded::read(version, bytes.into()).expect("an event")
    });
    envelopes.collect()
}

fn fold<M: ReadModel>(events: &[Recorded]) -> Vec<M::Row> {
    let mut rows = std::collections::BTreeMap::new();
    for event in events {
        for key in M::keys(event).expect("keys") {
            let row = M::apply(rows.remove(&key), &key, event).expect("a row");
            rows.extend(row.map(|row| (key, row)));
        }
    }
    rows.into_values().collect()
}

fn proposed() -> AwardEvent {
    let amount = Money { minor: 500, currency: "GBP".into() };
    AwardProposed {
        pitch: pitch(3).into(),
        prize: "first".into(),
        amount: Some(amount.to_proto()),
        round: "final".into(),
        rank: 1,
        by: member(1).into(),
        ..AwardProposed::default()
    }
    .into()
}

fn payee_named(account: &'static [u8]) -> PayoutEvent {
    let (payee, account) = (Commitment::from_static(b"name"), Commitment::from_static(account));
    PayeeNamed { by: member(4).into(), payee, account, amount: None }.into()
}

fn forgotten(account: &'static [u8]) -> PayoutEvent {
    let because = ForgottenBecause::NotNeeded.into();
    OpeningForgotten { commitment: Commitment::from_static(account), because }.into()
}

#[test]
fn an_award_s_row_tells_its_payment_too() {
    let award = AwardId(Uuid::from_u128(9));
    let decided = vec![
        proposed(),
        AwardApproved { proposed_by: member(1).into(), approved_by: member(2).into() }.into(),
        AwardAnnounced::default().into(),
        AwardAccepted {}.into(),
    ];
    let paid: Vec<PayoutEvent> = vec![
        payee_named(b"account"),
        PayeeChecked::default().into(),
        PayoutRequested { amount: None, by: member(1).into() }.into(),
    ];
    let mut log = recorded(&award.stream(), decided);
    log.extend(recorded(&award.payout(), paid));
    let row = fold::<Awards>(&log).remove(0);
    assert_eq!((row.award, row.programme.0, row.pitch), (award, PROGRAMME, pitch(3)));
    assert_eq!((row.status.as_str(), row.announced, row.version), ("accepted", true, 4));
    assert_eq!((row.proposed_by, row.approved_by), (member(1), Some(member(2))));
    let payout = &row.payout;
    assert_eq!((payout.stage.as_deref(), payout.checked, payout.version), (Some("requested"), true, 3));
    assert_eq!(
        (payout.payee, &payout.name[..], &payout.account[..]),
        (Some(member(4)), &b"name"[..], &b"account"[..])
    );
}

#[test]
fn a_row_lets_go_of_an_account_only_when_that_one_is_forgotten() {
    let award = AwardId(Uuid::from_u128(9));
    let account_after = |paid: Vec<PayoutEvent>| {
        let mut log = recorded(&award.stream(), vec![proposed()]);
        log.extend(recorded(&award.payout(), paid));
        fold::<Awards>(&log).remove(0).payout.account
    };
    let replaced = vec![payee_named(b"old"), forgotten(b"old"), payee_named(b"new")];
    assert_eq!(account_after([replaced.clone(), vec![forgotten(b"old")]].concat()), "new");
    let complete = [replaced, vec![forgotten(b"new"), PayoutConfirmed {}.into()]].concat();
    assert_eq!(account_after(complete), "");
}

#[test]
fn an_award_that_is_proposed_again_begins_again() {
    let award = AwardId(Uuid::from_u128(9));
    let refused = AwardRefused { reason: Reason::MadeInError.into() };
    let row = fold::<Awards>(&recorded(&award.stream(), vec![proposed(), refused.into()])).remove(0);
    assert_eq!((row.status.as_str(), row.reason.as_deref()), ("refused", Some("made_in_error")));
    let row =
        fold::<Awards>(&recorded(&award.stream(), vec![proposed(), refused.into(), proposed()])).remove(0);
    assert_eq!((row.status.as_str(), row.reason, row.version), ("proposed", None, 3));
}

#[test]
fn a_payment_without_its_award_is_never_skipped() {
    let award = AwardId(Uuid::from_u128(9));
    let log = recorded(&award.payout(), vec![PayoutEvent::from(PayoutConfirmed {})]);
    assert!(Awards::apply(None, "", &log[0]).is_err());
}

#[test]
fn places_sort_by_rank_then_by_running_order_and_the_unranked_last() {
    let place =
        |number, rank| RankingEvent::from(PlaceTaken { pitch: pitch(number).into(), rank, shared_by: 1 });
    let stream = ranking::stream(RoundId(Uuid::from_u128(5)));
    let log = recorded(&stream, vec![place(1, 0), place(9, 2), place(8, 2), place(7, 1)]);
    let mut rows = fold::<Rankings>(&log);
    rows.sort_by_key(|row| Rankings::index(row).sort);
    let order: Vec<u128> = rows.iter().map(|row| row.pitch.0.as_u128()).collect();
    assert_eq!(order, [7, 9, 8, 1]);
}

#[test]
fn the_ledger_owes_what_nobody_confirmed_or_evidenced() {
    let support = SupportId(Uuid::from_u128(6));
    let pledged = SupportPledged {
        what: Commitment::from_static(b"what"),
        quarters: 12,
        unit: SupportUnit::Hour.into(),
        award: String::new(),
        by: member(1).into(),
    };
    let delivered = |part, evidence| SupportEvent::from(SupportDelivered { part, quarters: 4, evidence });
    let log: Vec<SupportEvent> = vec![
        pledged.into(),
        SupportAccepted { pitch: pitch(3).into() }.into(),
        delivered(1, Commitment::new()),
        delivered(2, Commitment::from_static(b"minutes")),
    ];
    let row = fold::<Supports>(&recorded(&support.stream(), log.clone())).remove(0);
    assert_eq!((row.owed(), row.pitch, row.unit.as_str()), (8, Some(pitch(3)), "hour"));
    let confirmed = SupportEvent::from(SupportDeliveryConfirmed { part: 1 });
    let log = [log, vec![confirmed]].concat();
    let row = fold::<Supports>(&recorded(&support.stream(), log)).remove(0);
    assert_eq!(row.owed(), 4);
}
