#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use cqrs_es::test::TestFramework;
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::Deciding;
use plaudit_chassis::clock::to_proto;
use plaudit_chassis::id::{MemberId, PitchId};
use plaudit_chassis::vault::{Commitment, Subject};
use plaudit_proto::submissions::v1::*;
use plaudit_proto::v1::{self, CallKind, Reason, Rulebook};
use uuid::Uuid;

use super::{Phase, Programme, ProgrammeCommand as C, ProgrammeError as E, ProgrammeEvent, Role};
use crate::reason::{AmendmentReason, CancellationReason, DeadlineReason};
use crate::rulebook;
use crate::rulebook::tests::{deadline, now, sample};

pub fn member(number: u128) -> MemberId {
    MemberId(Uuid::from_u128(number))
}

const ADA: u128 = 1;
const BEN: u128 = 2;
const ENTRANT: u128 = 7;

fn pitch(number: u128) -> PitchId {
    PitchId(Uuid::from_u128(number))
}

fn sealed(byte: u8) -> Commitment {
    Commitment::from(vec![byte; 32])
}

fn granted(number: u128, role: v1::Role) -> ProgrammeEvent {
    RoleGranted { member: member(number).into(), role: role.into() }.into()
}

fn drafted() -> Vec<ProgrammeEvent> {
    vec![ProgrammeDrafted { title: sealed(1) }.into(), granted(ADA, v1::Role::Organiser)]
}

fn published_as(rulebook: Rulebook) -> ProgrammeEvent {
    let (hash, prose) = (rulebook::hash(&rulebook, &sealed(2)), sealed(2));
    RulebookPublished { rulebook: Some(rulebook), hash, prose }.into()
}

fn invited_call() -> Rulebook {
    Rulebook { call: CallKind::Invited.into(), ..sample() }
}

/// A programme of two with its rules public.
fn published(rulebook: Rulebook) -> Vec<ProgrammeEvent> {
    let mut events = drafted();
    events.extend([granted(BEN, v1::Role::Approver), published_as(rulebook)]);
    events
}

fn proposed(rulebook: &Rulebook) -> ProgrammeEvent {
    let rulebook_hash = rulebook::hash(rulebook, &sealed(2));
    CallOpeningProposed { rulebook_hash, by: member(ADA).into() }.into()
}

fn opened(rulebook: &Rulebook) -> ProgrammeEvent {
    CallOpened {
        proposed_by: member(ADA).into(),
        confirmed_by: member(BEN).into(),
        rulebook_hash: rulebook::hash(rulebook, &sealed(2)),
        deadline: Some(to_proto(deadline())),
        grace_seconds: 60,
    }
    .into()
}

fn open(rulebook: Rulebook) -> Vec<ProgrammeEvent> {
    let (proposed, opened) = (proposed(&rulebook), opened(&rulebook));
    let mut events = published(rulebook);
    events.extend([proposed, opened]);
    events
}

fn invited(number: u128) -> ProgrammeEvent {
    EntrantInvited { member: member(number).into() }.into()
}

fn closed() -> ProgrammeEvent {
    let at = Some(to_proto(deadline() + SignedDuration::from_secs(60)));
    CallClosed { proposed_by: String::new(), confirmed_by: String::new(), at }.into()
}

fn after(events: Vec<ProgrammeEvent>, more: impl IntoIterator<Item = ProgrammeEvent>) -> Vec<ProgrammeEvent> {
    events.into_iter().chain(more).collect()
}

fn by_at(number: u128, at: Timestamp) -> TestFramework<Programme> {
    TestFramework::with(Deciding { now: at, received_at: at, actor: Some(member(number)) })
}

fn by(number: u128) -> TestFramework<Programme> {
    by_at(number, now())
}

fn publish(rulebook: Rulebook) -> C {
    C::PublishRulebook { rulebook: Box::new(rulebook), prose: sealed(2) }
}

#[test]
fn whoever_drafts_it_is_the_first_organiser() {
    by(ADA).given_no_previous_events().when(C::Draft { title: sealed(1) }).then_expect_events(drafted());
    by(BEN).given(drafted()).when(C::Draft { title: sealed(3) }).then_expect_error(E::AlreadyDrafted);
}

