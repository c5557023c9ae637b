//! The bundle: everything of a programme's trail in one file, written while it
//! is read.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use plaudit_chassis::event::Recorded;
use plaudit_chassis::http::{Anyone, Path};
use plaudit_chassis::id::ProgrammeId;
use plaudit_chassis::{Problem, Service};
use plaudit_verifier::bundle::{Audience, Before, Bundle, write_bundle};
use plaudit_verifier::event::{Event, Place};
use plaudit_verifier::id::Id;
use plaudit_verifier::log::checkpoint::Checkpoint;
use plaudit_verifier::log::note::Note;
use plaudit_verifier::log::tile::{Entries, entries};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::checkpoint::{Signed, sign, signed, witnessed, witnessed_before};
use super::{NOT, Shared, TEXT, description};
use crate::entries::as_signed;
use crate::ledger::{Ledger, LogRow, Placed};
use crate::log::{LogError, Nats, format_error};
use crate::sequencer::MILESTONES;
use crate::{SOURCES, Trail, access};

pub fn api() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(bundle))
}

/// Pieces on their way to whoever asked.
const PIECES: usize = 8;
const PIECE: usize = 64 * 1024;

/// An event that reveals the content of one seal, and which field's.
const UNSEALED: &str = "plaudit.scoring.v1.ScorecardUnsealed";
const MARKS: &str = "ScorecardSealed.marks";

/// All of the trail in one file that verifies offline (`docs/trail.md`): for
/// everybody once the winners are announced, before that for organisers and
/// approvers who have no interest in any pitch. It is signed anew. While the
/// quorum of witnesses has not cosigned that, the file ends where it last has,
/// unless a milestone has come since, or something that the `Plaudit-Position`
/// sent along names: those it holds, cosigned or not.
#[utoipa::path(get, path = "/programmes/{programme}/log/bundle", tag = "log",
    params(("programme" = Uuid, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = "4XX", body = Problem)))]
async fn bundle(
    State(service): State<Service>,
    trail: Shared,
    Path(programme): Path<ProgrammeId>,
    anyone: Anyone,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let ledger = Ledger::new(service.pool().clone());
    access::entries(&service, programme, anyone.member()).await?;
    let seen = seen(&headers);
    taken(&ledger, &seen).await?;
    sign(&trail, programme).await?;
    let Signed { row, size, .. } = last(&service, &trail, programme, &anyone, &seen).await?;
    let before = row.before.as_deref().map(before).transpose()?;
    let policy = description::policy(&trail, programme, &row)?;
    let checkpoints = ledger.checkpoints(programme, size).await?.into_iter().map(|(_, note)| note).collect();
    let held = Held {
        trail: Arc::clone(&trail),
        nats: service.context().clone(),
        programme,
        row,
        size,
        placed: ledger.places(programme, 0..size).await?,
    };
    let bundle = Bundle {
        programme: Id(programme.0.as_u128()),
        made: service.clock().now().to_string(),
        audience: Audience::Public,
        before,
        policy,
        checkpoints,
        events: size,
        openings: Vec::new(),
        withheld: BTreeMap::new(),
    };
    let (pieces, mut coming) = mpsc::channel(PIECES);
    tokio::task::spawn_blocking(move || held.write(bundle, pieces));
    // Where a page compresses it, it is asked once more after its end.
    let body = futures_util::stream::poll_fn(move |context| coming.poll_recv(context));
    let name = format!("attachment; filename=\"{programme}.plaudit-bundle\"");
    let mut answer = Body::from_stream(body).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(TEXT));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(NOT));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Problem::internal)?);
    Ok(answer)
}

/// The checkpoint that a bundle ends in: the newest, once the quorum has
/// cosigned it. If that takes too long, the one before that it has cosigned, if
/// all that matters to the asker lies in it; otherwise the newest all the same,
/// and the file's check `witnesses` says that too few have cosigned.
async fn last(
    service: &Service,
    trail: &Arc<Trail>,
    programme: ProgrammeId,
    anyone: &Anyone,
    seen: &[(&str, u64)],
) -> Result<Signed, Problem> {
    let newest = signed(service, trail, programme, anyone).await?;
    let above = newest.size.saturating_sub(1);
    if let Some(newest) = witnessed(service, trail, programme, anyone, above).await? {
        return Ok(newest);
    }
    let seen = Ledger::new(service.pool().clone()).last_of(programme, seen).await?;
    let Some(earlier) = witnessed_before(service, trail, programme, &newest.row, seen).await? else {
        return Ok(newest);
    };
    match has_milestone(service, trail, (programme, &newest.row), earlier.size..newest.size).await? {
        true => Ok(newest),
        false => Ok(earlier),
    }
}

