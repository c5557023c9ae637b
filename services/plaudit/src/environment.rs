//! `plaudit environment`: the environment of every service for an installation
//! of many parts, a file a part, with secrets made for it.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use plaudit_chassis::Clock;
use plaudit_chassis::token::Minter;
use plaudit_servers::SERVICES;

use crate::Failure;
use crate::serve::of;

#[derive(clap::Args)]
pub struct Options {
    /// The folder to make: one file a part, readable by its owner alone. What
    /// is there already is never written over.
    #[arg(long)]
    out: PathBuf,
    /// The address that people will know the installation by.
    #[arg(long)]
    public_url: String,
    /// PostgreSQL, as the services reach it.
    #[arg(long, default_value = "postgres:5432")]
    postgres: String,
    /// NATS, as the services reach it.
    #[arg(long, default_value = "nats:4222")]
    nats: String,
    /// Every service on this host instead of one of its own name: ports count
    /// up from 4101.
    #[arg(long)]
    host: Option<String>,
}

/// The first service's port where all share a host.
const FIRST_PORT: u16 = 4101;

/// Writes the files.
pub fn write(options: &Options) -> Result<ExitCode, Failure> {
    let files = files(options)?;
    DirBuilder::new().recursive(true).mode(0o700).create(&options.out)?;
    for (name, variables) in &files {
        one(&options.out.join(format!("{name}.env")), variables)?;
    }
    println!(
        "{} files are in {}: keep them private, and back them up apart from the databases",
        files.len(),
        options.out.display()
    );
    Ok(ExitCode::SUCCESS)
}

type Variables = Vec<(String, String)>;

fn files(options: &Options) -> Result<BTreeMap<&'static str, Variables>, Failure> {
    let parts: Vec<&'static str> = SERVICES.into_iter().chain(["web"]).collect();
    let peers: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| format!("{part}=http://{}", place(options, part, at)))
        .collect();
    let token: [u8; 32] = rand();
    let public = Minter::new(&token, Clock::system())?.public_key();
    let within = text(rand());
    let mut files: BTreeMap<&'static str, Variables> = BTreeMap::new();
    let mut postgres = vec![("POSTGRES_PASSWORD".to_owned(), text(rand()))];
    let mut nats = vec![("PLAUDIT_NATS_ADMIN_PASSWORD".to_owned(), word(rand()))];
    for (at, part) in parts.iter().enumerate() {
        let mut own = vec![
            ("PLAUDIT_PEERS".to_owned(), peers.join(",")),
            ("PLAUDIT_PUBLIC_URL".to_owned(), options.public_url.clone()),
            (of(part, "LISTEN"), listen(options, at)),
        ];
        if *part == "web" {
            own.push(("PLAUDIT_API_URL".to_owned(), format!("http://{}", edge(options))));
            files.insert(part, own);
            continue;
        }
        let (database, queue) = (text(rand()), word(rand()));
        let address = |suffix| {
            format!("postgres://plaudit_{part}:{database}@{}/plaudit_{part}{suffix}", options.postgres)
        };
        own.extend([
            (of(part, "DATABASE_URL"), address("")),
            (of(part, "KEYS_URL"), address("_keys")),
            (of(part, "NATS_URL"), format!("nats://{part}:{queue}@{}", options.nats)),
            (of(part, "VAULT_SECRET"), text(rand())),
            (of(part, "COMMAND_SECRET"), text(rand())),
            ("PLAUDIT_NOTIFY_SECRET".to_owned(), within.clone()),
        ]);
        match *part {
            "accounts" => own.extend([
                ("PLAUDIT_TOKEN_SECRET".to_owned(), text(token)),
                (
                    "PLAUDIT_EDGE_LISTEN".to_owned(),
                    if options.host.is_some() { edge(options) } else { "0.0.0.0:8080".to_owned() },
                ),
            ]),
            _ => own.push(("PLAUDIT_TOKEN_PUBLIC".to_owned(), text(public))),
        }
        if ["accounts", "notify"].contains(part) {
            own.push(("PLAUDIT_MAIL_FOLDER".to_owned(), "/var/lib/plaudit/mail".to_owned()));
        }
        if *part == "submissions" {
            own.push((of(part, "FOLDER"), "/var/lib/plaudit/attachments".to_owned()));
        }
        if *part == "audit" {
            own.extend([
                ("PLAUDIT_AUDIT_FOLDER".to_owned(), "/var/lib/plaudit/audit".to_owned()),
                ("PLAUDIT_AUDIT_LOG_KEY".to_owned(), text(rand())),
            ]);
        }
        postgres.push((format!("PLAUDIT_POSTGRES_{}_PASSWORD", part.to_uppercase()), database));
        nats.push((format!("PLAUDIT_NATS_{}_PASSWORD", part.to_uppercase()), queue));
        files.insert(part, own);
    }
    files.insert("postgres", postgres);
    files.insert("nats", nats);
    Ok(files)
}

