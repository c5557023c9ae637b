//! `plaudit bundle`: a programme's trail, fetched into one file.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use uuid::Uuid;

use crate::Failure;
use crate::installation::Installation;

#[derive(clap::Args)]
pub struct Options {
    /// The programme's id.
    programme: Uuid,
    /// Where to write the file.
    #[arg(long)]
    out: PathBuf,
    /// With what opens unpublished marks and reasons: for those whom two people have admitted as auditors.
    #[arg(long)]
    auditors: bool,
    /// The installation; without it the one of the data folder.
    #[arg(long)]
    url: Option<String>,
    /// An API token of an organiser's or approver's, needed until the winners are announced; or of an auditor's.
    #[arg(long, env = "PLAUDIT_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The data folder of a running `plaudit up`.
    #[arg(long, env = "PLAUDIT_DATA")]
    data: Option<PathBuf>,
}

/// Fetches the bundle. The file is there whole or not at all.
pub async fn fetch(options: Options) -> Result<ExitCode, Failure> {
    let url = match options.url {
        Some(url) => url,
        None => Installation::read(options.data)?.listen,
    };
    let client = reqwest::Client::builder().no_proxy().build()?;
    let (url, programme) = (url.trim_end_matches('/'), options.programme);
    let mut asked = client.get(match options.auditors {
        true => format!("{url}/api/accounts/programmes/{programme}/auditors/bundle"),
        false => format!("{url}/log/{programme}/bundle"),
    });
    if let Some(token) = options.token {
        asked = asked.bearer_auth(token);
    }
    let mut answer = asked.send().await.map_err(|error| error.without_url())?;
    if !answer.status().is_success() {
        let problem: serde_json::Value = serde_json::from_slice(&answer.bytes().await?).unwrap_or_default();
        let detail = problem["detail"].as_str().unwrap_or("the installation gives no bundle of it");
        return Err(detail.to_owned().into());
    }
    let folder = options.out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let beside =
        folder.unwrap_or(std::path::Path::new(".")).join(format!(".{}.plaudit-bundle", options.programme));
    let mut file = std::fs::File::create(&beside)?;
    while let Some(piece) = answer.chunk().await? {
        file.write_all(&piece)?;
    }
    file.sync_all()?;
    std::fs::rename(&beside, &options.out)?;
    println!("{} is written. Check it with: plaudit verify {0}", options.out.display());
    Ok(ExitCode::SUCCESS)
}
