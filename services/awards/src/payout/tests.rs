//! Given / when / then.

use cqrs_es::test::TestFramework;
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::MemberId;
use plaudit_chassis::vault::Commitment;
use plaudit_proto::awards::v1::{
    AgreementRecorded, PayeeChecked, PayeeNamed, PayoutAuthorised, PayoutConfirmed, PayoutFailed,
    PayoutRequested, PayoutSent, PayoutTakenAsReceived,
};
use plaudit_proto::intake::v1::{ForgottenBecause, OpeningForgotten};
use plaudit_proto::v1::Reason;
use uuid::Uuid;

use super::*;
use crate::money::Money;

const WINNER: MemberId = MemberId(Uuid::from_u128(1));
const ADA: MemberId = MemberId(Uuid::from_u128(2));
const BEA: MemberId = MemberId(Uuid::from_u128(3));

const NOW: SignedDuration = SignedDuration::from_hours(10_000);

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH + NOW
}

fn as_member(member: MemberId) -> TestFramework<Payout> {
    TestFramework::with(Deciding { now: now(), received_at: now(), actor: Some(member) })
}

fn sealed(text: &'static str) -> Commitment {
    Commitment::from_static(text.as_bytes())
}

fn pounds(minor: u64) -> Money {
    Money { minor, currency: "GBP".into() }
}

fn named(account: &'static str) -> PayoutEvent {
    let amount = Some(pounds(500).to_proto());
    PayeeNamed { by: WINNER.into(), payee: sealed("payee"), account: sealed(account), amount }.into()
}

fn name(account: &'static str, amount: Money) -> PayoutCommand {
    PayoutCommand::Name { payee: sealed("payee"), account: sealed(account), amount }
}

fn forgotten(account: &'static str) -> PayoutEvent {
    OpeningForgotten { commitment: sealed(account), because: ForgottenBecause::NotNeeded.into() }.into()
}

fn checked() -> PayoutEvent {
    PayeeChecked { payee: sealed("payee"), account: sealed("account") }.into()
}

fn agreed() -> PayoutEvent {
    AgreementRecorded { agreement: sealed("agreed") }.into()
}

fn requested() -> PayoutEvent {
    PayoutRequested { amount: Some(pounds(500).to_proto()), by: ADA.into() }.into()
}

fn authorised() -> PayoutEvent {
    PayoutAuthorised { requested_by: ADA.into(), authorised_by: BEA.into() }.into()
}

fn sent(at: Timestamp) -> PayoutEvent {
    PayoutSent { reference: sealed("reference"), at: Some(to_proto(at)) }.into()
}

fn failed(reason: Reason) -> PayoutEvent {
    PayoutFailed { reason: reason.into() }.into()
}

fn ready() -> Vec<PayoutEvent> {
    vec![named("account"), checked(), agreed()]
}

fn until_sent(at: Timestamp) -> Vec<PayoutEvent> {
    [ready(), vec![requested(), authorised(), sent(at)]].concat()
}

#[test]
fn the_payee_is_named_checked_and_may_be_changed_until_the_request() {
    let name = |account| name(account, pounds(500));
    as_member(WINNER)
        .given_no_previous_events()
        .when(name("account"))
        .then_expect_events(vec![named("account")]);
    as_member(ADA)
        .given(vec![named("account")])
        .when(PayoutCommand::Check)
        .then_expect_events(vec![checked()]);
    as_member(WINNER)
        .given(vec![named("account"), checked()])
        .when(name("another"))
        .then_expect_events(vec![forgotten("account"), named("another")]);
    as_member(WINNER)
        .given([ready(), vec![requested()]].concat())
        .when(name("another"))
        .then_expect_error(PayoutError::TooLateToName(Stage::Requested { by: ADA }));
}

#[test]
fn another_account_must_be_checked_again() {
    as_member(ADA)
        .given([ready(), vec![named("another")]].concat())
        .when(PayoutCommand::Request(pounds(500)))
        .then_expect_error(PayoutError::NotChecked);
}

#[test]
fn support_alone_is_not_paid() {
    as_member(WINNER)
        .given_no_previous_events()
        .when(name("account", pounds(0)))
        .then_expect_error(PayoutError::NothingToPay);
}

#[test]
fn a_payment_is_requested_with_payee_check_and_agreement() {
    let request = || PayoutCommand::Request(pounds(500));
    as_member(ADA).given(ready()).when(request()).then_expect_events(vec![requested()]);
    as_member(ADA).given_no_previous_events().when(request()).then_expect_error(PayoutError::NoPayee);
    as_member(ADA)
        .given(vec![named("account"), agreed()])
        .when(request())
        .then_expect_error(PayoutError::NotChecked);
    as_member(ADA)
        .given(vec![named("account"), checked()])
        .when(request())
        .then_expect_error(PayoutError::NoAgreement);
}