#[test]
fn roles_come_and_go_but_the_last_organiser_stays() {
    let grant = |role| C::GrantRole { member: member(BEN), role, entered: false };
    let revoke = |number, role| C::RevokeRole { member: member(number), role };
    by(ADA)
        .given(drafted())
        .when(grant(Role::Approver))
        .then_expect_events(vec![granted(BEN, v1::Role::Approver)]);
    let two = after(drafted(), [granted(BEN, v1::Role::Approver)]);
    by(ADA).given(two.clone()).when(grant(Role::Approver)).then_expect_error(E::RoleHeld);
    by(ADA).given(two.clone()).when(revoke(ADA, Role::Organiser)).then_expect_error(E::LastOrganiser);
    by(ADA).given(two.clone()).when(revoke(BEN, Role::Teller)).then_expect_error(E::RoleNotHeld);
    let gone = RoleRevoked { member: member(BEN).into(), role: v1::Role::Approver.into() };
    by(ADA).given(two).when(revoke(BEN, Role::Approver)).then_expect_events(vec![gone.into()]);
}

#[test]
fn somebody_asked_to_enter_cant_decide() {
    let events = after(published(invited_call()), [invited(ENTRANT)]);
    let grant = |role| C::GrantRole { member: member(ENTRANT), role, entered: false };
    by(ADA).given(events.clone()).when(grant(Role::Approver)).then_expect_error(E::EntrantCantDecide);
    by(ADA)
        .given(events)
        .when(grant(Role::Teller))
        .then_expect_events(vec![granted(ENTRANT, v1::Role::Teller)]);
}

#[test]
fn somebody_who_has_entered_an_open_call_cant_decide() {
    let grant = |role| C::GrantRole { member: member(ENTRANT), role, entered: true };
    for role in [Role::Organiser, Role::Approver] {
        by(ADA).given(open(sample())).when(grant(role)).then_expect_error(E::EntrantCantDecide);
    }
    by(ADA)
        .given(open(sample()))
        .when(grant(Role::Helper))
        .then_expect_events(vec![granted(ENTRANT, v1::Role::Helper)]);
}

#[test]
fn a_conflict_is_declared_once() {
    let declare = || C::DeclareConflict { pitch: pitch(9), nature: sealed(4) };
    let declared: ProgrammeEvent =
        OrganiserConflictDeclared { member: member(BEN).into(), pitch: pitch(9).into(), nature: sealed(4) }
            .into();
    by(BEN).given(open(sample())).when(declare()).then_expect_events(vec![declared.clone()]);
    let again = after(open(sample()), [declared]);
    by(BEN).given(again).when(declare()).then_expect_error(E::ConflictDeclared);
}

#[test]
fn a_rulebook_is_published_with_its_hash_until_the_call_opens() {
    by(ADA).given(drafted()).when(publish(sample())).then_expect_events(vec![published_as(sample())]);
    let anew = Rulebook { days_kept: 30, ..sample() };
    by(ADA)
        .given(published(sample()))
        .when(publish(anew.clone()))
        .then_expect_events(vec![published_as(anew.clone())]);
    by(ADA).given(open(sample())).when(publish(anew)).then_expect_error(E::RulesFixed);
}

#[test]
fn a_rulebook_that_makes_no_sense_is_not_published() {
    let result =
        by(ADA).given(drafted()).when(publish(Rulebook { days_kept: 0, ..sample() })).inspect_result();
    let Err(E::Rulebook(errors)) = result else { panic!("published") };
    assert_eq!(errors[0].field, "rulebook.days_kept");
}

#[test]
fn an_amendment_after_the_opening_touches_prose_only() {
    let amend = || C::AmendRulebook { prose: sealed(5), reason: AmendmentReason::Clarification };
    by(ADA).given(published(sample())).when(amend()).then_expect_error(E::NothingToAmend);
    let amended = RulebookAmended {
        hash: rulebook::hash(&sample(), &sealed(5)),
        prose: sealed(5),
        reason: Reason::Clarification.into(),
    };
    by(ADA).given(open(sample())).when(amend()).then_expect_events(vec![amended.into()]);
}

