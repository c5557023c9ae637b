//! What goes to the append function in PostgreSQL, and what comes back.

use std::time::SystemTime;

use tokio_postgres::{Client, Row};
use uuid::Uuid;

use crate::event::{Envelope, Event, Stamp};
use crate::id::StreamId;
use crate::vault::Forgetting;

/// Everything that one command writes, and what it relied on.
#[derive(Clone, Debug)]
pub struct Write {
    /// The command, whose outcome is kept for ever.
    pub command: Uuid,
    /// A keyed hash of the body, to tell a repetition from a mistake.
    pub mac: Option<[u8; 32]>,
    /// The stream that the answer is about.
    pub main: StreamId,
    /// Its version afterwards.
    pub main_version: u64,
    /// When it was decided, in milliseconds of the Unix epoch.
    pub decided_ms: i64,
    /// Streams that the decision read, each at the version it had then.
    pub expected: Vec<(StreamId, u64)>,
    /// In order.
    pub events: Vec<NewEvent>,
    /// What the events' seals commit to.
    pub openings: Vec<Resting>,
}

/// An event that has no position yet.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Its stream.
    pub stream: StreamId,
    /// Its version there.
    pub version: u64,
    /// The message's name.
    pub type_name: &'static str,
    /// The programme.
    pub programme: Uuid,
    /// For ever.
    pub bytes: Vec<u8>,
    /// What goes from the vault with it.
    pub forgets: Option<Forgetting>,
}

impl NewEvent {
    /// Serialises an event, once and for ever.
    pub(crate) fn new<E: Event>(
        stamp: &Stamp<'_>,
        stream: &StreamId,
        version: u64,
        event: &E,
    ) -> Result<Self, serde_json::Error> {
        let (type_name, data) = (event.type_name(), event.data()?);
        Ok(Self {
            stream: stream.clone(),
            version,
            type_name,
            programme: stamp.programme.0,
            forgets: Forgetting::by(type_name, &data)?,
            bytes: Envelope::write(stamp, stream, version, type_name, data)?,
        })
    }
}

/// An opening at rest.
#[derive(Clone, Debug)]
pub struct Resting {
    pub commitment: Vec<u8>,
    pub stream: StreamId,
    pub field: &'static str,
    pub subject: String,
    pub resting: Vec<u8>,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done now, or known to have been done before (`first` is false).
    Done {
        /// Whether it was this time.
        first: bool,
        /// The stream that the answer is about.
        stream: StreamId,
        /// Its version after the command.
        version: u64,
        /// The position of the command's last event.
        position: u64,
        /// The body's keyed hash, unless the row was restored without it.
        mac: Option<Vec<u8>>,
    },
    /// A stream that the decision read has moved: decide again.
    Moved,
    /// Decided too long ago, or the clocks differ: decide again.
    Stale,
    /// The database is older than this process has seen it.
    Older,
}

impl Outcome {
    fn done(write: &Write, position: u64) -> Self {
        Self::Done {
            first: true,
            stream: write.main.clone(),
            version: write.main_version,
            position,
            mac: write.mac.map(|mac| mac.to_vec()),
        }
    }
}

pub(super) const APPEND: &str = "select append($1, $2, $3, $4, $5, $6, $7, $8, $9, \
     make_interval(secs => $10), $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, \
     $24, $25, $26, $27, $28)";

/// The arguments of the append function: a column each.
#[derive(Default)]
struct Columns<'a> {
    commands: Vec<Uuid>,
    macs: Vec<Option<&'a [u8]>>,
    main_streams: Vec<&'a str>,
    main_versions: Vec<i64>,
    decided: Vec<SystemTime>,
    lasts: Vec<i32>,
    x: (Vec<i32>, Vec<&'a str>, Vec<i64>),
    e_command: Vec<i32>,
    e_stream: Vec<&'a str>,
    e_version: Vec<i64>,
    e_type: Vec<&'a str>,
    e_programme: Vec<Uuid>,
    e_bytes: Vec<&'a [u8]>,
    o_command: Vec<i32>,
    o_commitment: Vec<&'a [u8]>,
    o_stream: Vec<&'a str>,
    o_field: Vec<&'a str>,
    o_subject: Vec<&'a str>,
    o_resting: Vec<&'a [u8]>,
    f_command: Vec<i32>,
    f_subject: Vec<Option<&'a str>>,
    f_commitment: Vec<Option<&'a [u8]>>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a [Write]) -> Self {
        let mut columns = Self::default();
        for (number, write) in (1..).zip(batch) {
            columns.command(write);
            columns.details(number, write);
        }
        columns
    }

    fn command(&mut self, write: &'a Write) {
        self.commands.push(write.command);
        self.macs.push(write.mac.as_ref().map(<[u8; 32]>::as_slice));
        self.main_streams.push(write.main.as_str());
        self.main_versions.push(write.main_version as i64);
        let since = std::time::Duration::from_millis(write.decided_ms.max(0) as u64);
        self.decided.push(SystemTime::UNIX_EPOCH + since);
        let before = self.lasts.last().copied().unwrap_or_default();
        self.lasts.push(before + write.events.len() as i32);
    }

    fn details(&mut self, number: i32, write: &'a Write) {
        for (stream, version) in &write.expected {
            self.x.0.push(number);
            self.x.1.push(stream.as_str());
            self.x.2.push(*version as i64);
        }
        for event in &write.events {
            self.e_command.push(number);
            self.e_stream.push(event.stream.as_str());
            self.e_version.push(event.version as i64);
            self.e_type.push(event.type_name);
            self.e_programme.push(event.programme);
            self.e_bytes.push(&event.bytes);
            if let Some(forgetting) = &event.forgets {
                self.f_command.push(number);
                self.f_subject.push(forgetting.subject());
                self.f_commitment.push(forgetting.commitment());
            }
        }
        for opening in &write.openings {
            self.o_command.push(number);
            self.o_commitment.push(&opening.commitment);
            self.o_stream.push(opening.stream.as_str());
            self.o_field.push(opening.field);
            self.o_subject.push(&opening.subject);
            self.o_resting.push(&opening.resting);
        }
    }
}

