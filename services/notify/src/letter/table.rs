use deadpool_postgres::Transaction;
use jiff::{SignedDuration, Timestamp};
use plaudit_chassis::Service;
use plaudit_chassis::id::{MemberId, PitchId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{About, Kind};

/// A letter that is to be written.
#[derive(Clone, Debug)]
pub struct New {
    pub programme: ProgrammeId,
    /// The event that it is because of, or what stands for several.
    pub occasion: Uuid,
    pub member: MemberId,
    pub kind: Kind,
    pub about: About,
    pub discreet: bool,
    pub due: Timestamp,
    /// Of no use after that.
    pub ends: Option<Timestamp>,
}

const INSERT: &str = "insert into letters \
     (letter, programme, occasion, member, kind, about, pitch, discreet, made_ms, due_ms, ends_ms) \
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::jsonb[], $7::uuid[], \
     $8::bool[], $9::bigint[], $10::bigint[], $11::bigint[]) on conflict do nothing";
const COLUMNS: &str = "letter, programme, member, kind, about, made_ms, ends_ms, attempts, maybe_twice";
const CLAIM: &str = "update letters set state = 'claimed', attempts = attempts + 1 \
     where letter = $1 and state = 'waiting'";
/// Claimed by nobody who still runs.
const UNCLAIM: &str = "update letters set state = 'waiting', maybe_twice = true where state = 'claimed'";

/// Makes letters wait, each once however often it is made.
pub async fn insert(
    service: &Service,
    transaction: &Transaction<'_>,
    letters: &[New],
) -> Result<(), StoreError> {
    if letters.is_empty() {
        return Ok(());
    }
    let now = service.clock().now().as_millisecond();
    let ids: Vec<Uuid> = letters.iter().map(|letter| id(service, letter)).collect();
    let programmes: Vec<Uuid> = letters.iter().map(|letter| letter.programme.0).collect();
    let occasions: Vec<Uuid> = letters.iter().map(|letter| letter.occasion).collect();
    let members: Vec<Uuid> = letters.iter().map(|letter| letter.member.0).collect();
    let kinds: Vec<&str> = letters.iter().map(|letter| letter.kind.name()).collect();
    let abouts: Result<Vec<Value>, _> =
        letters.iter().map(|letter| serde_json::to_value(&letter.about)).collect();
    let abouts = abouts.map_err(|error| StoreError::Unreadable(error.to_string()))?;
    let pitches: Vec<Option<Uuid>> =
        letters.iter().map(|letter| letter.about.pitch.map(|pitch| pitch.0)).collect();
    let discreet: Vec<bool> = letters.iter().map(|letter| letter.discreet).collect();
    let made = vec![now; letters.len()];
    let due: Vec<i64> = letters.iter().map(|letter| letter.due.as_millisecond()).collect();
    let ends: Vec<Option<i64>> =
        letters.iter().map(|letter| letter.ends.map(Timestamp::as_millisecond)).collect();
    let statement = transaction.prepare_cached(INSERT).await?;
    transaction
        .execute(
            &statement,
            &[
                &ids,
                &programmes,
                &occasions,
                &members,
                &kinds,
                &abouts,
                &pitches,
                &discreet,
                &made,
                &due,
                &ends,
            ],
        )
        .await?;
    Ok(())
}

/// The same letter has the same id, also in another database.
fn id(service: &Service, letter: &New) -> Uuid {
    let kind = letter.kind.name().as_bytes();
    service.command_of(&[b"letter", letter.occasion.as_bytes(), letter.member.0.as_bytes(), kind])
}

/// A letter whose time has come.
#[derive(Clone, Debug)]
pub struct Due {
    pub letter: Uuid,
    pub programme: ProgrammeId,
    pub member: MemberId,
    pub kind: Kind,
    pub about: About,
    pub made: Timestamp,
    pub ends: Option<Timestamp>,
    /// Before this one.
    pub attempts: u32,
    pub maybe_twice: bool,
}

/// The next letters whose time has come, the longest due first.
pub async fn due(service: &Service, most: i64) -> Result<Vec<Due>, StoreError> {
    let client = service.pool().get().await?;
    let query = format!(
        "select {COLUMNS} from letters where state = 'waiting' and due_ms <= $1 order by due_ms, number limit $2"
    );
    let statement = client.prepare_cached(&query).await?;
    let now = service.clock().now().as_millisecond();
    let rows = client.query(&statement, &[&now, &most]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Due, StoreError> {
    let kind: &str = row.get(3);
    let unreadable = || StoreError::Unreadable(format!("there is no kind of letter '{kind}'"));
    Ok(Due {
        letter: row.get(0),
        programme: ProgrammeId(row.get(1)),
        member: MemberId(row.get(2)),
        kind: Kind::named(kind).ok_or_else(unreadable)?,
        about: serde_json::from_value(row.get(4))
            .map_err(|error| StoreError::Unreadable(error.to_string()))?,
        made: crate::row::time(row.get(5)),
        ends: row.get::<_, Option<i64>>(6).map(crate::row::time),
        attempts: row.get::<_, i32>(7) as u32,
        maybe_twice: row.get(8),
    })
}

/// Takes a letter for sending; false if somebody else has.
pub async fn claim(service: &Service, letter: Uuid) -> Result<bool, StoreError> {
    let client = service.pool().get().await?;
    let statement = client.prepare_cached(CLAIM).await?;
    Ok(client.execute(&statement, &[&letter]).await? == 1)
}

/// Whoever claimed these runs no longer: each may have gone.
pub async fn unclaim(service: &Service) -> Result<(), StoreError> {
    let client = service.pool().get().await?;
    let left = client.execute(UNCLAIM, &[]).await?;
    if left > 0 {
        tracing::warn!(
            left,
            "letters may have gone before the last end: they go again with the same Message-ID"
        );
    }
    Ok(())
}

/// A letter that could not be sent for so long is given up.
pub const TOO_OLD: SignedDuration = SignedDuration::from_hours(72);

/// Gives up what could not be sent for days.
pub async fn give_up_old(service: &Service) -> Result<(), StoreError> {
    let client = service.pool().get().await?;
    let now = service.clock().now();
    let give_up = "update letters set state = 'given-up', why = 'too-late', settled_ms = $2 \
         where state = 'waiting' and made_ms < $1";
    client.execute(give_up, &[&(now - TOO_OLD).as_millisecond(), &now.as_millisecond()]).await?;
    Ok(())
}

/// How sending a letter ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Sent,
    /// It isn't sent, for this reason.
    Dropped(&'static str),
    /// It couldn't be sent, for this reason.
    GivenUp(&'static str),
    /// Again, that long from now; and whether it may have gone.
    Again(SignedDuration, bool),
}

/// Writes down how it ended.
pub async fn settle(service: &Service, letter: Uuid, ended: Ended) -> Result<(), StoreError> {
    let client = service.pool().get().await?;
    let now = service.clock().now();
    let (state, why) = match ended {
        Ended::Again(later, maybe) => {
            let again = "update letters set state = 'waiting', due_ms = $2, maybe_twice = maybe_twice or $3 \
                 where letter = $1";
            let due = (now + later).as_millisecond();
            client.execute(again, &[&letter, &due, &maybe]).await?;
            return Ok(());
        }
        Ended::Sent => ("sent", None),
        Ended::Dropped(why) => ("dropped", Some(why)),
        Ended::GivenUp(why) => ("given-up", Some(why)),
    };
    let settle = "update letters set state = $2, why = $3, settled_ms = $4 where letter = $1";
    let statement = client.prepare_cached(settle).await?;
    client.execute(&statement, &[&letter, &state, &why, &now.as_millisecond()]).await?;
    Ok(())
}

/// A page of a programme's letters, newest first, without those about pitches
/// behind a wall.
pub async fn page(
    service: &Service,
    programme: ProgrammeId,
    walls: &[PitchId],
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Row>, StoreError> {
    let client = service.pool().get().await?;
    let walls: Vec<Uuid> = walls.iter().map(|pitch| pitch.0).collect();
    let query = "select number, letter, member, kind, discreet, state, attempts, made_ms, settled_ms, maybe_twice, why \
         from letters where programme = $1 and (pitch is null or pitch <> all($2)) and number < $3 \
         order by number desc limit $4";
    let one_more = i64::from(limit) + 1;
    Ok(client.query(query, &[&programme.0, &walls, &before.unwrap_or(i64::MAX), &one_more]).await?)
}