#[test]
fn the_call_opens_by_two() {
    by(ADA).given(published(sample())).when(C::ProposeOpening).then_expect_events(vec![proposed(&sample())]);
    let waiting = after(published(sample()), [proposed(&sample())]);
    by(ADA).given(waiting.clone()).when(C::ConfirmOpening).then_expect_error(E::SamePerson);
    by(BEN).given(waiting).when(C::ConfirmOpening).then_expect_events(vec![opened(&sample())]);
    by(BEN).given(published(sample())).when(C::ConfirmOpening).then_expect_error(E::NotProposed);
    by(ADA).given(open(sample())).when(C::ProposeOpening).then_expect_error(E::AlreadyOpened);
}

#[test]
fn the_call_does_not_open_without_two_a_rulebook_and_time() {
    by(ADA).given(drafted()).when(C::ProposeOpening).then_expect_error(E::NoRulebook);
    let alone = after(drafted(), [published_as(sample())]);
    by(ADA).given(alone).when(C::ProposeOpening).then_expect_error(E::TwoPeopleNeeded);
    let late = by_at(ADA, deadline()).given(published(sample()));
    late.when(C::ProposeOpening).then_expect_error(E::DeadlinePassed);
}

#[test]
fn what_was_proposed_for_other_rules_is_not_confirmed() {
    let events = after(published(sample()), [proposed(&sample()), published_as(sample())]);
    by(BEN).given(events).when(C::ConfirmOpening).then_expect_error(E::NotProposed);
}

#[test]
fn what_a_former_organiser_proposed_is_not_confirmed() {
    let left = RoleRevoked { member: member(ADA).into(), role: v1::Role::Organiser.into() };
    let events =
        after(published(sample()), [proposed(&sample()), granted(3, v1::Role::Organiser), left.into()]);
    by(BEN).given(events).when(C::ConfirmOpening).then_expect_error(E::NotProposed);
}

#[test]
fn the_deadline_only_moves_later() {
    let to = |deadline| C::MoveDeadline { deadline, reason: DeadlineReason::ServiceFault };
    let later = deadline() + SignedDuration::from_hours(24);
    let moved: ProgrammeEvent = DeadlineMoved {
        deadline: Some(to_proto(later)),
        reason: Reason::ServiceFault.into(),
        grace_seconds: 60,
    }
    .into();
    by(ADA).given(open(sample())).when(to(later)).then_expect_events(vec![moved.clone()]);
    by(ADA).given(open(sample())).when(to(deadline())).then_expect_error(E::DeadlineNotLater(deadline()));
    let back = after(open(sample()), [moved]);
    by(ADA)
        .given(back)
        .when(to(later - SignedDuration::from_secs(1)))
        .then_expect_error(E::DeadlineNotLater(later));
    by(ADA).given(published(sample())).when(to(later)).then_expect_error(E::CallNotOpen);
}

#[test]
fn the_deadline_closes_the_call_once_all_in_time_was_answered() {
    let early = deadline() + SignedDuration::from_millis(89_999);
    by_at(ADA, early).given(open(sample())).when(C::CloseByDeadline).then_expect_events(vec![]);
    let due = deadline() + SignedDuration::from_secs(90);
    by_at(ADA, due).given(open(sample())).when(C::CloseByDeadline).then_expect_events(vec![closed()]);
    let again = after(open(sample()), [closed()]);
    by_at(ADA, due).given(again).when(C::CloseByDeadline).then_expect_events(vec![]);
}

#[test]
fn the_timer_of_a_deadline_that_was_moved_closes_nothing() {
    let later = deadline() + SignedDuration::from_hours(1);
    let moved = DeadlineMoved { deadline: Some(to_proto(later)), reason: 1, grace_seconds: 60 };
    let events = after(open(sample()), [moved.into()]);
    let old = deadline() + SignedDuration::from_secs(90);
    by_at(ADA, old).given(events).when(C::CloseByDeadline).then_expect_events(vec![]);
}

#[test]
fn entrants_are_invited_once_and_only_where_the_call_is_invited() {
    let invite = |number| C::Invite { member: member(number) };
    by(ADA).given(open(sample())).when(invite(ENTRANT)).then_expect_error(E::NotInvitedCall);
    by(ADA).given(published(invited_call())).when(invite(ENTRANT)).then_expect_events(vec![invited(ENTRANT)]);
    let asked = after(open(invited_call()), [invited(ENTRANT)]);
    by(ADA).given(asked.clone()).when(invite(ENTRANT)).then_expect_error(E::AlreadyInvited);
    by(ADA).given(asked.clone()).when(invite(BEN)).then_expect_error(E::EntrantCantDecide);
    by(ADA).given(after(asked, [closed()])).when(invite(8)).then_expect_error(E::InvitingOver);
}

