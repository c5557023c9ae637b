//! A mailing: letters to many, or at an instant. Whom it concerns is found out
//! when it is due, and nobody is written to where it no longer holds.

use std::collections::BTreeSet;
use std::time::Duration;

use deadpool_postgres::Transaction;
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::Service;
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::facts::{self, Pitch, Programme};
use crate::letter::{self, About, Kind, New};
use crate::peers::Peers;
use crate::row;

/// One that is to be.
#[derive(Clone, Debug)]
pub struct Mailing {
    pub occasion: Uuid,
    pub kind: Kind,
    pub programme: ProgrammeId,
    pub about: About,
    pub due: Timestamp,
}

const INSERT: &str = "insert into mailings (occasion, kind, programme, about, due_ms) \
     select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::jsonb[], $5::bigint[]) on conflict do nothing";
const DUE: &str = "select occasion, kind, programme, about, due_ms from mailings \
     where not done and due_ms <= $1 order by due_ms limit 1";

/// Makes mailings wait, each once however often it is made.
pub async fn insert(transaction: &Transaction<'_>, mailings: &[Mailing]) -> Result<(), StoreError> {
    if mailings.is_empty() {
        return Ok(());
    }
    let occasions: Vec<Uuid> = mailings.iter().map(|mailing| mailing.occasion).collect();
    let kinds: Vec<&str> = mailings.iter().map(|mailing| mailing.kind.name()).collect();
    let programmes: Vec<Uuid> = mailings.iter().map(|mailing| mailing.programme.0).collect();
    let abouts: Result<Vec<Value>, _> =
        mailings.iter().map(|mailing| serde_json::to_value(&mailing.about)).collect();
    let abouts = abouts.map_err(|error| StoreError::Unreadable(error.to_string()))?;
    let due: Vec<i64> = mailings.iter().map(|mailing| mailing.due.as_millisecond()).collect();
    let statement = transaction.prepare_cached(INSERT).await?;
    transaction.execute(&statement, &[&occasions, &kinds, &programmes, &abouts, &due]).await?;
    Ok(())
}

/// How often it is looked whether a time has come.
const TICK: Duration = Duration::from_millis(300);

/// Does what is due, for ever.
pub async fn keep_time(service: &Service, peers: &Peers) -> Result<(), StoreError> {
    loop {
        tokio::time::sleep(TICK).await;
        while let Some(mailing) = next(service).await? {
            let to = match recipients(service, peers, &mailing).await? {
                Ok(to) => to,
                Err(why) => {
                    tracing::warn!(%why, kind = mailing.kind.name(), "letters that are due wait");
                    tokio::time::sleep(TICK * 10).await;
                    break;
                }
            };
            make(service, &mailing, to).await?;
        }
    }
}

async fn next(service: &Service) -> Result<Option<Mailing>, StoreError> {
    let client = service.pool().get().await?;
    let statement = client.prepare_cached(DUE).await?;
    let now = service.clock().now().as_millisecond();
    client.query_opt(&statement, &[&now]).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Mailing, StoreError> {
    let kind: &str = row.get(1);
    let unreadable = || StoreError::Unreadable(format!("there is no kind of letter '{kind}'"));
    Ok(Mailing {
        occasion: row.get(0),
        kind: Kind::named(kind).ok_or_else(unreadable)?,
        programme: ProgrammeId(row.get(2)),
        about: serde_json::from_value(row.get(3))
            .map_err(|error| StoreError::Unreadable(error.to_string()))?,
        due: row::time(row.get(4)),
    })
}

/// Whom it is to, each with whether that says that they have a draft.
type To = Vec<(MemberId, bool)>;

async fn recipients(
    service: &Service,
    peers: &Peers,
    mailing: &Mailing,
) -> Result<Result<To, String>, StoreError> {
    let programme: Programme = facts::one(service, mailing.programme.0).await?;
    if programme.cancelled || !holds(&programme, mailing) {
        return Ok(Ok(Vec::new()));
    }
    let mut entered: BTreeSet<MemberId> = BTreeSet::new();
    if !mailing.kind.reminds() {
        let pitches = facts::of_programme::<Pitch>(service, mailing.programme).await?;
        let there = pitches.into_iter().filter(|(_, pitch)| !pitch.left);
        entered.extend(there.flat_map(|(_, pitch)| pitch.team));
    }
    let mut to: To = entered.iter().map(|member| (*member, false)).collect();
    if mailing.kind != Kind::Result {
        match peers.programmes(&[mailing.programme], true).await {
            Ok(mut called) => {
                let drafting = called.remove(&mailing.programme).unwrap_or_default().drafting;
                let others = drafting.into_iter().filter(|member| !entered.contains(member));
                to.extend(others.collect::<BTreeSet<_>>().into_iter().map(|member| (member, true)));
            }
            Err(why) => return Ok(Err(why)),
        }
    }
    Ok(Ok(to))
}

/// Nobody is reminded of a deadline that has moved, or that was not waited for.
fn holds(programme: &Programme, mailing: &Mailing) -> bool {
    !mailing.kind.reminds() || (!programme.closed && programme.deadline_ms == mailing.about.at_ms)
}

async fn make(service: &Service, mailing: &Mailing, to: To) -> Result<(), StoreError> {
    // What is said before a deadline is of no use after it, and that a day is
    // left not when it is half over.
    let before = SignedDuration::from_hours(if mailing.kind == Kind::ReminderDay { 12 } else { 0 });
    let ends = mailing.about.at_ms.map(|at| row::time(at) - before);
    let letters: Vec<New> = to
        .into_iter()
        .map(|(member, discreet)| New {
            programme: mailing.programme,
            occasion: mailing.occasion,
            member,
            kind: mailing.kind,
            about: mailing.about.clone(),
            discreet,
            due: mailing.due,
            ends,
        })
        .collect();
    let mut client = service.pool().get().await?;
    let transaction = client.transaction().await?;
    letter::insert(service, &transaction, &letters).await?;
    let done = "update mailings set done = true where occasion = $1 and kind = $2";
    transaction.execute(done, &[&mailing.occasion, &mailing.kind.name()]).await?;
    transaction.commit().await?;
    Ok(())
}