/// Whether a milestone is among some of a log's entries.
async fn has_milestone(
    service: &Service,
    trail: &Trail,
    log: (ProgrammeId, &LogRow),
    new: Range<u64>,
) -> Result<bool, LogError> {
    let ledger = Ledger::new(service.pool().clone());
    for bundle in entries(new.end).filter(|bundle| bundle.range().end > new.start) {
        let leaves = ledger.places(log.0, bundle.range()).await?;
        let held = held(trail, service.context(), log, bundle, &leaves).await?;
        for (index, entry) in bundle.range().zip(held).filter(|(index, _)| *index >= new.start) {
            let event = Recorded::read(index, entry.into())
                .map_err(|error| format_error(format!("entry {index} can't be read: {error}")))?;
            if MILESTONES.contains(&event.envelope.type_name.as_str()) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// What the asker has seen of the services.
fn seen(headers: &HeaderMap) -> Vec<(&str, u64)> {
    let seen = headers.get("plaudit-position").and_then(|seen| seen.to_str().ok()).unwrap_or_default();
    seen.split(',')
        .filter_map(|place| place.trim().split_once('/'))
        .filter_map(|(service, position)| Some((service, position.parse().ok()?)))
        .collect()
}

/// Waits until what the asker has seen has its place.
async fn taken(ledger: &Ledger, seen: &[(&str, u64)]) -> Result<(), Problem> {
    for _ in 0..50 {
        let taken = ledger.taken(&SOURCES).await?;
        let there = |(service, position): &(&str, u64)| {
            *position == 0 || taken.get(service).is_some_and(|(at, _)| at >= position)
        };
        if seen.iter().all(there) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(Problem::unavailable(
        "behind",
        "The log has not come as far as you have seen yet. Try again in a moment.",
    ))
}

fn before(note: &str) -> Result<Before, Problem> {
    let note = Note::parse(note.as_bytes()).map_err(Problem::internal)?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(Problem::internal)?;
    let (origin, size, root) = (checkpoint.origin().to_owned(), checkpoint.size(), *checkpoint.root());
    Ok(Before { origin, size, root })
}

/// The entries of a log, as they were signed.
struct Held {
    trail: Arc<Trail>,
    nats: Nats,
    programme: ProgrammeId,
    row: LogRow,
    size: u64,
    placed: Vec<Placed>,
}

type Piece = Result<Bytes, std::io::Error>;

impl Held {
    fn write(&self, mut bundle: Bundle, pieces: mpsc::Sender<Piece>) {
        let written = self.withheld().and_then(|withheld| {
            bundle.withheld = withheld;
            let mut failed = None;
            let mut gathered = Vec::with_capacity(PIECE);
            let events = self.events(&mut failed);
            let gone = |_| LogError::Format("whoever asked has gone away".to_owned());
            write_bundle(bundle, events, |bytes| {
                gathered.extend_from_slice(bytes);
                if gathered.len() >= PIECE {
                    let piece = Bytes::from(std::mem::replace(&mut gathered, Vec::with_capacity(PIECE)));
                    pieces.blocking_send(Ok(piece)).map_err(gone)?;
                }
                Ok::<(), LogError>(())
            })?;
            pieces.blocking_send(Ok(gathered.into())).map_err(gone)?;
            failed.map_or(Ok(()), Err)
        });
        if let Err(error) = written {
            tracing::warn!(programme = %self.programme, %error, "a bundle was not written to its end");
            // A file that is cut short is known by its last line.
            let _ = pieces.blocking_send(Err(std::io::Error::other(error.to_string())));
        }
    }

    /// Place and bytes of every event. The first failure ends them, and is told.
    fn events<'a>(
        &'a self,
        failed: &'a mut Option<LogError>,
    ) -> impl Iterator<Item = (String, Vec<u8>)> + 'a {
        let bundles = entries(self.size).map_while(move |bundle| {
            let read = self.bundle(bundle);
            read.map_err(|error| *failed = Some(error)).ok()
        });
        bundles.flatten().zip(&self.placed).map(|(bytes, placed)| (placed.to_string(), bytes))
    }

    fn bundle(&self, bundle: Entries) -> Result<Vec<Vec<u8>>, LogError> {
        let leaves = bundle.range().start as usize..bundle.range().end as usize;
        let leaves = self.placed.get(leaves).ok_or_else(|| format_error("leaves are missing"))?;
        // All of this is written by a thread that may wait.
        let log = (self.programme, &self.row);
        Handle::current().block_on(held(&self.trail, &self.nats, log, bundle, leaves))
    }

    /// How many seals of each field the events have: a public bundle opens none.
    fn withheld(&self) -> Result<BTreeMap<String, u64>, LogError> {
        let mut failed = None;
        let mut withheld: BTreeMap<String, u64> = BTreeMap::new();
        for (index, (place, bytes)) in (0..).zip(self.events(&mut failed)) {
            let event = Place::read(&place).zip(std::str::from_utf8(&bytes).ok());
            let Some(event) = event.and_then(|(at, text)| Event::read(index, at, text)) else {
                return Err(LogError::Format(format!("event {place} can't be read")));
            };
            event.seals(|seal| *withheld.entry(seal.field.to_owned()).or_default() += 1);
            if event.envelope.type_name == UNSEALED
                && let Some(marks) = withheld.get_mut(MARKS)
            {
                *marks = marks.saturating_sub(1);
            }
        }
        withheld.retain(|_, count| *count > 0);
        failed.map_or(Ok(withheld), Err)
    }
}

/// The entries of a bundle, as they were signed.
async fn held(
    trail: &Trail,
    nats: &Nats,
    log: (ProgrammeId, &LogRow),
    bundle: Entries,
    leaves: &[Placed],
) -> Result<Vec<Vec<u8>>, LogError> {
    let bytes = as_signed(trail, nats, log, bundle, leaves).await?;
    let entries = bundle.decode(&bytes).map_err(format_error)?;
    Ok(entries.into_iter().map(<[u8]>::to_vec).collect())
}
