//! `plaudit up --apart`: every service as a process of its own, with its own
//! PostgreSQL role and its own NATS user; a child knows no other's secrets.

use std::net::SocketAddr;
use std::process::{ExitCode, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use plaudit_chassis::Clock;
use plaudit_chassis::token::Minter;
use plaudit_servers::{DataFolder, SERVICES, Servers};
use tokio::process::{Child, Command};

use crate::installation::{
    INVITATIONS, Installation, LOG_SECRET, TOKEN_SECRET, WITNESSES, command_secret, objects_folder,
    public_host, public_url, vault_secret,
};
use crate::letters::{self, ASKED, MAIL_FOLDER, NOTIFY_SECRET, SMTP};
use crate::serve::{PAGES, of};
use crate::up::{Options, keep_running, open, told_to_stop};
use crate::{Failure, files};

/// Runs until told to stop, or until a service ends by itself.
pub async fn up(options: Options) -> Result<ExitCode, Failure> {
    let folder = open(options.data)?;
    let servers = Servers::start(&folder).await?;
    let ended = tokio::select! {
        ended = run(&folder, &servers, options.listen) => ended,
        never = keep_running(&servers) => match never {},
    };
    servers.stop().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn run(folder: &DataFolder, servers: &Servers, edge: SocketAddr) -> Result<(), Failure> {
    let installation = Installation::of(servers, format!("http://{edge}"))?;
    installation.write(folder.path())?;
    let mut addresses = Vec::new();
    for service in SERVICES {
        addresses.push((service, free_port()?));
    }
    let pages = free_port()?;
    let mut children = vec![serve_pages(pages, edge)?];
    let mut all = addresses.clone();
    all.push((PAGES, pages));
    for (service, address) in &addresses {
        children.push(child(folder, &installation, service, *address, edge, &all)?);
    }
    answers(edge).await?;
    println!("Plaudit answers at http://{edge}, every service as its own process");
    let ended = tokio::select! {
        () = told_to_stop() => Ok(()),
        which = first_to_end(&mut children) => Err(format!("{which} has ended by itself").into()),
    };
    for (_, child) in &mut children {
        stop(child).await;
    }
    ended
}

/// The pages know no secret: only where the public address is.
fn serve_pages(address: SocketAddr, edge: SocketAddr) -> Result<(&'static str, Child), Failure> {
    let mut command = serving(PAGES)?;
    command.env(of(PAGES, "LISTEN"), address.to_string()).env("PLAUDIT_API_URL", format!("http://{edge}"));
    // Nobody is their peer.
    command.env("PLAUDIT_PEERS", "");
    Ok((PAGES, command.spawn()?))
}

/// A process of ours without what the environment says of others.
fn serving(service: &str) -> Result<Command, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["serve", service])
        .env_clear()
        .envs(std::env::vars().filter(|(name, _)| !name.starts_with("PLAUDIT_") || name == "PLAUDIT_LOG"))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    Ok(command)
}

fn child(
    folder: &DataFolder,
    installation: &Installation,
    service: &'static str,
    address: SocketAddr,
    edge: SocketAddr,
    all: &[(&'static str, SocketAddr)],
) -> Result<(&'static str, Child), Failure> {
    let secrets = folder.secrets();
    let token = secrets.secret(TOKEN_SECRET)?;
    let peers: Vec<String> = all.iter().map(|(name, at)| format!("{name}=http://{at}")).collect();
    let own = installation.service(service)?;
    let text = |secret: [u8; 32]| BASE64_URL_SAFE_NO_PAD.encode(secret);
    let mut command = serving(service)?;
    command
        .env(of(service, "DATABASE_URL"), &own.database_url)
        .env(of(service, "KEYS_URL"), &own.keys_url)
        .env(of(service, "NATS_URL"), &own.nats_url)
        .env(of(service, "LISTEN"), address.to_string())
        .env(of(service, "VAULT_SECRET"), text(secrets.secret(&vault_secret(service))?))
        .env(of(service, "COMMAND_SECRET"), text(secrets.secret(&command_secret(service))?))
        .env("PLAUDIT_PEERS", peers.join(","));
    if service == "submissions" {
        command.env(of(service, "FOLDER"), objects_folder(folder.path()));
        command.envs(std::env::vars().filter(|(name, _)| name.starts_with(files::S3)));
    }
    if service == "audit" {
        command
            .env("PLAUDIT_PUBLIC_URL", format!("http://{}", public_host(&installation.listen)))
            .env("PLAUDIT_AUDIT_FOLDER", folder.path().join("audit"))
            .env("PLAUDIT_AUDIT_LOG_KEY", text(secrets.secret(LOG_SECRET)?));
        command.envs(std::env::var_os(WITNESSES).map(|path| (WITNESSES, path)));
    }
    if service == "notify" {
        command.env("PLAUDIT_PUBLIC_URL", public_url(&installation.listen)?.as_str());
    }
    if service == "notify" || ASKED.contains(&service) {
        command.env(NOTIFY_SECRET, letters::text(&letters::within_secret(secrets)?));
    }
    if ["notify", "accounts"].contains(&service) {
        command.env(MAIL_FOLDER, letters::mail_folder(folder.path()));
        command.envs(SMTP.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    }
    if service == "accounts" {
        command.env("PLAUDIT_TOKEN_SECRET", text(token)).env("PLAUDIT_EDGE_LISTEN", edge.to_string());
        let own = ["PLAUDIT_PUBLIC_URL", "PLAUDIT_OIDC_", "PLAUDIT_SMTP_", "PLAUDIT_MAIL_", INVITATIONS];
        let told = |name: &str| own.iter().any(|known| name.starts_with(known));
        command.envs(std::env::vars().filter(|(name, _)| told(name)));
    } else {
        let public = Minter::new(&token, Clock::system())?.public_key();
        command.env("PLAUDIT_TOKEN_PUBLIC", text(public));
    }
    Ok((service, command.spawn()?))
}

fn free_port() -> Result<SocketAddr, Failure> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

/// Waits until every service takes commands.
async fn answers(edge: SocketAddr) -> Result<(), Failure> {
    let url = format!("http://{edge}/readyz");
    for _ in 0..600 {
        let answer = reqwest::get(&url).await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    Err("the services did not become ready within a minute".into())
}

async fn first_to_end(children: &mut [(&'static str, Child)]) -> &'static str {
    loop {
        for (name, child) in children.iter_mut() {
            if !matches!(child.try_wait(), Ok(None)) {
                return name;
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// Asks a child to stop, as a supervisor would; one that doesn't is killed.
async fn stop(child: &mut Child) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        // It may have ended in between.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
    if tokio::time::timeout(std::time::Duration::from_secs(10), child.wait()).await.is_err() {
        // The same.
        let _ = child.kill().await;
    }
}
