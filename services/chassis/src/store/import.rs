//! Taking back from NATS what a restored PostgreSQL lacks.

use tokio_postgres::{Error, Transaction};
use uuid::Uuid;

use super::{Store, StoreError};
use crate::event::Recorded;

impl Store {
    /// Appends events that have their positions already, with the keys of
    /// their commands: without the bodies' hashes, which were lost.
    pub(crate) async fn import(&self, events: &[Recorded]) -> Result<(), StoreError> {
        let Some(last) = events.last() else { return Ok(()) };
        let mut client = self.inner.pool.get().await?;
        let transaction = client.transaction().await?;
        transaction.execute("select 1 from head for update", &[]).await?;
        let positions: Vec<i64> = events.iter().map(|event| event.position as i64).collect();
        let streams: Vec<&str> = events.iter().map(|e| e.envelope.stream.as_str()).collect();
        let versions: Vec<i64> = events.iter().map(|e| e.envelope.version as i64).collect();
        let types: Vec<&str> = events.iter().map(|e| e.envelope.type_name.as_str()).collect();
        let programmes: Vec<Uuid> = events.iter().map(|e| e.envelope.programme.0).collect();
        let bytes: Vec<&[u8]> = events.iter().map(|e| &e.bytes[..]).collect();
        transaction
            .execute(
                "insert into events (position, stream, version, type, programme, bytes) \
                 select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::uuid[], $6::bytea[])",
                &[&positions, &streams, &versions, &types, &programmes, &bytes],
            )
            .await?;
        let commands: Vec<Uuid> = events.iter().map(|e| e.envelope.command).collect();
        // A command's answer is about its last event's stream: of several rows
        // for one command the last one stays.
        transaction
            .execute(
                "insert into keys (command, stream, version, position) \
                 select distinct on (command) command, stream, version, position \
                 from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) \
                      i(command, stream, version, position) \
                 order by command, position desc \
                 on conflict (command) do update set position = excluded.position, \
                     stream = excluded.stream, version = excluded.version",
                &[&commands, &streams, &versions, &positions],
            )
            .await?;
        note_lost(&transaction, events).await?;
        transaction.execute("update head set position = $1", &[&(last.position as i64)]).await?;
        transaction.commit().await?;
        self.inner.cache.clear();
        self.saw_head(last.position);
        Ok(())
    }
}

/// The openings lay in PostgreSQL alone: those of imported events are gone,
/// unless the backup had them.
async fn note_lost(transaction: &Transaction<'_>, events: &[Recorded]) -> Result<(), Error> {
    let made = events.iter().flat_map(|event| {
        event.commitments().into_iter().map(|commitment| (commitment.to_vec(), event.envelope.programme.0))
    });
    let (commitments, programmes): (Vec<Vec<u8>>, Vec<Uuid>) = made.unzip();
    transaction
        .execute(
            "insert into openings_lost (commitment, programme) \
             select i.commitment, i.programme \
             from unnest($1::bytea[], $2::uuid[]) i(commitment, programme) \
             where not exists (select from openings o where o.commitment = i.commitment) \
             on conflict do nothing",
            &[&commitments, &programmes],
        )
        .await?;
    Ok(())
}
