//! `plaudit witness`: cosigns the checkpoints of logs that only ever grow, for
//! a partner who runs it beside anything.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use plaudit_witness::{Witness, router};

use crate::Failure;
use crate::up::{listen, told_to_stop};

/// Needs neither PostgreSQL nor NATS; docs/witness.md has the files' formats.
#[derive(clap::Args)]
pub struct Options {
    /// The witness's name, without spaces and pluses, such as witness.example.org.
    #[arg(long)]
    name: String,
    /// The file with its secret key: made, for its owner alone, if it is missing.
    #[arg(long)]
    key: PathBuf,
    /// The file with the logs it knows.
    #[arg(long)]
    logs: PathBuf,
    /// The folder where it remembers what it cosigned: made together with the key.
    #[arg(long)]
    state: PathBuf,
    /// Where to answer.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
}

/// Answers until told to stop.
pub async fn witness(options: Options) -> Result<ExitCode, Failure> {
    let Options { name, key, logs, state, listen: address } = options;
    let witness = Arc::new(Witness::open(&name, &key, &logs, &state)?);
    let listener = listen(address).await?;
    println!("The witness answers at http://{}", listener.local_addr()?);
    println!("Its public key: {}", witness.key());
    tokio::select! {
        ended = axum::serve(listener, router(witness)) => ended.map(|()| ExitCode::SUCCESS).map_err(Failure::from),
        // What it has cosigned is on the disk already.
        () = told_to_stop() => Ok(ExitCode::SUCCESS),
    }
}
