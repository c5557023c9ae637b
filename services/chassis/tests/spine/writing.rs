//! Writing: once, dense, guarded.

use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use plaudit_chassis::id::{MemberId, StreamId, SupportId};
use plaudit_chassis::vault::{self, Forget, Opening};
use plaudit_chassis::{Decision, Problem, Scope, Service};
use plaudit_proto::intake::v1::ForgottenBecause;
use uuid::Uuid;

use crate::bench_noun::{ForgetPledge, Invite, Join, Member, MemberCommand, Members, Pledge};
use crate::stand::{PROGRAMME, Stand, ask, ask_again};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_is_dense_published_and_read_and_repeats_have_one_effect() {
    let stand = Stand::start().await;
    let service = stand.service();
    one_command_reaches_the_read_model(&stand).await;
    sixty_four_callers_are_dense(&stand).await;
    a_repeated_key_has_one_effect(&stand).await;
    a_key_with_another_body_is_refused(&stand).await;
    a_stream_that_many_want_turns_nobody_away(&stand).await;
    a_stream_taken_as_new_is_read_if_it_is_not(&stand).await;
    a_guard_that_moves_makes_it_decide_again(&stand).await;
    if_match_refuses_what_was_not_seen(&stand).await;
    an_opening_is_shown_until_it_is_forgotten(&stand).await;
    one_opening_is_forgotten_by_its_event_and_its_subject_s_others_stay(&stand).await;
    a_stream_is_read_once_a_decision(&stand).await;
    stand.same_in_nats().await;
    for _ in 0..2 {
        let rebuilt = service.rebuild().await.unwrap();
        assert!(rebuilt.iter().all(|model| model.rows > 0), "{rebuilt:?}");
    }
    stand.same_in_nats().await;
}

async fn one_command_reaches_the_read_model(stand: &Stand) {
    let member = MemberId::random();
    let done = stand.service().run(&ask(), &Invite(member)).await.unwrap();
    assert_eq!((done.version, done.first), (1, true));
    stand.settled().await;
    let row = stand.service().rows::<Members>().get(member.stream().as_str()).await.unwrap();
    assert_eq!(row.unwrap().last, done.position);
}

async fn sixty_four_callers_are_dense(stand: &Stand) {
    let before = stand.settled().await;
    let callers = (0..64).map(|_| async {
        for _ in 0..20 {
            stand.service().run(&ask(), &Invite(MemberId::random())).await.unwrap();
        }
    });
    join_all(callers).await;
    assert_eq!(stand.settled().await, before + 64 * 20);
}

async fn a_repeated_key_has_one_effect(stand: &Stand) {
    let (member, command) = (MemberId::random(), Uuid::new_v4());
    let asked = ask_again(command, b"same");
    let decision = Invite(member);
    let together = join_all((0..8).map(|_| stand.service().run(&asked, &decision))).await;
    let done: Vec<_> = together.into_iter().map(Result::unwrap).collect();
    assert_eq!(done.iter().filter(|done| done.first).count(), 1);
    assert!(done.iter().all(|one| one.position == done[0].position && one.version == 1));
    let loaded = stand.service().store().reload::<Member>(&member.stream()).await.unwrap();
    assert_eq!(loaded.version, 1);
}

async fn a_key_with_another_body_is_refused(stand: &Stand) {
    let (member, command) = (MemberId::random(), Uuid::new_v4());
    stand.service().run(&ask_again(command, b"one"), &Invite(member)).await.unwrap();
    let other = stand.service().run(&ask_again(command, b"two"), &Invite(member)).await;
    let problem = other.unwrap_err();
    assert_eq!((problem.status().as_u16(), problem.code()), (422, "key-reused"));
}

async fn a_stream_that_many_want_turns_nobody_away(stand: &Stand) {
    let member = MemberId::random();
    stand.service().run(&ask(), &Invite(member)).await.unwrap();
    let join = Arc::new(Join { member, guard: None, opening: None });
    let crowd = (0..64).map(|_| {
        let join = Arc::clone(&join);
        async move { stand.service().run(&ask(), join.as_ref()).await }
    });
    let mut versions: Vec<u64> =
        join_all(crowd).await.into_iter().map(|done| done.unwrap().version).collect();
    versions.sort_unstable();
    assert_eq!(versions, (2..=65).collect::<Vec<_>>(), "each is there once");
    let loaded = stand.service().store().reload::<Member>(&member.stream()).await.unwrap();
    assert_eq!(loaded.state.joins, 64);
}

/// Somebody takes a stream as new, which it is not.
struct InviteAsNew(MemberId);

impl Decision for InviteAsNew {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.0.stream();
        scope.begin::<Member>(&stream);
        scope.handle::<Member>(&stream, MemberCommand::Invite).await?;
        Ok(stream)
    }
}

async fn a_stream_taken_as_new_is_read_if_it_is_not(stand: &Stand) {
    let member = MemberId::random();
    for version in 1..=2 {
        let done = stand.service().run(&ask(), &InviteAsNew(member)).await.unwrap();
        assert_eq!(done.version, version);
    }
}

