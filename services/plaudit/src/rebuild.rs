//! `plaudit rebuild`: read models anew, or a comparison of live and rebuilt.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use plaudit_chassis::token::Minter;
use plaudit_chassis::{Clock, Service};
use plaudit_servers::{SERVICES, Secrets, default_data_folder};
use plaudit_submissions::Objects;

use crate::Failure;
use crate::installation::{Installation, TOKEN_SECRET, module};
use crate::letters;

#[derive(clap::Args)]
pub struct Options {
    /// The service whose read models are rebuilt.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    service: Option<String>,
    /// Every service's.
    #[arg(long)]
    all: bool,
    /// Compare live with rebuilt, row for row, and change nothing.
    #[arg(long)]
    check: bool,
    /// The data folder of a running `plaudit up`.
    #[arg(long, env = "PLAUDIT_DATA")]
    data: Option<PathBuf>,
}

/// Rebuilds or compares; fails if a comparison finds a difference.
pub async fn rebuild(options: Options) -> Result<ExitCode, Failure> {
    let folder = match &options.data {
        Some(folder) => folder.clone(),
        None => default_data_folder()?,
    };
    let installation = Installation::read(options.data)?;
    let secrets = Secrets::open(&folder.join("secrets"))?;
    let names: Vec<&str> = match &options.service {
        Some(service) => vec![service.as_str()],
        None => SERVICES.to_vec(),
    };
    let mut same = true;
    for name in names {
        let service = at_rest(&installation, &folder, &secrets, name).await?;
        if options.check {
            same &= compare(&service).await?;
        } else {
            for done in service.rebuild().await? {
                println!("{name}: {} rebuilt: {} events, {} rows", done.model, done.events, done.rows);
            }
        }
    }
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn at_rest(
    installation: &Installation,
    folder: &Path,
    secrets: &Secrets,
    name: &str,
) -> Result<Service, Failure> {
    let clock = Clock::system();
    let verifier = Minter::new(&secrets.secret(TOKEN_SECRET)?, clock.clone())?.verifier();
    let settings = installation.settings(name, secrets, &clock, &verifier)?;
    // Read models hold no files, and send no mail.
    let log = installation.log_settings(folder, secrets)?;
    let module = module(name, log, letters::nobody(), &Objects::nowhere())?;
    Ok(Service::at_rest(module, settings).await?)
}

async fn compare(service: &Service) -> Result<bool, Failure> {
    let mut same = true;
    for found in service.check().await? {
        let differs = found.only_live + found.only_rebuilt > 0;
        same &= !differs;
        let verdict = if differs { "DIFFERS" } else { "same" };
        println!(
            "{}: {} {verdict} at {}: {} rows, {} only live, {} only rebuilt",
            service.name(),
            found.model,
            found.at,
            found.rows,
            found.only_live,
            found.only_rebuilt,
        );
    }
    Ok(same)
}
