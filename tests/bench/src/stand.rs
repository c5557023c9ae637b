//! The servers, and a service of each house on them.

use std::collections::BTreeMap;

use plaudit_chassis::token::Minter;
use plaudit_chassis::{Actor, Ask, Clock, Module, Running, Service, Settings, model};
use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_servers::{DataFolder, Servers};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::noun::Members;

pub type Failure = Box<dyn std::error::Error>;

pub struct Stand {
    pub servers: Servers,
    pub accounts: Running,
}

impl Stand {
    pub async fn start() -> Result<Self, Failure> {
        let servers = Servers::start(&DataFolder::temporary()?).await?;
        let module = Module {
            name: "accounts",
            api: OpenApiRouter::new(),
            read_models: vec![model::<Members>()],
            managers: Vec::new(),
            migrations: None,
        };
        let accounts = Service::start(module, settings(&servers, "accounts")?).await?;
        while !accounts.service.health().ready {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        Ok(Self { servers, accounts })
    }
}

/// What a service is told.
pub fn settings(servers: &Servers, service: &str) -> Result<Settings, Failure> {
    let clock = Clock::system();
    Ok(Settings {
        database_url: servers.database_url(service)?.to_owned(),
        keys_url: servers.keys_url(service)?.to_owned(),
        nats_url: servers.nats_url(service)?.to_owned(),
        replicas: 1,
        verifier: Minter::new(&[1; 32], clock.clone())?.verifier(),
        clock,
        vault_secret: [2; 32],
        command_secret: [3; 32],
        peers: BTreeMap::new(),
        connections: 32,
    })
}

/// A command of its own.
pub fn ask() -> Ask {
    Ask {
        command: Uuid::new_v4(),
        mac: Some([0; 32]),
        programme: ProgrammeId(Uuid::from_u128(7)),
        actor: Actor::Member(MemberId(Uuid::from_u128(9))),
        on_behalf: None,
        received_at: jiff::Timestamp::now(),
        if_match: None,
        cause: None,
    }
}
