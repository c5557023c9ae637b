//! The servers, and our service on them.

use std::collections::BTreeMap;

use plaudit_chassis::id::{MemberId, ProgrammeId};
use plaudit_chassis::read_model::AnyReadModel;
use plaudit_chassis::token::Minter;
use plaudit_chassis::{Actor, Ask, Clock, Module, Running, Service, Settings};
use plaudit_servers::{DataFolder, Servers};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

pub type Failure = Box<dyn std::error::Error>;

/// A private PostgreSQL, fsync on, and a private NATS.
pub async fn servers() -> Result<Servers, Failure> {
    Ok(Servers::start(&DataFolder::temporary()?).await?)
}

/// The service that is measured, with or without its read model.
pub fn module(read_models: Vec<Box<dyn AnyReadModel>>) -> Module {
    Module {
        name: "accounts",
        api: OpenApiRouter::new(),
        read_models,
        managers: Vec::new(),
        migrations: None,
        on_record: true,
        background: Vec::new(),
    }
}

/// The same, running, and taking commands.
pub async fn running(servers: &Servers, read_models: Vec<Box<dyn AnyReadModel>>) -> Result<Running, Failure> {
    let running = Service::start(module(read_models), settings(servers, "accounts")?).await?;
    while !running.service.health().ready {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    Ok(running)
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
