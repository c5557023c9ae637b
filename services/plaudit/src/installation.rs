//! Where an installation's services find their databases and their NATS: what
//! `plaudit up` writes into its data folder for the tools.

use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroU32;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use plaudit_accounts::InvitationsADay;
use plaudit_accounts::provider::{Provider, ProviderConfig};
use plaudit_audit::{LogSettings, WitnessPolicy};
use plaudit_chassis::token::Verifier;
use plaudit_chassis::{Clock, Module, Settings};
use plaudit_notify::NotifySettings;
use plaudit_servers::{SERVICES, Secrets, Servers, default_data_folder, provision};
use plaudit_submissions::Objects;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::Failure;

/// In the data folder, readable only by its owner: it holds passwords.
const FILE: &str = "installation.json";

/// The addresses of all services. Holds passwords: never printed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Installation {
    /// The public address, while it runs.
    pub listen: String,
    services: BTreeMap<String, Addresses>,
}

/// What one service needs.
#[derive(Clone, Serialize, Deserialize)]
pub struct Addresses {
    /// Its database.
    pub database_url: String,
    /// The database of its vault's keys.
    pub keys_url: String,
    /// NATS.
    pub nats_url: String,
}

impl Installation {
    /// What the private servers have.
    pub fn of(servers: &Servers, listen: String) -> Result<Self, Failure> {
        let mut services = BTreeMap::new();
        for service in SERVICES {
            let addresses = Addresses {
                database_url: servers.database_url(service)?.to_owned(),
                keys_url: servers.keys_url(service)?.to_owned(),
                nats_url: servers.nats_url(service)?.to_owned(),
            };
            services.insert(service.to_owned(), addresses);
        }
        Ok(Self { listen, services })
    }

    /// On servers of somebody's own: roles and databases are made there. NATS
    /// can't be given users while it runs, so their passwords are told as
    /// `deploy/nats/accounts.conf` is: by PLAUDIT_NATS_SCORING_PASSWORD and so
    /// on. A service without one uses the address as it is.
    pub async fn on_yours(
        database_url: &str,
        nats_url: &str,
        secrets: &Secrets,
        listen: String,
    ) -> Result<Self, Failure> {
        let mut services = BTreeMap::new();
        for database in provision(database_url, &SERVICES, secrets).await? {
            let nats_url = nats_user(nats_url, &database.service)?;
            let addresses = Addresses { database_url: database.url, keys_url: database.keys_url, nats_url };
            services.insert(database.service, addresses);
        }
        Ok(Self { listen, services })
    }

    /// Writes it for the tools.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(folder.join(FILE))?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        Ok(())
    }

    /// Reads what `up` wrote.
    pub fn read(data: Option<PathBuf>) -> Result<Self, Failure> {
        let folder = match data {
            Some(folder) => folder,
            None => default_data_folder()?,
        };
        let path = folder.join(FILE);
        let text = std::fs::read(&path).map_err(|error| {
            format!(
                "{} can't be read ({error}): start `plaudit up` first, and give the same --data as there",
                path.display()
            )
        })?;
        Ok(serde_json::from_slice(&text)?)
    }

    /// One service's addresses.
    pub fn service(&self, name: &str) -> Result<&Addresses, Failure> {
        let addresses = self.services.get(name);
        addresses.ok_or_else(|| format!("there is no service '{name}' in this installation").into())
    }

    /// What audit is told: its folder is in the data folder.
    pub fn log_settings(&self, data: &Path, secrets: &Secrets) -> Result<LogSettings, Failure> {
        Ok(LogSettings {
            folder: data.join("audit"),
            key: secrets.secret(LOG_SECRET)?,
            host: public_host(&self.listen),
            witnesses: witnesses()?,
        })
    }

    /// A service's settings, with its secrets from the data folder.
    pub fn settings(
        &self,
        name: &str,
        secrets: &Secrets,
        clock: &Clock,
        verifier: &Verifier,
    ) -> Result<Settings, Failure> {
        let addresses = self.service(name)?;
        Ok(Settings {
            database_url: addresses.database_url.clone(),
            keys_url: addresses.keys_url.clone(),
            nats_url: addresses.nats_url.clone(),
            replicas: 1,
            clock: clock.clone(),
            vault_secret: secrets.secret(&vault_secret(name))?,
            command_secret: secrets.secret(&command_secret(name))?,
            verifier: verifier.clone(),
            peers: BTreeMap::new(),
            connections: 16,
        })
    }
}

/// Where the files that come with pitches lie in a data folder.
pub fn objects_folder(data: &Path) -> PathBuf {
    data.join("attachments")
}

fn nats_user(url: &str, service: &str) -> Result<String, Failure> {
    let Ok(password) = std::env::var(format!("PLAUDIT_NATS_{}_PASSWORD", service.to_uppercase())) else {
        return Ok(url.to_owned());
    };
    let mut url: url::Url = url.parse().map_err(|_| "NATS_URL must be nats://host:port")?;
    url.set_username(service)
        .and_then(|()| url.set_password(Some(&password)))
        .map_err(|()| "NATS_URL must be nats://host:port")?;
    Ok(url.into())
}

/// The name of the secret that wraps a service's subject keys.
pub fn vault_secret(service: &str) -> String {
    format!("vault-{service}")
}

