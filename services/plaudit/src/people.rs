//! `plaudit people`: people with API tokens and no right in any programme.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::ExitCode;

use plaudit_accounts::people::NewPerson;
use plaudit_chassis::token::Minter;
use plaudit_chassis::{Clock, Service};
use plaudit_servers::{Secrets, default_data_folder};

use crate::Failure;
use crate::installation::{Installation, TOKEN_SECRET, invitations};

#[derive(clap::Args)]
pub struct Options {
    /// The scenario folders whose people are made.
    #[arg(long = "for", required = true, num_args = 1..)]
    folders: Vec<PathBuf>,
    /// Where to write them, with their tokens: readable only by you.
    #[arg(long)]
    out: PathBuf,
    /// The data folder of a running `plaudit up`.
    #[arg(long, env = "PLAUDIT_DATA")]
    data: Option<PathBuf>,
}

/// Makes them, and writes the file that `plaudit play --tokens` takes.
pub async fn make(options: Options) -> Result<ExitCode, Failure> {
    let accounts = accounts(options.data).await?;
    let wanted = crate::play::people_for(&options.folders)?;
    let new: Vec<NewPerson> = wanted.into_iter().map(|(email, name)| NewPerson { email, name }).collect();
    let made = plaudit_accounts::people::create(&accounts, &new).await?;
    let people: Vec<serde_json::Value> = made
        .iter()
        .zip(&new)
        .map(|(made, new)| serde_json::json!({ "email": made.email, "name": new.name, "token": made.token }))
        .collect();
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&options.out)?;
    serde_json::to_writer_pretty(&mut file, &serde_json::json!({ "people": people }))?;
    writeln!(file)?;
    println!("{} people are in {}", people.len(), options.out.display());
    Ok(ExitCode::SUCCESS)
}

/// The accounts service of an installation, with nothing running for it.
async fn accounts(data: Option<PathBuf>) -> Result<Service, Failure> {
    let folder = match &data {
        Some(folder) => folder.clone(),
        None => default_data_folder()?,
    };
    let installation = Installation::read(data)?;
    let secrets = Secrets::open(&folder.join("secrets"))?;
    let clock = Clock::system();
    let verifier = Minter::new(&secrets.secret(TOKEN_SECRET)?, clock.clone())?.verifier();
    let settings = installation.settings("accounts", &secrets, &clock, &verifier)?;
    Ok(Service::at_rest(plaudit_accounts::module(invitations()?), settings).await?)
}
