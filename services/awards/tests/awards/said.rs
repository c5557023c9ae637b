//! What other services have said: their events on their own streams.

use async_nats::jetstream::Context;
use plaudit_chassis::id::StreamId;
use plaudit_chassis::nats;
use plaudit_servers::Servers;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::stand::PROGRAMME;

/// The voice of another service.
pub struct Voice {
    service: &'static str,
    context: Context,
    position: u64,
}

impl Voice {
    pub async fn of(servers: &Servers, service: &'static str) -> Self {
        let context = nats::connect(servers.nats_url(service).unwrap(), service).await.unwrap();
        nats::own_stream(&context, service, 1).await.unwrap();
        Self { service, context, position: 0 }
    }

    /// Says it, and answers the position it lies at.
    pub async fn say(&mut self, stream: &StreamId, version: u64, kind: &str, data: Value) -> u64 {
        let event = json!({
            "specversion": "1.0", "id": Uuid::new_v4(), "source": self.service,
            "type": format!("plaudit.{}.v1.{kind}", self.service), "subject": stream,
            "time": "2017-02-17T18:00:00Z", "version": version, "programme": PROGRAMME,
            "actor": "process/test", "command": Uuid::new_v4(), "nonce": "", "data": data,
        });
        let subject = format!("plaudit.{}.{}.{}.said", self.service, stream.noun(), stream.id());
        let bytes = serde_json::to_vec(&event).unwrap();
        let acknowledged = self.context.publish(subject, bytes.into()).await.unwrap().await.unwrap();
        self.position += 1;
        assert_eq!(acknowledged.sequence, self.position);
        self.position
    }
}
