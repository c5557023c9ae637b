//! All services in one process, and the edge in front of them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use plaudit_accounts::edge::{self, EdgeConfig, Upstream};
use plaudit_chassis::service::AskHead;
use plaudit_chassis::token::Minter;
use plaudit_chassis::{Clock, Running, Service};
use plaudit_notify::Peers;
use plaudit_servers::DataFolder;
use plaudit_web::{Way, WebConfig};

use crate::installation::{Installation, TOKEN_SECRET, modules, objects_folder, provider, public_url};
use crate::letters::{self, ASKED, Here};
use crate::{Failure, files};

/// Everything that runs, and the one public router.
pub struct House {
    /// The public address's.
    pub edge: axum::Router,
    services: BTreeMap<&'static str, Running>,
}

impl House {
    /// Starts every service of an installation.
    pub async fn start(
        installation: &Installation,
        folder: &DataFolder,
        clock: Clock,
    ) -> Result<Self, Failure> {
        let secrets = folder.secrets();
        let minter = Minter::new(&secrets.secret(TOKEN_SECRET)?, clock.clone())?;
        let within = letters::within_secret(secrets)?;
        let [accounts, submissions] = ASKED.map(|_| Here::default());
        let peers = Peers { accounts: accounts.ask(&within), submissions: submissions.ask(&within) };
        let notify = letters::settings(&installation.listen, folder.path(), peers)?;
        let mail = notify.outbox.clone();
        let objects = files::objects(&objects_folder(folder.path())).await?;
        let modules = modules(installation.log_settings(folder.path(), secrets)?, notify, &objects)?;
        let known: BTreeMap<&'static str, Arc<OnceLock<Service>>> =
            modules.iter().map(|module| (module.name, Arc::default())).collect();
        let peers: BTreeMap<&'static str, AskHead> =
            known.iter().map(|(name, service)| (*name, ask_head(service))).collect();
        let mut services = BTreeMap::new();
        for module in modules {
            let name = module.name;
            let mut settings = installation.settings(name, secrets, &clock, &minter.verifier())?;
            settings.peers = peers.clone();
            let running = Service::start(module, settings).await?;
            if let Some(slot) = known.get(name) {
                // Each name is started once: the slot is empty.
                let _ = slot.set(running.service.clone());
            }
            match name {
                "accounts" => accounts.is(running.router.clone()),
                "submissions" => submissions.is(running.router.clone()),
                _ => {}
            }
            services.insert(name, running);
        }
        let upstreams =
            services.iter().map(|(name, running)| (*name, Upstream::Here(running.router.clone()))).collect();
        let accounts = services.get("accounts").ok_or("there is no accounts service")?;
        let public = public_url(&installation.listen)?;
        // The pages ask the edge that they are behind.
        let api = Arc::new(OnceLock::new());
        let pages = plaudit_web::router(WebConfig { api: Way::Here(api.clone()) });
        let edge = edge::router(EdgeConfig {
            upstreams,
            minter,
            service: accounts.service.clone(),
            pages: Some(Upstream::Here(pages)),
            mail,
            provider: provider(&public)?,
            public,
            beside: plaudit_audit::pages(),
        });
        // It was made a moment ago: the slot is empty.
        let _ = api.set(edge.clone());
        Ok(Self { edge, services })
    }

    /// A running service.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.get(name).map(|running| &running.service)
    }

    /// Waits until every service takes commands.
    pub async fn ready(&self) {
        for running in self.services.values() {
            while !running.service.health().ready {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
    }

    /// Answers at an address until told to stop.
    pub async fn answer(
        &self,
        listener: tokio::net::TcpListener,
        until: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Failure> {
        let make = self.edge.clone().into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, make).with_graceful_shutdown(until).await?;
        Ok(())
    }
}

fn ask_head(service: &Arc<OnceLock<Service>>) -> AskHead {
    let service = service.clone();
    Arc::new(move || {
        let service = service.clone();
        Box::pin(async move {
            let service = service.get().ok_or("it has not started yet")?;
            plaudit_chassis::store::head(service.pool()).await.map_err(|error| error.to_string())
        })
    })
}
