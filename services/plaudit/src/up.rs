//! `plaudit up`: everything in one process.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use plaudit_accounts::people::NewPerson;
use plaudit_chassis::Clock;
use plaudit_servers::{DataFolder, Servers, default_data_folder};
use tokio::net::TcpListener;

use crate::Failure;
use crate::house::House;
use crate::installation::Installation;
use crate::play::Person;

#[derive(clap::Args)]
pub struct Options {
    /// The data folder: made if it is not there. The files that come with
    /// pitches lie in it too, unless PLAUDIT_S3_BUCKET names a bucket, with
    /// what `plaudit serve --help` says of it.
    #[arg(long, env = "PLAUDIT_DATA")]
    pub data: Option<PathBuf>,
    /// Where to answer.
    #[arg(long, env = "PLAUDIT_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Your PostgreSQL, as an administrator: each service gets a role and
    /// databases of its own there. Needs NATS_URL too.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, requires = "nats_url")]
    pub database_url: Option<String>,
    /// Your NATS with JetStream, set up as deploy/nats says. Needs DATABASE_URL too.
    #[arg(long, env = "NATS_URL", hide_env_values = true, requires = "database_url")]
    pub nats_url: Option<String>,
    /// Every service as a process of its own, with its own role and NATS user.
    #[arg(long)]
    pub apart: bool,
}

/// Runs until it is told to stop.
pub async fn up(options: Options) -> Result<ExitCode, Failure> {
    let folder = open(options.data)?;
    let listener = listen(options.listen).await?;
    let address = format!("http://{}", listener.local_addr()?);
    if let (Some(database), Some(nats)) = (&options.database_url, &options.nats_url) {
        let installation = Installation::on_yours(database, nats, folder.secrets(), address).await?;
        run(&folder, installation, listener).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let servers = Servers::start(&folder).await?;
    let installation = Installation::of(&servers, address)?;
    let ended = tokio::select! {
        ended = run(&folder, installation, listener) => ended,
        never = keep_running(&servers) => match never {},
    };
    servers.stop().await;
    ended.map(|()| ExitCode::SUCCESS)
}

/// How often it is looked whether the servers still run.
const LOOK: Duration = Duration::from_secs(1);

/// Starts a server again that has ended by itself: an installation on one
/// machine has nobody else who would.
pub async fn keep_running(servers: &Servers) -> Infallible {
    loop {
        tokio::time::sleep(LOOK).await;
        let (postgres, nats) = tokio::join!(servers.start_postgres(), servers.start_nats());
        for error in [postgres, nats].into_iter().filter_map(Result::err) {
            tracing::warn!(%error, "a server that has ended can't be started again yet");
        }
    }
}

async fn run(folder: &DataFolder, installation: Installation, listener: TcpListener) -> Result<(), Failure> {
    let address = listener.local_addr()?;
    installation.write(folder.path())?;
    let house = House::start(&installation, folder, Clock::system()).await?;
    house.ready().await;
    println!("Plaudit answers at http://{address}");
    println!("Its data is in {}", folder.path().display());
    println!(
        "Next, in another terminal: make demo (plays a whole prize, from the call to the last hour of support)"
    );
    house.answer(listener, told_to_stop()).await
}

/// The data folder that was named, or the usual one.
pub fn open(data: Option<PathBuf>) -> Result<DataFolder, Failure> {
    let path = match data {
        Some(path) => path,
        None => default_data_folder()?,
    };
    Ok(DataFolder::open(path)?)
}

/// Takes an address, or says who else may have it.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        format!("{address} can't be listened at ({error}): give another with --listen").into()
    })
}

/// Ends with an interrupt or a request to terminate.
pub async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

/// An installation that is gone when it stops.
pub struct ThrowAway {
    servers: Servers,
    house: House,
    address: SocketAddr,
    answering: tokio::task::JoinHandle<()>,
}

impl ThrowAway {
    /// Starts one on a free loopback port.
    pub async fn start() -> Result<Self, Failure> {
        let folder = DataFolder::temporary()?;
        let servers = Servers::start(&folder).await?;
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let address = listener.local_addr()?;
        let installation = Installation::of(&servers, format!("http://{address}"))?;
        let house = House::start(&installation, &folder, Clock::system()).await?;
        house.ready().await;
        let make = house.edge.clone().into_make_service_with_connect_info::<SocketAddr>();
        let answering = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, make).await {
                tracing::error!(%error, "the throw-away installation stopped answering");
            }
        });
        Ok(Self { servers, house, address, answering })
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes the people that scenario folders need.
    pub async fn people(&self, folders: &[PathBuf]) -> Result<Vec<Person>, Failure> {
        let accounts = self.house.service("accounts").ok_or("there is no accounts service")?;
        let wanted = crate::play::people_for(folders)?;
        let new: Vec<NewPerson> = wanted.into_iter().map(|(email, name)| NewPerson { email, name }).collect();
        let made = plaudit_accounts::people::create(accounts, &new).await?;
        let people = made.into_iter().zip(new).map(|(made, new)| Person {
            email: made.email,
            name: new.name,
            token: made.token,
        });
        Ok(people.collect())
    }

    /// Stops all of it.
    pub async fn stop(self) {
        self.answering.abort();
        drop(self.house);
        self.servers.stop().await;
    }
}
