//! What NATS loses is sent again; what PostgreSQL loses is taken back; and
//! nobody is told that something was done which then isn't.

use std::time::Duration;

use futures_util::future::join_all;
use plaudit_chassis::id::MemberId;
use plaudit_servers::Stop;

use crate::bench_noun::Invite;
use crate::stand::{Stand, ask};

async fn some(stand: &Stand, many: usize) {
    let invites = (0..many).map(|_| async { stand.service().run(&ask(), &Invite(MemberId::random())).await.unwrap() });
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

    // One from the middle.
    let stream = stand.service().context().get_stream("PLAUDIT_ACCOUNTS").await.unwrap();
    stream.delete_message(42).await.unwrap();
    let stand = stand.restart().await;
    some(&stand, 10).await;
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
        let rows = client
            .query("select position from events where stream = $1", &[&stream.as_str()])
            .await
            .unwrap();
        assert_eq!(rows.len(), 1, "command {command} has one effect");
        assert_eq!(rows[0].get::<_, i64>(0) as u64, position, "at the place that was said");
    }
    drop(client);
    stand.same_in_nats().await;
    stand.servers.stop().await;
}
