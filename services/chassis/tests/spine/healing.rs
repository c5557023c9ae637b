//! What NATS loses is sent again; what PostgreSQL loses is taken back; and
//! nobody is told that something was done which then isn't.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use futures_util::future::join_all;
use plaudit_chassis::id::{MemberId, SupportId};
use plaudit_chassis::vault::{Forget, Opening};
use plaudit_proto::intake::v1::ForgottenBecause;
use plaudit_servers::Stop;

use crate::bench_noun::{ForgetPledge, Invite, Join, Pledge};
use crate::stand::{PROGRAMME, Stand, ask};

/// Something sealed that the whole programme keeps.
async fn pledge(stand: &Stand) -> ForgetPledge {
    let pledge = SupportId::random();
    let what = Opening::seal(&pledge.stream(), "SupportPledged.what", PROGRAMME, "a desk");
    let commitment = what.commitment();
    stand.service().run(&ask(), &Pledge(pledge, what)).await.unwrap();
    ForgetPledge(pledge, commitment)
}

async fn some(stand: &Stand, many: usize) {
    let invites =
        (0..many).map(|_| async { stand.service().run(&ask(), &Invite(MemberId::random())).await.unwrap() });
    join_all(invites).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_nats_loses_is_sent_again() {
    let stand = Stand::start().await;
    some(&stand, 100).await;
    stand.same_in_nats().await;

    // Away for a while: commands go on, events wait.
    stand.servers.stop_nats(Stop::Clean).await;
    some(&stand, 50).await;
    stand.servers.start_nats().await.unwrap();
    stand.same_in_nats().await;

    // Everything gone.
    stand.service().context().delete_stream("PLAUDIT_ACCOUNTS").await.unwrap();
    let stand = stand.restart().await;
    some(&stand, 10).await;
    stand.same_in_nats().await;

    // An older copy: its tail is gone.
    let nats = stand.folder.path().join("nats");
    stand.servers.stop_nats(Stop::Clean).await;
    copy(&nats, "nats-older");
    stand.servers.start_nats().await.unwrap();
    some(&stand, 40).await;
    stand.settled().await;
    stand.servers.stop_nats(Stop::Clean).await;
    put_back(&nats, "nats-older");
    stand.servers.start_nats().await.unwrap();
    some(&stand, 10).await;
    stand.same_in_nats().await;

    // One from the middle.
    let stream = stand.service().context().get_stream("PLAUDIT_ACCOUNTS").await.unwrap();
    stream.delete_message(42).await.unwrap();
    let stand = stand.restart().await;
    some(&stand, 10).await;
    stand.same_in_nats().await;
    stand.servers.stop().await;
}

/// Copies a server's folder to one beside it, owners and all.
fn copy(folder: &Path, name: &str) {
    let to = folder.with_file_name(name);
    let copied = Command::new("cp").arg("-a").arg(folder).arg(to).status().unwrap();
    assert!(copied.success());
}

/// Replaces a server's folder by such a copy.
fn put_back(folder: &Path, name: &str) {
    std::fs::remove_dir_all(folder).unwrap();
    std::fs::rename(folder.with_file_name(name), folder).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_restored_postgres_lacks_is_taken_back_and_lost_openings_are_said() {
    let stand = Stand::start().await;
    let (member, forgotten) = (MemberId::random(), MemberId::random());
    stand.service().run(&ask(), &Invite(member)).await.unwrap();
    let secret = Opening::seal(&member.stream(), "MemberJoined.words", forgotten, "to be forgotten");
    let join = Join { member, guard: None, opening: Some(secret.clone()) };
    stand.service().run(&ask(), &join).await.unwrap();
    let (alone, kept) = (pledge(&stand).await, pledge(&stand).await);
    stand.settled().await;
    stand.servers.stop_postgres(Stop::Clean).await;
    let postgres = stand.folder.path().join("postgres");
    copy(&postgres, "postgres-older");
    stand.servers.start_postgres().await.unwrap();

    // What comes after the backup: a command, a sealed thing, forgettings, and
    // a sealed thing that was forgotten.
    let late = ask();
    let invited = stand.service().run(&late, &Invite(MemberId::random())).await.unwrap();
    pledge(&stand).await;
    let brief = pledge(&stand).await;
    for one in [&alone, &brief] {
        stand.service().run(&ask(), one).await.unwrap();
    }
    let forget = Forget { subject: forgotten.into(), because: ForgottenBecause::Asked };
    stand.service().run(&ask(), &forget).await.unwrap();
    let head = stand.settled().await;

    let stand = stand
        .restart_after(async |servers| {
            servers.stop_postgres(Stop::Clean).await;
            put_back(&postgres, "postgres-older");
            servers.start_postgres().await.unwrap();
        })
        .await;
    let again = stand.service().run(&late, &Invite(MemberId::random())).await.unwrap();
    assert_eq!((again.position, again.first), (invited.position, false), "its key came back too");
    let asked = [secret.commitment(), alone.1, kept.1.clone()];
    let shown = stand.service().vault().show(&asked).await.unwrap();
    let shown: Vec<_> = shown.into_keys().collect();
    assert_eq!(shown, [kept.1], "what was forgotten stays forgotten");
    let said = async {
        loop {
            let events = stand.service().store().read_after(head, 10).await.unwrap();
            if let Some(event) = events.iter().find(|event| event.envelope.kind() == "OpeningsLost") {
                break event.envelope.data.get().to_owned();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let said = tokio::time::timeout(Duration::from_secs(20), said).await.unwrap();
    assert!(said.contains("\"openings\":1"), "what was forgotten is not lost: {said}");
    stand.same_in_nats().await;
    stand.servers.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_postgres_under_a_running_service_is_not_written_before_its_tail_is_back() {
    let stand = Stand::start().await;
    some(&stand, 20).await;
    stand.settled().await;
    let postgres = stand.folder.path().join("postgres");
    stand.servers.stop_postgres(Stop::Clean).await;
    copy(&postgres, "postgres-older");
    stand.servers.start_postgres().await.unwrap();
    let late = ask();
    let invited = loop {
        // The first connections after the start are broken ones.
        if let Ok(done) = stand.service().run(&late, &Invite(MemberId::random())).await {
            break done;
        }
    };
    some(&stand, 20).await;
    let head = stand.settled().await;
    // And NATS has a hole in what both had.
    let stream = stand.service().context().get_stream("PLAUDIT_ACCOUNTS").await.unwrap();
    stream.delete_message(7).await.unwrap();
    stand.servers.stop_postgres(Stop::Kill).await;
    put_back(&postgres, "postgres-older");
    stand.servers.start_postgres().await.unwrap();
    let again = async {
        loop {
            if let Ok(done) = stand.service().run(&late, &Invite(MemberId::random())).await {
                break done;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let again = tokio::time::timeout(Duration::from_secs(60), again).await.unwrap();
    assert_eq!((again.position, again.first), (invited.position, false), "it was done once");
    assert_eq!(stand.settled().await, head, "nothing was written in its place");
    stand.same_in_nats().await;
    stand.servers.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_killed_under_load_keeps_every_acknowledged_command() {
    let stand = Stand::start().await;
    let service = stand.service().clone();
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let service = service.clone();
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for _ in 0..200 {
                    let (asked, invite) = (ask(), Invite(MemberId::random()));
                    // An unanswered command is repeated with its key.
                    for _ in 0..40 {
                        if let Ok(done) = service.run(&asked, &invite).await {
                            acknowledged.push((asked.command, done.stream, done.position));
                            break;
                        }
                        tokio::time::sleep(Duration::from_millis(250)).await;
                    }
                }
                acknowledged
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(120)).await;
    stand.servers.stop_postgres(Stop::Kill).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    stand.servers.start_postgres().await.unwrap();
    let ledger: Vec<_> = join_all(callers).await.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(ledger.len(), 16 * 200, "everything was acknowledged in the end");
    let client = service.pool().get().await.unwrap();
    for (command, stream, position) in ledger {
        let rows =
            client.query("select position from events where stream = $1", &[&stream.as_str()]).await.unwrap();
        assert_eq!(rows.len(), 1, "command {command} has one effect");
        assert_eq!(rows[0].get::<_, i64>(0) as u64, position, "at the place that was said");
    }
    drop(client);
    stand.same_in_nats().await;
    stand.servers.stop().await;
}