#[test]
fn whoever_was_invited_may_decline_instead_of_entering() {
    let decline = |entered: &[u128]| C::Decline { entered: entered.iter().map(|n| member(*n)).collect() };
    let asked = after(open(invited_call()), [invited(ENTRANT)]);
    let declined: ProgrammeEvent = EntrantDeclined { member: member(ENTRANT).into() }.into();
    by(ENTRANT).given(asked.clone()).when(decline(&[])).then_expect_events(vec![declined.clone()]);
    by(ENTRANT).given(asked.clone()).when(decline(&[ENTRANT])).then_expect_error(E::HasEntered);
    by(8).given(asked.clone()).when(decline(&[])).then_expect_error(E::NotInvited);
    by(ENTRANT).given(after(asked, [declined])).when(decline(&[])).then_expect_error(E::NotInvited);
}

#[test]
fn an_invited_call_closes_early_by_two_once_everybody_answered() {
    let propose =
        |entered: &[u128]| C::ProposeClosing { entered: entered.iter().map(|n| member(*n)).collect() };
    let confirm =
        |entered: &[u128]| C::ConfirmClosing { entered: entered.iter().map(|n| member(*n)).collect() };
    let declined: ProgrammeEvent = EntrantDeclined { member: member(8).into() }.into();
    let asked = after(open(invited_call()), [invited(ENTRANT), invited(8), declined]);
    by(ADA).given(asked.clone()).when(propose(&[])).then_expect_error(E::AnswersMissing(1));
    let wanted: ProgrammeEvent = EarlyClosingProposed { by: member(ADA).into() }.into();
    by(ADA).given(asked.clone()).when(propose(&[ENTRANT])).then_expect_events(vec![wanted.clone()]);
    let waiting = after(asked, [wanted]);
    by(ADA).given(waiting.clone()).when(confirm(&[ENTRANT])).then_expect_error(E::SamePerson);
    let by_two = CallClosed {
        proposed_by: member(ADA).into(),
        confirmed_by: member(BEN).into(),
        at: Some(to_proto(now())),
    };
    by(BEN).given(waiting.clone()).when(confirm(&[ENTRANT])).then_expect_events(vec![by_two.into()]);
    let one_more = after(waiting, [invited(9)]);
    by(BEN).given(one_more).when(confirm(&[ENTRANT, 9])).then_expect_error(E::NotProposed);
}

#[test]
fn an_open_call_runs_until_its_deadline() {
    let propose = C::ProposeClosing { entered: BTreeSet::new() };
    by(ADA).given(open(sample())).when(propose).then_expect_error(E::OpenCallRunsOn);
}

#[test]
fn screening_ends_once_every_pitch_is_decided() {
    let complete = |eligible: &[u128], undecided| C::CompleteScreening {
        eligible: eligible.iter().map(|number| pitch(*number)).collect(),
        refused: 2,
        undecided,
    };
    by(ADA).given(open(sample())).when(complete(&[1], 0)).then_expect_error(E::CallNotClosed);
    let screening = after(open(sample()), [closed()]);
    by(ADA).given(screening.clone()).when(complete(&[1], 3)).then_expect_error(E::Undecided(3));
    by(ADA).given(screening.clone()).when(complete(&[], 0)).then_expect_error(E::NothingEligible);
    let result = by(ADA).given(screening).when(complete(&[2, 1], 0)).inspect_result().unwrap();
    let [ProgrammeEvent::ScreeningCompleted(completed)] = &result[..] else { panic!("{result:?}") };
    assert_eq!((completed.eligible, completed.refused), (2, 2));
    // sha256sum of the two lines, in order of the ids.
    let digest: String = completed.digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, DIGEST_OF_1_AND_2);
}

/// `printf '00000000-0000-0000-0000-000000000001\n00000000-0000-0000-0000-000000000002\n' | sha256sum`
const DIGEST_OF_1_AND_2: &str = "a929eae1f77de69cc99f751f774e5d3b63a10df5f5c9fecbfa924f4baedad3c3";

