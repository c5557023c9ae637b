//! A service of the smallest noun on servers of its own.

use std::collections::BTreeMap;
use std::time::Duration;

use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::token::Minter;
use plaudit_chassis::{Actor, Ask, Clock, Module, Running, Service, Settings, model};
use plaudit_servers::{DataFolder, Servers};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::bench_noun::Members;

pub const PROGRAMME: ProgrammeId = ProgrammeId(Uuid::from_u128(7));

pub struct Stand {
    pub folder: DataFolder,
    pub servers: Servers,
    pub running: Running,
}

impl Stand {
    pub async fn start() -> Self {
        let folder = DataFolder::temporary().unwrap();
        let servers = Servers::start(&folder).await.unwrap();
        let running = start(&servers).await;
        Self { folder, servers, running }
    }

    pub fn service(&self) -> &Service {
        &self.running.service
    }

    /// Starts the service anew, as after a crash.
    pub async fn restart(self) -> Self {
        self.restart_after(async |_| {}).await
    }

    /// The same, with something done to the servers in between.
    pub async fn restart_after(self, between: impl AsyncFnOnce(&Servers)) -> Self {
        let Self { folder, servers, running } = self;
        drop(running);
        between(&servers).await;
        let running = start(&servers).await;
        Self { folder, servers, running }
    }

    /// Waits until NATS and the read models have everything.
    pub async fn settled(&self) -> u64 {
        let head = plaudit_chassis::store::head(self.service().pool()).await.unwrap();
        let settled = async {
            while self.service().health().published < head
                || !self.service().reaches("accounts", head, Duration::from_secs(1)).await
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let in_time = tokio::time::timeout(Duration::from_secs(60), settled).await;
        assert!(in_time.is_ok(), "not settled at {head}: {:?}", self.service().health());
        head
    }

    /// Position = sequence, byte for byte, from the first to the last.
    pub async fn same_in_nats(&self) {
        let head = self.settled().await;
        let events = self.service().store().read_after(0, u32::MAX >> 1).await.unwrap();
        assert_eq!(events.len() as u64, head, "positions are dense");
        let stream = self.service().context().get_stream("PLAUDIT_ACCOUNTS").await.unwrap();
        let info = stream.get_info().await.unwrap();
        assert_eq!((info.state.messages, info.state.last_sequence), (head, head));
        for event in events {
            let message = stream.get_raw_message(event.position).await.unwrap();
            assert_eq!(message.payload, event.bytes, "message {}", event.position);
        }
        for difference in self.service().check().await.unwrap() {
            assert_eq!((difference.only_live, difference.only_rebuilt), (0, 0), "{difference:?}");
        }
    }
}

async fn start(servers: &Servers) -> Running {
    let clock = Clock::system();
    let module = Module {
        name: "accounts",
        api: OpenApiRouter::new(),
        read_models: vec![model::<Members>()],
        managers: Vec::new(),
        migrations: None,
        on_record: true,
        background: Vec::new(),
    };
    let settings = Settings {
        database_url: servers.database_url("accounts").unwrap().to_owned(),
        keys_url: servers.keys_url("accounts").unwrap().to_owned(),
        nats_url: servers.nats_url("accounts").unwrap().to_owned(),
        replicas: 1,
        verifier: Minter::new(&[1; 32], clock.clone()).unwrap().verifier(),
        clock,
        vault_secret: [2; 32],
        command_secret: [3; 32],
        peers: BTreeMap::new(),
        connections: 20,
    };
    let running = Service::start(module, settings).await.unwrap();
    let mut gate = running.service.store().gate();
    let open = gate.wait_for(|gate| *gate == plaudit_chassis::store::Gate::Open);
    let in_time = tokio::time::timeout(Duration::from_secs(30), open).await;
    assert!(in_time.is_ok(), "never open: {:?}", running.service.health());
    running
}

/// A command of its own.
pub fn ask() -> Ask {
    ask_again(Uuid::new_v4(), b"body")
}

/// A command that can be repeated.
pub fn ask_again(command: Uuid, body: &[u8]) -> Ask {
    Ask {
        command,
        mac: Some(plaudit_chassis::vault::mac(&[3; 32], &[body])),
        programme: PROGRAMME,
        actor: Actor::Member(MemberId(Uuid::from_u128(9))),
        on_behalf: None,
        received_at: jiff::Timestamp::now(),
        if_match: None,
        cause: None,
    }
}