/// Appends a batch in one transaction and one round trip. Each command is
/// answered by itself, in the batch's order.
pub(super) async fn append(
    client: &Client,
    statement: &tokio_postgres::Statement,
    known_head: u64,
    ahead_ms: i64,
    batch: &[Write],
) -> Result<Vec<Outcome>, tokio_postgres::Error> {
    let c = Columns::of(batch);
    let (known_head, ahead) = (known_head as i64, ahead_ms as f64 / 1000.0);
    let row = client
        .query_one(
            statement,
            &[
                &c.commands,
                &c.macs,
                &c.main_streams,
                &c.main_versions,
                &c.decided,
                &c.decided.iter().min(),
                &c.decided.iter().max(),
                &c.lasts,
                &known_head,
                &ahead,
                &c.x.0,
                &c.x.1,
                &c.x.2,
                &c.e_command,
                &c.e_stream,
                &c.e_version,
                &c.e_type,
                &c.e_programme,
                &c.e_bytes,
                &c.o_command,
                &c.o_commitment,
                &c.o_stream,
                &c.o_field,
                &c.o_subject,
                &c.o_resting,
                &c.f_command,
                &c.f_subject,
                &c.f_commitment,
            ],
        )
        .await?;
    let answer: Vec<i64> = row.get(0);
    let (mut position, outcomes) = match answer.split_first() {
        Some((start, outcomes)) => (*start as u64, outcomes),
        None => (0, [].as_slice()),
    };
    let before = if outcomes.contains(&KNOWN) { Some(known(client, batch).await?) } else { None };
    let mut answers = Vec::with_capacity(batch.len());
    for (number, (outcome, write)) in outcomes.iter().zip(batch).enumerate() {
        answers.push(match *outcome {
            APPENDED => {
                position += write.events.len() as u64;
                Outcome::done(write, position)
            }
            KNOWN => before.as_ref().and_then(|before| before[number].clone()).unwrap_or(Outcome::Moved),
            MOVED => Outcome::Moved,
            STALE => Outcome::Stale,
            _ => Outcome::Older,
        });
    }
    Ok(answers)
}

/// The append function's outcomes; the last one is a database that is too old.
const APPENDED: i64 = 0;
const KNOWN: i64 = 1;
const MOVED: i64 = 2;
const STALE: i64 = 3;

/// What is known of each command, in the batch's order. What is known once
/// never changes.
async fn known(client: &Client, batch: &[Write]) -> Result<Vec<Option<Outcome>>, tokio_postgres::Error> {
    let commands: Vec<Uuid> = batch.iter().map(|write| write.command).collect();
    let rows = client
        .query(
            "select k.stream, k.version, k.position, k.mac \
             from unnest($1::uuid[]) with ordinality c(command, n) \
             left join keys k on k.command = c.command order by c.n",
            &[&commands],
        )
        .await?;
    Ok(rows.iter().zip(batch).map(|(row, write)| known_before(row, write)).collect())
}

fn known_before(row: &Row, write: &Write) -> Option<Outcome> {
    let stream: String = row.get::<_, Option<_>>(0)?;
    Some(Outcome::Done {
        first: false,
        stream: StreamId::try_from(stream).unwrap_or_else(|_| write.main.clone()),
        version: row.get::<_, i64>(1) as u64,
        position: row.get::<_, i64>(2) as u64,
        mac: row.get(3),
    })
}

/// The same after a lost connection: first the head's lock, so that a commit
/// that is still under way has ended either way.
pub(super) async fn look_up(
    client: &Client,
    batch: &[Write],
) -> Result<Vec<Option<Outcome>>, tokio_postgres::Error> {
    client.execute("select 1 from head for update", &[]).await?;
    known(client, batch).await
}
