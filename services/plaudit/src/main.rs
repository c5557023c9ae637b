//! Plaudit, the one binary: everything in one process, one service by itself,
//! and the tools.

mod apart;
mod bundle;
mod doctor;
mod environment;
mod events;
mod files;
mod house;
mod installation;
mod letters;
mod people;
mod play;
mod rebuild;
mod serve;
mod up;
mod verify;
mod witness;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Prize programmes that anyone can check.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run everything in one process, with a PostgreSQL and a NATS of its own.
    Up(up::Options),
    /// Run services by themselves, configured by the environment.
    Serve(serve::Options),
    /// Play programmes from scenario folders through the public HTTP API.
    Play(PlayArguments),
    /// Make people with API tokens for scenario folders, without any right.
    People(people::Options),
    /// Print events: position, a tab, exactly the stored bytes.
    Events(events::Options),
    /// Fetch a programme's trail into one file that `plaudit verify` checks.
    Bundle(bundle::Options),
    /// Check a bundle or a receipt, offline.
    Verify(verify::Options),
    /// Cosign the checkpoints of logs that only ever grow, as an independent witness.
    Witness(witness::Options),
    /// Rebuild read models while they are served, or compare them.
    Rebuild(rebuild::Options),
    /// Make the environment, secrets included, of an installation of many parts.
    Environment(environment::Options),
    /// Say how every service stands in PostgreSQL and in NATS.
    Doctor(doctor::Options),
}

#[derive(clap::Args)]
struct PlayArguments {
    /// The scenario folders.
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// An installation to play against; without it a throw-away one is started.
    #[arg(long, requires = "tokens")]
    url: Option<String>,
    /// The people to play as, as `plaudit people` wrote them.
    #[arg(long)]
    tokens: Option<PathBuf>,
    /// Where to write a JSON line a programme.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Programmes played at the same time.
    #[arg(long, default_value_t = 4)]
    jobs: usize,
    /// Where to write the programme's bundle, for `plaudit verify`; a folder, if there are several programmes.
    #[arg(long)]
    bundle: Option<PathBuf>,
}

/// What a command ends with when it fails: a sentence for the person.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("PLAUDIT_LOG").unwrap_or_else(|_| {
        tracing_subscriber::EnvFilter::new("warn,plaudit=info,plaudit_chassis=info,deadpool.postgres=error")
    });
    // Colours are for people: in a file they would be a part of the words.
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run(cli.command)));
    match ended {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("plaudit: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Up(options) if options.apart => apart::up(options).await,
        Command::Up(options) => up::up(options).await,
        Command::Serve(options) => serve::serve(options).await,
        Command::Play(arguments) => play_programmes(arguments).await,
        Command::People(options) => people::make(options).await,
        Command::Events(options) => events::print(options).await,
        Command::Bundle(options) => bundle::fetch(options).await,
        Command::Verify(options) => verify::verify(options),
        Command::Witness(options) => witness::witness(options).await,
        Command::Rebuild(options) => rebuild::rebuild(options).await,
        Command::Environment(options) => environment::write(&options),
        Command::Doctor(options) => doctor::examine(options).await,
    }
}

async fn play_programmes(arguments: PlayArguments) -> Result<ExitCode, Failure> {
    let PlayArguments { folders, url, tokens, out, jobs, bundle } = arguments;
    let summary = match (url, tokens) {
        (Some(url), Some(tokens)) => {
            let people = play::read_people(&tokens)?;
            play::play(play::PlayOptions { dirs: folders, url, people, out, jobs, bundle }).await?
        }
        _ => {
            let throw_away = up::ThrowAway::start().await?;
            let people = throw_away.people(&folders).await?;
            let url = throw_away.url();
            let played =
                play::play(play::PlayOptions { dirs: folders, url, people, out, jobs, bundle }).await;
            throw_away.stop().await;
            played?
        }
    };
    Ok(if summary.all_match() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
