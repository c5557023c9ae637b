//! Timers: what a manager will do at an instant. A row is written with the
//! checkpoint that set it, so it is neither lost nor set twice, and it is
//! kept once done.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio_postgres::{Error, Transaction};
use uuid::Uuid;

use super::AnyManager;
use super::runner::carry_out;
use crate::event::Recorded;
use crate::id::{ProgrammeId, StreamId};
use crate::problem::Problem;
use crate::service::Service;

/// How often it is looked whether a time has come.
const TICK: Duration = Duration::from_millis(250);

const DUE: &str = "select stream, version, name, programme, cause, due, manager from timers \
     where not done and due <= $1 order by due limit 100";

/// A timer whose time has come.
#[derive(Clone, Debug)]
pub struct Timer {
    /// The stream whose event set it.
    pub stream: StreamId,
    /// That event's version.
    pub version: u64,
    /// Which of the manager's timers.
    pub name: String,
    /// The programme.
    pub programme: ProgrammeId,
    /// The event that set it, written `service/position`.
    pub cause: String,
    /// When it was due.
    pub due: Timestamp,
}

pub(super) async fn set(
    transaction: &Transaction<'_>,
    manager: &str,
    event: &Recorded,
    at: Timestamp,
    name: &str,
) -> Result<(), Error> {
    let due = SystemTime::from(at);
    transaction
        .execute(
            "insert into timers (manager, stream, version, name, programme, cause, due) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
            &[
                &manager,
                &event.envelope.stream.as_str(),
                &(event.envelope.version as i64),
                &name,
                &event.envelope.programme.0,
                &event.place(),
                &due,
            ],
        )
        .await?;
    Ok(())
}

/// Does what is due, for ever, for all of a service's managers.
pub(crate) async fn keep_time(service: Service, managers: Vec<Arc<dyn AnyManager>>) {
    let managers: HashMap<&'static str, Arc<dyn AnyManager>> =
        managers.into_iter().map(|manager| (manager.name(), manager)).collect();
    loop {
        tokio::time::sleep(TICK).await;
        if let Err(error) = tick(&service, &managers).await {
            tracing::debug!(service = service.name(), error, "the timers wait");
        }
    }
}

/// One timer that can't be kept does not keep the others waiting.
async fn tick(
    service: &Service,
    managers: &HashMap<&'static str, Arc<dyn AnyManager>>,
) -> Result<(), String> {
    for (name, timer) in due(service).await? {
        let Some(manager) = managers.get(name.as_str()) else { continue };
        match keep(service, manager.as_ref(), &timer).await {
            Ok(()) => done(service, &name, &timer).await?,
            Err(problem) => tracing::warn!(
                manager = name, stream = %timer.stream, name = timer.name, %problem,
                "a timer's time has come, and it can't be kept yet"
            ),
        }
    }
    Ok(())
}

async fn keep(service: &Service, manager: &dyn AnyManager, timer: &Timer) -> Result<(), Problem> {
    let version = timer.version.to_be_bytes();
    for (ordinal, decision) in (0_u32..).zip(manager.due(timer)) {
        let key = [
            b"timer".as_slice(),
            manager.name().as_bytes(),
            timer.stream.as_str().as_bytes(),
            &version,
            timer.name.as_bytes(),
            &ordinal.to_be_bytes(),
        ];
        carry_out(service, manager.name(), &key, timer.programme, &timer.cause, decision.as_ref()).await?;
    }
    Ok(())
}

async fn due(service: &Service) -> Result<Vec<(String, Timer)>, String> {
    let client = service.pool().get().await.map_err(|error| error.to_string())?;
    let now = SystemTime::from(service.clock().now());
    let statement = client.prepare_cached(DUE).await.map_err(|error| error.to_string())?;
    let rows = client.query(&statement, &[&now]).await.map_err(|error| error.to_string())?;
    let timers = rows.iter().map(|row| {
        let timer = Timer {
            stream: StreamId::try_from(row.get::<_, String>(0)).map_err(|error| error.to_string())?,
            version: row.get::<_, i64>(1) as u64,
            name: row.get(2),
            programme: ProgrammeId(row.get::<_, Uuid>(3)),
            cause: row.get(4),
            due: Timestamp::try_from(row.get::<_, SystemTime>(5)).map_err(|error| error.to_string())?,
        };
        Ok((row.get(6), timer))
    });
    timers.collect()
}

async fn done(service: &Service, manager: &str, timer: &Timer) -> Result<(), String> {
    let client = service.pool().get().await.map_err(|error| error.to_string())?;
    client
        .execute(
            "update timers set done = true \
             where manager = $1 and stream = $2 and version = $3 and name = $4",
            &[&manager, &timer.stream.as_str(), &(timer.version as i64), &timer.name],
        )
        .await
        .map_err(|error| error.to_string())?;
    Ok(())
}