async fn a_guard_that_moves_makes_it_decide_again(stand: &Stand) {
    let (member, guard) = (MemberId::random(), MemberId::random());
    stand.service().run(&ask(), &Invite(member)).await.unwrap();
    let join = Join { member, guard: Some(guard), opening: None };
    let refused = stand.service().run(&ask(), &join).await.unwrap_err();
    assert_eq!(refused.code(), "not-invited");
    // The guard was read and cached as absent; it moves behind the cache.
    stand.service().run(&ask(), &Invite(guard)).await.unwrap();
    stand.service().run(&ask(), &join).await.unwrap();
}

/// Between a decision's first look at a stream and its second, another command
/// gets in: what was decided on the first look must not be appended.
struct LooksTwice {
    member: MemberId,
    in_between: Service,
    looks: Mutex<Vec<u32>>,
}

impl Decision for LooksTwice {
    async fn decide(&self, scope: &mut Scope) -> Result<StreamId, Problem> {
        let stream = self.member.stream();
        let seen = scope.load::<Member>(&stream).await?.state.joins;
        if seen == 0 {
            let join = Join { member: self.member, guard: None, opening: None };
            self.in_between.run(&ask(), &join).await?;
        }
        scope.handle::<Member>(&stream, MemberCommand::Join).await?;
        self.looks.lock().unwrap().push(seen);
        Ok(stream)
    }
}

async fn a_stream_is_read_once_a_decision(stand: &Stand) {
    let member = MemberId::random();
    stand.service().run(&ask(), &Invite(member)).await.unwrap();
    let decision = LooksTwice { member, in_between: stand.service().clone(), looks: Mutex::default() };
    stand.service().run(&ask(), &decision).await.unwrap();
    assert_eq!(*decision.looks.lock().unwrap(), [0, 1], "it decided again on what had come in between");
}

async fn if_match_refuses_what_was_not_seen(stand: &Stand) {
    let member = MemberId::random();
    stand.service().run(&ask(), &Invite(member)).await.unwrap();
    let join = Join { member, guard: None, opening: None };
    let mut stale = ask();
    stale.if_match = Some(7);
    let refused = stand.service().run(&stale, &join).await.unwrap_err();
    assert_eq!(refused.status().as_u16(), 412);
    let mut seen = ask();
    seen.if_match = Some(1);
    assert_eq!(stand.service().run(&seen, &join).await.unwrap().version, 2);
}

async fn an_opening_is_shown_until_it_is_forgotten(stand: &Stand) {
    let member = MemberId::random();
    stand.service().run(&ask(), &Invite(member)).await.unwrap();
    let words = "a marker that must stay private";
    let opening = Opening::seal(&member.stream(), "MemberJoined.words", member, words);
    let commitment = opening.commitment();
    let join = Join { member, guard: None, opening: Some(opening) };
    stand.service().run(&ask(), &join).await.unwrap();
    let shown = stand.service().vault().show(std::slice::from_ref(&commitment)).await.unwrap();
    let shown = shown.get(&commitment).unwrap();
    assert_eq!(shown.text(), words);
    let stream = member.stream();
    assert!(vault::opens(&commitment, &shown.salt, stream.as_str(), "MemberJoined.words", words.as_bytes()));
    assert!(!vault::opens(&commitment, &shown.salt, stream.as_str(), "MemberJoined.words", b"other"));
    let client = stand.service().pool().get().await.unwrap();
    let resting: Vec<u8> = client
        .query_one("select resting from openings where commitment = $1", &[&&commitment[..]])
        .await
        .unwrap()
        .get(0);
    assert!(!resting.windows(6).any(|window| window == b"marker"), "it rests encrypted");
    let forget = Forget { subject: member.into(), because: ForgottenBecause::Asked };
    stand.service().run(&ask(), &forget).await.unwrap();
    let gone = stand.service().vault().show(std::slice::from_ref(&commitment)).await.unwrap();
    assert!(gone.is_empty(), "what was forgotten can't be shown");
    let more = Opening::seal(&member.stream(), "MemberJoined.words", member, "more");
    let join = Join { member, guard: None, opening: Some(more) };
    let refused = stand.service().run(&ask(), &join).await.unwrap_err();
    assert_eq!(refused.code(), "forgotten", "its key is gone for ever");
}

async fn one_opening_is_forgotten_by_its_event_and_its_subject_s_others_stay(stand: &Stand) {
    let (one, other) = (SupportId::random(), SupportId::random());
    let asked = ask();
    let mut commitments = Vec::new();
    for (ask, pledge) in [(&asked, one), (&ask(), other)] {
        let what = Opening::seal(&pledge.stream(), "SupportPledged.what", PROGRAMME, "a desk");
        commitments.push(what.commitment());
        stand.service().run(ask, &Pledge(pledge, what)).await.unwrap();
    }
    let forget = ForgetPledge(one, commitments[0].clone());
    let repeated = stand.service().run(&asked, &forget).await.unwrap();
    assert!(!repeated.first);
    let shown = stand.service().vault().show(&commitments).await.unwrap();
    assert_eq!(shown.len(), 2, "what is not appended forgets nothing");
    stand.service().run(&ask(), &forget).await.unwrap();
    let client = stand.service().pool().get().await.unwrap();
    let subject = format!("programme/{PROGRAMME}");
    let rows = client.query("select stream from openings where subject = $1", &[&subject]).await.unwrap();
    let kept: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(kept, [other.stream().as_str()], "the row is gone, not only out of sight");
}
