//! What scoring reads of facts that it took in, beyond what each of them says
//! alone.

use plaudit_chassis::event::Envelope;
use plaudit_chassis::id::{PitchId, ProgrammeId};
use plaudit_chassis::store::StoreError;
use plaudit_chassis::{Problem, Store};

/// The first event of every pitch of a programme.
const FIRST_SUBMISSIONS: &str = "select bytes from events \
     where programme = $1 and starts_with(stream, 'pitch/') and version = 1";

/// All pitches of a programme in running order: the order in which they were
/// first submitted. Facts of different pitches are taken in at the same time,
/// so their order here says nothing; the place that each names as its cause
/// does, and never changes.
pub async fn running_order(store: &Store, programme: ProgrammeId) -> Result<Vec<PitchId>, Problem> {
    let client = store.pool().get().await.map_err(StoreError::from)?;
    let statement = client.prepare_cached(FIRST_SUBMISSIONS).await.map_err(StoreError::from)?;
    let rows = client.query(&statement, &[&programme.0]).await.map_err(StoreError::from)?;
    let mut order = Vec::with_capacity(rows.len());
    for row in &rows {
        let envelope: Envelope = serde_json::from_slice(row.get(0)).map_err(Problem::internal)?;
        let pitch = PitchId(envelope.stream.id());
        order.push((position(envelope.cause.as_deref()), pitch));
    }
    order.sort_unstable();
    Ok(order.into_iter().map(|(_, pitch)| pitch).collect())
}

/// The number in a cause that is written `submissions/12`.
fn position(cause: Option<&str>) -> u64 {
    cause
        .and_then(|cause| cause.rsplit_once('/'))
        .and_then(|(_, position)| position.parse().ok())
        .unwrap_or(u64::MAX)
}