#[test]
fn a_programme_is_concluded_after_the_screening_or_cancelled_at_any_time() {
    let screened = ScreeningCompleted { eligible: 1, refused: 0, digest: sealed(6) };
    let screening = after(open(sample()), [closed()]);
    by(ADA).given(screening.clone()).when(C::Conclude).then_expect_error(E::NotScreened);
    let screened = after(screening, [screened.into()]);
    by(ADA).given(screened.clone()).when(C::Conclude).then_expect_events(vec![ProgrammeConcluded {}.into()]);
    let concluded = after(screened, [ProgrammeConcluded {}.into()]);
    by(ADA).given(concluded).when(C::Conclude).then_expect_error(E::Over);
    let cancel = || C::Cancel { reason: CancellationReason::TooFewPitches };
    let cancelled: ProgrammeEvent = ProgrammeCancelled { reason: Reason::TooFewPitches.into() }.into();
    by(ADA).given(drafted()).when(cancel()).then_expect_events(vec![cancelled.clone()]);
    by(ADA).given(after(drafted(), [cancelled])).when(publish(sample())).then_expect_error(E::Over);
}

/// Folded from events.
pub fn folded(events: Vec<ProgrammeEvent>) -> Programme {
    let mut programme = Programme::default();
    for event in events {
        cqrs_es::Aggregate::apply(&mut programme, event);
    }
    programme
}

/// An open call by Ada (1) and Ben (2), an approver.
pub fn open_programme() -> Programme {
    folded(open(sample()))
}

#[test]
fn only_those_who_may_enter_do() {
    let programme = open_programme();
    assert_eq!(programme.may_enter(member(BEN)), Err(E::DecidersCantEnter));
    assert_eq!(programme.may_enter(member(ENTRANT)), Ok(()));
    let programme = folded(after(open(invited_call()), [invited(ENTRANT)]));
    assert_eq!(programme.may_enter(member(ENTRANT)), Ok(()));
    assert_eq!(programme.may_enter(member(8)), Err(E::InvitedOnly));
}

const AUDITOR: u128 = 9;

fn auditor_proposed(by: u128) -> ProgrammeEvent {
    AuditorProposed { member: member(AUDITOR).into(), by: member(by).into() }.into()
}

fn auditor_admitted() -> ProgrammeEvent {
    AuditorAdmitted {
        member: member(AUDITOR).into(),
        proposed_by: member(ADA).into(),
        confirmed_by: member(BEN).into(),
    }
    .into()
}

fn concluded() -> Vec<ProgrammeEvent> {
    let screened = ScreeningCompleted { eligible: 1, refused: 0, digest: sealed(3) };
    after(open(sample()), [closed(), screened.into(), ProgrammeConcluded {}.into()])
}

fn propose_auditor(entered: bool) -> C {
    C::ProposeAuditor { member: member(AUDITOR), entered }
}

fn confirm_auditor(number: u128) -> C {
    C::ConfirmAuditor { member: member(number), entered: false }
}

#[test]
fn two_people_admit_an_auditor_even_when_all_is_over() {
    for history in [drafted(), concluded()] {
        by(ADA).given(history).when(propose_auditor(false)).then_expect_events(vec![auditor_proposed(ADA)]);
    }
    let proposed = after(concluded(), [auditor_proposed(ADA)]);
    by(BEN)
        .given(proposed.clone())
        .when(confirm_auditor(AUDITOR))
        .then_expect_events(vec![auditor_admitted()]);
    by(ADA).given(proposed.clone()).when(confirm_auditor(AUDITOR)).then_expect_error(E::SamePerson);
    by(BEN).given(proposed).when(confirm_auditor(8)).then_expect_error(E::NotProposed);
    by(BEN).given(concluded()).when(confirm_auditor(AUDITOR)).then_expect_error(E::NotProposed);
}

