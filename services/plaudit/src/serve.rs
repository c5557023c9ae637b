//! `plaudit serve`: services by themselves, each with its own database, role
//! and NATS user, configured by the environment.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use plaudit_accounts::edge::{self, EdgeConfig, Upstream};
use plaudit_audit::{LogSettings, WitnessPolicy};
use plaudit_chassis::http::WithinSecret;
use plaudit_chassis::service::AskHead;
use plaudit_chassis::token::{Minter, Verifier};
use plaudit_chassis::{Clock, Running, Service, Settings};
use plaudit_notify::{NotifySettings, Peers};
use plaudit_servers::SERVICES;
use plaudit_submissions::Objects;
use plaudit_web::{Way, WebConfig};
use tokio::task::JoinSet;

use crate::installation::{module, provider, public_host, public_url, witnesses};
use crate::letters::{self, NOTIFY_SECRET};
use crate::up::{listen, told_to_stop};
use crate::{Failure, files};

/// What the pages are called among the peers.
pub const PAGES: &str = "web";

/// Each service SCORING … takes from the environment PLAUDIT_SCORING_
/// DATABASE_URL, KEYS_URL, NATS_URL, LISTEN, VAULT_SECRET and COMMAND_SECRET
/// (32 bytes, URL-safe base64). All take PLAUDIT_TOKEN_PUBLIC, accounts
/// PLAUDIT_TOKEN_SECRET instead, and PLAUDIT_PEERS: `panels=http://host:port,…`.
/// Accounts also serves the public address, PLAUDIT_EDGE_LISTEN, where the peer
/// web gets what is not the API's; it takes PLAUDIT_PUBLIC_URL too, and
/// PLAUDIT_OIDC_ISSUER, CLIENT_ID, CLIENT_SECRET and NAME where people may sign
/// in elsewhere, and PLAUDIT_INVITATIONS_A_DAY, the most new addresses that one
/// person may invite in a day (300). Submissions keeps the files that come with
/// pitches in the folder PLAUDIT_SUBMISSIONS_FOLDER, or in the bucket
/// PLAUDIT_S3_BUCKET: an S3 at PLAUDIT_S3_ENDPOINT (without it, Amazon's), with
/// PLAUDIT_S3_REGION, KEY_ID and SECRET. Audit also takes PLAUDIT_PUBLIC_URL,
/// PLAUDIT_AUDIT_FOLDER, PLAUDIT_AUDIT_LOG_KEY, and PLAUDIT_AUDIT_WITNESSES, a
/// file that says who cosigns the logs. Notify also takes PLAUDIT_PUBLIC_URL;
/// it, accounts and submissions share PLAUDIT_NOTIFY_SECRET. Accounts and notify
/// send mail by PLAUDIT_SMTP_URL from PLAUDIT_MAIL_FROM, or leave it in
/// PLAUDIT_MAIL_FOLDER, which they share. The pages, web, take
/// PLAUDIT_WEB_LISTEN and PLAUDIT_API_URL.
#[derive(clap::Args)]
pub struct Options {
    /// Which: submissions, panels, scoring, awards, accounts, audit, notify, web.
    #[arg(required = true)]
    services: Vec<String>,
}

/// Serves until told to stop.
pub async fn serve(options: Options) -> Result<ExitCode, Failure> {
    let clock = Clock::system();
    let (peers, pages) = peers()?;
    let mut running = Vec::new();
    let mut answering = JoinSet::new();
    for name in &options.services {
        if name == PAGES {
            let address: SocketAddr = variable(&of(name, "LISTEN"))?.parse()?;
            let api = Way::there(&variable("PLAUDIT_API_URL")?);
            answer(&mut answering, address, plaudit_web::router(WebConfig { api })).await?;
            continue;
        }
        let minter = minter(name, &clock)?;
        let verifier = match &minter {
            Some(minter) => minter.verifier(),
            None => Verifier::new(&key("PLAUDIT_TOKEN_PUBLIC")?, clock.clone())?,
        };
        let started = start(name, &clock, verifier, &peers).await?;
        let address: SocketAddr = variable(&of(name, "LISTEN"))?.parse()?;
        answer(&mut answering, address, within(name, &started)?).await?;
        if let Some(minter) = minter {
            let address: SocketAddr = variable("PLAUDIT_EDGE_LISTEN")?.parse()?;
            let router = edge_router(&started, minter, &peers, &pages, address)?;
            answer(&mut answering, address, router).await?;
        }
        running.push(started);
    }
    println!("serving {}", options.services.join(", "));
    // Each ends when it is told to, after it has answered what it was asked.
    while let Some(ended) = answering.join_next().await {
        ended??;
    }
    Ok(ExitCode::SUCCESS)
}

async fn start(
    name: &str,
    clock: &Clock,
    verifier: Verifier,
    peers: &BTreeMap<&'static str, String>,
) -> Result<Running, Failure> {
    let settings = Settings {
        database_url: variable(&of(name, "DATABASE_URL"))?,
        keys_url: variable(&of(name, "KEYS_URL"))?,
        nats_url: variable(&of(name, "NATS_URL"))?,
        replicas: std::env::var("PLAUDIT_REPLICAS").map_or(Ok(1), |replicas| replicas.parse())?,
        clock: clock.clone(),
        vault_secret: key(&of(name, "VAULT_SECRET"))?,
        command_secret: key(&of(name, "COMMAND_SECRET"))?,
        verifier,
        peers: peers.iter().map(|(name, url)| (*name, ask_head(url))).collect(),
        connections: 16,
    };
    let objects = match name {
        "submissions" => files::objects_apart().await?,
        _ => Objects::nowhere(),
    };
    let module = module(name, log_settings(name)?, notify_settings(name, peers)?, &objects)?;
    Ok(Service::start(module, settings).await?)
}

