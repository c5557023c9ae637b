use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use async_nats::ConnectOptions;
use rustix::process::Signal;
use tokio::time::timeout;

use crate::postgres::write_private;
use crate::process::command;
use crate::server::Server;
use crate::user::Unprivileged;
use crate::{Error, SERVICES, Secrets, binaries};

/// Users and what they may do; an operator's own NATS includes the same file.
const ACCOUNTS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../deploy/nats/accounts.conf"));

pub(crate) const ADMINISTRATOR: &str = "admin";
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

pub(crate) fn subfolder(folder: &Path) -> PathBuf {
    folder.join("nats")
}

pub(crate) fn configuration(folder: &Path) -> PathBuf {
    subfolder(folder).join("nats.conf")
}

pub(crate) fn pid_file(folder: &Path) -> PathBuf {
    subfolder(folder).join("nats.pid")
}

/// The inbox prefix that a service's user must connect with (`ConnectOptions::custom_inbox_prefix`): its user may
/// listen nowhere else, so that it doesn't overhear answers to others.
#[must_use]
pub fn inbox_prefix(service: &str) -> String {
    format!("_INBOX_{service}")
}

/// A private nats-server with JetStream in a data folder.
pub(crate) struct Nats {
    program: PathBuf,
    user: Option<Unprivileged>,
    folder: PathBuf,
    /// By user.
    passwords: Vec<(&'static str, String)>,
}

impl Nats {
    pub fn in_folder(folder: &Path, user: Option<Unprivileged>, secrets: &Secrets) -> Result<Self, Error> {
        let users = [ADMINISTRATOR].into_iter().chain(SERVICES);
        let passwords = users
            .map(|user| Ok((user, secrets.password(&format!("nats/{user}"))?)))
            .collect::<Result<_, Error>>()?;
        Ok(Self { program: binaries::nats_server()?, user, folder: folder.to_owned(), passwords })
    }

    pub fn url(&self, user: &str, port: u16) -> Result<String, Error> {
        let password = self.password(user)?;
        Ok(format!("nats://{user}:{password}@127.0.0.1:{port}"))
    }

    fn password(&self, user: &str) -> Result<&str, Error> {
        self.passwords
            .iter()
            .find(|(name, _)| *name == user)
            .map(|(_, password)| password.as_str())
            .ok_or_else(|| Error::UnknownService(user.to_owned()))
    }

    fn written(&self, port: u16) -> String {
        let quoted = |path: PathBuf| format!("{:?}", path.display().to_string());
        let store = quoted(subfolder(&self.folder).join("jetstream"));
        let pid_file = quoted(pid_file(&self.folder));
        let mut text = format!(
            "# Written anew at each start.\n\
             listen: \"127.0.0.1:{port}\"\n\
             server_name: \"plaudit\"\n\
             pid_file: {pid_file}\n\
             max_payload: 1MB\n\
             jetstream {{ store_dir: {store} }}\n\n"
        );
        for (user, password) in &self.passwords {
            let variable = user.to_uppercase();
            // Writing to a String can't fail.
            let _ = writeln!(text, "PLAUDIT_NATS_{variable}_PASSWORD: \"{password}\"");
        }
        text + "\n" + ACCOUNTS
    }
}

impl Server for Nats {
    const NAME: &'static str = "nats-server";
    const CLEAN: Signal = Signal::TERM;
    const PATIENCE: Duration = Duration::from_secs(20);

    fn prepare(&self, port: u16) -> Result<Command, Error> {
        let configuration = configuration(&self.folder);
        write_private(&configuration, &self.written(port), self.user.as_ref())?;
        let mut nats = command(&self.program, &subfolder(&self.folder));
        // `-c` first: a leftover is known by it.
        nats.arg("-c").arg(configuration);
        if let Some(user) = &self.user {
            user.run(&mut nats);
        }
        Ok(nats)
    }

    /// Not only the port: JetStream comes up after it.
    async fn is_ready(&self, port: u16) -> bool {
        let asked = async {
            let password = self.password(ADMINISTRATOR).ok()?;
            let client =
                ConnectOptions::with_user_and_password(ADMINISTRATOR.to_owned(), password.to_owned())
                    .connect(format!("127.0.0.1:{port}"))
                    .await
                    .ok()?;
            // By hand: what 2.9 answers lacks fields that the client's own call demands.
            let answer = client.request("$JS.API.INFO", "".into()).await.ok()?;
            let text = String::from_utf8_lossy(&answer.payload).into_owned();
            (!text.contains("\"error\"")).then_some(())
        };
        matches!(timeout(ANSWER_WITHIN, asked).await, Ok(Some(_)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{ACCOUNTS, SERVICES};

    /// The users differ in nothing but the name: a permission given to one by hand would be found here.
    #[test]
    fn every_service_has_the_same_permissions_on_its_own() {
        let (_, users) = ACCOUNTS.split_once("users: [").unwrap();
        let blocks: Vec<String> = users
            .split("      {\n")
            .skip(1)
            .map(|block| block.split("\n      }\n").next().unwrap().to_owned())
            .collect();
        assert_eq!(blocks.len(), SERVICES.len());
        let general = |block: &str, service: &str| {
            // One service's name is in the house's.
            let block = block.replace("plaudit", "{house}").replace("PLAUDIT", "{HOUSE}");
            block.replace(service, "{service}").replace(&service.to_uppercase(), "{SERVICE}")
        };
        for (block, service) in blocks.iter().zip(SERVICES) {
            assert_eq!(general(block, service), general(&blocks[0], SERVICES[0]));
        }
    }
}