#[test]
fn a_later_proposal_takes_the_place_of_an_earlier_one() {
    let other = AuditorProposed { member: member(8).into(), by: member(ADA).into() };
    let history = after(open(sample()), [auditor_proposed(ADA), other.into()]);
    by(BEN).given(history.clone()).when(confirm_auditor(AUDITOR)).then_expect_error(E::NotProposed);
    let proposer_gone = RoleRevoked { member: member(ADA).into(), role: v1::Role::Organiser.into() };
    let history = after(history, [granted(3, v1::Role::Organiser), proposer_gone.into()]);
    by(BEN).given(history).when(confirm_auditor(8)).then_expect_error(E::NotProposed);
}

#[test]
fn whoever_has_a_part_in_a_pitch_does_not_audit() {
    let conflict = OrganiserConflictDeclared {
        member: member(AUDITOR).into(),
        pitch: pitch(1).into(),
        nature: sealed(4),
    };
    let conflicted = after(open(sample()), [conflict.clone().into()]);
    by(ADA).given(open(sample())).when(propose_auditor(true)).then_expect_error(E::AuditorHasPart);
    by(ADA).given(conflicted).when(propose_auditor(false)).then_expect_error(E::AuditorHasPart);
    let asked = after(open(invited_call()), [invited(AUDITOR)]);
    by(ADA).given(asked).when(propose_auditor(false)).then_expect_error(E::AuditorHasPart);
    let admitted = after(open(invited_call()), [auditor_proposed(ADA), auditor_admitted()]);
    let invite = C::Invite { member: member(AUDITOR) };
    by(ADA).given(admitted.clone()).when(invite).then_expect_error(E::EntrantCantDecide);
    let programme = folded(after(open(sample()), [auditor_admitted()]));
    assert_eq!(programme.may_enter(member(AUDITOR)), Err(E::DecidersCantEnter));
    assert!(programme.audits(member(AUDITOR)) && !programme.audits(member(ADA)));
    assert!(!folded(after(admitted, [conflict.into()])).audits(member(AUDITOR)), "a wall goes first");
}

#[test]
fn an_auditor_is_one_until_dismissed() {
    let dismiss = C::DismissAuditor { member: member(AUDITOR) };
    let dismissed: ProgrammeEvent = AuditorDismissed { member: member(AUDITOR).into() }.into();
    let admitted = after(concluded(), [auditor_proposed(ADA), auditor_admitted()]);
    by(ADA).given(admitted.clone()).when(propose_auditor(false)).then_expect_error(E::AuditorAlready);
    by(ADA).given(admitted.clone()).when(dismiss.clone()).then_expect_events(vec![dismissed.clone()]);
    assert!(!folded(after(admitted, [dismissed])).audits(member(AUDITOR)));
    by(ADA).given(concluded()).when(dismiss).then_expect_error(E::NotAuditor);
}

#[test]
fn what_is_kept_is_forgotten_only_when_all_is_over_and_announced() {
    let forget =
        |subject: Subject, announced| C::AskForgetting { subject, reason: Reason::KeptLongEnough, announced };
    let asked: ProgrammeEvent = ForgettingAsked {
        subject: v1::Subject::Pitch.into(),
        id: pitch(1).to_string(),
        reason: Reason::KeptLongEnough.into(),
    }
    .into();
    let pitch = Subject::from(pitch(1));
    by(ADA).given(concluded()).when(forget(pitch.clone(), true)).then_expect_events(vec![asked.clone()]);
    by(ADA).given(concluded()).when(forget(pitch.clone(), false)).then_expect_error(E::NotOver);
    by(ADA).given(open(sample())).when(forget(pitch.clone(), true)).then_expect_error(E::NotOver);
    let cancelled = ProgrammeCancelled { reason: Reason::OurFault.into() };
    let cancelled = after(open(sample()), [cancelled.into()]);
    by(ADA).given(cancelled).when(forget(pitch, false)).then_expect_events(vec![asked]);
    let organiser = Subject::from(member(BEN));
    by(ADA).given(concluded()).when(forget(organiser, true)).then_expect_error(E::StillHasRole);
}

#[test]
fn a_state_that_is_stored_is_read_back_equal() {
    let audited = [invited(ENTRANT), auditor_proposed(ADA), auditor_admitted(), auditor_proposed(BEN)];
    let programme = folded(after(open(invited_call()), audited));
    let json = serde_json::to_string(&programme).unwrap();
    assert_eq!(serde_json::from_str::<Programme>(&json).unwrap(), programme);
    assert_eq!(programme.phase, Some(Phase::Open));
}