#[test]
fn the_payee_takes_no_part_in_giving_the_money() {
    let asks = [
        (vec![named("account")], PayoutCommand::Check),
        (ready(), PayoutCommand::Request(pounds(500))),
        ([ready(), vec![requested()]].concat(), PayoutCommand::Authorise),
        ([ready(), vec![requested(), authorised()]].concat(), PayoutCommand::Send(sealed("reference"))),
        (until_sent(now()), PayoutCommand::Fail(Reason::BankRefused)),
    ];
    for (given, command) in asks {
        as_member(WINNER).given(given).when(command).then_expect_error(PayoutError::IsPayee);
    }
}

#[test]
fn a_second_person_authorises() {
    let given = || [ready(), vec![requested()]].concat();
    as_member(ADA).given(given()).when(PayoutCommand::Authorise).then_expect_error(PayoutError::SamePerson);
    as_member(BEA).given(given()).when(PayoutCommand::Authorise).then_expect_events(vec![authorised()]);
}

#[test]
fn nothing_is_sent_before_it_is_authorised() {
    as_member(ADA)
        .given([ready(), vec![requested()]].concat())
        .when(PayoutCommand::Send(sealed("reference")))
        .then_expect_error(PayoutError::WrongStage(Stage::Requested { by: ADA }));
    as_member(ADA)
        .given([ready(), vec![requested(), authorised()]].concat())
        .when(PayoutCommand::Send(sealed("reference")))
        .then_expect_events(vec![sent(now())]);
}

/// Once each: the first when another was named, the other at completion.
#[test]
fn every_account_is_forgotten_when_nothing_more_is_to_be_paid_to_it() {
    let replaced = || vec![named("account"), forgotten("account"), named("another")];
    as_member(WINNER)
        .given(replaced())
        .when(name("third", pounds(500)))
        .then_expect_events(vec![forgotten("another"), named("third")]);
    let until_sent = [replaced(), vec![checked(), agreed(), requested(), authorised(), sent(now())]].concat();
    as_member(WINNER)
        .given(until_sent)
        .when(PayoutCommand::Confirm)
        .then_expect_events(vec![forgotten("another"), PayoutConfirmed {}.into()]);
}

#[test]
fn a_failed_payment_keeps_its_account_to_be_tried_again() {
    as_member(BEA)
        .given([until_sent(now()), vec![failed(Reason::BankRefused), requested()]].concat())
        .when(PayoutCommand::Authorise)
        .then_expect_events(vec![authorised()]);
    as_member(ADA)
        .given([until_sent(now()), vec![failed(Reason::DetailsWrong)]].concat())
        .when(PayoutCommand::Check)
        .then_expect_events(vec![checked()]);
}

#[test]
fn the_winner_confirms_once() {
    let confirmed = || PayoutEvent::from(PayoutConfirmed {});
    as_member(WINNER)
        .given(until_sent(now()))
        .when(PayoutCommand::Confirm)
        .then_expect_events(vec![forgotten("account"), confirmed()]);
    as_member(WINNER)
        .given([until_sent(now()), vec![forgotten("account"), confirmed()]].concat())
        .when(PayoutCommand::Confirm)
        .then_expect_error(PayoutError::WrongStage(Stage::Confirmed));
}

#[test]
fn fourteen_silent_days_count_as_received() {
    let fourteen_days = now() - SignedDuration::from_hours(14 * 24);
    as_member(ADA)
        .given(until_sent(fourteen_days))
        .when(PayoutCommand::TakeAsReceived)
        .then_expect_events(vec![forgotten("account"), PayoutTakenAsReceived {}.into()]);
    let less = fourteen_days + SignedDuration::from_millis(1);
    as_member(ADA)
        .given(until_sent(less))
        .when(PayoutCommand::TakeAsReceived)
        .then_expect_error(PayoutError::NotYet(now() + SignedDuration::from_millis(1)));
}

#[test]
fn a_failed_payment_is_requested_again_and_wrong_details_checked_again() {
    let request = || PayoutCommand::Request(pounds(500));
    as_member(BEA)
        .given(until_sent(now()))
        .when(PayoutCommand::Fail(Reason::BankRefused))
        .then_expect_events(vec![failed(Reason::BankRefused)]);
    as_member(ADA)
        .given([until_sent(now()), vec![failed(Reason::BankRefused)]].concat())
        .when(request())
        .then_expect_events(vec![requested()]);
    as_member(ADA)
        .given([until_sent(now()), vec![failed(Reason::DetailsWrong)]].concat())
        .when(request())
        .then_expect_error(PayoutError::NotChecked);
}
