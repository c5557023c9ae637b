//! Events as a reader gets them, for tests.

use jiff::Timestamp;
use plaudit_chassis::event::{Event, Recorded};
use plaudit_chassis::id::{ProgrammeId, StreamId};
use serde_json::json;
use uuid::Uuid;

/// The programme of all of them.
pub const PROGRAMME: ProgrammeId = ProgrammeId(Uuid::from_u128(1));

/// An event at a position, which is its version too.
pub fn recorded(position: u64, stream: &StreamId, event: &impl Event) -> Recorded {
    let envelope = json!({
        "specversion": "1.0",
        "id": Uuid::from_u128(u128::from(position)),
        "source": "panels",
        "type": event.type_name(),
        "subject": stream,
        "time": Timestamp::UNIX_EPOCH,
        "version": position,
        "programme": PROGRAMME,
        "actor": "process/test",
        "command": Uuid::nil(),
        "nonce": "",
        "data": event.data().expect("a message is JSON"),
    });
    let bytes = serde_json::to_vec(&envelope).expect("JSON is bytes");
    Recorded::read(position, bytes.into()).expect("what was written can be read")
}
