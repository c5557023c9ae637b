//! Which checkpoint whoever asks is given: the last one, or one that the quorum
//! of witnesses has cosigned.

use std::time::{Duration, Instant};

use plaudit_chassis::http::Anyone;
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::{Problem, Service};
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::note::Note;
use plaudit_verifier::log::policy::Policy;
use tokio::sync::oneshot;

use super::description;
use crate::ledger::{Ledger, LogRow};
use crate::sequencer::Sign;
use crate::{Trail, access};

/// A log, and a checkpoint of it.
pub struct Signed {
    pub row: LogRow,
    /// How many events it covers.
    pub size: u64,
    /// The signed note, with the cosignatures that have come.
    pub note: String,
}

/// A log that the asker may know of, and its last checkpoint; its first is
/// signed now if need be.
pub async fn signed(
    service: &Service,
    trail: &Trail,
    programme: ProgrammeId,
    anyone: &Anyone,
) -> Result<Signed, Problem> {
    access::log(service, programme, anyone.member()).await?;
    let ledger = Ledger::new(service.pool().clone());
    let (row, mut last) = not_behind(trail, &ledger, programme).await?;
    let row = row.ok_or_else(|| Problem::not_found("log"))?;
    if last.is_none() {
        sign(trail, programme).await?;
        last = ledger.checkpoint(programme).await?;
    }
    let (size, note) = last.ok_or_else(|| Problem::not_found("checkpoint"))?;
    Ok(Signed { row, size, note })
}

/// How long whoever asks waits for a ledger that is being put right.
const PUTTING_RIGHT: Duration = Duration::from_secs(3);

/// What the ledger has of a log, once that is no less than what was signed:
/// after a loss it may be older, and nobody must see a log shrink.
async fn not_behind(
    trail: &Trail,
    ledger: &Ledger,
    programme: ProgrammeId,
) -> Result<(Option<LogRow>, Option<(u64, String)>), Problem> {
    let began = Instant::now();
    loop {
        let remembered = trail.memory.last(programme).map_err(Problem::internal)?;
        let (row, last) = (ledger.log(programme).await?, ledger.checkpoint(programme).await?);
        // A generation in which nothing is signed yet comes after what is remembered.
        let before = row.as_ref().and_then(|row| row.before.as_ref());
        let signed = match remembered.filter(|note| before != Some(note)) {
            Some(note) => Checkpoint::parse(read(&note)?.text()).map_err(Problem::internal)?.size(),
            None => 0,
        };
        let kept = last.as_ref().filter(|_| row.is_some()).map_or(0, |(size, _)| *size);
        if kept >= signed {
            return Ok((row, last));
        }
        if began.elapsed() > PUTTING_RIGHT {
            let why = "The log is being put right after a loss. Try again in a moment.";
            return Err(Problem::unavailable("log-busy", why));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How long whoever asks waits for the witnesses of a new checkpoint.
const WITNESSES_TAKE: Duration = Duration::from_secs(3);

/// So many checkpoints that some witness has cosigned are looked through for
/// one that the quorum has, and so many while witnesses are waited for.
const LOOKED_THROUGH: i64 = 256;
const NEW: i64 = 4;

/// The newest checkpoint of more than `above` leaves that the quorum has
/// cosigned. If there is none it is waited for, as long as a witness answers
/// that has yet to cosign; `None` if none comes in time.
pub async fn witnessed(
    service: &Service,
    trail: &Trail,
    programme: ProgrammeId,
    anyone: &Anyone,
    above: u64,
) -> Result<Option<Signed>, Problem> {
    let mut last = signed(service, trail, programme, anyone).await?;
    if !access::is_public(service, programme).await? {
        // No witness has heard of it.
        return Ok(None);
    }
    let policy = policy(trail, programme, &last.row)?;
    let ledger = Ledger::new(service.pool().clone());
    let began = Instant::now();
    let mut most = LOOKED_THROUGH;
    loop {
        if last.size > above && is_enough(&policy, &last.note)? {
            return Ok(Some(last));
        }
        if let Some((size, note)) = look_through(&ledger, &policy, programme, above, most).await? {
            return Ok(Some(Signed { size, note, ..last }));
        }
        if began.elapsed() > WITNESSES_TAKE || !is_awaited(trail, &read(&last.note)?) {
            return Ok(None);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        if let Some((size, note)) = ledger.checkpoint(programme).await? {
            (last.size, last.note) = (size, note);
        }
        most = NEW;
    }
}

/// As [`witnessed`], but of those that are there.
pub async fn witnessed_before(
    service: &Service,
    trail: &Trail,
    programme: ProgrammeId,
    row: &LogRow,
    above: u64,
) -> Result<Option<Signed>, Problem> {
    let ledger = Ledger::new(service.pool().clone());
    let policy = policy(trail, programme, row)?;
    let found = look_through(&ledger, &policy, programme, above, LOOKED_THROUGH).await?;
    Ok(found.map(|(size, note)| Signed { row: row.clone(), size, note }))
}

async fn look_through(
    ledger: &Ledger,
    policy: &Policy,
    programme: ProgrammeId,
    above: u64,
    most: i64,
) -> Result<Option<(u64, String)>, Problem> {
    for (size, note) in ledger.cosigned(programme, above, most).await? {
        if is_enough(policy, &note)? {
            return Ok(Some((size, note)));
        }
    }
    Ok(None)
}

fn policy(trail: &Trail, programme: ProgrammeId, row: &LogRow) -> Result<Policy, Problem> {
    let policy = description::policy(trail, programme, row)?;
    Policy::parse(policy.as_bytes()).map_err(Problem::internal)
}

/// Whether the quorum has cosigned.
fn is_enough(policy: &Policy, note: &str) -> Result<bool, Problem> {
    Ok(policy.check(&read(note)?).is_ok_and(|verdict| verdict.quorum_reached))
}

/// Whether a witness that answers has yet to cosign.
fn is_awaited(trail: &Trail, note: &Note) -> bool {
    let witnesses = trail.settings.witnesses.asked().iter().zip(&trail.news);
    let mut answering = witnesses.filter(|(_, news)| !news.away()).map(|(witness, _)| &witness.key);
    answering.any(|key| !note.signatures().iter().any(|line| key.is_named_by(line)))
}

fn read(note: &str) -> Result<Note, Problem> {
    Note::parse(note.as_bytes()).map_err(Problem::internal)
}

/// Has all signed that has a place now.
pub async fn sign(trail: &Trail, programme: ProgrammeId) -> Result<(), Problem> {
    let (done, told) = oneshot::channel();
    let busy =
        || Problem::unavailable("log-busy", "The log can't be signed just now. Try again in a moment.");
    trail.asks.send(Sign { programme, done }).await.map_err(|_| busy())?;
    match told.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(why)) => Err(Problem::unavailable("log-refuses", why)),
        Err(_) => Err(busy()),
    }
}