/// The name of the secret that makes a service's command ids.
pub fn command_secret(service: &str) -> String {
    format!("command-{service}")
}

/// The name of the secret that signs the edge's tokens.
pub const TOKEN_SECRET: &str = "token";

/// The name of the secret that signs the programmes' logs.
pub const LOG_SECRET: &str = "log";

/// Names the file of the witnesses that cosign the logs.
pub const WITNESSES: &str = "PLAUDIT_AUDIT_WITNESSES";

/// Who cosigns the logs, by PLAUDIT_AUDIT_WITNESSES: the path of a C2SP
/// tlog-policy. Nobody, if it isn't set.
pub fn witnesses() -> Result<WitnessPolicy, Failure> {
    let Some(path) = std::env::var_os(WITNESSES) else { return Ok(WitnessPolicy::none()) };
    let path = PathBuf::from(path);
    let wrong = |why: String| format!("{WITNESSES} names {}: {why}", path.display());
    let file = std::fs::read(&path).map_err(|error| wrong(error.to_string()))?;
    Ok(WitnessPolicy::parse(&file).map_err(|error| wrong(error.to_string()))?)
}

/// Where people may sign in instead, by PLAUDIT_OIDC_ISSUER, _CLIENT_ID and
/// _CLIENT_SECRET, under the name PLAUDIT_OIDC_NAME. Nowhere, if the first isn't
/// set.
pub fn provider(public: &Url) -> Result<Option<Provider>, Failure> {
    let told = |what: &str| std::env::var(format!("PLAUDIT_OIDC_{what}"));
    let Ok(issuer) = told("ISSUER") else { return Ok(None) };
    let client_id = told("CLIENT_ID")
        .map_err(|_| "set PLAUDIT_OIDC_CLIENT_ID to what the provider calls this installation")?;
    let name = told("NAME").map_err(|_| "set PLAUDIT_OIDC_NAME to what people call the provider")?;
    let config = ProviderConfig { issuer, client_id, client_secret: told("CLIENT_SECRET").ok(), name };
    Ok(Some(Provider::new(config, public)?))
}

/// The address that people know this installation by: by PLAUDIT_PUBLIC_URL,
/// otherwise where it listens. This machine is called localhost there, since
/// browsers keep passkeys for names only.
pub fn public_url(listen: &str) -> Result<Url, Failure> {
    let told = std::env::var("PLAUDIT_PUBLIC_URL").ok();
    let wrong = "PLAUDIT_PUBLIC_URL must be an address such as https://prize.example.org";
    let mut url: Url = told.as_deref().unwrap_or(listen).parse().map_err(|_| wrong)?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong.into());
    }
    let nowhere = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "0.0.0.0" | "[::]"));
    if told.is_none() && nowhere {
        url.set_host(Some("localhost"))?;
    }
    Ok(url)
}

/// Where it is without its scheme, as logs are named: by PLAUDIT_PUBLIC_URL,
/// otherwise where it listens.
pub fn public_host(listen: &str) -> String {
    let url = std::env::var("PLAUDIT_PUBLIC_URL").unwrap_or_else(|_| listen.to_owned());
    let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
    host.trim_end_matches('/').to_owned()
}

/// The most addresses that one person may invite in a day, where nothing else is
/// said. A large accelerator invites 60 judges and a few organisers; entrants
/// of an open call come by themselves.
const MOST_INVITATIONS: InvitationsADay = InvitationsADay(NonZeroU32::new(300).unwrap());

/// Where another number is said: a call for invited entrants alone may need more.
pub const INVITATIONS: &str = "PLAUDIT_INVITATIONS_A_DAY";

/// How many addresses one person may invite in a day.
pub fn invitations() -> Result<InvitationsADay, Failure> {
    let Ok(told) = std::env::var(INVITATIONS) else { return Ok(MOST_INVITATIONS) };
    let most = told.parse().map_err(|_| format!("{INVITATIONS} must be a number from 1 on"))?;
    Ok(InvitationsADay(most))
}

/// All services, as their crates describe them.
pub fn modules(log: LogSettings, notify: NotifySettings, objects: &Objects) -> Result<Vec<Module>, Failure> {
    Ok(vec![
        plaudit_submissions::module(objects),
        plaudit_panels::module(),
        plaudit_scoring::module(),
        plaudit_awards::module(),
        plaudit_accounts::module(invitations()?),
        plaudit_audit::module(log),
        plaudit_notify::module(notify),
    ])
}

/// One of them.
pub fn module(
    name: &str,
    log: LogSettings,
    notify: NotifySettings,
    objects: &Objects,
) -> Result<Module, Failure> {
    let found = modules(log, notify, objects)?.into_iter().find(|module| module.name == name);
    found.ok_or_else(|| format!("there is no service '{name}': there are {}", SERVICES.join(", ")).into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::public_url;

    #[test]
    fn this_machine_has_a_name() {
        for listen in ["http://127.0.0.1:8080", "http://0.0.0.0:8080", "http://[::]:8080"] {
            assert_eq!(public_url(listen).unwrap().as_str(), "http://localhost:8080/");
        }
        assert_eq!(public_url("http://192.0.2.7:80").unwrap().as_str(), "http://192.0.2.7/");
        assert!(public_url("nowhere").is_err());
    }
}