/// Where a part is, as its peers reach it.
fn place(options: &Options, part: &str, at: usize) -> String {
    match &options.host {
        Some(host) => format!("{host}:{}", port(at)),
        None => format!("{part}:{FIRST_PORT}"),
    }
}

fn listen(options: &Options, at: usize) -> String {
    match &options.host {
        Some(host) => format!("{host}:{}", port(at)),
        None => format!("0.0.0.0:{FIRST_PORT}"),
    }
}

fn edge(options: &Options) -> String {
    match &options.host {
        Some(host) => format!("{host}:8080"),
        None => "accounts:8080".to_owned(),
    }
}

/// There are fewer parts than ports.
fn port(at: usize) -> u16 {
    FIRST_PORT + u16::try_from(at).unwrap_or_default()
}

fn rand() -> [u8; 32] {
    rand::random()
}

fn text(secret: [u8; 32]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(secret)
}

/// NATS reads the variables of its configuration as values of it, where `-a` and
/// `1e5` are broken numbers: what begins with a letter is text.
fn word(secret: [u8; 32]) -> String {
    format!("w{}", text(secret))
}

fn one(path: &Path, variables: &Variables) -> Result<(), Failure> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file =
        made.map_err(|error| format!("{} can't be made ({error}): nothing is written over", path.display()))?;
    for (name, value) in variables {
        writeln!(file, "{name}={value}")?;
    }
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn options() -> Options {
        Options {
            out: PathBuf::new(),
            public_url: "https://prizes.example".to_owned(),
            postgres: "postgres:5432".to_owned(),
            nats: "nats:4222".to_owned(),
            host: None,
        }
    }

    #[test]
    fn nobody_has_anothers_secrets() {
        let files = files(&options()).unwrap();
        let secret = |file: &str, name: &str| {
            files[file].iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        let vaults: std::collections::BTreeSet<_> =
            SERVICES.iter().map(|service| secret(service, &of(service, "VAULT_SECRET"))).collect();
        assert_eq!(vaults.len(), SERVICES.len());
        assert!(!vaults.contains(&None));
        for (name, variables) in &files {
            let signs = variables.iter().any(|(known, _)| known == "PLAUDIT_TOKEN_SECRET");
            assert_eq!(signs, *name == "accounts");
        }
        assert_eq!(files["web"].len(), 4);
    }

    #[test]
    fn nats_reads_every_password_as_text() {
        for (name, password) in &files(&options()).unwrap()["nats"] {
            assert!(password.starts_with(|first: char| first.is_ascii_alphabetic()), "{name}");
        }
        // Such as would begin with a digit or a hyphen.
        assert_eq!(&word([0xfb; 32])[..3], "w-_");
    }

    #[test]
    fn servers_know_the_passwords_that_services_use() {
        let files = files(&options()).unwrap();
        for service in SERVICES {
            let address =
                &files[service].iter().find(|(name, _)| *name == of(service, "DATABASE_URL")).unwrap().1;
            let name = format!("PLAUDIT_POSTGRES_{}_PASSWORD", service.to_uppercase());
            let password = &files["postgres"].iter().find(|(known, _)| *known == name).unwrap().1;
            assert!(address.contains(password.as_str()));
        }
    }
}