/// Audit's: its folder, its key (32 bytes, URL-safe base64), and the address
/// that people know the installation by.
fn log_settings(name: &str) -> Result<LogSettings, Failure> {
    if name != "audit" {
        let witnesses = WitnessPolicy::none();
        return Ok(LogSettings { folder: PathBuf::new(), key: [0; 32], host: String::new(), witnesses });
    }
    let url = variable("PLAUDIT_PUBLIC_URL")?;
    Ok(LogSettings {
        folder: variable("PLAUDIT_AUDIT_FOLDER")?.into(),
        key: key("PLAUDIT_AUDIT_LOG_KEY")?,
        host: public_host(&url),
        witnesses: witnesses()?,
    })
}

/// Notify's: the address that people know the installation by, how mail
/// leaves, and the services that it asks.
fn notify_settings(name: &str, peers: &BTreeMap<&'static str, String>) -> Result<NotifySettings, Failure> {
    if name != "notify" {
        return Ok(letters::nobody());
    }
    let secret = WithinSecret(key(NOTIFY_SECRET)?);
    let ask = |peer: &str| -> Result<_, Failure> {
        let url = peers.get(peer).ok_or_else(|| format!("PLAUDIT_PEERS must name {peer} for notify"))?;
        Ok(letters::ask_there(url, &secret))
    };
    let [accounts, submissions] = letters::ASKED;
    Ok(NotifySettings {
        public_url: variable("PLAUDIT_PUBLIC_URL")?,
        outbox: letters::outbox_apart()?,
        peers: Peers { accounts: ask(accounts)?, submissions: ask(submissions)? },
    })
}

/// What a service answers at its own address: to notify, where it knows the
/// secret, also what it asks.
fn within(name: &str, started: &Running) -> Result<axum::Router, Failure> {
    let router = started.router.clone();
    if !letters::ASKED.contains(&name) || std::env::var_os(NOTIFY_SECRET).is_none() {
        return Ok(router);
    }
    Ok(WithinSecret(key(NOTIFY_SECRET)?).admits(router))
}

fn edge_router(
    accounts: &Running,
    minter: Minter,
    peers: &BTreeMap<&'static str, String>,
    pages: &Option<String>,
    listen: SocketAddr,
) -> Result<axum::Router, Failure> {
    let mut upstreams = BTreeMap::new();
    for (name, url) in peers {
        upstreams.insert(*name, Upstream::There(url.parse()?));
    }
    let public = public_url(&format!("http://{listen}"))?;
    upstreams.insert("accounts", Upstream::Here(accounts.router.clone()));
    let config = EdgeConfig {
        upstreams,
        minter,
        service: accounts.service.clone(),
        pages: pages.clone().map(Upstream::There),
        mail: letters::outbox_apart()?,
        provider: provider(&public)?,
        public,
        beside: plaudit_audit::pages(),
    };
    Ok(edge::router(config))
}

async fn answer(
    answering: &mut JoinSet<std::io::Result<()>>,
    address: SocketAddr,
    router: axum::Router,
) -> Result<(), Failure> {
    let listener = listen(address).await?;
    let make = router.into_make_service_with_connect_info::<SocketAddr>();
    answering.spawn(axum::serve(listener, make).with_graceful_shutdown(told_to_stop()).into_future());
    Ok(())
}

fn minter(name: &str, clock: &Clock) -> Result<Option<Minter>, Failure> {
    if name != "accounts" {
        return Ok(None);
    }
    Ok(Some(Minter::new(&key("PLAUDIT_TOKEN_SECRET")?, clock.clone())?))
}

/// The services, and the pages, which are none: they have no events.
type Upstreams = (BTreeMap<&'static str, String>, Option<String>);

fn peers() -> Result<Upstreams, Failure> {
    let written = variable("PLAUDIT_PEERS")?;
    let (mut peers, mut pages) = (BTreeMap::new(), None);
    for peer in written.split(',').filter(|peer| !peer.is_empty()) {
        let (name, url) = peer
            .split_once('=')
            .ok_or("PLAUDIT_PEERS must be written service=http://host:port, separated by commas")?;
        if name == PAGES {
            pages = Some(url.to_owned());
            continue;
        }
        let known = SERVICES.into_iter().find(|service| *service == name);
        let known = known.ok_or_else(|| format!("PLAUDIT_PEERS: there is no service '{name}'"))?;
        peers.insert(known, url.to_owned());
    }
    Ok((peers, pages))
}

fn ask_head(url: &str) -> AskHead {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let client = client.build().unwrap_or_default();
    let url = format!("{url}/head");
    Arc::new(move || {
        let request = client.get(&url).timeout(std::time::Duration::from_secs(2));
        Box::pin(async move {
            let answer = request.send().await.map_err(|error| error.to_string())?;
            let body = answer.bytes().await.map_err(|error| error.to_string())?;
            let body: serde_json::Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
            body["position"].as_u64().ok_or_else(|| "its answer has no position".to_owned())
        })
    })
}

/// `PLAUDIT_SCORING_DATABASE_URL`.
pub fn of(service: &str, what: &str) -> String {
    format!("PLAUDIT_{}_{what}", service.to_uppercase())
}

fn variable(name: &str) -> Result<String, Failure> {
    std::env::var(name)
        .map_err(|_| format!("set {name} in the environment: see `plaudit serve --help`").into())
}

/// A secret: never part of a message.
fn key(name: &str) -> Result<[u8; 32], Failure> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(variable(name)?.trim_end_matches('=')).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| format!("{name} must be 32 bytes in URL-safe base64").into())
}
